"""What the user is told, and where it stands."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QPushButton,
    QSlider,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.actions import Actions
from desktop.messages import MOST_KEPT, Level, Message, MessageAction, Messages
from desktop.widgets import message_bar
from desktop.widgets.message_bar import MessageBar
from desktop.widgets.message_bell import MessageBell
from desktop.widgets.message_list import MessageList
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


def test_a_message_goes_to_where_it_covers_no_button(qtbot: QtBot, window: QWidget) -> None:
    low = QPushButton("Delete for good", window)
    low.setGeometry(300, 560, 200, 30)
    across = QSlider(Qt.Orientation.Horizontal, window)
    across.setGeometry(0, 500, 800, 20)
    for control in (low, across):
        control.show()
    bar = MessageBar(window)
    bar.show_message(Message("A long sentence that fills the foot. " * 2, "error"))
    assert window.rect().contains(bar.geometry())
    assert not any(bar.geometry().intersects(each.geometry()) for each in (low, across))
    across.hide()
    low.setEnabled(False)
    bar.show_message(Message("Another.", "error"))
    assert bar.geometry().intersects(low.geometry())  # what cannot be pressed may be covered
    low.setEnabled(True)
    qtbot.waitUntil(lambda: not bar.geometry().intersects(low.geometry()))
    assert bar.sentences[-1] == "Another."


def test_an_error_without_a_free_place_stays_until_it_was_read(
    qtbot: QtBot, window: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_bar, "reading_ms", lambda sentence: 1)
    grid = QGridLayout(window)
    for place in range(400):
        grid.addWidget(QPushButton("x"), place // 20, place % 20)
    qtbot.waitExposed(window)
    window.activateWindow()
    bar = MessageBar(window)
    with qtbot.waitSignal(bar.put_away) as went:
        bar.show_message(Message("Failed.", "error"))
    assert went.args == [Message("Failed.", "error")] and bar.sentences == ()


def test_an_error_of_another_page_goes_once_there_was_time_to_read_it(
    qtbot: QtBot, window: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.activateWindow()
    bar = MessageBar(window)
    gone: list[str] = []
    bar.put_away.connect(lambda message: gone.append(message.sentence))
    bar.leave_page("Studio")
    bar.show_message(Message("Just told.", "error"))
    bar.leave_page("Studio")  # the same page, asked for again
    monkeypatch.setattr(message_bar, "reading_ms", lambda sentence: 1)
    bar.show_message(Message("Read.", "error"))
    bar.show_message(Message("Saved.", "good"))
    qtbot.wait(20)
    assert bar.sentences == ("Just told.", "Read.", "Saved.") and not gone
    bar.leave_page("Library")
    qtbot.waitUntil(lambda: gone == ["Read."])
    assert bar.sentences == ("Just told.", "Saved.")


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_what_nobody_closed_is_counted_by_the_bell_and_can_be_read_there(
    qtbot: QtBot, window: QWidget
) -> None:
    messages, actions = Messages(window), Actions(window)
    bell = MessageBell(messages, actions["messages"], window)
    story: tuple[tuple[str, Level], ...]
    story = (("Saved.", "good"), ("Failed.", "error"), ("Failed.", "error"))
    for sentence, level in story:
        messages.tell(sentence, level)
    assert bell.count == "" and bell.accessibleName() == "Messages: all read"
    messages.leave_unread(messages.kept[-1].message)
    assert bell.count == "1" and bell.accessibleName() == "Messages: 1 not read"
    actions["messages"].trigger()
    there = bell.findChild(MessageList)
    assert bell.count == "" and messages.unread == ()
    told = [label.text() for label in there.findChildren(QLabel)]
    assert told.index("Failed.") < told.index("Saved.")
    assert any(text.endswith("2 times") for text in told)
    next(each for each in there.findChildren(QPushButton) if each.text() == "Copy all").click()
    assert QGuiApplication.clipboard().text().splitlines()[-1].endswith("Saved.")
    next(each for each in there.findChildren(QPushButton) if each.text() == "Clear").click()
    assert messages.kept == ()
    qtbot.waitUntil(lambda: bell.findChild(MessageList) is None)


def test_what_can_be_done_about_an_error_can_be_done_from_the_list(
    qtbot: QtBot, window: QWidget
) -> None:
    acted: list[str] = []
    again = MessageAction("Open again", lambda: acted.append("again"))
    undo = MessageAction("Undo", lambda: acted.append("undone too late"))
    messages = Messages(window)
    messages.tell("The sound is gone.", "warning", again, stays=True)
    messages.tell("Deleted.", "info", undo)
    there = MessageList(messages.kept, window)
    buttons = {each.text(): each for each in there.findChildren(QPushButton)}
    assert "Undo" not in buttons
    buttons["Open again"].click()
    assert acted == ["again"]


def test_only_the_last_messages_are_kept() -> None:
    messages = Messages()
    for number in range(MOST_KEPT + 5):
        messages.tell(f"Number {number}.")
    assert len(messages.kept) == MOST_KEPT
    assert messages.kept[-1].message.sentence == f"Number {MOST_KEPT + 4}."


def test_an_error_is_closed_by_its_button(qtbot: QtBot, window: QWidget) -> None:
    bar = MessageBar(window)
    bar.show_message(Message("Failed.", "error"))
    button = bar.findChild(QToolButton)
    assert button.accessibleName() == "Close message"
    button.click()
    assert bar.sentences == ()


def test_what_is_over_is_neither_shown_nor_waits_for_a_reader(window: QWidget) -> None:
    messages, bar = Messages(), MessageBar(window)
    messages.told.connect(bar.show_message)
    messages.withdrawn.connect(bar.withdraw)
    bar.put_away.connect(messages.leave_unread)
    for sentence in ("The sound has stopped.", "The disk is full."):
        messages.tell(sentence, "error")
    messages.withdraw("The sound has stopped.")
    assert bar.sentences == ("The disk is full.",)
    messages.leave_unread(Message("The sound has stopped.", "error"))
    messages.withdraw("The sound has stopped.")
    assert messages.unread == ()
    assert messages.kept[0].message.sentence == "The sound has stopped."
