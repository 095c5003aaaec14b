"""A curve as small as a word, with a line to reach."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop import theme

FloatArray = npt.NDArray[np.float64]
MOST_POINTS = 120
MARGIN = 3.0
DOT = 2.5


class Sparkline(QWidget):
    """Values over epochs; the people's value dashed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._epochs: FloatArray = np.empty(0)
        self._values: FloatArray = np.empty(0)
        self._people: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_values(self, epochs: FloatArray, values: FloatArray, people: float | None) -> None:
        """Show a measure's course."""
        thin = (
            np.unique(np.linspace(0, len(values) - 1, MOST_POINTS).astype(int))
            if len(values) > MOST_POINTS
            else slice(None)
        )
        self._epochs, self._values, self._people = epochs[thin], values[thin], people
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Small."""
        return QSize(36, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line to reach, the course, and where it is now."""
        if not len(self._values):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN - DOT, -MARGIN)
        heights = self._heights(room)
        if self._people is not None:
            pen = QPen(theme.colour("good"), 1)
            pen.setDashPattern([3.0, 3.0])
            painter.setPen(pen)
            y = heights(self._people)
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
        first, last = self._epochs[0], max(self._epochs[-1], self._epochs[0] + 1)
        points = [
            QPointF(room.left() + (epoch - first) / (last - first) * room.width(), heights(value))
            for epoch, value in zip(self._epochs.tolist(), self._values.tolist(), strict=True)
        ]
        painter.setPen(QPen(theme.colour("accent"), 1.4))
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(theme.colour("accent"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(points[-1], DOT, DOT)

    def _heights(self, room: QRectF) -> "Heights":
        known = [*self._values.tolist(), *([] if self._people is None else [self._people])]
        return Heights(min(known), max(known), room)


class Heights:
    """From values to pixels."""

    def __init__(self, low: float, high: float, room: QRectF) -> None:
        self._low, self._span, self._room = low, high - low, room

    def __call__(self, value: float) -> float:
        """Where a value stands; in the middle where all are the same."""
        share = (value - self._low) / self._span if self._span > 0 else 0.5
        return self._room.bottom() - share * self._room.height()
