"""Icons of one family (Material Design Icons, through QtAwesome) that follow the theme."""

from typing import Any

import qtawesome
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap

from desktop.theme import colour


class _ThemedGlyph(QIconEngine):
    """Draws a glyph in the theme's colour of the moment: a new theme needs no new icons."""

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name = name
        self._role = role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        role = "disabled" if mode is QIcon.Mode.Disabled else self._role
        size = min(rect.width(), rect.height())
        font: Any = qtawesome.font("mdi6", size)
        painter.save()
        painter.setFont(font)
        painter.setPen(colour(role))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, qtawesome.charmap(self._name))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _ThemedGlyph(self._name, self._role)


def icon(name: str, role: str = "text") -> QIcon:
    """The icon ``mdi6.<name>`` in a colour role; follows the theme. Needs a QApplication."""
    return QIcon(_ThemedGlyph(f"mdi6.{name}", role))
