"""Menus of buttons, and rows of them that call a function."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QCursor
from PySide6.QtWidgets import QMenu, QToolButton, QWidget


def add_row(menu: QMenu, text: str, act: Callable[[], object]) -> QAction:
    """A row that calls ``act`` without the state that Qt sends along."""
    action = menu.addAction(text)
    action.triggered.connect(lambda: act())
    return action


def empty(menu: QMenu) -> None:
    """Take all rows out, and delete the menus below, which `QMenu.clear` keeps for good."""
    menu.clear()
    for below in menu.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly):
        below.deleteLater()


def give_menu(button: QToolButton, menu: QMenu) -> None:
    """Let a button open a menu, and look as before when the menu has gone."""

    def settle() -> None:
        # Under a menu Qt misses that the pointer left; the button would stay lit.
        inside = button.rect().contains(button.mapFromGlobal(QCursor.pos()))
        button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, inside)
        button.update()

    button.setMenu(menu)
    menu.aboutToHide.connect(settle)


def take_away(widget: QWidget) -> None:
    """Remove a widget for good, and close what menu of it is open: that would offer what is gone.

    A button that waits for its menu lets neither be deleted before.
    """
    widget.hide()
    for menu in widget.findChildren(QMenu):
        menu.close()
    widget.deleteLater()


class _Tip(QObject):
    """A widget's tooltip that is always the action's; it lives as long as the widget."""

    def __init__(self, widget: QWidget, action: QAction) -> None:
        super().__init__(widget)
        self._widget, self._action = widget, action
        action.changed.connect(self._tell)
        self._tell()

    @Slot()
    def _tell(self) -> None:
        self._widget.setToolTip(self._action.toolTip())


def tell_tip(widget: QWidget, action: QAction) -> None:
    """Let a widget tell the tooltip of an action, also after the user gave it another key."""
    _Tip(widget, action)
