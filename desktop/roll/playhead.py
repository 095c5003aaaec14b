"""The line that shows what is heard now, on a widget of its own."""

from math import floor

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from desktop.theme import colour

_HALF = 7


class Playhead(QWidget):
    """A thin widget over the lanes: moving it repaints two strips, never the lanes.

    It stands on whole pixels and paints its line between them, so that it glides.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._part = 0.0
        self._handle_top = 16

    def place(self, x: float, handle_top: int, height: int) -> None:
        """Stand at ``x`` (parent's pixels); the handle hangs at ``handle_top``."""
        left = floor(x)
        self._part = x - left
        self._handle_top = handle_top
        self.setGeometry(left - _HALF, 0, 2 * _HALF + 2, height)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line and its handle."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent"))
            x, top = _HALF + self._part, float(self._handle_top)
            painter.drawRect(QRectF(x - 0.75, top, 1.5, self.height() - top))
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(x - 6, top),
                        QPointF(x + 6, top),
                        QPointF(x + 6, top + 3),
                        QPointF(x, top + 9),
                        QPointF(x - 6, top + 3),
                    ]
                )
            )
