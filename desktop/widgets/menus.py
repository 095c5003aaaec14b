"""Menus of buttons, and rows of them that call a function."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QCursor
from PySide6.QtWidgets import QMenu, QToolButton


def add_row(menu: QMenu, text: str, act: Callable[[], object]) -> QAction:
    """A row that calls ``act`` without the state that Qt sends along."""
    action = menu.addAction(text)
    action.triggered.connect(lambda: act())
    return action


def give_menu(button: QToolButton, menu: QMenu) -> None:
    """Let a button open a menu, and look as before when the menu has gone."""

    def settle() -> None:
        # Under a menu Qt misses that the pointer left; the button would stay lit.
        inside = button.rect().contains(button.mapFromGlobal(QCursor.pos()))
        button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, inside)
        button.update()

    button.setMenu(menu)
    menu.aboutToHide.connect(settle)
