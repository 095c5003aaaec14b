"""What the user is told, and where it stands."""

import pytest
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.messages import Message, MessageAction, Messages
from desktop.widgets import message_bar
from desktop.widgets.message_bar import MessageBar
from engine.errors import FileError


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    window.resize(800, 600)
    qtbot.addWidget(window)
    window.show()
    return window


def test_a_known_error_is_told_as_it_stands(qtbot: QtBot) -> None:
    messages = Messages()
    heard: list[Message] = []
    messages.told.connect(heard.append)
    messages.tell_error(FileError("The disk is full."))
    assert heard == [Message("The disk is full.", "error")]


def test_a_message_stands_inside_the_window_and_follows_its_size(
    qtbot: QtBot, window: QWidget
) -> None:
    bar = MessageBar(window)
    bar.show_message(Message("A long sentence. " * 20, "error"))
    assert window.rect().contains(bar.geometry())
    window.resize(500, 400)
    assert window.rect().contains(bar.geometry())


def test_the_same_sentence_stands_once_and_the_oldest_makes_room(
    qtbot: QtBot, window: QWidget
) -> None:
    bar = MessageBar(window)
    for sentence in ("one", "one", "two", "three", "four"):
        bar.show_message(Message(sentence, "error"))
    assert bar.sentences == ("two", "three", "four")


def test_news_go_by_themselves_and_errors_stay(
    qtbot: QtBot, window: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(message_bar.STAYS_MS, "good", 1)
    bar = MessageBar(window)
    bar.show_message(Message("Failed.", "error"))
    bar.show_message(Message("Saved.", "good"))
    qtbot.waitUntil(lambda: bar.sentences == ("Failed.",))


def test_an_action_acts_once_and_closes_its_message(qtbot: QtBot, window: QWidget) -> None:
    acted: list[str] = []
    bar = MessageBar(window)
    bar.show_message(
        Message("Deleted.", "info", MessageAction("Undo", lambda: acted.append("undone")))
    )
    bar.findChild(QPushButton).click()
    assert acted == ["undone"] and bar.sentences == ()
    assert not bar.isVisible()


def test_an_error_is_closed_by_its_button(qtbot: QtBot, window: QWidget) -> None:
    bar = MessageBar(window)
    bar.show_message(Message("Failed.", "error"))
    button = bar.findChild(QToolButton)
    assert button.accessibleName() == "Close message"
    button.click()
    assert bar.sentences == ()
