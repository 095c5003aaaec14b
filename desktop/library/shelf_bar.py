"""The head of the Library: which shelf, and what is searched for on all of them."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QWidget,
)

from desktop.library.lines import ShelfName
from desktop.library.shelf import LineAction
from desktop.widgets.icons import icon
from desktop.widgets.menus import add_row, take_away

SEARCH_WIDTH = 220


class ShelfBar(QWidget):
    """Title, shelves, what can be done with a shelf, search."""

    shelf_changed = Signal()
    searched = Signal(str)

    def __init__(self, shelves: Sequence[ShelfName], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shelf: ShelfName = shelves[0]
        self._chips: dict[ShelfName, QPushButton] = {}
        self._tools: list[QPushButton] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        title = QLabel("Library")
        title.setProperty("kind", "title")
        row.addWidget(title)
        row.addSpacing(12)
        self.buttons = QButtonGroup(self)
        for shelf in shelves:
            row.addWidget(self._button(shelf))
        row.addStretch(1)
        self._tool_row = QHBoxLayout()
        row.addLayout(self._tool_row)
        row.addWidget(self._search_field())
        self.buttons.buttonClicked.connect(self._on_button)

    def show_shelf(self, shelf: ShelfName) -> None:
        """Turn to another shelf."""
        self._chips[shelf].setChecked(True)
        if shelf != self.shelf:
            self.shelf = shelf
            self.shelf_changed.emit()

    def show_counts(self, counts: Mapping[ShelfName, int]) -> None:
        """Say how many lines were found on each shelf; nothing where no search goes on."""
        for shelf, chip in self._chips.items():
            chip.setText(f"{shelf} · {counts[shelf]}" if shelf in counts else shelf)

    def show_tools(self, tools: Sequence[LineAction]) -> None:
        """Offer what can be done with the shelf."""
        for button in self._tools:
            take_away(button)
        self._tools = [self._tool(tool) for tool in tools]

    def tool(self, text: str) -> QPushButton:
        """The button of a tool that is offered."""
        return next(button for button in self._tools if button.text() == text)

    def _tool(self, tool: LineAction) -> QPushButton:
        button = QPushButton(icon(tool.icon), tool.text)
        button.setToolTip(tool.tip)
        if tool.choices:
            menu = QMenu(button)
            for choice in tool.choices:
                add_row(menu, choice.text, choice.act)
            button.setMenu(menu)
        else:
            button.clicked.connect(lambda: tool.act())
        self._tool_row.addWidget(button)
        return button

    def _button(self, shelf: ShelfName) -> QPushButton:
        button = QPushButton(shelf)
        button.setProperty("kind", "chip")
        button.setCheckable(True)
        button.setChecked(shelf == self.shelf)
        self.buttons.addButton(button)
        self._chips[shelf] = button
        return button

    def _search_field(self) -> QLineEdit:
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search everything")
        self.search.setAccessibleName("Search the library")
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(SEARCH_WIDTH)
        self.search.textChanged.connect(self.searched)
        find = QAction("Find", self)
        find.setShortcut(QKeySequence(QKeySequence.StandardKey.Find))
        find.triggered.connect(self.search.setFocus)
        self.addAction(find)
        return self.search

    @Slot(QAbstractButton)
    def _on_button(self, button: QAbstractButton) -> None:
        for shelf, chip in self._chips.items():
            if chip is button and shelf != self.shelf:
                self.show_shelf(shelf)
