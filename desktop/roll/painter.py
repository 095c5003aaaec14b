"""Painting of a lane: its ground, its notes, its velocities. Only what a span of x shows."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QImage, QPainter

from desktop.roll.grid import LINE_ROLES, Grid
from desktop.roll.ink import CAP, NoteInk, ink_for, level_of
from desktop.roll.lane import LANE_GAP, Lane, LaneSize
from desktop.roll.names import is_black, pitch_name
from desktop.roll.raster import rasterized
from desktop.roll.transform import TimeAxis
from desktop.theme import body_font, colour
from engine.music.note_columns import IntArray, NoteColumns

MIN_NOTE_HEIGHT, MAX_NOTE_HEIGHT = 3, 16
MAX_OPEN_HEIGHT = 24
MAX_DOT, MAX_OPEN_DOT = 8, 12
NAME_MIN_HEIGHT, NAME_MIN_WIDTH = 11, 22
DETAILED = 600
"""More notes of a lane than this in one view are painted as a raster."""


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


def paint_ground(painter: QPainter, lane: Lane, axis: TimeAxis, grid: Grid, span: QRect) -> None:
    """The lane's surface, black-key rows, beat and bar lines within ``span``."""
    left, width = span.left(), span.width()
    painter.fillRect(left, lane.top, width, lane.height - LANE_GAP, colour("surface"))
    if not lane.track.is_drum and lane.axis.row_height >= 3:
        _paint_black_rows(painter, lane, left, width)
    paint_lines(painter, lane, axis, grid, span)
    painter.fillRect(left, lane.bottom - LANE_GAP, width, LANE_GAP, colour("lane_gap"))


def paint_lines(painter: QPainter, lane: Lane, axis: TimeAxis, grid: Grid, span: QRect) -> None:
    """The lines of the grid within ``span``."""
    left, width = span.left(), span.width()
    inks = {role: colour(role) for role in LINE_ROLES}
    for x, role in grid.lines(axis, left, left + width):
        painter.fillRect(x, lane.top, 1, lane.height - LANE_GAP, inks[role])


def _paint_black_rows(painter: QPainter, lane: Lane, left: int, width: int) -> None:
    dark = colour("black_row")
    octave = colour("line", 0.6)
    for row, pitch in enumerate(lane.axis.pitches):
        top, height = lane.row_boxes[row]
        if is_black(pitch):
            painter.fillRect(left, top, width, height, dark)
        elif pitch % 12 == 0:
            painter.fillRect(left, top + height - 1, width, 1, octave)


def paint_notes(
    painter: QPainter,
    lane: Lane,
    axis: TimeAxis,
    span: QRect,
    notes: NoteColumns,
    *,
    raster: bool,
    scale: float,
    ink: NoteInk | None = None,
    named: bool = True,
) -> None:
    """Notes of a lane within ``span``; with another ``ink`` those of the hand, or of others."""
    chosen = ink_of(lane, scale) if ink is None else ink
    if raster:
        _paint_raster(painter, lane, axis, span, notes, chosen, scale)
    elif lane.track.is_drum:
        _paint_dots(painter, lane, axis, notes, chosen)
    else:
        _paint_bars(painter, lane, axis, notes, chosen, named=named)


def ink_of(lane: Lane, scale: float) -> NoteInk:
    """What a lane's notes are painted with."""
    height = dot_size(lane) if lane.track.is_drum else note_height(lane)
    return ink_for(lane.role, height, dimmed=lane.dimmed, scale=scale)


def _paint_bars(
    painter: QPainter, lane: Lane, axis: TimeAxis, notes: NoteColumns, ink: NoteInk, *, named: bool
) -> None:
    tall = note_height(lane)
    lefts = columns(notes.starts, axis)
    widths = np.maximum(columns(notes.ends, axis) - lefts - 1, 2)
    pitches = notes.pitches.tolist()
    tops = {pitch: note_box(lane, axis, 0, 0, pitch).top() for pitch in set(pitches)}
    labels: list[tuple[QRect, str]] = []
    for left, width, pitch, velocity in zip(
        lefts.tolist(), widths.tolist(), pitches, notes.velocities.tolist(), strict=True
    ):
        box = QRect(left, tops[pitch], width, tall)
        paint_bar(painter, box, ink, level_of(velocity))
        if named and tall >= NAME_MIN_HEIGHT and width >= NAME_MIN_WIDTH:
            labels.append((box, pitch_name(pitch)))
    if labels:
        _paint_labels(painter, labels, tall)


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


def _paint_labels(painter: QPainter, labels: list[tuple[QRect, str]], height: int) -> None:
    painter.setFont(label_font(height))
    painter.setPen(colour("on_accent"))
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    for box, text in labels:
        painter.drawText(box.adjusted(CAP, 0, 0, 0), flags, text)


def label_font(height: int) -> QFont:
    """The font of a name inside a note ``height`` pixels tall."""
    return body_font(min(11, height - 2), bold=True)


def _paint_dots(
    painter: QPainter, lane: Lane, axis: TimeAxis, notes: NoteColumns, ink: NoteInk
) -> None:
    tops = {pitch: note_box(lane, axis, 0, 0, pitch).top() for pitch in set(notes.pitches.tolist())}
    for left, pitch, velocity in zip(
        columns(notes.starts, axis).tolist(),
        notes.pitches.tolist(),
        notes.velocities.tolist(),
        strict=True,
    ):
        painter.drawPixmap(left, tops[pitch], ink.dots[level_of(velocity)])


def _paint_raster(
    painter: QPainter,
    lane: Lane,
    axis: TimeAxis,
    span: QRect,
    notes: NoteColumns,
    ink: NoteInk,
    scale: float,
) -> None:
    per_tick = axis.pixels_per_tick * scale
    shift = (axis.offset + span.left()) * scale
    lefts = np.floor(notes.starts * per_tick - shift).astype(np.int64)
    rights = np.floor(notes.ends * per_tick - shift).astype(np.int64)
    if lane.track.is_drum:
        rights = np.minimum(rights, lefts + max(1, round(3 * scale)))
    used = np.flatnonzero(np.bincount(notes.pitches, minlength=len(lane.rows)))
    # Rows that no note has are not painted; one row more, always empty, stands for all of them.
    places = np.zeros(len(lane.rows), dtype=np.int64)
    places[used] = np.arange(len(used))
    shape = (len(used) + 1, max(1, round(span.width() * scale)))
    levels = rasterized(lefts, rights, places[notes.pitches], notes.velocities, shape)
    top, foot = max(lane.top, span.top()), min(_foot(lane), span.bottom() + 1)
    lines = _place_of_line(lane, used.tolist(), top, foot, scale)
    pixels = np.ascontiguousarray(ink.packed[levels][lines])
    height, width = pixels.shape
    kind = QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(pixels.data, width, height, width * 4, kind)
    painter.drawImage(QRect(span.left(), top, span.width(), foot - top), image)


def _foot(lane: Lane) -> int:
    """Where the rows of a lane end."""
    return lane.velocity_top if lane.size is LaneSize.OPEN else lane.bottom


def _place_of_line(lane: Lane, used: Sequence[int], begin: int, end: int, scale: float) -> IntArray:
    """Which of the used pitches each line of pixels from ``begin`` to ``end`` shows.

    Their count stands for none of them.
    """
    lines = np.full(max(1, round((end - begin) * scale)), len(used), dtype=np.int64)
    tall = dot_size(lane) if lane.track.is_drum else note_height(lane)
    for place, pitch in enumerate(used):
        top, height = lane.row_boxes[lane.rows[pitch]]
        first = (top - begin + (height - tall) // 2) * scale
        # Rows of an open lane may lie above the view.
        lines[max(0, round(first)) : max(0, round(first + tall * scale))] = place
    return lines
