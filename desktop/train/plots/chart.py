"""A chart in pyqtgraph's view, with its axes: the one module that imports it.

What is to be seen comes as a `Picture`, already thin enough for the pixels, and is painted by
`desktop.train.plots.drawing`; gestures are `desktop.train.plots.chart_area`'s.
"""

from functools import partial

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsItem,
    QGraphicsLineItem,
    QStyleOptionGraphicsItem,
    QVBoxLayout,
    QWidget,
)

from desktop import theme
from desktop.train.plots.drawing import OVER, Drawing
from desktop.train.plots.picture import Picture

LEFT, RIGHT, BOTTOM, TOP = 46, 34, 20, 10
BEHIND, FRONT = -20, 10


class Chart(QWidget):
    """Draws pictures; hears nothing of the mouse itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._picture: Picture | None = None
        self._place: float | None = None
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

    def _build_scene(self) -> None:
        layout = pg.GraphicsLayout()
        layout.setContentsMargins(0, TOP, RIGHT, 0)
        layout.setSpacing(0)
        self._box = pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0)
        self._box.disableAutoRange()
        # The drawing clips its lines itself, and lets marks on the edge stand out of the frame.
        self._box.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsChildrenToShape, False)
        self._left, self._bottom = pg.AxisItem("left"), pg.AxisItem("bottom")
        self._left.setWidth(LEFT)
        self._bottom.setHeight(BOTTOM)
        for axis in (self._left, self._bottom):
            axis.enableAutoSIPrefix(False)
            axis.setZValue(BEHIND)
            # Labels may reach over the axis' ends, or the first and the last would be left out.
            axis.setStyle(tickLength=0, tickTextOffset=6, hideOverlappingLabels=LEFT)
        layout.addItem(self._left, 0, 0)
        layout.addItem(self._box, 0, 1)
        layout.addItem(self._bottom, 1, 1)
        self._view.setCentralItem(layout)
        self._lines = _Lines(self._box)
        self._pointer = QGraphicsLineItem(self._box)
        self._pointer.setZValue(FRONT)
        self._pointer.hide()

    @property
    def frame(self) -> QRectF:
        """Where the lines are drawn, in this widget's pixels."""
        return QRectF(LEFT, TOP, self.width() - LEFT - RIGHT, self.height() - TOP - BOTTOM)

    def show_pointer(self, x: float | None) -> None:
        """A line down at a place; None takes it away."""
        self._place = x
        self._put_pointer()

    def _put_pointer(self) -> None:
        shown = self._place is not None and self._picture is not None
        self._pointer.setVisible(shown)
        if self._place is not None and self._picture is not None:
            low, high = self._picture.x_range
            x = round((self._place - low) / (high - low) * self.frame.width())
            self._pointer.setPen(pg.mkPen(theme.colour("quiet"), width=1))
            self._pointer.setLine(x, 0, x, self.frame.height())

    def draw(self, picture: Picture) -> None:
        """Show a picture in the theme in force."""
        before, self._picture = self._picture, picture
        self._dress()
        # Only what has changed: an axis draws all its labels anew whenever it is told anything.
        if before is None or (before.y_range, before.y_ticks) != (picture.y_range, picture.y_ticks):
            self._left.setRange(*picture.y_range)
            self._left.setTicks([_inside(picture.y_ticks, picture.y_range)])
        if before is None or (before.x_range, before.x_ticks) != (picture.x_range, picture.x_ticks):
            self._bottom.setRange(*picture.x_range)
            self._bottom.setTicks([_inside(picture.x_ticks, picture.x_range)])
        self._draw_lines()

    def _draw_lines(self) -> None:
        if self._picture is not None:
            size = self.frame.size()
            self._lines.show_drawing(
                Drawing(self._picture, size.width(), size.height(), _path_of), self.frame
            )
            self._put_pointer()

    def _dress(self) -> None:
        if self._dressed_for is theme.current_theme():
            return
        self._dressed_for = theme.current_theme()
        for axis in (self._left, self._bottom):
            axis.setTextPen(pg.mkPen(theme.colour("quiet")))
            axis.setPen(pg.mkPen(None))
            axis.setTickPen(pg.mkPen(theme.colour("line")))
            axis.setTickFont(self._font)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The same picture in another size, until the next one comes."""
        super().resizeEvent(event)
        self._draw_lines()

    def paint_into(self, painter: QPainter, target: QRectF) -> None:
        """The scene as it is, as vectors where the painter keeps them."""
        self._view.scene().render(painter, target, QRectF(self._view.rect()))


class _Lines(QGraphicsItem):
    """All that is drawn between the axes."""

    def __init__(self, box: QGraphicsItem) -> None:
        super().__init__(box)
        self._drawing: Drawing | None = None
        self._size = QRectF()

    def show_drawing(self, drawing: Drawing, frame: QRectF) -> None:
        size = QRectF(0, 0, frame.width() + 1, frame.height() + 1)
        size.adjust(-OVER, -OVER, OVER, OVER)
        if size != self._size:
            self.prepareGeometryChange()
            self._size = size
        self._drawing = drawing
        self.update()

    def boundingRect(self) -> QRectF:
        """The frame, from 0, with its edge and the marks that stand out of it."""
        return self._size

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        """The drawing; the view restores the painter."""
        if self._drawing is not None:
            self._drawing.paint(painter)


_path_of = partial(pg.arrayToQPath, connect="finite")


def _inside(
    ticks: tuple[tuple[float, str], ...], ends: tuple[float, float]
) -> list[tuple[float, str]]:
    """Ticks that rounding may have put a hair outside, on the edge."""
    return [(min(max(value, ends[0]), ends[1]), label) for value, label in ticks]
