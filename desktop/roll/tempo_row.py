"""Marks of tempo and meter under the bar numbers, where a song has more than one of either."""

from bisect import bisect_left, bisect_right
from functools import lru_cache
from math import floor
from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter

from desktop.roll.transform import TimeAxis
from desktop.theme import colour, tabular_font
from engine.music.composition import MeterChange, TempoChange

TEMPO_HEIGHT = 18
_PADDING, _GAP = 5, 4
_WIDEST = 110


class TempoMark(NamedTuple):
    """What begins at a tick: "96", "3/4", or both."""

    tick: int
    text: str
    has_meter: bool


class PlacedMark(NamedTuple):
    """A mark with its left edge and its width, in pixels from tick 0."""

    left: int
    width: int
    mark: TempoMark


def tempo_marks(
    tempos: tuple[TempoChange, ...], meters: tuple[MeterChange, ...]
) -> tuple[TempoMark, ...]:
    """All marks, the first one at tick 0; none where neither tempo nor meter ever changes."""
    if len(tempos) == len(meters) == 1:
        return ()
    texts: dict[int, list[str]] = {}
    for meter in meters:
        texts.setdefault(meter.tick, []).append(f"{meter.numerator}/{meter.denominator}")
    for tempo in tempos:
        texts.setdefault(tempo.tick, []).append(tempo_text(tempo.beats_per_minute))
    metric = {meter.tick for meter in meters}
    return tuple(
        TempoMark(tick, "  ".join(words), tick in metric) for tick, words in sorted(texts.items())
    )


def tempo_text(beats_per_minute: float) -> str:
    """A tempo as the transport shows it: "96", or "96.5"."""
    return f"{beats_per_minute:.1f}".removesuffix(".0")


@lru_cache(maxsize=4)
def placed_marks(marks: tuple[TempoMark, ...], pixels_per_tick: float) -> tuple[PlacedMark, ...]:
    """The marks that have room, in order: those of meters first, then tempos between them.

    A tempo that follows the playing changes with each beat: what has no room is left out, and none
    is squeezed.
    """
    metrics = QFontMetrics(_font())
    lefts: list[int] = []
    placed: list[PlacedMark] = []
    for mark in sorted(marks, key=lambda each: (not each.has_meter, each.tick)):
        wide = metrics.horizontalAdvance(mark.text) + 2 * _PADDING
        left = floor(mark.tick * pixels_per_tick)
        place = bisect_right(lefts, left)
        before = placed[place - 1] if place else None
        if before is not None and before.left + before.width + _GAP > left:
            continue
        if place < len(lefts) and left + wide + _GAP > lefts[place]:
            continue
        lefts.insert(place, left)
        placed.insert(place, PlacedMark(left, wide, mark))
    return tuple(placed)


def mark_at(marks: tuple[TempoMark, ...], axis: TimeAxis, x: float) -> TempoMark | None:
    """The mark under a point of the row."""
    along = x + axis.offset
    placed = placed_marks(marks, axis.pixels_per_tick)
    index = bisect_right(placed, along, key=lambda each: each.left) - 1
    if index < 0 or along > placed[index].left + placed[index].width:
        return None
    return placed[index].mark


def paint_tempo_row(
    painter: QPainter, axis: TimeAxis, marks: tuple[TempoMark, ...], top: int, span: QRect
) -> None:
    """Paint the row at ``top``, as far as it lies in ``span``."""
    placed = placed_marks(marks, axis.pixels_per_tick)
    first = bisect_left(placed, span.left() + axis.offset - _WIDEST, key=lambda each: each.left)
    painter.setFont(_font())
    for each in placed[first:]:
        x = axis.x_at(each.mark.tick)
        if x > span.right():
            break
        box = QRect(x, top + 1, each.width, TEMPO_HEIGHT - 3)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("raised"))
        painter.drawRoundedRect(QRectF(box), 3, 3)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillRect(x, top, 1, TEMPO_HEIGHT, colour("quiet"))
        painter.setPen(colour("text" if each.mark.has_meter else "quiet"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, each.mark.text)


def _font() -> QFont:
    return tabular_font(11)
