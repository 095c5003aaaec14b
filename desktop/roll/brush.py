"""How long and how loud a drawn note is."""

from engine.music.note import Note
from engine.music.note_grid import NoteGrid

_STEPS_WITHOUT = 4
"""Without a grid a hit lasts so much of a quarter."""


def drawn_length(brush: Note | None, grid: NoteGrid, start: int) -> int:
    """Ticks that a drawn note lasts: as long as the last one, at first a beat.

    The grid tells where notes lie; a first note of a sixteenth would be too short to be grasped.
    A step of the grid that is longer than a beat is the length; so is one that was just chosen,
    through `NoteEditor.take_length`.
    """
    if brush is not None:
        return brush.duration
    return max(grid.ticks_per_quarter, grid.length_at(start))


def hit_length(grid: NoteGrid, start: int) -> int:
    """Ticks that a drawn hit lasts: a step of the grid, without one a sixteenth."""
    step = grid.length_at(start)
    return step if step > 1 else max(1, grid.ticks_per_quarter // _STEPS_WITHOUT)
