"""Paints a picture's lines, marks and words into a rectangle, in its pixels.

One painting for all of it: an item of a scene for each line costs more than the line itself.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QPaintEngine,
    QPainter,
    QPainterPath,
    QPen,
    QTransform,
)

from desktop import theme
from desktop.train.plots.cutting import cut
from desktop.train.plots.marks import mark_path
from desktop.train.plots.picture import FloatArray, Level, Line, Picture, Spot, Stretch

PathOf = Callable[[FloatArray, FloatArray], QPainterPath]
"""Makes a path of points in pixels; it parts where one is not finite."""

LINE_WIDTH = 1.6
MARK_SIZE, POINT_SIZE, SPOT_SIZE = 8, 5, 14
OVER = 9  # pixels that a mark may stand out of the frame on whose edge it lies
MARK_DISTANCE = 110  # pixels between the marks of a line
MOST_MARKS = 100
NEAR_EDGE = 0.12  # share of the width in which words stand beside a place, not under it
CHECKPOINT_HEIGHT = 4.0
WORDS_MARGIN = 4.0
WORDS_GROUND = 0.86
ROOM_ABOVE = 16.0  # pixels that words over a line need
FARTHEST = 20_000.0  # pixels; painters cannot count much farther


class Drawing:
    """How a picture is painted at one size."""

    def __init__(self, picture: Picture, width: float, height: float, path_of: PathOf) -> None:
        self._picture, self._path_of = picture, path_of
        self._width, self._height = width, height
        self._metrics = QFontMetricsF(theme.tabular_font(theme.CAPTION_SIZE))

    def paint(self, painter: QPainter) -> None:
        """All of it, what lies behind first."""
        # One pixel more: a line at the very edge is drawn beyond it.
        frame = QRectF(0, 0, self._width + 1, self._height + 1)
        painter.setClipRect(frame)
        painter.setFont(theme.tabular_font(theme.CAPTION_SIZE))
        self._paint_ground(painter)
        for line in self._picture.lines:
            self._paint_line(painter, line)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        # A mark on the edge, as that of step 0, is drawn whole.
        painter.setClipRect(frame.adjusted(-OVER, -OVER, OVER, OVER))
        for line in self._picture.lines:
            if line.mark:
                self._paint_marks(painter, line)
        for spot in self._picture.spots:
            self._paint_spot(painter, spot)
        painter.setClipRect(frame)
        for level in self._picture.levels:
            self._paint_level_words(painter, level)

    def _paint_ground(self, painter: QPainter) -> None:
        """What stands still behind the lines."""
        picture = self._picture
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        heights = [self._y(value) for value, _ in picture.y_ticks]
        painter.setPen(_thin("line"))
        painter.drawLines([QLineF(0, y, self._width, y) for y in heights])
        painter.setPen(_thin("disabled"))
        foot, top = self._height, self._height - CHECKPOINT_HEIGHT
        places = self._all_x(picture.checkpoints)
        painter.drawLines([QLineF(x, foot, x, top) for x in places])
        for stretch in picture.stretches:
            self._paint_stretch(painter, stretch)
        painter.setPen(_thin("bar_line", style=Qt.PenStyle.DotLine))
        painter.drawLines([QLineF(x, 0, x, foot) for x in self._all_x(picture.seams)])
        for level in picture.levels:
            painter.setPen(_dashed(theme.colour(level.role), 1.0, (4.0, 4.0)))
            y = self._y(level.value)
            if self._is_inside(0, y):
                painter.drawLine(QLineF(0, y, self._width, y))

    def _paint_line(self, painter: QPainter, line: Line) -> None:
        ink = theme.colour(line.role, line.alpha)
        # A smoothed line is short; antialiasing a jagged one takes ten times as long as drawing it.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not line.raw)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if line.raw:
            painter.setPen(_thin_pen(ink))
        else:
            painter.setPen(_dashed(ink, LINE_WIDTH, (4.0, 3.0)) if line.dashed else _pen(ink))
        x, y = self._pixels_x(line.x), self._pixels_y(line.y)
        if painter.paintEngine().type() is QPaintEngine.Type.SVG:
            x, y = cut(x, y, self._width, self._height)
        painter.drawPath(self._path_of(x, y))

    def _paint_marks(self, painter: QPainter, line: Line) -> None:
        places = np.flatnonzero(np.isfinite(line.y)) if line.every_point else self._spread(line)
        ink = theme.colour(line.role, line.alpha)
        painter.setPen(_pen(ink, 1.2) if line.dashed else _pen(theme.colour("surface"), 1.0))
        painter.setBrush(QBrush(theme.colour("surface") if line.dashed else ink))
        path = _sized(line.mark, POINT_SIZE if line.every_point else MARK_SIZE)
        for x, y in self._points(line.x[places], line.y[places]):
            painter.drawPath(path.translated(x, y))

    def _spread(self, line: Line) -> "np.ndarray[Any, np.dtype[np.intp]]":
        """Points of a line at even distances in pixels, the last one of the line among them."""
        known = np.flatnonzero(np.isfinite(line.y))
        if not len(known):
            return known
        low, high = self._picture.x_range
        step = (high - low) * MARK_DISTANCE / max(self._width, MARK_DISTANCE)
        x = line.x[known]
        wanted = np.arange(x[-1], max(x[0], low) - step / 2, -step)[:MOST_MARKS]
        return known[np.minimum(np.searchsorted(x, wanted), len(known) - 1)]

    def _points(self, x: FloatArray, y: FloatArray) -> Iterator[tuple[float, float]]:
        """Those inside the frame, in pixels."""
        across, down = self._pixels_x(x).tolist(), self._pixels_y(y).tolist()
        for each, height in zip(across, down, strict=True):
            if self._is_inside(each, height):
                yield each, height

    def _is_inside(self, x: float, y: float) -> bool:
        return -1 <= x <= self._width + 1 and -1 <= y <= self._height + 1

    def _paint_stretch(self, painter: QPainter, stretch: Stretch) -> None:
        left, right = self._x(stretch.low), self._x(stretch.high)
        if left > self._width or right < 0:
            return
        seen = QRectF(QPointF(max(left, 0.0), 0), QPointF(min(right, self._width), self._height))
        painter.fillRect(seen, theme.colour("quiet", 0.12))
        painter.setPen(_thin_pen(theme.colour("quiet", 0.6)))
        if self._is_inside(left, 0):
            painter.drawLine(QLineF(left, 0, left, self._height))
        if stretch.words:
            # At the foot of its left edge, on the side where there is room.
            left = max(left, 0.0)
            needed = self._metrics.horizontalAdvance(stretch.words) + 2 * WORDS_MARGIN
            beside = 0.0 if self._width - left >= needed else 1.0
            place = QPointF(left, self._height)
            self._paint_words(painter, stretch.words, place, (beside, 1.0), "quiet")

    def _paint_level_words(self, painter: QPainter, level: Level) -> None:
        """At the left: a curve that is to reach the line begins far from it."""
        y = self._y(level.value)
        if not self._is_inside(0, y):
            return
        # Under the line where there is no room above it.
        above = 1.0 if y >= ROOM_ABOVE else 0.0
        self._paint_words(painter, level.words, QPointF(0, y), (0.0, above), f"{level.role}_text")

    def _paint_spot(self, painter: QPainter, spot: Spot) -> None:
        place = QPointF(self._x(spot.x), self._y(spot.y))
        if not self._is_inside(place.x(), place.y()):
            return
        painter.setPen(_pen(theme.colour("surface"), 1.0))
        painter.setBrush(QBrush(theme.colour(spot.role)))
        painter.drawPath(_sized("star", SPOT_SIZE).translated(place))
        share = place.x() / max(self._width, 1.0)
        side = 0.0 if share < NEAR_EDGE else 1.0 if share > 1 - NEAR_EDGE else 0.5
        self._paint_words(painter, spot.words, place, (side, -0.35), "text")

    def _paint_words(
        self,
        painter: QPainter,
        words: str,
        place: QPointF,
        anchor: tuple[float, float],
        role: str,
    ) -> None:
        """Words with the ``anchor`` of their rectangle, as shares of its sides, at a place."""
        width = self._metrics.horizontalAdvance(words) + 2 * WORDS_MARGIN
        height = self._metrics.height() + 2 * WORDS_MARGIN
        left = place.x() - anchor[0] * width + WORDS_MARGIN
        top = place.y() - anchor[1] * height + WORDS_MARGIN
        # A ground of their own: a curve that passes behind would strike them out.
        ground = QRectF(left - 1, top, width - 2 * WORDS_MARGIN + 2, self._metrics.height())
        painter.fillRect(ground, theme.colour("surface", WORDS_GROUND))
        painter.setPen(theme.colour(role))
        painter.drawText(QPointF(left, top + self._metrics.ascent()), words)

    def _x(self, place: float) -> float:
        low, high = self._picture.x_range
        return (place - low) / (high - low) * self._width

    def _y(self, value: float) -> float:
        low, high = self._picture.y_range
        return (high - value) / (high - low) * self._height

    def _all_x(self, places: tuple[float, ...]) -> list[float]:
        return [x for x in map(self._x, places) if -1 <= x <= self._width + 1]

    def _pixels_x(self, x: FloatArray) -> FloatArray:
        low, high = self._picture.x_range
        return _near((np.asarray(x, np.float64) - low) * (self._width / (high - low)))

    def _pixels_y(self, y: FloatArray) -> FloatArray:
        low, high = self._picture.y_range
        return _near((high - np.asarray(y, np.float64)) * (self._height / (high - low)))


def _near(pixels: FloatArray) -> FloatArray:
    """No farther out than painters can count; what is not a number stays none."""
    return np.clip(pixels, -FARTHEST, FARTHEST)


def _sized(mark: str, size: float) -> QPainterPath:
    return QTransform.fromScale(size, size).map(mark_path(mark))


def _pen(ink: QColor, width: float = LINE_WIDTH) -> QPen:
    return QPen(QBrush(ink), width)


def _dashed(ink: QColor, width: float, pattern: tuple[float, float]) -> QPen:
    pen = _pen(ink, width)
    pen.setDashPattern(pattern)
    return pen


def _thin(role: str, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    pen = _thin_pen(theme.colour(role))
    pen.setStyle(style)
    return pen


def _thin_pen(ink: QColor) -> QPen:
    """One pixel of the screen, however fine that is."""
    pen = QPen(QBrush(ink), 1.0)
    pen.setCosmetic(True)
    return pen
