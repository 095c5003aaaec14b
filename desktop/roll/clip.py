"""Copied notes: they keep their places within the grid, and their time in any resolution."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.music.note import Note
from engine.music.note_edits import rescaled
from engine.music.note_grid import NoteGrid


@dataclass(frozen=True, slots=True)
class Clip:
    """Notes counted from the line of the grid before the first of them."""

    notes: tuple[Note, ...]
    ticks_per_quarter: int

    def placed(self, tick: int, ticks_per_quarter: int) -> list[Note]:
        """The notes from a tick on, in another resolution."""
        notes = rescaled(self.notes, self.ticks_per_quarter, ticks_per_quarter)
        return [replace(note, start=note.start + tick) for note in notes]


def clip_of(notes: Iterable[Note], grid: NoteGrid) -> Clip:
    """The clip of some notes, at least one."""
    ordered = sorted(notes)
    origin = grid.before(ordered[0].start)
    counted = (replace(note, start=note.start - origin) for note in ordered)
    return Clip(tuple(counted), grid.ticks_per_quarter)


def span_of(notes: Iterable[Note], grid: NoteGrid) -> tuple[int, int]:
    """The lines of the grid around some notes, at least one."""
    ordered = sorted(notes)
    end = max(note.end for note in ordered)
    line = grid.before(end)
    return grid.before(ordered[0].start), line if line == end else grid.after(end)
