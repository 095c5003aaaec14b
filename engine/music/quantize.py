"""Moving notes onto a grid, as far as the player wants."""

from collections.abc import Iterable
from dataclasses import replace

from engine.music.note import Note
from engine.music.ticks import StepGrid
from engine.music.track import without_overlaps


def quantize(notes: Iterable[Note], grid: StepGrid, strength: float = 1.0) -> tuple[Note, ...]:
    """Notes whose starts and ends are drawn to the grid.

    ``strength`` 0 leaves everything, 1 puts starts and ends on steps. A note keeps at least one
    tick (one step at full strength); notes of one pitch never overlap afterwards.
    """
    moved = [_drawn(note, grid, strength) for note in notes]
    return without_overlaps(moved)[0]


def _drawn(note: Note, grid: StepGrid, strength: float) -> Note:
    step = grid.nearest_step(note.start)
    last = max(step + 1, grid.nearest_step(note.end))
    start = max(0, round(note.start + strength * (grid.tick_at(step) - note.start)))
    end = round(note.end + strength * (grid.tick_at(last) - note.end))
    return replace(note, start=start, duration=max(1, end - start))
