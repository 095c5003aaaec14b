"""The frame of a page of text and controls: a title over one column in the middle."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

WIDEST = 760
MARGIN = 16
TOP = 24


class ColumnPage(QScrollArea):
    """A page that scrolls; its rows stand in a column that is never too wide to read."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QWidget()
        column.setMaximumWidth(WIDEST)
        self._rows = QVBoxLayout(column)
        self._rows.setContentsMargins(MARGIN, TOP, MARGIN, TOP)
        self._rows.setSpacing(12)
        heading = QLabel(title)
        heading.setProperty("kind", "title")
        self._rows.addWidget(heading)
        self._rows.addStretch(1)
        self.setWidget(_centred(column))

    def add(self, widget: QWidget) -> None:
        """Add a row under the others."""
        self._rows.insertWidget(self._rows.count() - 1, widget)


def _centred(column: QWidget) -> QWidget:
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.addStretch(1)
    row.addWidget(column, 1000)
    row.addStretch(1)
    return page
