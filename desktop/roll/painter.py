"""Where the notes of a lane lie, and the ground under them. Only what a span of x shows."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from desktop.roll.grid import LINE_ROLES, Grid
from desktop.roll.ink import CAP, NoteInk
from desktop.roll.lane import LANE_GAP, Lane, LaneSize
from desktop.roll.names import is_black
from desktop.roll.transform import TimeAxis
from desktop.theme import colour
from engine.music.note_columns import IntArray

MIN_NOTE_HEIGHT, MAX_NOTE_HEIGHT = 3, 16
MAX_OPEN_HEIGHT = 24
MAX_DOT, MAX_OPEN_DOT = 8, 12


def note_box(lane: Lane, axis: TimeAxis, start: float, end: float, pitch: int) -> QRect:
    """Where a note lies, in lane coordinates (before vertical scrolling)."""
    top, height = lane.row_boxes[lane.rows[pitch]]
    if lane.track.is_drum:
        size = dot_size(lane)
        return QRect(axis.x_at(start), top + (height - size) // 2, size, size)
    tall = note_height(lane)
    left = axis.x_at(start)
    # One pixel of ground between a note and the next keeps repeated notes apart.
    width = max(2, axis.x_at(end) - left - 1)
    return QRect(left, top + (height - tall) // 2, width, tall)


def note_height(lane: Lane) -> int:
    """Height in pixels of a lane's notes."""
    row = lane.axis.row_height
    most = MAX_OPEN_HEIGHT if lane.size is LaneSize.OPEN else MAX_NOTE_HEIGHT
    return max(MIN_NOTE_HEIGHT, min(most, int(row) - (1 if row >= 6 else 0)))


def dot_size(lane: Lane) -> int:
    """Diameter in pixels of a drum lane's dots."""
    most = MAX_OPEN_DOT if lane.size is LaneSize.OPEN else MAX_DOT
    return max(3, min(most, int(lane.axis.row_height) - 1))


def paint_ground(
    painter: QPainter, lanes: Sequence[Lane], axis: TimeAxis, grid: Grid, span: QRect
) -> None:
    """Surfaces, black-key rows, beat and bar lines of lanes below each other, within ``span``."""
    left, width = span.left(), span.width()
    surface, gap = colour("surface"), colour("lane_gap")
    for lane in lanes:
        painter.fillRect(left, lane.top, width, lane.height, surface)
        if not lane.track.is_drum and lane.axis.row_height >= 3:
            _paint_black_rows(painter, lane, left, width)
    if lanes:
        paint_lines(painter, (lanes[0].top, lanes[-1].bottom), axis, grid, span)
    for lane in lanes:
        painter.fillRect(left, lane.bottom - LANE_GAP, width, LANE_GAP, gap)


def paint_lines(
    painter: QPainter, between: tuple[int, int], axis: TimeAxis, grid: Grid, span: QRect
) -> None:
    """The lines of the grid within ``span``, from one y to another."""
    inks = {role: colour(role) for role in LINE_ROLES}
    top, foot = between
    for x, role in grid.lines(axis, span.left(), span.right() + 1):
        painter.fillRect(x, top, 1, foot - top, inks[role])


def _paint_black_rows(painter: QPainter, lane: Lane, left: int, width: int) -> None:
    dark = colour("black_row")
    octave = colour("line", 0.6)
    for row, pitch in enumerate(lane.axis.pitches):
        top, height = lane.row_boxes[row]
        if is_black(pitch):
            painter.fillRect(left, top, width, height, dark)
        elif pitch % 12 == 0:
            painter.fillRect(left, top + height - 1, width, 1, octave)


def columns(ticks: IntArray, axis: TimeAxis) -> IntArray:
    """`TimeAxis.x_at` of many ticks."""
    found: IntArray = np.floor(ticks * axis.pixels_per_tick).astype(np.int64)
    return found - axis.offset


def paint_bar(painter: QPainter, box: QRect, ink: NoteInk, level: int) -> None:
    """One note: a dark beginning, a body, rounded ends (as pictures: antialiasing is dear)."""
    left, top, width, height = box.left(), box.top(), box.width(), box.height()
    if width < 2 * CAP:
        painter.fillRect(left, top, width, height, ink.bodies[level])
        painter.fillRect(left, top, 1, height, ink.edges[level])
        return
    painter.drawPixmap(left, top, ink.begins[level])
    painter.fillRect(left + CAP, top, width - 2 * CAP, height, ink.bodies[level])
    painter.drawPixmap(left + width - CAP, top, ink.ends[level])
