"""A small light that shows how hard a track's notes are struck."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop import theme

SEGMENTS = 5
DECAY = 0.86
"""What is left of a level after a frame: a strike fades within a third of a second."""


class Meter(QWidget):
    """Five segments that light with the velocity of what is struck and fade by themselves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = 0.0
        self._role = "melody"
        self.setFixedSize(26, 6)
        self.setToolTip("How hard the notes are struck")

    def sizeHint(self) -> QSize:
        """Fixed."""
        return QSize(26, 6)

    def set_role(self, role: str) -> None:
        """The colour role of the track."""
        self._role = role
        self.update()

    @property
    def lit(self) -> int:
        """How many segments shine."""
        return min(SEGMENTS, round(self._level * SEGMENTS + 0.2))

    def set_level(self, level: float) -> None:
        """One frame: a level of 0 to 1 strikes, a smaller one lets the light fade."""
        before = self.lit
        self._level = max(level, self._level * DECAY if self._level > 0.05 else 0.0)
        if self.lit != before:
            self.update()

    def clear(self) -> None:
        """Nothing sounds and no frame will come to let the light fade."""
        self._level = 0.0
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The segments."""
        painter = QPainter(self)
        width = (self.width() - SEGMENTS + 1) // SEGMENTS
        for index in range(SEGMENTS):
            role = self._role if index < self.lit else "line"
            painter.fillRect(index * (width + 1), 0, width, self.height(), theme.colour(role))
