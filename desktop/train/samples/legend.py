"""Which colour is which part."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.theme import CAPTION_SIZE, body_font, colour
from desktop.train.samples.sheet import Sheet

SPOT, GAP, BETWEEN = 8, 5, 14
HEIGHT = 16


class Legend(QWidget):
    """Spots with names, from the right; parts without notes are said to be silent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[tuple[str, str], ...] = ()
        self.setFont(body_font(CAPTION_SIZE))
        self.setFixedHeight(HEIGHT)

    def show_sheet(self, sheet: Sheet | None) -> None:
        """Name the parts of a sample."""
        parts = sheet.parts if sheet else ()
        self._parts = tuple(
            (part.role, part.name if len(part.table) else f"{part.name} (silent)") for part in parts
        )
        self.setAccessibleName(", ".join(name for _, name in self._parts))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as all names."""
        wide = self.fontMetrics().horizontalAdvance
        return QSize(sum(SPOT + GAP + wide(name) + BETWEEN for _, name in self._parts), HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A spot and a name for each part."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            x = 0
            for role, name in self._parts:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colour(role))
                painter.drawRoundedRect(x, (HEIGHT - SPOT) // 2, SPOT, SPOT, 2, 2)
                x += SPOT + GAP
                wide = self.fontMetrics().horizontalAdvance(name)
                painter.setPen(colour("quiet"))
                painter.drawText(x, 0, wide + 2, HEIGHT, Qt.AlignmentFlag.AlignVCenter, name)
                x += wide + BETWEEN
