"""The window: pages, keys, chips."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.actions import PAGES, Actions
from desktop.main_window import MainWindow
from desktop.messages import Message


@pytest.fixture
def made() -> list[str]:
    return []


@pytest.fixture
def window(qtbot: QtBot, made: list[str]) -> MainWindow:
    def maker(name: str) -> Callable[[], QWidget]:
        def make() -> QWidget:
            made.append(name)
            page = QWidget()
            QVBoxLayout(page).addWidget(QPushButton(f"Button of {name}"))
            return page

        return make

    window = MainWindow(Actions(), {name: maker(name) for name in PAGES})
    qtbot.addWidget(window)
    window.show_page("Studio")
    window.show()
    qtbot.waitActive(window)
    return window


def test_a_page_is_made_when_it_is_first_shown(window: MainWindow, made: list[str]) -> None:
    assert made == ["Studio"]
    window.show_page("Library")
    window.show_page("Studio")
    window.show_page("Library")
    assert made == ["Studio", "Library"] and window.page == "Library"


def test_control_and_a_number_switch_pages(qtbot: QtBot, window: MainWindow) -> None:
    for number, name in enumerate(PAGES, start=1):
        qtbot.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
        assert window.page == name


def test_the_buttons_of_the_bar_switch_pages(qtbot: QtBot, window: MainWindow) -> None:
    button = next(b for b in window.findChildren(QToolButton) if b.text() == "Settings")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.page == "Settings" and button.isChecked()


def test_space_plays_in_the_studio_only(qtbot: QtBot, window: MainWindow) -> None:
    played: list[bool] = []
    actions = window.actions()
    play = next(action for action in actions if action.objectName() == "play")
    play.triggered.connect(lambda: played.append(True))
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert len(played) == 1
    window.show_page("Settings")
    button = window.page_widget("Settings").findChild(QPushButton)
    button.setFocus()
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Qt.Key.Key_Space)
    assert len(played) == 1


def test_return_presses_the_button_that_has_the_focus(qtbot: QtBot, window: MainWindow) -> None:
    button = window.page_widget("Studio").findChild(QPushButton)
    button.setFocus()
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Qt.Key.Key_Return)


def test_return_in_a_field_does_not_press_what_gets_the_focus_by_it(
    qtbot: QtBot, window: MainWindow
) -> None:
    page = window.page_widget("Studio")
    button = page.findChild(QPushButton)
    field = QLineEdit(page)
    field.show()
    field.returnPressed.connect(button.setFocus)
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert button.hasFocus() and not pressed
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert len(pressed) == 1


def test_a_chip_tells_its_state_in_words_and_leads_to_the_settings(
    qtbot: QtBot, window: MainWindow
) -> None:
    chip = window.top_bar.audio
    chip.show_state("warning", "No sound", "No audio driver could be opened.")
    assert chip.accessibleName() == "Audio: No sound"
    assert chip.toolTip() == "No audio driver could be opened."
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert window.page == "Settings"


@pytest.mark.parametrize("size", [QSize(1280, 720), QSize(3840, 2160)])
def test_the_bar_fits_at_every_size(qtbot: QtBot, window: MainWindow, size: QSize) -> None:
    window.top_bar.device.show_state("warning", "CPU: a long reason " * 5, "reason")
    window.resize(size)
    qtbot.waitUntil(lambda: window.width() == size.width())
    for widget in window.top_bar.findChildren(QWidget):
        assert window.top_bar.rect().contains(widget.geometry()), widget


def test_the_place_of_the_window_is_kept(qtbot: QtBot, window: MainWindow) -> None:
    # The virtual screen of the tests is 800 × 800, and a kept place never leaves the screen.
    window.resize(800, 650)
    kept = window.geometry_text()
    window.resize(800, 780)
    window.restore_geometry(kept)
    qtbot.waitUntil(lambda: window.size() == QSize(800, 650))


def test_closing_is_told_while_the_window_is_whole(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.closing):
        window.close()


def test_a_message_stays_in_front_of_the_page_that_is_shown(window: MainWindow) -> None:
    window.message_bar.show_message(Message("Failed.", "error"))
    window.show_page("Library")
    at = window.message_bar.mapTo(window, window.message_bar.rect().center())
    shown = window.childAt(at)
    assert shown is not None and window.message_bar.isAncestorOf(shown)
