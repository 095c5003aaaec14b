"""The learner's walk: songs, a run with the preset First steps, its model played in the Studio.

The real window on a screen of its own, worked by keys and mouse as a learner works it, and the real
trainer. ``TUTTI_BENCHMARK_SONGS`` names a folder of MIDI files to learn from; without it some small
songs are made here. Each stage is told by the clock and in processor time, that of the window and
of all it started. On a machine that does something else besides, the second is the honest figure:
the trainer of a window takes one core of two and gives way to everything else.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from engine.files.melodies import sample_melodies
from engine.store.runs import ENDS
from engine.store.training_run import TrainingRun
from tests.benchmarks.rows import Row
from tests.benchmarks.start import screen
from tests.flows.studio import Seen, Studio, until
from tests.midi_songs import write_songs

SONGS, NAME = 60, "My band"
PROMISED_MINUTES = 15.0
LOOK_SECONDS, LAST_BYTES = 1.0, 2000
PATIENCE_SECONDS = 4 * 3600.0
"""Of a machine that others keep busy, where the trainer has to wait."""


def run() -> list[Row]:
    """Minutes of each stage, by the clock and of processor time."""
    with tempfile.TemporaryDirectory() as place, screen() as environment:
        folder = Path(place)
        songs = Path(os.environ.get("TUTTI_BENCHMARK_SONGS") or write_songs(folder / "s", SONGS))
        home = folder / "tutti"
        studio = Studio(home, folder, environment, [str(sample_melodies()[0].path)])
        try:
            return rows(list(walk(studio, songs)))
        finally:
            studio.kill()


def rows(stages: list[tuple[str, float, float]]) -> list[Row]:
    """Each stage, and all of them; the promise is kept or not in processor time."""
    told = [
        Row(f"{name}, {by}", minutes, "min")
        for name, clock, processor in stages
        for by, minutes in (("by the clock", clock), ("of processor time", processor))
    ]
    clock = sum(stage[1] for stage in stages)
    processor = sum(stage[2] for stage in stages)
    return [
        *told,
        Row("the whole walk, by the clock", clock, "min"),
        Row("the whole walk, of processor time", processor, "min", PROMISED_MINUTES),
    ]


def walk(studio: Studio, songs: Path) -> Iterator[tuple[str, float, float]]:
    """Each stage with its minutes by the clock and of processor time."""
    began, spent = time.monotonic(), 0.0
    for name, stage in (("songs", import_songs), ("training", train), ("playing", play)):
        stage(studio, songs)
        now, used = time.monotonic(), processor_seconds(studio.process.pid)
        yield name, (now - began) / 60, (used - spent) / 60
        began, spent = now, used


def import_songs(studio: Studio, songs: Path) -> None:
    """From the first page of the tour to a data set."""
    step(studio, "Choose songs")
    studio.click_settled("Add folder…")
    studio.answer_path("A folder of MIDI files", songs)
    studio.click_settled("Import")
    until(lambda: list(studio.home.glob("data/*/corpus.json")), "the data set")


def train(studio: Studio, songs: Path) -> None:
    """From the preset to a model."""
    step(studio, "Choose it")
    step(studio, "Train")
    run = TrainingRun(studio.home / "runs" / NAME)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not ended(run.events_path):
        assert time.monotonic() < deadline, "The run did not come to its end."
        time.sleep(LOOK_SECONDS)


def ended(events: Path) -> bool:
    """Whether the last line of a run is its end; only the end of the file is read."""
    if not events.exists():
        return False
    with events.open("rb") as lines:
        lines.seek(max(0, events.stat().st_size - LAST_BYTES))
        last = lines.read()
    return any(f'"event": "{end}"'.encode() in last for end in ENDS)


def play(studio: Studio, songs: Path) -> None:
    """From the model to its accompaniment, kept."""
    step(studio, "Play with it")
    studio.find("", kind="BandPanel")
    studio.press("ctrl+g")
    studio.click(studio.in_take("Take A", "Keep"))


def step(studio: Studio, button: str) -> None:
    """Press a button of the first steps: the form at the left has one named Train as well."""
    studio.press("ctrl+2")
    studio.click(studio.find("Learn", kind="QToolButton"))
    studio.click(studio.find("First steps", kind="QPushButton"))

    def buttons() -> list[Seen]:
        found = [each for each in studio.look() if each.says == button and each.seen]
        return sorted(found, key=lambda each: -each.x) if studio_shows_steps(studio) else []

    studio.click(until(buttons, f"the button {button}")[0])


def studio_shows_steps(studio: Studio) -> bool:
    """Whether the first steps are on the screen."""
    return any(each.says == "To the run" and each.seen for each in studio.look())


def processor_seconds(pid: int) -> float:
    """What a process and all that it started, the ended ones too, have computed so far."""
    window = psutil.Process(pid)
    return sum(sum(each.cpu_times()[:4]) for each in (window, *window.children(recursive=True)))
