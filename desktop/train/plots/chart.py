"""A chart drawn by pyqtgraph: the one module that imports it.

pyqtgraph keeps the scene: view, axes, lines. What is to be seen comes as a `Picture`, already thin
enough for the pixels; gestures are `desktop.train.plots.pointing`'s.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop import theme
from desktop.train.plots.marks import mark_path
from desktop.train.plots.picture import FloatArray, Level, Line, Picture, Spot, Stretch

LEFT, RIGHT, BOTTOM, TOP = 46, 34, 20, 10
LINE_WIDTH = 1.6
MARK_SIZE, POINT_SIZE, SPOT_SIZE = 8, 5, 14
MARK_DISTANCE = 110  # pixels between the marks of a line
NEAR_EDGE = 0.12  # share of the width in which words stand beside a place, not under it
BEHIND, MIDDLE, FRONT = -10, 0, 10


class Chart(QWidget):
    """Draws pictures; hears nothing of the mouse itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._picture: Picture | None = None
        self._dressed_for: theme.Theme | None = None
        self._font: QFont = theme.tabular_font(theme.CAPTION_SIZE)
        self._view = pg.GraphicsView(self, useOpenGL=False, background=None)
        self._view.setFrameShape(QFrame.Shape.NoFrame)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._build_scene()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._view)
        self._lines = _Pool(self._box, lambda: pg.PlotCurveItem(skipFiniteCheck=False))
        # Without its cache, which would make bitmaps of the marks in a drawing of lines.
        self._marks = _Pool(self._box, lambda: pg.ScatterPlotItem(pxMode=True, useCache=False))
        self._rules = _Pool(self._box, lambda: pg.InfiniteLine(movable=False))
        self._shades = _Pool(self._box, lambda: pg.LinearRegionItem(movable=False))
        self._words = _Pool(self._box, lambda: pg.TextItem())
        self._pointer = pg.InfiniteLine(movable=False, angle=90)
        self._pointer.setZValue(FRONT)
        self._pointer.hide()
        self._box.addItem(self._pointer, ignoreBounds=True)

    def _build_scene(self) -> None:
        layout = pg.GraphicsLayout()
        layout.setContentsMargins(0, TOP, RIGHT, 0)
        layout.setSpacing(0)
        self._box = pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0)
        self._box.disableAutoRange()
        self._left, self._bottom = pg.AxisItem("left"), pg.AxisItem("bottom")
        self._left.setWidth(LEFT)
        self._bottom.setHeight(BOTTOM)
        for axis in (self._left, self._bottom):
            axis.linkToView(self._box)
            axis.enableAutoSIPrefix(False)
            axis.setZValue(BEHIND * 2)
            # Labels may reach over the axis' ends, or the first and the last would be left out.
            axis.setStyle(tickLength=0, tickTextOffset=6, hideOverlappingLabels=LEFT)
        layout.addItem(self._left, 0, 0)
        layout.addItem(self._box, 0, 1)
        layout.addItem(self._bottom, 1, 1)
        self._view.setCentralItem(layout)

    @property
    def frame(self) -> QRectF:
        """Where the lines are drawn, in this widget's pixels."""
        return QRectF(LEFT, TOP, self.width() - LEFT - RIGHT, self.height() - TOP - BOTTOM)

    def show_pointer(self, x: float | None) -> None:
        """A line down at a place; None takes it away."""
        self._pointer.setVisible(x is not None)
        if x is not None:
            self._pointer.setPen(pg.mkPen(theme.colour("quiet"), width=1))
            self._pointer.setValue(x)

    def draw(self, picture: Picture) -> None:
        """Show a picture in the theme in force."""
        before, self._picture = self._picture, picture
        self._dress()
        self._box.setRange(xRange=picture.x_range, yRange=picture.y_range, padding=0)
        # Only what has changed: an axis draws all its labels anew whenever it is told anything.
        if before is None or before.y_ticks != picture.y_ticks:
            self._left.setTicks([_inside(picture.y_ticks, picture.y_range)])
        if before is None or before.x_ticks != picture.x_ticks:
            self._bottom.setTicks([_inside(picture.x_ticks, picture.x_range)])
        pools = (self._lines, self._marks, self._rules, self._shades, self._words)
        for pool in pools:
            pool.begin()
        self._draw_grid(picture)
        for stretch in picture.stretches:
            self._draw_stretch(stretch)
        for seam in picture.seams:
            pen = pg.mkPen(theme.colour("bar_line"), width=1, style=Qt.PenStyle.DotLine)
            self._draw_rule(seam, 90, pen)
        self._draw_checkpoints(picture)
        for line in picture.lines:
            self._draw_line(line)
        for level in picture.levels:
            self._draw_level(level)
        for spot in picture.spots:
            self._draw_spot(spot)
        for pool in pools:
            pool.end()

    def _dress(self) -> None:
        if self._dressed_for is theme.current_theme():
            return
        self._dressed_for = theme.current_theme()
        for axis in (self._left, self._bottom):
            axis.setTextPen(pg.mkPen(theme.colour("quiet")))
            axis.setPen(pg.mkPen(None))
            axis.setTickPen(pg.mkPen(theme.colour("line")))
            axis.setTickFont(self._font)

    def _draw_grid(self, picture: Picture) -> None:
        heights = [value for value, _ in _inside(picture.y_ticks, picture.y_range)]
        self._draw_pairs(
            np.tile(np.array(picture.x_range), len(heights)), np.repeat(heights, 2), "line"
        )

    def _draw_pairs(self, x: FloatArray, y: FloatArray, role: str) -> None:
        """Straight lines from each even point to the next one, behind everything."""
        item = self._lines.next()
        item.setData(x, y, pen=pg.mkPen(theme.colour(role)), connect="pairs", antialias=False)
        item.setZValue(2 * BEHIND)

    def _draw_line(self, line: Line) -> None:
        item = self._lines.next()
        # Pens count the screen's own pixels, of which a fine screen has several in one of ours.
        width = 1.0 if line.raw else LINE_WIDTH * self.devicePixelRatioF()
        pen = pg.mkPen(theme.colour(line.role, line.alpha), width=width)
        if line.dashed:
            pen.setDashPattern([4.0, 3.0])
        # A smoothed line is short; antialiasing a jagged one takes ten times as long as drawing it.
        item.setData(line.x, line.y, pen=pen, connect="finite", antialias=not line.raw)
        item.setZValue(MIDDLE - 1 if line.raw else MIDDLE)
        if line.mark:
            self._draw_marks(line)

    def _draw_marks(self, line: Line) -> None:
        places = np.flatnonzero(np.isfinite(line.y)) if line.every_point else self._spread(line)
        if not len(places):
            return
        ink = theme.colour(line.role, line.alpha)
        self._marks.next().setData(
            x=line.x[places],
            y=line.y[places],
            symbol=mark_path(line.mark),
            size=POINT_SIZE if line.every_point else MARK_SIZE,
            pen=pg.mkPen(ink, width=1.2) if line.dashed else pg.mkPen(theme.colour("surface")),
            brush=theme.colour("surface") if line.dashed else ink,
        )

    def _spread(self, line: Line) -> "np.ndarray[Any, np.dtype[np.intp]]":
        """Points of a line at even distances in pixels, the last one of the line among them."""
        known = np.flatnonzero(np.isfinite(line.y))
        if not len(known) or self._picture is None:
            return known
        low, high = self._picture.x_range
        step = (high - low) * MARK_DISTANCE / max(self.frame.width(), MARK_DISTANCE)
        x = line.x[known]
        wanted = np.arange(x[-1], max(x[0], low) - step / 2, -step)[:100]
        return known[np.minimum(np.searchsorted(x, wanted), len(known) - 1)]

    def _draw_level(self, level: Level) -> None:
        pen = pg.mkPen(theme.colour(level.role), width=self.devicePixelRatioF())
        pen.setDashPattern([4.0, 4.0])
        self._draw_rule(level.value, 0, pen)
        if self._picture is not None:
            # Under the line where there is no room above it.
            low, high = self._picture.y_range
            above = (high - level.value) / (high - low) * self.frame.height() >= 16
            # At the left: a curve that is to reach the line begins far from it.
            place = (self._picture.x_range[0], level.value)
            self._draw_words(level.words, place, (0, 1 if above else 0), f"{level.role}_text")

    def _draw_rule(self, value: float, angle: int, pen: QPen) -> None:
        rule = self._rules.next()
        rule.setAngle(angle)
        rule.setPen(pen)
        rule.setValue(value)
        rule.setZValue(BEHIND)

    def _draw_stretch(self, stretch: Stretch) -> None:
        shade = self._shades.next()
        shade.setRegion((stretch.low, stretch.high))
        shade.setBrush(theme.colour("quiet", 0.12))
        shade.setZValue(BEHIND)
        for edge in shade.lines:
            edge.setPen(pg.mkPen(None))
        shade.lines[0].setPen(pg.mkPen(theme.colour("quiet", 0.6), width=1))
        if stretch.words and self._picture is not None:
            self._draw_stretch_words(stretch, self._picture)

    def _draw_stretch_words(self, stretch: Stretch, picture: Picture) -> None:
        """At the foot of its left edge, on the side where there is room."""
        low, high = picture.x_range
        if not low <= stretch.high or not stretch.low <= high:
            return
        left = max(stretch.low, low)
        room = (high - left) / (high - low) * self.frame.width()
        needed = QFontMetricsF(self._font).horizontalAdvance(stretch.words) + 8
        self._draw_words(
            stretch.words, (left, picture.y_range[0]), (0 if room >= needed else 1, 1), "quiet"
        )

    def _draw_spot(self, spot: Spot) -> None:
        self._marks.next().setData(
            x=[spot.x],
            y=[spot.y],
            symbol=mark_path("star"),
            size=SPOT_SIZE,
            pen=pg.mkPen(theme.colour("surface")),
            brush=theme.colour(spot.role),
        )
        low, high = self._picture.x_range if self._picture is not None else (0.0, 1.0)
        share = (spot.x - low) / (high - low)
        side = 0.0 if share < NEAR_EDGE else 1.0 if share > 1 - NEAR_EDGE else 0.5
        self._draw_words(spot.words, (spot.x, spot.y), (side, -0.35), "text")

    def _draw_words(
        self, words: str, place: tuple[float, float], anchor: tuple[float, float], role: str
    ) -> None:
        item = self._words.next()
        if item.toPlainText() != words:
            item.setFont(self._font)
            item.setPlainText(words)
        item.setColor(theme.colour(role))
        item.setAnchor(anchor)
        item.setPos(*place)
        item.setZValue(FRONT)

    def _draw_checkpoints(self, picture: Picture) -> None:
        if not picture.checkpoints:
            return
        low, high = picture.y_range
        height = 4 * (high - low) / max(self.frame.height(), 1.0)
        x = np.repeat(np.array(picture.checkpoints), 2)
        y = np.tile(np.array([low, low + height]), len(picture.checkpoints))
        self._draw_pairs(x, y, "disabled")

    def paint_into(self, painter: QPainter, target: QRectF) -> None:
        """The scene as it is, as vectors where the painter keeps them."""
        self._view.scene().render(painter, target, QRectF(self._view.rect()))


def _inside(
    ticks: tuple[tuple[float, str], ...], ends: tuple[float, float]
) -> list[tuple[float, str]]:
    """Ticks that rounding may have put a hair outside, on the edge."""
    return [(min(max(value, ends[0]), ends[1]), label) for value, label in ticks]


class _Pool:
    """Items of one kind that are used again for each picture: making them is what takes time."""

    def __init__(self, box: Any, make: Callable[[], Any]) -> None:
        self._box, self._make = box, make
        self._items: list[Any] = []
        self._used = 0

    def begin(self) -> None:
        self._used = 0

    def next(self) -> Any:
        if self._used == len(self._items):
            self._items.append(self._make())
            self._box.addItem(self._items[-1], ignoreBounds=True)
        item = self._items[self._used]
        self._used += 1
        item.show()
        return item

    def end(self) -> None:
        for item in self._items[self._used :]:
            item.hide()
