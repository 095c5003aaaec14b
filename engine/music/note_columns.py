"""Notes as columns of numbers, so that a gesture changes a hundred thousand of them in a frame."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.music.note import MAX_PITCH, MAX_VELOCITY, Note

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class NoteColumns:
    """Notes as arrays of one length: starts and ends in ticks, pitches, velocities."""

    starts: IntArray
    ends: IntArray
    pitches: IntArray
    velocities: IntArray

    def __len__(self) -> int:
        return len(self.starts)

    def notes(self) -> list[Note]:
        """The notes themselves, in the same order."""
        columns = (self.starts, self.pitches, self.ends - self.starts, self.velocities)
        return [Note(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]

    def take(self, indices: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> "NoteColumns":
        """Some of the notes, by their places or by a mask."""
        return NoteColumns(
            self.starts[indices],
            self.ends[indices],
            self.pitches[indices],
            self.velocities[indices],
        )

    def at(self, places: slice | IntArray) -> "NoteColumns":
        """The notes at some places; those of a slice on the same memory."""
        return self.part(places) if isinstance(places, slice) else self.take(places)

    def part(self, span: slice) -> "NoteColumns":
        """The notes from one place to another, on the same memory."""
        return NoteColumns(
            self.starts[span], self.ends[span], self.pitches[span], self.velocities[span]
        )


def laid_together(parts: Iterable[NoteColumns]) -> NoteColumns:
    """All notes of some columns, one behind the other."""
    each = (columns_of(()), *parts)
    return NoteColumns(
        np.concatenate([part.starts for part in each]),
        np.concatenate([part.ends for part in each]),
        np.concatenate([part.pitches for part in each]),
        np.concatenate([part.velocities for part in each]),
    )


def columns_of(notes: Iterable[Note]) -> NoteColumns:
    """The columns of notes, in their order."""
    rows = [(note.start, note.end, note.pitch, note.velocity) for note in notes]
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    return NoteColumns(*(np.ascontiguousarray(table[:, column]) for column in range(4)))


def allowed_move(notes: NoteColumns, ticks: int, semitones: int) -> tuple[int, int]:
    """How far all the notes together may go of what is wanted: from tick 0, within 0 to 127."""
    if not len(notes):
        return 0, 0
    ticks = max(ticks, -int(notes.starts.min()))
    semitones = max(semitones, -int(notes.pitches.min()))
    return ticks, min(semitones, MAX_PITCH - int(notes.pitches.max()))


def moved(notes: NoteColumns, ticks: int, semitones: int) -> NoteColumns:
    """Notes moved together as far as all of them may go."""
    ticks, semitones = allowed_move(notes, ticks, semitones)
    return NoteColumns(
        notes.starts + ticks, notes.ends + ticks, notes.pitches + semitones, notes.velocities
    )


def lengthened(notes: NoteColumns, ticks: int, least: int) -> NoteColumns:
    """Notes made longer or shorter at their end, none below ``least`` ticks (or its own length)."""
    lengths = notes.ends - notes.starts
    wanted = np.maximum(lengths + ticks, np.minimum(lengths, max(1, least)))
    return replace(notes, ends=notes.starts + wanted)


def begun_later(notes: NoteColumns, ticks: int, least: int) -> NoteColumns:
    """Notes whose beginning is drawn to another place, their ends staying."""
    last = notes.ends - np.minimum(notes.ends - notes.starts, max(1, least))
    return replace(notes, starts=np.minimum(np.maximum(notes.starts + ticks, 0), last))


def louder(notes: NoteColumns, by: int) -> NoteColumns:
    """Notes whose velocity is changed by so much, within 1 to 127."""
    return replace(notes, velocities=np.clip(notes.velocities + by, 1, MAX_VELOCITY))


def with_velocities(
    notes: NoteColumns, first: tuple[float, float], last: tuple[float, float]
) -> NoteColumns:
    """Notes between two points (tick, velocity) whose velocities lie on the line between them.

    Both ends belong to it; where they are one tick, the last point's velocity counts.
    """
    (tick, velocity), (end, wanted) = sorted((first, last), key=lambda point: point[0])
    if tick == end:
        velocity = wanted = last[1]
    inside = (notes.starts >= tick) & (notes.starts <= end)
    share = (notes.starts - tick) / max(1e-9, end - tick)
    line = np.floor(velocity + np.clip(share, 0, 1) * (wanted - velocity) + 0.5).astype(np.int64)
    drawn = np.clip(line, 1, MAX_VELOCITY)
    return replace(notes, velocities=np.where(inside, drawn, notes.velocities))
