"""A lane: one track's place in the view, and how all of them share the height."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from desktop.roll.note_table import NoteTable
from desktop.roll.transform import (
    OPEN_MARGIN_ROWS,
    OPEN_MIN_ROWS,
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
OPEN_ROW_HEIGHTS = (10, 16)
VELOCITY_HEIGHT = 72
_MELODY_HEIGHTS = (116, 340)
_OTHER_HEIGHTS = (68, 190)
_PADDING = 4
_DRUM_PADDING = 12


class LaneSize(Enum):
    """How a lane stands: a strip, a lane, or a whole editor with its velocities."""

    FOLDED = "folded"
    NORMAL = "normal"
    OPEN = "open"


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


def arrange(
    composition: Composition,
    tables: Sequence[NoteTable],
    sizes: Mapping[int, LaneSize],
    live_pitches: Sequence[int],
    available: int,
) -> tuple[Lane, ...]:
    """The lanes of a composition's tracks, filling ``available`` pixels as far as they may."""
    tracks = composition.tracks
    rows = [
        _rows(track, table, sizes.get(i, LaneSize.NORMAL), live_pitches if i == 0 else ())
        for i, (track, table) in enumerate(zip(tracks, tables, strict=True))
    ]
    bounds = [
        _bounds(i, sizes.get(i, LaneSize.NORMAL), len(rows[i]), available)
        for i in range(len(tracks))
    ]
    heights = share_height([least for least, _ in bounds], [most for _, most in bounds], available)
    soloed = any(track.soloed for track in tracks)
    lanes, top = [], 0
    for i, (track, table) in enumerate(zip(tracks, tables, strict=True)):
        size = sizes.get(i, LaneSize.NORMAL)
        axis = _axis(track, rows[i], size, top, heights[i])
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
        return drum_rows((*used, *range(35, 52)) if size is LaneSize.OPEN else used)
    if size is LaneSize.OPEN:
        return melodic_rows(used, margin=OPEN_MARGIN_ROWS, least=OPEN_MIN_ROWS)
    return melodic_rows(used)


def _bounds(index: int, size: LaneSize, rows: int, available: int) -> tuple[int, int]:
    if size is LaneSize.FOLDED:
        return FOLDED_HEIGHT, FOLDED_HEIGHT
    if size is LaneSize.OPEN:
        rest = VELOCITY_HEIGHT + LANE_GAP + 2 * _PADDING
        least, most = (rows * height + rest for height in OPEN_ROW_HEIGHTS)
        # An open lane fills the view where that gives its rows a good height.
        height = min(max(least, available), most)
        return height, height
    return _MELODY_HEIGHTS if index == 0 else _OTHER_HEIGHTS


def _axis(track: Track, rows: Sequence[int], size: LaneSize, top: int, height: int) -> PitchAxis:
    padding = _DRUM_PADDING if track.is_drum and size is LaneSize.NORMAL else _PADDING
    inner = height - LANE_GAP - 2 * padding
    if size is LaneSize.OPEN:
        inner -= VELOCITY_HEIGHT
    return PitchAxis(rows, top + padding, inner)
