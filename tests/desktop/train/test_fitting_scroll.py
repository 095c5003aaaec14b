"""Whether a page takes the height there is and scrolls only where it must."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.train.fitting_scroll import FittingScroll

WORDS = "Words that stand in several lines where there is little room for them. " * 4
LEAST, WANTED = 100, 900


class Picture(QWidget):
    """Would like much room, and can do with little."""

    def minimumSizeHint(self) -> QSize:
        return QSize(50, LEAST)

    def sizeHint(self) -> QSize:
        return QSize(50, WANTED)


@pytest.fixture
def shown(qtbot: QtBot) -> FittingScroll:
    content = QWidget()
    words = QLabel(WORDS)
    words.setWordWrap(True)
    column = QVBoxLayout(content)
    column.addWidget(words)
    column.addWidget(Picture(), 1)
    made = FittingScroll(content)
    qtbot.addWidget(made)
    made.resize(400, 400)
    made.show()
    return made


def content_height(scroll: FittingScroll) -> int:
    return scroll.widget().height()


def scrolls(scroll: FittingScroll) -> bool:
    return scroll.verticalScrollBar().maximum() > 0


def test_what_can_be_small_takes_the_height_there_is(qtbot: QtBot, shown: FittingScroll) -> None:
    qtbot.waitUntil(lambda: content_height(shown) == shown.viewport().height())
    assert not scrolls(shown)
    shown.resize(400, 1200)
    qtbot.waitUntil(lambda: content_height(shown) == shown.viewport().height() > 1100)


def test_it_scrolls_where_the_least_is_too_much(qtbot: QtBot, shown: FittingScroll) -> None:
    shown.resize(200, 120)
    qtbot.waitUntil(lambda: scrolls(shown))
    assert LEAST < content_height(shown) < WANTED


def test_it_scrolls_once_something_in_it_needs_more(qtbot: QtBot, shown: FittingScroll) -> None:
    qtbot.waitUntil(lambda: not scrolls(shown))
    shown.widget().findChild(Picture).setMinimumHeight(600)
    qtbot.waitUntil(lambda: scrolls(shown))
    assert content_height(shown) > 600
