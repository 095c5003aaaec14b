"""The slider through the epochs, with a sign where the best one is."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSlider, QStyle, QWidget

from desktop.widgets.icons import icon

HANDLE = 14
STAR = 12


class EpochSlider(QSlider):
    """One step is one sample; a press jumps there, arrow keys, Home and End go on from it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._best = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Epoch")
        self.setToolTip("Arrow keys go from epoch to epoch")

    def set_samples(self, count: int, best: int) -> None:
        """Let it run over so many samples; ``best`` is the place of the best one, −1 for none."""
        self._best = best
        self.setRange(0, max(0, count - 1))
        self.setPageStep(max(1, count // 10))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The slider, and a star over the best epoch."""
        super().paintEvent(event)
        if self._best < 0 or self._best == self.value():
            return
        with QPainter(self) as painter:
            centre = QPoint(self._x_of(self._best), self.height() // 2)
            box = QRect(centre - QPoint(STAR // 2, STAR // 2), QSize(STAR, STAR))
            icon("star", "text").paint(painter, box)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go where was pressed; the handle is under the pointer then and can be drawn on."""
        if event.button() is Qt.MouseButton.LeftButton:
            room = max(1, self.width() - HANDLE)
            at = round(event.position().x()) - HANDLE // 2
            self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), at, room))
        super().mousePressEvent(event)

    def _x_of(self, value: int) -> int:
        room = max(1, self.width() - HANDLE)
        place = QStyle.sliderPositionFromValue(self.minimum(), self.maximum(), value, room)
        return HANDLE // 2 + place
