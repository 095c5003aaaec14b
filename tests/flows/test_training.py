"""A generator of one's own, from the Train page to the Studio, with the real trainer process."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.data.corpus import write_corpus
from engine.files.melodies import sample_melodies
from engine.store.run_lock import is_held
from tests.flows.conftest import Start
from tests.flows.ear import SILENCE, Ear, loudest
from tests.flows.studio import PATIENCE_SECONDS, Studio, until
from tests.small_songs import POP_CARD, small_song

NAME = "My band"
MANY_EPOCHS = "400"
# A trainer that starts loads torch, plays and measures before it learns.
TRAINER_SECONDS = 400.0


@pytest.fixture
def home_with_music(home: Path) -> Iterator[Path]:
    """A library with a small data set in it; a trainer that outlives its test is ended."""
    write_corpus(home / "data" / "scales", POP_CARD, [small_song(number) for number in range(24)])
    yield home
    for left in (home / "runs").glob("*/trainer.pid"):
        if is_held(left.parent):
            os.kill(int(left.read_text()), signal.SIGKILL)


def events(home: Path, *kinds: str) -> list[dict[str, Any]]:
    """The run's events of these kinds, as they stand in its file."""
    path = home / "runs" / NAME / "events.jsonl"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    found = [json.loads(line) for line in lines if line.endswith("}")]
    return [event for event in found if event["event"] in kinds]


def train(studio: Studio) -> None:
    """Choose the small data set and many epochs, and press Train."""
    studio.press("ctrl+2")
    studio.find("New generator")
    epochs = studio.find("", name="epochs")
    studio.click(epochs)
    studio.press("ctrl+a", *MANY_EPOCHS, "Tab")
    until(lambda: studio.find("Train", kind="QPushButton").enabled, "a run that can be started")
    studio.click(studio.find("Train", kind="QPushButton"))


def close(studio: Studio, answer: str) -> None:
    """Close the window while it trains; it asks what shall become of the run."""
    studio.press("ctrl+q")
    studio.find(answer, modal=True)
    if answer == "Stop and keep":  # as the page has a button of these words, too
        studio.press("Return")
    else:
        studio.click_settled(answer)
    assert studio.process.wait(PATIENCE_SECONDS) == 0, "the window waits for the trainer"


@pytest.mark.timeout(1500)
def test_a_generator_is_trained_heard_paused_goes_on_alone_is_kept_and_played(
    home_with_music: Path, jack: object, ear: Ear, start: Start
) -> None:
    home, run = home_with_music, home_with_music / "runs" / NAME
    studio = start(sample_melodies()[0].path)
    studio.find("Audio 48 kHz", kind="StatusChip")
    train(studio)
    until(
        lambda: len(events(home, "step")) > 10, "the first steps", patience_seconds=TRAINER_SECONDS
    )
    until(lambda: events(home, "sample"), "what it plays", patience_seconds=TRAINER_SECONDS)
    it_is_heard(studio, ear)

    studio.click_settled("Pause")
    until(lambda: events(home, "paused"), "the pause", patience_seconds=TRAINER_SECONDS)
    until(lambda: not is_held(run), "the trainer's end")
    studio.click_settled("Resume")
    further_steps(home)

    close(studio, "Go on without the window")
    assert is_held(run)
    further_steps(home)
    studio = start(sample_melodies()[0].path)
    studio.wait_told(NAME, "is training without this window")
    steps = [event["step"] for event in events(home, "step")]
    assert steps == list(range(1, len(steps) + 1))

    studio.press("ctrl+2")
    studio.click_settled("Stop and keep")
    until(
        lambda: (home / "models" / f"{NAME}.onnx").exists(),
        "the model",
        patience_seconds=TRAINER_SECONDS,
    )
    studio.click_settled("Play it in the Studio")
    studio.find("plays test")
    studio.press("ctrl+g")
    studio.in_take("Take A", "Listen")
    studio.quit()


def further_steps(home: Path) -> None:
    """The trainer works on."""
    told = events(home, "step")[-1]["step"]
    until(
        lambda: events(home, "step")[-1]["step"] > told,
        "further steps",
        patience_seconds=TRAINER_SECONDS,
    )


def it_is_heard(studio: Studio, ear: Ear) -> None:
    """The sample sounds while the trainer works on."""
    ear.listen()
    assert loudest(ear.moment()) < SILENCE
    studio.click(studio.find("Listen to"))
    ear.wait_for_sound()
    # Not “Stop and keep”, which ends the run.
    stop = until(lambda: [each for each in studio.look() if each.says == "Stop"], "“Stop”")
    studio.click(stop[0])
    ear.wait_for_silence()


@pytest.mark.timeout(1500)
def test_a_run_that_is_cut_off_with_its_window_goes_on_and_is_kept_when_the_next_closes(
    home_with_music: Path, jack: object, start: Start
) -> None:
    home = home_with_music
    run = home / "runs" / NAME
    studio = start()
    train(studio)
    until(
        lambda: events(home, "sample"), "what it plays at first", patience_seconds=TRAINER_SECONDS
    )
    os.kill(int((run / "trainer.pid").read_text()), signal.SIGKILL)
    studio.kill()
    until(lambda: not is_held(run), "the trainer's end")

    again = start()
    again.press("ctrl+2")
    again.find(NAME)
    again.click_settled("Resume")
    until(lambda: events(home, "step"), "the first step", patience_seconds=TRAINER_SECONDS)
    close(again, "Stop and keep")
    until(lambda: events(home, "stopped"), "the run's end", patience_seconds=TRAINER_SECONDS)
    until(lambda: not is_held(run), "the trainer's end")
    assert (home / "models" / f"{NAME}.onnx").exists()
