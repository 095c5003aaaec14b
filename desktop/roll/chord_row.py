"""The row of chords under the bar numbers: what the music implies, and what the user wrote."""

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter

from desktop.roll.transform import TimeAxis
from desktop.theme import CAPTION_SIZE, body_font, colour
from engine.music.ticks import MeterMap

CHORDS_HEIGHT = 24
LEAST_SLOT = 28
"""Pixels that a place for a chord has at least, so that it can be hit."""
_REACH = 120
_INVITATION = "Double-click to write a chord"
Chord = tuple[int, str]
"""The tick from which a chord sounds, and its name."""


class OwnChord(NamedTuple):
    """A chord that the user wrote: first tick, the tick after it, its symbol."""

    start: int
    end: int
    symbol: str


@dataclass(frozen=True, slots=True)
class ChordRow:
    """What the row shows; ``implied`` has nothing where an own chord holds."""

    implied: tuple[Chord, ...] = ()
    own: tuple[OwnChord, ...] = ()

    def own_at(self, tick: float) -> OwnChord | None:
        """The own chord that holds at a tick."""
        return next((each for each in self.own if each.start <= tick < each.end), None)


def slot_at(meters: MeterMap, tick: float, pixels_per_tick: float) -> int:
    """Where the place for a chord under a tick begins: its beat, half bar or bar.

    The smallest of them that is wide enough to be hit.
    """
    bar = meters.bar_start(meters.position_at(max(0, int(tick))).bar)
    length = meters.bar_start(meters.position_at(bar).bar + 1) - bar
    for slot in slots_of_bar(meters, bar):
        if slot * pixels_per_tick >= LEAST_SLOT:
            return bar + min(int(tick) - bar, length - 1) // slot * slot
    return bar


def slots_of_bar(meters: MeterMap, bar: int) -> list[int]:
    """Lengths in ticks of the beat and, in even meters, the half bar, of the bar at a tick."""
    meter, beat, full = meters.meter_at(bar), meters.beat_ticks_at(bar), meters.bar_ticks_at(bar)
    if meter.denominator == 8 and meter.numerator % 3 == 0:
        beat *= 3
    halves = [full // 2] if meter.numerator % 2 == 0 and meter.numerator > 2 else []
    return [beat, *(half for half in halves if half > beat)]


def paint_chords(
    painter: QPainter, axis: TimeAxis, chords: ChordRow, top: int, span: QRect
) -> None:
    """Paint the row at ``top``, as far as it lies in ``span``."""
    painter.fillRect(span.left(), top, span.width(), CHORDS_HEIGHT, colour("surface"))
    painter.fillRect(span.left(), top, span.width(), 1, colour("line"))
    painter.setFont(_font())
    _paint_own(painter, axis, chords, top, span)
    _paint_implied(painter, axis, chords, top, span)
    if not chords.implied and not chords.own:
        painter.setFont(body_font(CAPTION_SIZE))
        painter.setPen(colour("quiet"))
        box = QRect(axis.x_at(0) + 6, top, 3 * _REACH, CHORDS_HEIGHT)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, _INVITATION)


def _paint_own(painter: QPainter, axis: TimeAxis, chords: ChordRow, top: int, span: QRect) -> None:
    """Bands as long as they hold, with the accent's edge where they begin."""
    fonts = (_font(), body_font(CAPTION_SIZE - 1))
    for chord in chords.own:
        left, right = axis.x_at(chord.start), axis.x_at(chord.end)
        if right < span.left() or left > span.right():
            continue
        band = QRect(left + 1, top + 3, max(3, right - left - 2), CHORDS_HEIGHT - 5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("accent", 0.2))
        painter.drawRoundedRect(QRectF(band), 3, 3)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillRect(band.left(), band.top(), 3, band.height(), colour("accent"))
        box = band.adjusted(6, 0, 0, 0)
        for font in fonts:  # as large as there is room for; the tip tells what has none
            if QFontMetrics(font).horizontalAdvance(chord.symbol) <= box.width():
                painter.setFont(font)
                painter.setPen(colour("text"))
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, chord.symbol)
                break
    painter.setFont(_font())


def _paint_implied(
    painter: QPainter, axis: TimeAxis, chords: ChordRow, top: int, span: QRect
) -> None:
    painter.setPen(colour("quiet"))
    legible = _legible(chords, axis.pixels_per_tick)
    first = bisect_left(legible, (axis.tick_at(span.left() - _REACH), ""))
    for tick, name in legible[first:]:
        x = axis.x_at(tick)
        if x > span.right():
            break
        box = QRect(x + 6, top, _REACH, CHORDS_HEIGHT)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)


def _font() -> QFont:
    return body_font(CAPTION_SIZE + 1, bold=True)


@lru_cache(maxsize=4)
def _legible(chords: ChordRow, pixels_per_tick: float) -> tuple[Chord, ...]:
    """The implied chords whose names run into nothing: left out, never squeezed."""
    metrics = QFontMetrics(_font())
    starts = [each.start for each in chords.own]
    kept: list[Chord] = []
    free = float("-inf")
    for tick, name in chords.implied:
        x, wide = tick * pixels_per_tick, metrics.horizontalAdvance(name) + 10
        following = bisect_left(starts, tick)
        room = starts[following] * pixels_per_tick if following < len(starts) else float("inf")
        if x >= free and x + wide <= room:
            kept.append((tick, name))
            free = x + wide
    return tuple(kept)
