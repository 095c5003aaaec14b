"""Icons of one family (Material Design Icons, out of QtAwesome) that follow the theme.

QtAwesome itself is not imported: it would import every module of Qt and open all of its twelve
fonts, half a second at each start, where one font and its table of names are needed.
"""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

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
        font = QFont(_family())
        font.setPixelSize(size)
        painter.save()
        painter.setFont(font)
        painter.setPen(colour(role))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, _signs()[self._name])
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        return pixmap

    def clone(self) -> QIconEngine:
        return _ThemedGlyph(self._name, self._role)


def icon(name: str, role: str = "text") -> QIcon:
    """The icon called ``name`` in a colour role; follows the theme. Needs a QApplication."""
    return QIcon(_ThemedGlyph(name, role))


def _file(pattern: str) -> Path:
    """A file among QtAwesome's fonts."""
    spec = find_spec("qtawesome")
    assert spec is not None and spec.origin is not None
    return next(Path(spec.origin).with_name("fonts").glob(pattern))


@cache
def _family() -> str:
    """The font's name, once Qt knows the font."""
    number = QFontDatabase.addApplicationFont(str(_file("materialdesignicons6-webfont-[0-9]*.ttf")))
    return QFontDatabase.applicationFontFamilies(number)[0]


@cache
def _signs() -> dict[str, str]:
    """An icon's name to its character."""
    table = json.loads(_file("materialdesignicons6-webfont-charmap-*.json").read_text())
    return {name: chr(int(code, 16)) for name, code in table.items()}
