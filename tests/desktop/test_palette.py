"""The command palette in the real window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop.actions import SPECS
from desktop.app import App
from desktop.palette import Palette
from desktop.shell import Shell


@pytest.fixture
def palette(qtbot: QtBot, shell: Shell, app: App) -> Palette:
    return opened(qtbot, shell, app)


def opened(qtbot: QtBot, shell: Shell, app: App) -> Palette:
    app.actions["palette"].trigger()
    palette = shell.window.findChildren(Palette)[-1]
    qtbot.waitUntil(palette.isVisible)
    return palette


def field(palette: Palette) -> QLineEdit:
    (found,) = palette.findChildren(QLineEdit)
    return found


def test_every_command_is_offered(app: App, palette: Palette) -> None:
    expected = {spec.id for spec in SPECS if app.actions[spec.id].menu() is None}
    assert set(palette.found) == expected - {"palette"}


def test_letters_find_return_does_and_it_is_the_first_next_time(
    qtbot: QtBot, app: App, shell: Shell, palette: Palette
) -> None:
    shell.window.show_page("Library")
    was = app.actions["click"].isChecked()
    qtbot.keyClicks(field(palette), "clic")
    assert palette.found[0] == "click"
    qtbot.keyClick(field(palette), Qt.Key.Key_Return)
    assert app.actions["click"].isChecked() != was
    assert shell.window.page == "Studio"
    assert opened(qtbot, shell, app).found[0] == "click"
    assert app.settings.recent_commands == ("click",)


def test_the_arrows_choose_and_what_cannot_be_done_now_is_not_done(
    qtbot: QtBot, app: App, palette: Palette
) -> None:
    assert not app.actions["undo"].isEnabled()
    qtbot.keyClicks(field(palette), "undo")
    qtbot.keyClick(field(palette), Qt.Key.Key_Return)
    assert palette.isVisible() and app.settings.recent_commands == ()
    field(palette).setText("zoom")
    qtbot.keyClick(field(palette), Qt.Key.Key_Down)
    second = palette.found[1]
    qtbot.keyClick(field(palette), Qt.Key.Key_Return)
    assert app.settings.recent_commands == (second,)
