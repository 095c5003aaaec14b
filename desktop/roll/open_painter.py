"""Painting of what only an open lane has: its rows by scale or drum, ghosts, velocities."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

from desktop.roll.grid import Grid
from desktop.roll.ink import ink_for, level_of
from desktop.roll.lane import LANE_GAP, VELOCITY_HEIGHT, Lane, LaneSize
from desktop.roll.names import is_black
from desktop.roll.note_painter import DETAILED, paint_notes
from desktop.roll.painter import columns, note_height, paint_lines
from desktop.roll.transform import TimeAxis
from desktop.theme import colour
from engine.music.harmony import PITCH_CLASSES
from engine.music.note_columns import IntArray, NoteColumns
from engine.music.scales import Scale, ScaleSpan

_SHADE, _TONIC = 0.9, 0.10
STRIP_DETAILED = 2000
"""In a passage with more notes than this even a strip is painted as a raster."""
_STEMS = 160
"""More stems than this are painted as one picture."""


@dataclass(frozen=True, slots=True)
class Look:
    """What an open lane shows beside its notes."""

    ghosts: bool = True
    scales: tuple[ScaleSpan, ...] = ()


def paint_open_ground(
    painter: QPainter, lane: Lane, axis: TimeAxis, grid: Grid, span: QRect, look: Look
) -> None:
    """The rows of an open lane (out of the scale, black keys or every other drum), and lines."""
    area = QRect(span.left(), lane.top, span.width(), lane.height - LANE_GAP)
    painter.fillRect(area, colour("surface"))
    if lane.track.is_drum:
        dark = colour("black_row")
        for row, _, top, height in seen_rows(lane, span):
            if row % 2 == 0:
                painter.fillRect(span.left(), top, span.width(), height, dark)
    elif look.scales:
        for left, right, scale in scale_parts(look.scales, axis, span):
            part = QRect(left, span.top(), right - left, span.height())
            _paint_scale_rows(painter, lane, part, scale)
    else:
        _paint_black_rows(painter, lane, span)
    _paint_octaves(painter, lane, span)
    painter.fillRect(
        span.left(), lane.velocity_top, span.width(), VELOCITY_HEIGHT, colour("surface")
    )
    paint_lines(painter, (lane.top, lane.bottom - LANE_GAP), axis, grid, span)
    painter.fillRect(span.left(), lane.velocity_top, span.width(), 1, colour("bar_line"))
    half = lane.velocity_top + VELOCITY_HEIGHT - velocity_stem(64)
    painter.fillRect(span.left(), half, span.width(), 1, colour("beat_line"))
    foot = lane.bottom - LANE_GAP
    painter.fillRect(span.left(), foot, span.width(), LANE_GAP, colour("lane_gap"))


def scale_parts(
    scales: Sequence[ScaleSpan], axis: TimeAxis, span: QRect
) -> Iterable[tuple[int, int, Scale]]:
    """Left and right pixel and scale of the parts of a span."""
    first = max(0, bisect_right([s.tick for s in scales], axis.tick_at(span.left())) - 1)
    end = span.right() + 1
    for index in range(first, len(scales)):
        left = span.left() if index == first else max(span.left(), axis.x_at(scales[index].tick))
        last = index + 1 == len(scales)
        right = end if last else min(end, axis.x_at(scales[index + 1].tick))
        if left < right:
            yield left, right, scales[index].scale


def seen_rows(lane: Lane, span: QRect) -> Iterable[tuple[int, int, int, int]]:
    """Number, pitch, top and height of the rows that a span shows."""
    pitches, boxes, axis = lane.axis.pitches, lane.row_boxes, lane.axis
    lowest = lane.rows[axis.pitch_at(span.bottom() + 1)]
    highest = lane.rows[axis.pitch_at(span.top() - 1)]
    for row in range(lowest, highest + 1):
        yield row, pitches[row], *boxes[row]


def in_rows(lane: Lane, notes: NoteColumns, span: QRect) -> NoteColumns:
    """Those of some notes whose rows in an open lane a span shows."""
    if lane.size is not LaneSize.OPEN:
        return notes
    seen = np.zeros(len(lane.rows), dtype=np.bool_)
    seen[[pitch for _, pitch, _, _ in seen_rows(lane, span)]] = True
    shown = seen.take(notes.pitches, mode="clip")
    return notes if shown.all() else notes.take(np.flatnonzero(shown))


def _paint_scale_rows(painter: QPainter, lane: Lane, span: QRect, scale: Scale) -> None:
    inside = scale.pitch_classes
    shade, tonic = colour("window", _SHADE), colour("accent", _TONIC)
    left, width = span.left(), span.width()
    for _, pitch, top, height in seen_rows(lane, span):
        if pitch % PITCH_CLASSES == scale.tonic:
            painter.fillRect(left, top, width, height, tonic)
        elif pitch % PITCH_CLASSES not in inside:
            painter.fillRect(left, top, width, height, shade)


def _paint_black_rows(painter: QPainter, lane: Lane, span: QRect) -> None:
    ink = colour("black_row")
    for _, pitch, top, height in seen_rows(lane, span):
        if is_black(pitch):
            painter.fillRect(span.left(), top, span.width(), height, ink)


def _paint_octaves(painter: QPainter, lane: Lane, span: QRect) -> None:
    """A line below each C and between E and F, where the rows are the piano's."""
    if lane.track.is_drum:
        return
    inks = {0: colour("line"), 5: colour("line", 0.45)}
    for _, pitch, top, height in seen_rows(lane, span):
        ink = inks.get(pitch % PITCH_CLASSES)
        if ink is not None:
            painter.fillRect(span.left(), top + height - 1, span.width(), 1, ink)


def paint_ghosts(
    painter: QPainter,
    lane: Lane,
    others: Iterable[Lane],
    axis: TimeAxis,
    span: QRect,
    width: int,
    scale: float,
) -> None:
    """The notes of the other pitched tracks, faintly, where they would lie in this lane.

    The view is ``width`` pixels wide, of which ``span`` is painted.
    """
    for other in others:
        if other is lane or other.track.is_drum or not len(other.table):
            continue
        places = other.table.places(axis.tick_at(span.left()), axis.tick_at(span.right() + 1))
        seen = other.table.columns.at(places)
        notes = in_rows(lane, seen, span)
        ink = ink_for(other.role, note_height(lane), dimmed=False, ghost=True, scale=scale)
        raster = len(seen) > STRIP_DETAILED or is_dense(other, axis, width)
        standing = replace(lane, role=other.role)
        paint_notes(
            painter, standing, axis, span, notes, raster=raster, scale=scale, ink=ink, named=False
        )


def is_dense(lane: Lane, axis: TimeAxis, width: int) -> bool:
    """Whether a view of the track has more notes than can be painted one by one.

    By the whole track's density, so that a scrolled strip is painted as its neighbours were.
    """
    seen = width / axis.pixels_per_tick
    return len(lane.table) * seen > DETAILED * max(seen, lane.table.end)


def paint_velocities(
    painter: QPainter, lane: Lane, axis: TimeAxis, notes: NoteColumns, role: str = ""
) -> None:
    """The stems of an open lane's velocity lane; of many notes in a column the loudest.

    With a ``role`` all have its colour, at full strength.
    """
    ink = ink_for(lane.role, 6, dimmed=lane.dimmed, scale=1.0)
    inks = (colour(role),) * len(ink.bodies) if role else ink.bodies
    lefts, velocities = columns(notes.starts, axis), notes.velocities
    if len(notes) > _STEMS:
        _paint_profile(painter, lane, lefts, velocities, inks)
        return
    for x, velocity in zip(lefts.tolist(), velocities.tolist(), strict=True):
        paint_stem(painter, lane, x, velocity, inks[level_of(velocity)])


def _paint_profile(
    painter: QPainter, lane: Lane, lefts: IntArray, velocities: IntArray, inks: Sequence[QColor]
) -> None:
    """Very many stems at once: in each column of pixels the loudest."""
    first = int(lefts.min())
    loudest = np.zeros(int(lefts.max()) - first + 1, dtype=np.int64)
    np.maximum.at(loudest, lefts - first, velocities)
    tall = np.round((VELOCITY_HEIGHT - 8) * loudest / 127).astype(np.int64)
    lines = np.arange(VELOCITY_HEIGHT, 0, -1)[:, None]
    packed = np.array([ink.rgba() for ink in inks], dtype=np.uint32)
    stems = packed[loudest * len(inks) // 128]
    pixels = np.ascontiguousarray(np.where(lines <= tall, stems, np.uint32(0)))
    height, width = pixels.shape
    kind = QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(pixels.data, width, height, width * 4, kind)
    painter.drawImage(first, lane.velocity_top, image)


def paint_stem(painter: QPainter, lane: Lane, x: int, velocity: int, ink: QColor) -> None:
    """One stem with its head."""
    floor, tall = lane.velocity_top + VELOCITY_HEIGHT, velocity_stem(velocity)
    painter.fillRect(x, floor - tall, 2, tall, ink)
    painter.fillRect(x - 1, floor - tall, 6, 3, ink)


def velocity_stem(velocity: int) -> int:
    """Height in pixels of the stem that stands for a velocity."""
    return round((VELOCITY_HEIGHT - 8) * velocity / 127)


def velocity_at(lane: Lane, y: float) -> int:
    """The velocity whose stem ends at ``y`` (lane coordinates)."""
    share = (lane.velocity_top + VELOCITY_HEIGHT - y) / (VELOCITY_HEIGHT - 8)
    return min(max(1, round(127 * share)), 127)
