"""What is chosen in the Library: all that is told of it, and what can be done with it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.library.fact_table import FactTable
from desktop.library.lines import Line
from desktop.library.shelf import LineAction, Story
from desktop.library.small_curves import SmallCurves
from desktop.widgets.icons import icon
from desktop.widgets.menus import add_row, take_away

WIDTH = 376
ABREAST = 2
LOW = 640
"""Pixels of height below which buttons share a menu, so that the facts keep their room."""
NOTHING = "Nothing is chosen"
CHOOSE = "Choose a line of the list."


class Details(QFrame):
    """Shows and asks; the shelves do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "section")
        self.setFixedWidth(WIDTH)
        self._title = QLabel()
        self._title.setProperty("kind", "heading")
        self._words = QLabel()
        self._words.setProperty("kind", "quiet")
        for label in (self._title, self._words):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.curves = SmallCurves()
        self.facts = FactTable()
        self._buttons: dict[str, QPushButton] = {}
        self._actions: tuple[LineAction, ...] = ()
        self._is_low = False
        self.more = QPushButton(icon("dots-horizontal"), "More")
        self.more.setMenu(QMenu(self.more))
        self.more.menu().aboutToShow.connect(self._fill_more)
        self.more.hide()
        self._put_together()

    def _put_together(self) -> None:
        told = QWidget()
        rows = QVBoxLayout(told)
        rows.setContentsMargins(16, 16, 16, 8)
        rows.setSpacing(10)
        for part in (self._title, self._words, self.curves, self.facts):
            rows.addWidget(part)
        rows.addStretch(1)
        scrolled = QScrollArea()
        scrolled.setWidget(told)
        scrolled.setWidgetResizable(True)
        # A scroll area fills both with the window's colour; this stands on a section's.
        told.setAutoFillBackground(False)
        scrolled.viewport().setAutoFillBackground(False)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._foot = QGridLayout()
        self._foot.setContentsMargins(16, 4, 16, 16)
        self._foot.setSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(scrolled, 1)
        column.addLayout(self._foot)

    @property
    def title(self) -> str:
        """What is told of."""
        return self._title.text()

    @property
    def offered(self) -> tuple[str, ...]:
        """The ids of what can be done, in order."""
        return tuple(self._buttons)

    def button(self, action_id: str) -> QPushButton:
        """The button of an action that is offered."""
        return self._buttons[action_id]

    def show_line(self, line: Line | None, actions: Sequence[LineAction]) -> None:
        """Show what is chosen and what can be done with it."""
        self._title.setText(line.title if line else NOTHING)
        self._words.setText((line.problem or line.details) if line else CHOOSE)
        if [a.id for a in actions] != list(self._buttons) or any(a.choices for a in actions):
            self._make_buttons(actions)
        self._actions = tuple(actions)
        for action in actions:
            button = self._buttons[action.id]
            button.setText(action.text)
            button.setToolTip(action.tip)
            if action.icon:
                button.setIcon(icon(action.icon, "record" if action.kind == "danger" else "text"))

    def show_story(self, story: Story) -> None:
        """Show all there is to tell."""
        self.curves.show_curves(story.curves)
        self.facts.show_groups(story.groups)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A low window has more room for facts than for buttons."""
        super().resizeEvent(event)
        if self._is_low != (event.size().height() < LOW):
            self._is_low = not self._is_low
            self._place_buttons()

    def _make_buttons(self, actions: Sequence[LineAction]) -> None:
        for button in self._buttons.values():
            self._foot.removeWidget(button)
            take_away(button)
        self._actions = tuple(actions)
        self._buttons = {action.id: self._button(action) for action in actions}
        self._place_buttons()

    def _place_buttons(self) -> None:
        """All of them, or in a low window those that stand first, and a menu of the others."""
        shown = list(self._buttons.values())
        kept = 1 + sum(action.kind == "primary" for action in self._actions)
        behind = shown[kept:] if self._is_low and len(shown) > kept + 1 else []
        for button in (*shown, self.more):
            self._foot.removeWidget(button)
            button.setHidden(button in behind or (button is self.more and not behind))
        row, column = 0, 0
        placed = [button for button in shown if button not in behind]
        for button in (*placed, *([self.more] if behind else [])):
            wide = button.property("kind") == "primary"
            self._foot.addWidget(button, row, column, 1, ABREAST if wide else 1)
            column = 0 if wide else column + 1
            if wide or column == ABREAST:
                row, column = row + 1, 0

    @Slot()
    def _fill_more(self) -> None:
        """The buttons that have no room, as rows; those of a menu with their menu."""
        menu = self.more.menu()
        menu.clear()
        for action in self._actions:
            button = self._buttons[action.id]
            if button.isHidden() and action.choices:
                menu.addMenu(button.menu()).setText(action.text)
            elif button.isHidden():
                add_row(menu, action.text, button.click)

    def _button(self, action: LineAction) -> QPushButton:
        button = QPushButton(action.text)
        if action.kind:
            button.setProperty("kind", action.kind)
        if action.choices:
            menu = QMenu(button)
            for choice in action.choices:
                add_row(menu, choice.text, choice.act)
            button.setMenu(menu)
        else:
            button.clicked.connect(lambda: self._act(action.id))
        return button

    def _act(self, action_id: str) -> None:
        """Do what is offered now: a line may have changed under the same button."""
        for action in self._actions:
            if action.id == action_id:
                action.act()
                return
