"""Rows of a menu that call a function."""

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu


def add_row(menu: QMenu, text: str, act: Callable[[], object]) -> QAction:
    """A row that calls ``act`` without the state that Qt sends along."""
    action = menu.addAction(text)
    action.triggered.connect(lambda: act())
    return action
