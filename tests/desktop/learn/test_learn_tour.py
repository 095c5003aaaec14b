"""Turning the pages of the tour."""

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtWidgets import QPushButton, QTextBrowser
from pytestqt.qtbot import QtBot

from desktop.learn.material import Material
from desktop.learn.text import chapters
from desktop.learn.tour import Progress, Tour


@pytest.fixture
def tour(qtbot: QtBot) -> Tour:
    tour = Tour(Material())
    qtbot.addWidget(tour)
    tour.resize(900, 600)
    tour.show()
    qtbot.waitExposed(tour)
    return tour


def button(tour: Tour, text: str) -> QPushButton:
    return next(each for each in tour.findChildren(QPushButton) if each.text() == text)


def test_the_tour_begins_at_the_beginning_and_ends_in_doing_it(tour: Tour, qtbot: QtBot) -> None:
    assert tour.chapter.name == "roll"
    assert not button(tour, "Back").isEnabled()
    for _ in chapters()[1:]:
        button(tour, "Next").click()
    assert tour.chapter.name == "rights"
    with qtbot.waitSignal(tour.steps_asked):
        button(tour, "First steps").click()
    qtbot.keyClick(tour, Qt.Key.Key_Right)
    assert tour.chapter.name == "rights", "no key leaves the tour"


def test_every_chapter_shows_its_own_words_and_picture(tour: Tour) -> None:
    pictures = set()
    for index, chapter in enumerate(chapters()):
        tour.go_to(index)
        assert chapter.body.split()[0].strip("*[`,") in tour.text
        pictures.add(type(tour.picture))
    assert len(pictures) == len(chapters())


def test_keys_turn_the_pages(tour: Tour, qtbot: QtBot) -> None:
    qtbot.keyClick(tour, Qt.Key.Key_Right)
    assert tour.chapter.name == "question"
    qtbot.keyClick(tour, Qt.Key.Key_Left)
    assert tour.chapter.name == "roll"


def test_a_click_on_the_progress_goes_there(tour: Tour, qtbot: QtBot) -> None:
    progress = tour.findChild(Progress)
    middle = QPoint(progress.width() - 3, progress.height() // 2)
    qtbot.mouseClick(progress, Qt.MouseButton.LeftButton, pos=middle)
    assert tour.chapter.name == "rights"
    assert progress.accessibleName() == "Chapter 14 of 14"


def test_a_word_of_the_glossary_asks_for_its_meaning(tour: Tour, qtbot: QtBot) -> None:
    text = tour.findChild(QTextBrowser)
    with qtbot.waitSignal(tour.word_asked) as asked:
        text.anchorClicked.emit(QUrl("word:piano-roll"))
    assert asked.args == ["piano-roll"]
    with qtbot.assertNotEmitted(tour.word_asked):
        text.anchorClicked.emit(QUrl("https://example.org/"))
