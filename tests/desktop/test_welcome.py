"""The first song: from the empty Studio to a melody with a band by one press of a button."""

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.messages import Message
from desktop.pages.studio import StudioPage
from desktop.shell import Shell


def test_one_press_leads_to_a_song_that_sounds(
    qtbot: QtBot, app: App, shell: Shell, told: list[Message]
) -> None:
    page = shell.window.page_widget("Studio")
    assert isinstance(page, StudioPage)
    button = next(
        each
        for each in page.area.empty.findChildren(QPushButton)
        if each.property("kind") == "primary"
    )
    assert button.isVisible()
    button.click()
    qtbot.waitUntil(lambda: page.playback.playing)
    qtbot.waitUntil(lambda: any("first song" in each.sentence for each in told))
    assert page.playback.playing and app.actions["loop"].isChecked()
    assert page.desk.shown.melody.notes and page.desk.shown.accompaniment
    assert not page.area.empty.isVisible()
