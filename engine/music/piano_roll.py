"""Piano rolls as the networks see them: written here once, nothing else knows the order of axes.

Axes are (track, plane, step, pitch). Plane `ONSET` marks where a note begins, plane `SOUNDING`
every step that it lasts; without onsets repeated notes would fuse.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.errors import MusicError
from engine.music.note import Note
from engine.music.ticks import StepGrid

ONSET, SOUNDING = 0, 1
PLANES = 2

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PianoRoll:
    """Planes of bool (track, plane, step, pitch); pitch 0 of the array is MIDI ``pitch_low``."""

    planes: BoolArray
    pitch_low: int = 0

    def __post_init__(self) -> None:
        if self.planes.ndim != 4 or self.planes.shape[1] != PLANES:
            raise MusicError("A piano roll has the axes track, plane, step and pitch.")

    @property
    def steps(self) -> int:
        """Length in steps."""
        return int(self.planes.shape[2])


@dataclass(frozen=True, slots=True, order=True)
class StepNote:
    """A note on a step grid: ``length`` in steps, at least 1."""

    step: int
    pitch: int
    length: int


def encode(
    tracks: Sequence[Iterable[Note]],
    grid: StepGrid,
    steps: int,
    *,
    pitch_low: int = 0,
    pitches: int = 128,
) -> PianoRoll:
    """The roll of several tracks' notes; what lies outside its steps or pitches is left out.

    A note that began before step 0 and still sounds there is drawn sounding without an onset.
    """
    planes = np.zeros((len(tracks), PLANES, steps, pitches), dtype=np.bool_)
    for plane, notes in zip(planes, tracks, strict=True):
        for note in _on_steps(notes, grid):
            pitch = note.pitch - pitch_low
            end = note.step + note.length
            if not 0 <= pitch < pitches or end <= 0 or note.step >= steps:
                continue
            if note.step >= 0:
                plane[ONSET, note.step, pitch] = True
            plane[SOUNDING, max(0, note.step) : end, pitch] = True
    return PianoRoll(planes, pitch_low)


def _on_steps(notes: Iterable[Note], grid: StepGrid) -> list[StepNote]:
    """Notes on whole steps, each ending at the latest where its pitch starts again.

    Of two that come to start together the longer stays: drawn over each other, two notes would
    be read back as neither of them.
    """
    placed: list[StepNote] = []
    last_of_pitch: dict[int, int] = {}
    for note in sorted(notes):
        step = grid.nearest_step(note.start)
        new = StepNote(step, note.pitch, max(1, grid.nearest_step(note.end) - step))
        index = last_of_pitch.get(note.pitch)
        if index is not None:
            before = placed[index]
            if before.step == step:
                placed[index] = max(before, new)
                continue
            placed[index] = replace(before, length=min(before.length, step - before.step))
        last_of_pitch[note.pitch] = len(placed)
        placed.append(new)
    return placed


def decode(roll: PianoRoll) -> tuple[tuple[StepNote, ...], ...]:
    """The notes of each track, sorted.

    A set onset starts a note (also where sounding is not set); sounding without an onset continues
    the note before it, and starts one where none sounds.
    """
    return tuple(_decode_track(planes, roll.pitch_low) for planes in roll.planes)


def _decode_track(planes: BoolArray, pitch_low: int) -> tuple[StepNote, ...]:
    sounding = planes[SOUNDING] | planes[ONSET]  # (step, pitch)
    before = np.zeros_like(sounding)
    before[1:] = sounding[:-1]
    begins = planes[ONSET] | (sounding & ~before)
    after = np.zeros_like(sounding)
    after[:-1] = sounding[1:] & ~begins[1:]
    ends = sounding & ~after
    # Transposed, so that the n-th beginning and the n-th end of a pitch belong together.
    pitch, step = np.nonzero(begins.T)
    last = np.nonzero(ends.T)[1]
    return tuple(
        sorted(
            StepNote(int(s), int(p) + pitch_low, int(e) - int(s) + 1)
            for p, s, e in zip(pitch, step, last, strict=True)
        )
    )
