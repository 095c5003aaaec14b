"""The tools of an open lane, and the cursors that show them."""

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QCursor, QPainter, QPixmap

from desktop.theme import current_theme
from desktop.widgets.icons import icon

_SIZE = 24


class Tool(Enum):
    """What a press on the notes does."""

    SELECT = "Select"
    PENCIL = "Pencil"
    ERASER = "Eraser"
    KNIFE = "Knife"


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """How a tool is shown; ``hot`` is the cursor's point in its picture of 24 pixels."""

    tool: Tool
    icon: str
    key: str
    tip: str
    hot: QPoint


TOOLS = (
    ToolSpec(
        Tool.SELECT,
        "cursor-default-outline",
        "1",
        "Select, move and stretch; double-click adds a note or deletes one",
        QPoint(0, 0),
    ),
    ToolSpec(
        Tool.PENCIL,
        "pencil-outline",
        "2",
        "Draw notes: drag for the length; the right button erases",
        QPoint(3, 21),
    ),
    ToolSpec(Tool.ERASER, "eraser", "3", "Erase the notes that you pass", QPoint(6, 18)),
    ToolSpec(
        Tool.KNIFE,
        "knife",
        "4",
        "Cut a note in two; drag up or down to cut several at one place",
        QPoint(3, 20),
    ),
)
SPECS = {spec.tool: spec for spec in TOOLS}


def cursor_of(tool: Tool) -> QCursor:
    """The cursor of a tool; an arrow for selecting."""
    if tool is Tool.SELECT:
        return QCursor(Qt.CursorShape.ArrowCursor)
    return _cursor(tool, current_theme().name)


@lru_cache(maxsize=8)
def _cursor(tool: Tool, theme: str) -> QCursor:
    """The icon with an edge of the ground's colour, so that it is seen over notes too."""
    spec = SPECS[tool]
    picture = QPixmap(_SIZE, _SIZE)
    picture.fill(Qt.GlobalColor.transparent)
    size = QSize(_SIZE, _SIZE)
    edge = icon(spec.icon, "window").pixmap(size)
    sign = icon(spec.icon, "text").pixmap(size)
    with QPainter(picture) as painter:
        for x, y in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            painter.drawPixmap(x, y, edge)
        painter.drawPixmap(0, 0, sign)
    return QCursor(picture, spec.hot.x(), spec.hot.y())
