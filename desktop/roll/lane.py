"""A lane: one track's place in the view, and how all of them share the height."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from desktop.roll.note_table import NoteTable
from desktop.roll.transform import (
    TOP_PITCH,
    PitchAxis,
    drum_rows,
    melodic_rows,
    share_height,
)
from desktop.theme import track_role
from engine.music.composition import Composition
from engine.music.track import Track

LANE_GAP = 2
"""Pixels of window between two lanes; part of the upper lane's height."""
FOLDED_HEIGHT = 36
ROW_HEIGHTS = (7, 32)
"""Least and greatest height in pixels of a row of an open lane."""
VELOCITY_HEIGHT = 72
DRUM_KEYS = range(35, 82)
"""General MIDI's percussion: the rows of an open drum lane, with those that are used beside."""
_MELODY_HEIGHTS = (116, 340)
_OTHER_HEIGHTS = (68, 190)
_PADDING = 4
_DRUM_PADDING = 12


class LaneSize(Enum):
    """How a lane stands: a strip, a lane, or an editor with its velocities, alone in the view."""

    FOLDED = "folded"
    NORMAL = "normal"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class PitchView:
    """What an open lane shows of its rows: their height, and how many pixels are above the view."""

    row_height: int = 14
    scroll: int = 0


@dataclass(frozen=True, slots=True)
class Lane:
    """One track's place; ``top`` counts from the first lane's top, before scrolling."""

    index: int
    track: Track
    role: str
    size: LaneSize
    top: int
    height: int
    axis: PitchAxis
    table: NoteTable
    dimmed: bool
    rows: tuple[int, ...] = field(repr=False)
    """The row of every pitch."""
    row_boxes: tuple[tuple[int, int], ...] = field(repr=False)
    """Top and height of every row."""

    @property
    def bottom(self) -> int:
        """Where the next lane begins."""
        return self.top + self.height

    @property
    def velocity_top(self) -> int:
        """Where the velocity lane begins: at the gap unless the lane is open."""
        open_height = VELOCITY_HEIGHT if self.size is LaneSize.OPEN else 0
        return self.bottom - LANE_GAP - open_height

    @property
    def shown(self) -> bool:
        """Whether it has a place in the view: beside an open lane no other has."""
        return self.height > 0


def arrange(
    composition: Composition,
    tables: Sequence[NoteTable],
    sizes: Mapping[int, LaneSize],
    live_pitches: Sequence[int],
    available: int,
    view: PitchView,
) -> tuple[Lane, ...]:
    """The lanes of a composition's tracks, filling ``available`` pixels as far as they may.

    An open lane has all of it, and ``view`` tells what is seen of its rows.
    """
    tracks = composition.tracks
    rows = [
        _rows(track, table, sizes.get(i, LaneSize.NORMAL), live_pitches if i == 0 else ())
        for i, (track, table) in enumerate(zip(tracks, tables, strict=True))
    ]
    heights = _heights([sizes.get(i, LaneSize.NORMAL) for i in range(len(tracks))], available)
    soloed = any(track.soloed for track in tracks)
    lanes, top = [], 0
    for i, (track, table) in enumerate(zip(tracks, tables, strict=True)):
        size = sizes.get(i, LaneSize.NORMAL)
        axis = _axis(track, rows[i], size, top, heights[i], view)
        dimmed = track.muted or (soloed and not track.soloed)
        role = track_role(i, track.name, track.program, track.is_drum)
        boxes = tuple(axis.row_box(row) for row in range(len(rows[i])))
        lanes.append(
            Lane(i, track, role, size, top, heights[i], axis, table, dimmed, axis.rows(), boxes)
        )
        top += heights[i]
    return tuple(lanes)


def _rows(
    track: Track, table: NoteTable, size: LaneSize, live_pitches: Sequence[int]
) -> Sequence[int]:
    used = (*table.used_pitches, *live_pitches)
    if track.is_drum:
        return drum_rows((*used, *DRUM_KEYS) if size is LaneSize.OPEN else used)
    return range(TOP_PITCH + 1) if size is LaneSize.OPEN else melodic_rows(used)


def _heights(sizes: Sequence[LaneSize], available: int) -> Sequence[int]:
    if LaneSize.OPEN in sizes:
        opened = sizes.index(LaneSize.OPEN)
        return [available if i == opened else 0 for i in range(len(sizes))]
    bounds = [_bounds(i, size) for i, size in enumerate(sizes)]
    return share_height([least for least, _ in bounds], [most for _, most in bounds], available)


def _bounds(index: int, size: LaneSize) -> tuple[int, int]:
    if size is LaneSize.FOLDED:
        return FOLDED_HEIGHT, FOLDED_HEIGHT
    return _MELODY_HEIGHTS if index == 0 else _OTHER_HEIGHTS


def _axis(
    track: Track, rows: Sequence[int], size: LaneSize, top: int, height: int, view: PitchView
) -> PitchAxis:
    if size is LaneSize.OPEN:
        return PitchAxis(rows, top + _PADDING - view.scroll, len(rows) * view.row_height)
    padding = _DRUM_PADDING if track.is_drum and size is LaneSize.NORMAL else _PADDING
    return PitchAxis(rows, top + padding, max(1, height - LANE_GAP - 2 * padding))


def scrolled(lanes: Sequence[Lane], pixels: int) -> tuple[Lane, ...]:
    """The lanes with the rows of the open one scrolled down by so many pixels more."""
    return tuple(
        _rows_moved(lane, pixels) if lane.size is LaneSize.OPEN else lane for lane in lanes
    )


def _rows_moved(lane: Lane, pixels: int) -> Lane:
    axis = replace(lane.axis, top=lane.axis.top - pixels)
    boxes = tuple((top - pixels, height) for top, height in lane.row_boxes)
    return replace(lane, axis=axis, row_boxes=boxes)


def open_height(rows: int, row_height: int) -> int:
    """Pixels that an open lane would need to show so many rows, and its velocities."""
    return rows * row_height + 2 * _PADDING + VELOCITY_HEIGHT + LANE_GAP
