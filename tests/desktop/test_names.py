"""Every control of the real window has a name that a screen reader can say."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractSpinBox, QWidget
from pytestqt.qtbot import QtBot

from desktop.actions import PAGES
from desktop.app import App
from desktop.shell import Shell
from engine.files.melodies import sample_melodies


def nameless(window: QWidget) -> list[str]:
    """What the Tab key or a click can reach, and has no name; internal parts of Qt's are not."""
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget.focusPolicy() is Qt.FocusPolicy.NoFocus:
            continue
        if widget.objectName().startswith("qt_") or widget.focusProxy() is not None:
            continue
        if not spoken(widget):
            inside = widget.parentWidget()
            found.append(f"{type(widget).__name__} in {type(inside).__name__}")
    return found


def spoken(widget: QWidget | None) -> str:
    if widget is None:
        return ""
    face = QAccessible.queryAccessibleInterface(widget)
    return face.text(QAccessible.Text.Name) or widget.accessibleName()


@pytest.mark.parametrize("page", PAGES)
def test_what_has_the_focus_has_a_name(qtbot: QtBot, app: App, shell: Shell, page: str) -> None:
    app.open_file(sample_melodies()[0].path)
    qtbot.waitUntil(lambda: bool(app.document.composition.melody.notes))
    shell.window.show_page(page)
    qtbot.wait(50)
    assert nameless(shell.window) == []


def test_the_tab_key_goes_round_through_named_controls(qtbot: QtBot, shell: Shell) -> None:
    window = shell.window
    window.show_page("Settings")
    first: QWidget = window.page_widget("Settings")
    seen: list[QWidget] = []
    widget: QWidget | None = first.nextInFocusChain()
    while widget is not None and widget is not first and len(seen) < 5000:
        if widget.isVisibleTo(window) and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            seen.append(widget)
        widget = widget.nextInFocusChain()
    assert widget is first and len(seen) > 20
    named = [each.parentWidget() if of_a_spin_box(each) else each for each in seen]
    assert [type(each).__name__ for each in named if not spoken(each)] == []


def of_a_spin_box(widget: QWidget | None) -> bool:
    return widget is not None and isinstance(widget.parentWidget(), QAbstractSpinBox)
