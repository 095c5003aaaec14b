"""The head of the Library: which shelf, and what is searched for."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from desktop.library.lines import SHELVES, Shelf

SEARCH_WIDTH = 260


class ShelfBar(QWidget):
    """Title, shelves, search."""

    shelf_changed = Signal()
    searched = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shelf: Shelf = SHELVES[0]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        title = QLabel("Library")
        title.setProperty("kind", "title")
        row.addWidget(title)
        row.addSpacing(16)
        self.buttons = QButtonGroup(self)
        for shelf in SHELVES:
            row.addWidget(self._button(shelf))
        row.addStretch(1)
        row.addWidget(self._search_field())
        self.buttons.buttonClicked.connect(self._on_button)

    def _button(self, shelf: Shelf) -> QPushButton:
        button = QPushButton(shelf)
        button.setProperty("kind", "chip")
        button.setCheckable(True)
        button.setChecked(shelf == self.shelf)
        self.buttons.addButton(button)
        return button

    def _search_field(self) -> QLineEdit:
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search")
        self.search.setAccessibleName("Search the library")
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(SEARCH_WIDTH)
        self.search.textChanged.connect(self.searched)
        find = QAction("Find", self)
        find.setShortcut(QKeySequence(QKeySequence.StandardKey.Find))
        find.triggered.connect(self.search.setFocus)
        self.addAction(find)
        return self.search

    @Slot(QAbstractButton)
    def _on_button(self, button: QAbstractButton) -> None:
        self.shelf = next(shelf for shelf in SHELVES if shelf == button.text())
        self.shelf_changed.emit()
