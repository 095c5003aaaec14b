"""The steps of a song: which of the bands that were kept plays now, and the way to the others."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from desktop.widgets.icons import icon
from desktop.widgets.menus import add_row, give_menu

STYLE = """
QToolButton { min-height: 22px; max-height: 22px; padding: 0 4px; font-size: 12px; }
QToolButton::menu-indicator { image: none; width: 0; }
"""
WHAT = "Each band that you kept for this song; go back to any of them"


class StepRow(QWidget):
    """Back, the list of steps, forward; hidden while there is nothing to go back to."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = _button("chevron-left", "The step before")
        self.forward = _button("chevron-right", "The step after")
        self.list = QToolButton()
        self.list.setProperty("kind", "flat")
        self.list.setStyleSheet(STYLE)
        self.list.setToolTip(WHAT)
        self.list.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.list.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu = QMenu(self.list)
        give_menu(self.list, self.menu)
        self._at: int | None = None
        self._count = 0
        self.back.clicked.connect(lambda: self._go(-1))
        self.forward.clicked.connect(lambda: self._go(1))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for button in (self.back, self.list, self.forward):
            row.addWidget(button)
        self.hide()

    def show_steps(self, words: Sequence[str], at: int | None) -> None:
        """The steps, the first one first; ``at`` is the one that plays, None: it was edited."""
        self._at, self._count = at, len(words)
        number = "–" if at is None else str(at + 1)
        self.list.setText(f"Step {number} of {len(words)} ▾")
        self.list.setAccessibleName(f"Steps of this song, {number} of {len(words)}")
        self.menu.clear()
        for index, word in enumerate(words):
            action = add_row(self.menu, f"{index + 1}  {word}", partial(self.chosen.emit, index))
            action.setCheckable(True)
            action.setChecked(index == at)
        self.back.setEnabled(at is None or at > 0)
        self.forward.setEnabled(at is not None and at + 1 < len(words))
        self.setVisible(len(words) > 1 or (len(words) == 1 and at is None))

    def _go(self, way: int) -> None:
        """From an edited band the way back leads to the last step."""
        self.chosen.emit(self._count - 1 if self._at is None else self._at + way)


def _button(name: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setProperty("kind", "flat")
    button.setIcon(icon(name, "quiet"))
    button.setIconSize(QSize(16, 16))
    button.setStyleSheet(STYLE)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
