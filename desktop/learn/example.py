"""The music that pictures are drawn from: a sample of the run that is shown, or a shipped one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from desktop.learn.text import LESSONS_FOLDER
from desktop.theme import track_role
from engine.errors import StoreError
from engine.files.melodies import sample_melodies
from engine.files.midi import read_midi
from engine.music.composition import Composition
from engine.music.piano_roll import ONSET, PLANES, SOUNDING, BoolArray, PianoRoll, StepNote, encode
from engine.music.piano_roll import decode as notes_of
from engine.music.ticks import StepGrid
from engine.music.track import Track
from engine.store.codec import composition_from_json

__all__ = ["ONSET", "PLANES", "SOUNDING", "Example", "Voice"]

STEPS_PER_BEAT = 4
MOST_BARS = 8
LATEST_BAR = 16
ANSWER_MODEL = "Pop"
LARGEST_SAMPLE = 20_000_000  # bytes: an untrained network plays thousands of notes


@dataclass(frozen=True, slots=True)
class Voice:
    """A track on the grid: planes (plane, step, pitch), and the colour role it is drawn in."""

    name: str
    role: str
    planes: BoolArray

    @property
    def notes(self) -> tuple[StepNote, ...]:
        """Its notes, sorted."""
        return notes_of(PianoRoll(self.planes[None]))[0]


@dataclass(frozen=True, slots=True)
class Example:
    """Some bars of a melody and what a network answered; ``source`` says whose, in words."""

    title: str
    source: str
    voices: tuple[Voice, ...]
    steps: int
    steps_per_bar: int

    @property
    def melody(self) -> Voice:
        """The first voice."""
        return self.voices[0]

    @property
    def parts(self) -> tuple[Voice, ...]:
        """All but the melody; none where the example is a melody alone."""
        return self.voices[1:]


def example_of(composition: Composition, source: str, title: str = "") -> Example:
    """Up to `MOST_BARS` bars of a composition from where its melody, the first track, begins."""
    meter = composition.meters[0]
    steps_per_bar = max(1, 4 * STEPS_PER_BEAT * meter.numerator // meter.denominator)
    grid = StepGrid(composition.ticks_per_quarter, STEPS_PER_BEAT)
    bars = -(-grid.nearest_step(composition.end) // steps_per_bar)
    tracks = composition.tracks
    begin = _first_bar(tracks, grid, steps_per_bar)
    steps = max(1, min(MOST_BARS, bars - begin)) * steps_per_bar
    before = begin * steps_per_bar
    roll = encode([track.notes for track in tracks], grid, before + steps)
    voices = tuple(
        Voice(
            track.name,
            track_role(index, track.name, track.program, track.is_drum),
            planes[:, before:],
        )
        for index, (track, planes) in enumerate(zip(tracks, roll.planes, strict=True))
    )
    return Example(title or composition.title, source, voices, steps, steps_per_bar)


def _first_bar(tracks: Sequence[Track], grid: StepGrid, steps_per_bar: int) -> int:
    """The bar in which the melody begins; 0 where it begins late or not at all."""
    notes = tracks[0].notes if tracks else ()
    bar = grid.nearest_step(notes[0].start) // steps_per_bar if notes else 0
    return bar if bar <= LATEST_BAR else 0


def example_from(path: Path, source: str) -> Example:
    """The example in a run's sample file. Called on a worker thread. Raises `StoreError`."""
    try:
        with path.open(encoding="utf-8") as stream:
            text = stream.read(LARGEST_SAMPLE)
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"The sample {path.name} cannot be read.") from error
    return example_of(composition_from_json(text), source)


@cache
def shipped_answers() -> tuple[Example, ...]:
    """Pop's answers to a sample melody, for noises on the way from one to another."""
    files = sorted((LESSONS_FOLDER / "answers").glob("*.json"))
    source = f"Ode to Joy with an answer of the shipped model {ANSWER_MODEL}"
    return tuple(
        example_of(composition_from_json(path.read_text("utf-8")), source) for path in files
    )


@cache
def sample_tunes() -> tuple[Example, ...]:
    """The sample melodies, alone."""
    return tuple(
        example_of(read_midi(sample.path).composition, "a sample melody", sample.name)
        for sample in sample_melodies()
    )


def notes_in(sounding: BoolArray) -> tuple[StepNote, ...]:
    """The notes that can be read off one plane (step, pitch) of sounding cells."""
    nothing = np.zeros_like(sounding)
    return notes_of(PianoRoll(np.stack([nothing, sounding])[None]))[0]


def pitch_range(voices: Sequence[Voice], least: int = 24) -> tuple[int, int]:
    """Lowest and highest pitch that sounds in any, at least ``least`` semitones apart."""
    used = sorted({int(p) for voice in voices for p in voice.planes[SOUNDING].any(0).nonzero()[0]})
    low, high = (used[0], used[-1]) if used else (48, 72)
    missing = max(0, least - (high - low))
    return max(0, low - missing // 2 - 1), min(127, high + (missing + 1) // 2 + 1)
