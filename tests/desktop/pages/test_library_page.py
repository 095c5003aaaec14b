"""The Library page: find, hear, open, rename, delete, take back."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.library.facts import FactGroup
from desktop.library.lines import Line, ShelfName, counted, day, length
from desktop.library.music_shelves import CompositionShelf
from desktop.library.shelf import Story
from desktop.messages import Message
from desktop.pages.library import LibraryPage
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.take import Take, TakeEvent


def song(title: str) -> Composition:
    composition = Composition(title)
    return composition.with_track(0, composition.melody.with_notes([Note(0, 60, 960)]))


TAKE = Take((TakeEvent(0.0, "note_on", 60, 80), TakeEvent(0.5, "note_off", 60, 0)), 90.0, 0.5)


@pytest.fixture
def page(qtbot: QtBot, app: App) -> LibraryPage:
    app.library.autosave("waltz", song("Waltz"))
    app.library.autosave("march", song("March"))
    app.library.store_take(TAKE, "First try")
    assert app.library.flush()
    page = LibraryPage(app)
    qtbot.addWidget(page)
    page.resize(1000, 600)
    page.show()
    qtbot.waitUntil(lambda: set(page.list.found) == {"Waltz", "March"})
    return page


def show_shelf(qtbot: QtBot, page: LibraryPage, shelf: ShelfName, *titles: str) -> None:
    page.bar.show_shelf(shelf)
    qtbot.waitUntil(lambda: set(page.list.found) == set(titles))


def choose(page: LibraryPage, title: str) -> None:
    row = page.list.found.index(title)
    page.list.setCurrentIndex(page.list.model().index(row, 0))


def test_a_search_narrows_the_list(page: LibraryPage) -> None:
    page.bar.search.setText("wal")
    assert page.list.found == ("Waltz",)
    page.bar.search.setText("tango")
    assert page.list.found == ()
    assert "tango" in page.empty_sentence


def test_an_empty_shelf_says_what_will_stand_there(qtbot: QtBot, app: App) -> None:
    page = LibraryPage(app)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.empty_sentence == CompositionShelf.empty)
    assert not page.details.isVisible()


def test_a_composition_is_opened_by_a_double_click(
    qtbot: QtBot, app: App, page: LibraryPage
) -> None:
    choose(page, "Waltz")
    with qtbot.waitSignal(app.document.loaded):
        page.list.activated.emit(page.list.currentIndex())
    assert app.document.composition == song("Waltz")
    assert app.document.composition_id == "waltz"


def test_a_take_is_opened_as_a_new_composition_in_its_own_tempo(
    qtbot: QtBot, app: App, page: LibraryPage
) -> None:
    show_shelf(qtbot, page, "Takes", "First try")
    choose(page, "First try")
    with qtbot.waitSignal(app.document.loaded):
        page.details.button("open").click()
    opened = app.document.composition
    assert opened.title == "First try" and len(opened.melody.notes) == 1
    assert round(opened.tempos[0].beats_per_minute) == 90
    assert app.document.composition_id not in {"waltz", "march"}


def test_a_take_is_heard_without_touching_the_composition(
    qtbot: QtBot, app: App, page: LibraryPage
) -> None:
    app.document.load(song("Open"))
    show_shelf(qtbot, page, "Takes", "First try")
    choose(page, "First try")
    page.details.button("listen").click()
    qtbot.waitUntil(lambda: app.preview.name == page.list.chosen.id)
    assert page.details.button("listen").text() == "Stop"
    with qtbot.waitSignals([app.preview.ended, app.synth_changed]):
        page.details.button("listen").click()
    assert page.details.button("listen").text() == "Listen" and not app.player.playing
    assert app.document.composition == song("Open")


def test_renaming_in_place(qtbot: QtBot, app: App, page: LibraryPage) -> None:
    choose(page, "March")
    page.details.button("rename").click()
    editor = page.list.findChild(QLineEdit)
    editor.setText("Slow march")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Slow march" in page.list.found)
    assert app.library.load_composition("march").title == "Slow march"


def test_renaming_the_open_composition_renames_it_in_the_studio(
    qtbot: QtBot, app: App, page: LibraryPage
) -> None:
    app.document.load(song("Waltz"), "waltz")
    choose(page, "Waltz")
    page.list.lines.rename_asked.emit(page.list.chosen, "Valse")
    assert app.document.composition.title == "Valse"
    qtbot.waitUntil(lambda: "Valse" in page.list.found)
    app.document.undo()
    qtbot.waitUntil(lambda: "Waltz" in page.list.found)


def test_what_is_deleted_can_be_taken_back(
    qtbot: QtBot, app: App, page: LibraryPage, told: list[Message]
) -> None:
    choose(page, "March")
    page.details.button("delete").click()
    qtbot.waitUntil(lambda: page.list.found == ("Waltz",))
    assert told[-1].sentence == "March is deleted."
    told[-1].action.act()
    qtbot.waitUntil(lambda: set(page.list.found) == {"Waltz", "March"})


def test_deleting_the_open_composition_leaves_an_empty_studio(
    qtbot: QtBot, app: App, page: LibraryPage
) -> None:
    app.document.load(song("Waltz"), "waltz")
    choose(page, "Waltz")
    qtbot.keyClick(page.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: page.list.found == ("March",))
    assert app.document.composition == Composition()
    assert app.document.composition_id != "waltz"


def test_the_list_follows_what_is_played(qtbot: QtBot, app: App, page: LibraryPage) -> None:
    app.document.load(song("New one"))
    qtbot.waitUntil(lambda: "New one" in page.list.found)
    app.document.edit(replace(app.document.composition, title="Better name"), "Rename")
    qtbot.waitUntil(lambda: "Better name" in page.list.found)


def test_times_and_numbers_read_well() -> None:
    assert (counted(1, "note"), counted(1200, "note")) == ("1 note", "1,200 notes")
    assert [length(s) for s in (0.4, 42, 61.2, 3723)] == ["0:00", "0:42", "1:01", "1:02:03"]
    now = 1_800_000_000.0
    assert day(now, now).startswith("today ")
    assert day(now - 86_400, now).startswith("yesterday ")
    assert day(now - 30 * 86_400, now)[-4:].isdigit()


def test_what_belongs_to_another_line_does_not_stay_below_a_title(
    qtbot: QtBot, page: LibraryPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story((FactGroup("How it was made", (("By", "hand"),)),))

    def tell(line: Line, done: Callable[[Story], None]) -> None:
        if line.title == "Waltz":
            done(story)

    monkeypatch.setattr(page.shelves["Compositions"], "tell", tell)
    choose(page, "Waltz")
    assert page.details.facts.groups == story.groups
    choose(page, "March")
    assert page.details.title == "March"
    qtbot.waitUntil(lambda: not page.details.facts.groups, timeout=20_000)
