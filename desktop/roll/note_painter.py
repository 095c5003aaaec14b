"""Painting of a lane's notes: few one by one, many as pixels of one picture, all looking alike."""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QImage, QPainter, QPixmap

from desktop.roll.ink import CAP, LEVELS, NoteInk, Pixels, Stamps, ink_for, level_of
from desktop.roll.lane import Lane, LaneSize
from desktop.roll.names import pitch_name
from desktop.roll.painter import columns, dot_size, note_box, note_height, paint_bar
from desktop.roll.raster import LEVEL_OF_CODE, bar_codes, dot_codes, floored, velocity_codes
from desktop.roll.transform import TimeAxis
from desktop.theme import body_font, colour, current_theme
from engine.music.note_columns import IntArray, NoteColumns

NAME_MIN_HEIGHT, NAME_MIN_WIDTH = 11, 22
DETAILED = 600
"""More notes of a lane than this in one view are painted as a raster."""
_FEW = 24
"""So many notes are painted sooner one by one."""


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
        picture = NotePicture(lane, span, notes, scale)
        picture.paint_levels(painter, axis, _pixel_of_code(chosen.packed.tobytes()))
    elif len(notes) > _FEW:
        NotePicture(lane, span, notes, scale).paint_shapes(painter, axis, chosen)
    elif lane.track.is_drum:
        _paint_dots(painter, lane, axis, notes, chosen)
    else:
        _paint_bars(painter, lane, axis, notes, chosen)
    if named and not raster and not lane.track.is_drum:
        _paint_names(painter, lane, axis, notes, scale)


@lru_cache(maxsize=64)
def _pixel_of_code(packed: bytes) -> Pixels:
    """The pixel for what `velocity_codes` gives, from that of each level."""
    return np.frombuffer(packed, dtype=np.uint32)[LEVEL_OF_CODE]


def ink_of(lane: Lane, scale: float) -> NoteInk:
    """What a lane's notes are painted with."""
    height = dot_size(lane) if lane.track.is_drum else note_height(lane)
    return ink_for(lane.role, height, dimmed=lane.dimmed, scale=scale)


def _paint_bars(
    painter: QPainter, lane: Lane, axis: TimeAxis, notes: NoteColumns, ink: NoteInk
) -> None:
    tall = note_height(lane)
    lefts, widths = _bars(notes, axis)
    pitches = notes.pitches.tolist()
    tops = _tops(lane, axis, pitches)
    for left, width, pitch, velocity in zip(
        lefts.tolist(), widths.tolist(), pitches, notes.velocities.tolist(), strict=True
    ):
        paint_bar(painter, QRect(left, tops[pitch], width, tall), ink, level_of(velocity))


def _bars(notes: NoteColumns, axis: TimeAxis) -> tuple[IntArray, IntArray]:
    """Left edges and widths of `note_box`."""
    lefts = columns(notes.starts, axis)
    return lefts, np.maximum(columns(notes.ends, axis) - lefts - 1, 2)


def _tops(lane: Lane, axis: TimeAxis, pitches: Sequence[int]) -> dict[int, int]:
    return {pitch: note_box(lane, axis, 0, 0, pitch).top() for pitch in set(pitches)}


def _paint_dots(
    painter: QPainter, lane: Lane, axis: TimeAxis, notes: NoteColumns, ink: NoteInk
) -> None:
    pitches = notes.pitches.tolist()
    tops = _tops(lane, axis, pitches)
    lefts, velocities = columns(notes.starts, axis).tolist(), notes.velocities.tolist()
    for left, pitch, velocity in zip(lefts, pitches, velocities, strict=True):
        painter.drawPixmap(left, tops[pitch], ink.dots[level_of(velocity)])


def _paint_names(
    painter: QPainter, lane: Lane, axis: TimeAxis, notes: NoteColumns, scale: float
) -> None:
    """The names of notes that have room for them."""
    tall = note_height(lane)
    if tall < NAME_MIN_HEIGHT:
        return
    lefts, widths = _bars(notes, axis)
    roomy = widths >= NAME_MIN_WIDTH
    pitches = notes.pitches[roomy].tolist()
    tops, look = _tops(lane, axis, pitches), current_theme().name
    for left, pitch in zip(lefts[roomy].tolist(), pitches, strict=True):
        painter.drawPixmap(left + CAP, tops[pitch], _name_picture(look, pitch, tall, scale))


@lru_cache(maxsize=512)
def _name_picture(_theme: str, pitch: int, height: int, scale: float) -> QPixmap:
    """The name of a pitch as it stands in a note: text anew in every frame is dear."""
    pixmap = QPixmap(round(4 * NAME_MIN_WIDTH * scale), round(height * scale))
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setFont(label_font(height))
        painter.setPen(colour("on_accent"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRect(0, 0, 4 * NAME_MIN_WIDTH, height), flags, pitch_name(pitch))
    return pixmap


def label_font(height: int) -> QFont:
    """The font of a name inside a note ``height`` pixels tall."""
    return body_font(min(11, height - 2), bold=True)


class NotePicture:
    """Notes of a lane within a span as pixels of the screen; rows without notes take no time."""

    def __init__(self, lane: Lane, span: QRect, notes: NoteColumns, scale: float) -> None:
        self._lane, self._span, self._notes, self._scale = lane, span, notes, scale
        self._tall = dot_size(lane) if lane.track.is_drum else note_height(lane)
        self._width = max(1, round(span.width() * scale))
        foot = lane.velocity_top if lane.size is LaneSize.OPEN else lane.bottom
        self._top, self._foot = max(lane.top, span.top()), min(foot, span.bottom() + 1)
        self._pitches: list[int] = []
        """The pitches that have a line of the bank, in its order."""

    def paint_levels(self, painter: QPainter, axis: TimeAxis, pixel_of_code: Pixels) -> None:
        """The notes of each place at their mean brightness, without shapes: very many.

        ``pixel_of_code`` tells the pixels for what `velocity_codes` gives.
        """
        scale, notes = self._scale, self._notes
        if not len(notes):
            return
        per_tick = axis.pixels_per_tick * scale
        shift = (axis.offset + self._span.left()) * scale
        lefts = floored(notes.starts, per_tick, shift)
        rights = floored(notes.ends, per_tick, shift)
        if self._lane.track.is_drum:
            np.minimum(rights, lefts + max(1, round(3 * scale)), out=rights)
        lowest = int(notes.pitches.min())
        self._pitches = list(range(lowest, int(notes.pitches.max()) + 1))
        # One row more, always empty, stands for all that no note has.
        shape = (len(self._pitches) + 1, self._width)
        codes = velocity_codes(lefts, rights, notes.pitches - lowest, notes.velocities, shape)
        alike = np.zeros(round(self._tall * scale), dtype=np.int64)
        self._draw(painter, pixel_of_code.take(codes, mode="clip"), [self._lines(alike, 1)])

    def paint_shapes(self, painter: QPainter, axis: TimeAxis, ink: NoteInk) -> None:
        """Bars with their round ends, or dots: the same as one by one."""
        notes, scale = self._notes, self._scale
        used = np.flatnonzero(np.bincount(notes.pitches, minlength=len(self._lane.rows)))
        self._pitches = used.tolist()
        shape = (len(used), self._width)
        places = np.zeros(len(self._lane.rows), dtype=np.int64)
        places[used] = np.arange(len(used))
        rows = places[notes.pitches]
        levels = np.minimum(notes.velocities * LEVELS // 128, LEVELS - 1)
        lefts, widths = _bars(notes, axis)
        lefts -= self._span.left()
        begins = np.round(lefts * scale).astype(np.int64)
        if self._lane.track.is_drum:
            size = len(ink.dot_columns.lines)
            codes = dot_codes(begins, rows, levels, shape, size)
            self._stamp(painter, codes, ink.dot_columns)
            return
        ends = np.round((lefts + widths) * scale).astype(np.int64)
        cap, edge = max(1, round(CAP * scale)), max(1, round(scale))
        codes = bar_codes(begins, ends, rows, levels, shape, cap, edge)
        self._stamp(painter, codes, ink.bar_columns)

    def _stamp(self, painter: QPainter, codes: IntArray, stamps: Stamps) -> None:
        kept, used = len(stamps.pixels), len(self._pitches)
        bank = np.empty((kept * used + 1, self._width), dtype=np.uint32)
        lines = bank[:-1].reshape(kept, used, self._width)
        np.take(stamps.pixels, codes, axis=1, out=lines, mode="clip")
        bank[-1] = 0
        # Notes may be higher than their rows: what overlaps is laid over each other.
        layers = max(1, ceil(self._tall / self._lane.axis.row_height))
        shown = [self._lines(stamps.lines, kept, layer, layers) for layer in range(layers)]
        self._draw(painter, bank, shown)

    def _lines(self, of_note: IntArray, kept: int, layer: int = 0, layers: int = 1) -> IntArray:
        """Which line of a bank of ``kept`` lines a pitch each line of pixels shows; else its last.

        ``of_note`` is which of those kept each line of a note shows. Of the rows every so manyth.
        """
        rows, used = self._lane.rows, len(self._pitches)
        lines = np.full(self._height(), kept * used, dtype=np.int64)
        own = self._lane.axis.pitches  # else a pitch that no note has stands in another's row
        mine = [
            at
            for at, pitch in enumerate(self._pitches)
            if rows[pitch] % layers == layer and own[rows[pitch]] == pitch
        ]
        firsts = [self._first_line(self._pitches[at]) for at in mine]
        ys = np.array(firsts, dtype=np.int64)[:, None] + np.arange(len(of_note))
        inside = (ys >= 0) & (ys < len(lines))
        shown = of_note * used + np.array(mine, dtype=np.int64)[:, None]
        lines[ys[inside]] = shown[inside]
        return lines

    def _height(self) -> int:
        return max(1, round((self._foot - self._top) * self._scale))

    def _first_line(self, pitch: int) -> int:
        """Where a pitch's notes begin in the picture; above it where they are scrolled away."""
        top, height = self._lane.row_boxes[self._lane.rows[pitch]]
        return round((top - self._top + (height - self._tall) // 2) * self._scale)

    def _draw(self, painter: QPainter, bank: Pixels, layers: Sequence[IntArray]) -> None:
        """Lines of the bank, each layer over the one before."""
        pixels = bank.take(layers[0], axis=0, mode="clip")
        for layer in layers[1:]:
            np.maximum(pixels, bank.take(layer, axis=0, mode="clip"), out=pixels)
        height, width = pixels.shape
        kind = QImage.Format.Format_ARGB32_Premultiplied
        image = QImage(pixels.data, width, height, width * 4, kind)
        if self._scale == 1:
            painter.drawImage(self._span.left(), self._top, image)
            return
        span = self._span
        place = QRect(span.left(), self._top, span.width(), self._foot - self._top)
        painter.drawImage(place, image)
