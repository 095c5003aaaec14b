"""Small words on a ground: tags, licences, counts."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.theme import CAPTION_SIZE, body_font, colour
from desktop.widgets.flow_layout import FlowLayout

HEIGHT = 20
SIDE = 8


class Chip(QLabel):
    """A word on a rounded ground; ``outlined`` draws its edge instead."""

    def __init__(
        self,
        text: str,
        *,
        outlined: bool = False,
        role: str = "quiet",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._outlined = outlined
        self._role = role
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(body_font(CAPTION_SIZE))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Its word, with room at both sides."""
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2 * SIDE, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground or edge, then the word."""
        area = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour("bar_line")) if self._outlined else Qt.PenStyle.NoPen)
            painter.setBrush(Qt.BrushStyle.NoBrush if self._outlined else colour("hover"))
            painter.drawRoundedRect(area, HEIGHT / 2, HEIGHT / 2)
            painter.setPen(colour(self._role))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


class ChipRow(QWidget):
    """Chips side by side, as many rows as they need."""

    def __init__(self, words: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: list[Chip] = []
        self._row = FlowLayout(self, gap=4)
        self.show_words(words)

    @property
    def words(self) -> tuple[str, ...]:
        """What stands there."""
        return tuple(chip.text() for chip in self._chips)

    def show_words(self, words: Sequence[str]) -> None:
        """Show other words."""
        if tuple(words) == self.words:
            return
        for chip in self._chips:
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = [Chip(word) for word in words]
        for chip in self._chips:
            self._row.addWidget(chip)
        self.updateGeometry()
