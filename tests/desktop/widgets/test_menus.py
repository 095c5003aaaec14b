"""Menus that are filled anew each time they open."""

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from desktop.widgets.menus import add_row, empty


def test_an_emptied_menu_keeps_no_menu_of_before(qtbot: QtBot) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    for _ in range(3):
        empty(menu)
        add_row(menu.addMenu("Pop"), "Add strings", list)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    below = menu.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)
    assert [each.title() for each in below] == ["Pop"]
    assert [action.text() for action in menu.actions()] == ["Pop"]
