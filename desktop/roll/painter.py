"""Painting of a lane: its ground, its notes, its velocities. Only what a span of x shows."""

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QImage, QPainter

from desktop.roll.grid import LINE_ROLES, Grid
from desktop.roll.ink import CAP, NoteInk, ink_for, level_of
from desktop.roll.lane import LANE_GAP, VELOCITY_HEIGHT, Lane, LaneSize
from desktop.roll.names import drum_name, is_black, pitch_name
from desktop.roll.note_table import IntArray
from desktop.roll.raster import rasterized
from desktop.roll.transform import TimeAxis
from desktop.theme import body_font, colour

MIN_NOTE_HEIGHT, MAX_NOTE_HEIGHT = 3, 16
MAX_DOT = 8
NAME_MIN_HEIGHT, NAME_MIN_WIDTH = 11, 22
_NAME_LEFT = 10
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
    return max(MIN_NOTE_HEIGHT, min(MAX_NOTE_HEIGHT, int(row) - (1 if row >= 6 else 0)))


def dot_size(lane: Lane) -> int:
    """Diameter in pixels of a drum lane's dots."""
    return max(3, min(MAX_DOT, int(lane.axis.row_height) - 1))


def paint_ground(painter: QPainter, lane: Lane, axis: TimeAxis, grid: Grid, span: QRect) -> None:
    """The lane's surface, black-key rows, beat and bar lines within ``span``."""
    left, width = span.left(), span.width()
    painter.fillRect(left, lane.top, width, lane.height - LANE_GAP, colour("surface"))
    if lane.track.is_drum:
        _paint_drum_rows(painter, lane, left, width)
    elif lane.axis.row_height >= 3:
        _paint_black_rows(painter, lane, left, width)
    inks = {role: colour(role) for role in LINE_ROLES}
    for x, role in grid.lines(axis, left, left + width):
        painter.fillRect(x, lane.top, 1, lane.height - LANE_GAP, inks[role])
    if lane.size is LaneSize.OPEN:
        painter.fillRect(left, lane.velocity_top, width, 1, colour("bar_line"))
    painter.fillRect(left, lane.bottom - LANE_GAP, width, LANE_GAP, colour("lane_gap"))


def _paint_black_rows(painter: QPainter, lane: Lane, left: int, width: int) -> None:
    dark = colour("black_row")
    octave = colour("line", 0.6)
    for row, pitch in enumerate(lane.axis.pitches):
        top, height = lane.row_boxes[row]
        if is_black(pitch):
            painter.fillRect(left, top, width, height, dark)
        elif pitch % 12 == 0:
            painter.fillRect(left, top + height - 1, width, 1, octave)


def _paint_drum_rows(painter: QPainter, lane: Lane, left: int, width: int) -> None:
    """Every other row darker, where there are enough of them to lose one's way."""
    if lane.size is LaneSize.OPEN:
        dark = colour("black_row")
        for row in range(0, len(lane.axis.pitches), 2):
            top, height = lane.row_boxes[row]
            painter.fillRect(left, top, width, height, dark)


def paint_notes(
    painter: QPainter,
    lane: Lane,
    axis: TimeAxis,
    span: QRect,
    indices: IntArray,
    *,
    raster: bool,
    scale: float,
) -> None:
    """The notes of ``indices`` within ``span``."""
    if raster:
        _paint_raster(painter, lane, axis, span, indices, scale)
    elif lane.track.is_drum:
        _paint_dots(painter, lane, axis, indices, scale)
    else:
        _paint_bars(painter, lane, axis, indices, scale)


def _ink(lane: Lane, scale: float) -> NoteInk:
    height = dot_size(lane) if lane.track.is_drum else note_height(lane)
    return ink_for(lane.role, height, dimmed=lane.dimmed, scale=scale)


def _paint_bars(
    painter: QPainter, lane: Lane, axis: TimeAxis, indices: IntArray, scale: float
) -> None:
    ink, tall = _ink(lane, scale), note_height(lane)
    table = lane.table
    lefts = _columns(table.starts[indices], axis)
    widths = np.maximum(_columns(table.ends[indices], axis) - lefts - 1, 2)
    pitches = table.pitches[indices].tolist()
    tops = {pitch: note_box(lane, axis, 0, 0, pitch).top() for pitch in set(pitches)}
    labels: list[tuple[QRect, str]] = []
    for left, width, pitch, velocity in zip(
        lefts.tolist(), widths.tolist(), pitches, table.velocities[indices].tolist(), strict=True
    ):
        box = QRect(left, tops[pitch], width, tall)
        paint_bar(painter, box, ink, level_of(velocity))
        if tall >= NAME_MIN_HEIGHT and width >= NAME_MIN_WIDTH:
            labels.append((box, pitch_name(pitch)))
    if labels:
        _paint_labels(painter, labels, tall)


def _columns(ticks: IntArray, axis: TimeAxis) -> IntArray:
    """`TimeAxis.x_at` of many ticks."""
    columns: IntArray = np.floor(ticks * axis.pixels_per_tick).astype(np.int64)
    return columns - axis.offset


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
    painter: QPainter, lane: Lane, axis: TimeAxis, indices: IntArray, scale: float
) -> None:
    ink, table = _ink(lane, scale), lane.table
    for index in indices.tolist():
        note = table.notes[index]
        box = note_box(lane, axis, note.start, note.end, note.pitch)
        painter.drawPixmap(box.topLeft(), ink.dots[level_of(note.velocity)])


def _paint_raster(
    painter: QPainter, lane: Lane, axis: TimeAxis, span: QRect, indices: IntArray, scale: float
) -> None:
    table, per_tick = lane.table, axis.pixels_per_tick * scale
    shift = (axis.offset + span.left()) * scale
    lefts = np.floor(table.starts[indices] * per_tick - shift).astype(np.int64)
    rights = np.floor(table.ends[indices] * per_tick - shift).astype(np.int64)
    if lane.track.is_drum:
        rights = np.minimum(rights, lefts + max(1, round(3 * scale)))
    rows = np.asarray(lane.rows, dtype=np.int64)[table.pitches[indices]]
    # One row more, always empty: what lies between the rows of notes is taken from it.
    shape = (len(lane.axis.pitches) + 1, max(1, round(span.width() * scale)))
    levels = rasterized(lefts, rights, rows, table.velocities[indices], shape)
    pixels = np.ascontiguousarray(_ink(lane, scale).packed[levels][_row_of_line(lane, scale)])
    height, width = pixels.shape
    kind = QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(pixels.data, width, height, width * 4, kind)
    painter.drawImage(QRect(span.left(), lane.top, span.width(), lane.height), image)


def _row_of_line(lane: Lane, scale: float) -> IntArray:
    """The row that each line of pixels of a lane shows; the last row where it shows no note."""
    lines = np.full(max(1, round(lane.height * scale)), len(lane.row_boxes), dtype=np.int64)
    tall = dot_size(lane) if lane.track.is_drum else note_height(lane)
    for row in {lane.rows[pitch] for pitch in lane.table.used_pitches}:
        top, height = lane.row_boxes[row]
        first = (top - lane.top + (height - tall) // 2) * scale
        lines[max(0, round(first)) : round(first + tall * scale)] = row
    return lines


def paint_velocities(
    painter: QPainter, lane: Lane, axis: TimeAxis, indices: IntArray, chosen: frozenset[int]
) -> None:
    """The stems of an open lane's velocity lane; ``chosen`` are indices of selected notes."""
    ink = ink_for(lane.role, 6, dimmed=lane.dimmed, scale=1.0)
    floor = lane.velocity_top + VELOCITY_HEIGHT
    for index in indices.tolist():
        note = lane.table.notes[index]
        body = colour("selected") if index in chosen else ink.bodies[level_of(note.velocity)]
        tall = velocity_stem(note.velocity)
        x = axis.x_at(note.start)
        painter.fillRect(x, floor - tall, 2, tall, body)
        painter.fillRect(x - 1, floor - tall, 5, 3, body)


def velocity_stem(velocity: int) -> int:
    """Height in pixels of the stem that stands for a velocity."""
    return round((VELOCITY_HEIGHT - 8) * velocity / 127)


def velocity_at(lane: Lane, y: float) -> int:
    """The velocity whose stem ends at ``y`` (lane coordinates)."""
    share = (lane.velocity_top + VELOCITY_HEIGHT - y) / (VELOCITY_HEIGHT - 8)
    return min(max(1, round(127 * share)), 127)


def paint_row_names(painter: QPainter, lane: Lane) -> None:
    """The names of an open lane's rows at its left edge: octaves, or drums."""
    painter.setFont(body_font(9))
    painter.setPen(colour("quiet"))
    ground = colour("surface", 0.6)
    metrics = painter.fontMetrics()
    for row, pitch in enumerate(lane.axis.pitches):
        if not lane.track.is_drum and pitch % 12 != 0:
            continue
        top, height = lane.row_boxes[row]
        name = drum_name(pitch) if lane.track.is_drum else pitch_name(pitch)
        box = QRect(_NAME_LEFT, top + 1, metrics.horizontalAdvance(name) + 6, height - 2)
        painter.fillRect(box, ground)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)
