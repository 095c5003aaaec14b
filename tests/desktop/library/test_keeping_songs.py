"""The Library keeps songs: versions, tags, copies, the trash, the backup and what all takes."""

from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.library.storage_dialog import StorageDialog
from desktop.library.versions_dialog import VersionsDialog
from desktop.messages import Message
from desktop.pages.library import LibraryPage
from desktop.versions import OFTEN_SECONDS, VersionKeeping, is_large_step
from engine.generation.own_models import delete_model
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import make_track
from engine.store.entries import LibraryEntry
from engine.store.paths import models_folder
from engine.store.song_file import read_song
from tests.tiny_models import write_tiny_model

PATIENCE = 30_000


def song(count: int = 4, title: str = "Waltz") -> Composition:
    notes = [Note(480 * index, 60, 240) for index in range(count)]
    return Composition(title=title, tracks=(make_track("Melody", notes),))


@pytest.fixture
def page(qtbot: QtBot, app: App) -> LibraryPage:
    app.library.autosave("waltz", song())
    app.library.autosave("march", song(title="March"))
    app.library.flush()
    page = LibraryPage(app)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    wait_found(qtbot, page, "Waltz", "March")
    return page


def wait_found(qtbot: QtBot, page: LibraryPage, *titles: str) -> None:
    qtbot.waitUntil(lambda: set(page.list.found) == set(titles), timeout=PATIENCE)


def choose(page: LibraryPage, title: str) -> None:
    row = page.list.found.index(title)
    page.list.setCurrentIndex(page.list.model().index(row, 0))


def pick(page: LibraryPage, button: str, row: str) -> None:
    menu = page.details.button(button).menu()
    next(action for action in menu.actions() if action.text() == row).trigger()


def test_a_song_is_tagged_found_by_its_tag_copied_and_untagged(
    qtbot: QtBot, page: LibraryPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_more: ("slow & sad", True))
    choose(page, "Waltz")
    pick(page, "tags", "New tag …")
    qtbot.waitUntil(
        lambda: page.list.chosen is not None and page.list.chosen.tags == ("slow & sad",),
        timeout=PATIENCE,
    )
    assert "#slow & sad" in page.list.chosen.details
    page.details.button("duplicate").click()
    wait_found(qtbot, page, "Waltz", "Waltz (copy)", "March")
    filtered = page.bar.tool("Tags").menu().actions()
    assert [action.text() for action in filtered] == ["All", "slow && sad"]
    filtered[1].trigger()
    assert set(page.list.found) == {"Waltz", "Waltz (copy)"}
    choose(page, "Waltz (copy)")
    pick(page, "tags", "✓ slow && sad")
    wait_found(qtbot, page, "Waltz")
    page.bar.tool("Tags").menu().actions()[0].trigger()
    assert len(page.list.found) == 3


def test_the_trash_shows_what_was_deleted_and_gives_it_back(
    qtbot: QtBot, app: App, page: LibraryPage, told: list[Message]
) -> None:
    write_tiny_model(models_folder() / "other.onnx", name="Other")
    delete_model(models_folder() / "other.onnx")
    choose(page, "Waltz")
    page.details.button("delete").click()
    wait_found(qtbot, page, "March")
    page.bar.show_shelf("Trash")
    wait_found(qtbot, page, "Waltz", "other")
    choose(page, "other")
    page.details.button("restore").click()
    qtbot.waitUntil((models_folder() / "other.onnx").exists, timeout=PATIENCE)
    wait_found(qtbot, page, "Waltz")
    choose(page, "Waltz")
    page.details.button("restore").click()
    wait_found(qtbot, page)
    assert told[-1].sentence == "Waltz is back."
    page.bar.show_shelf("Compositions")
    wait_found(qtbot, page, "Waltz", "March")
    choose(page, "March")
    page.details.button("delete").click()
    page.bar.show_shelf("Trash")
    wait_found(qtbot, page, "March")
    page.bar.tool("Empty the trash").click()
    wait_found(qtbot, page)
    qtbot.waitUntil(lambda: app.library.compositions(trashed=True) == (), timeout=PATIENCE)


def test_states_are_kept_before_large_steps_and_once_in_a_while(app: App) -> None:
    now = [0.0]
    keeping = VersionKeeping(app.library, app.document, app, clock=lambda: now[0])
    app.version_keeping.deleteLater()
    app.document.undo_stack.indexChanged.disconnect(app.version_keeping._on_step)
    document = app.document
    document.load(song(8), "c")
    for count, name in ((9, "Add a note"), (10, "Add a note"), (2, "Record")):
        document.edit(song(count), name)
    now[0] = OFTEN_SECONDS
    document.edit(song(3), "Add a note")
    app.library.flush()
    kept = [(entry.title, entry.notes) for entry in app.library.versions.of("c")]
    assert kept == [("While you worked", 2), ("Before record", 10), ("As it was opened", 8)]
    assert is_large_step(song(8), song(8).with_accompaniment((make_track("Bass", []),)))
    keeping.deleteLater()


def test_a_version_is_taken_back_and_what_was_is_a_version_too(
    qtbot: QtBot, app: App, told: list[Message]
) -> None:
    first = app.library.versions.keep("c", song(1), "Short", named=True)
    app.document.load(song(7), "c")
    app.document.edit(song(8), "Add a note")
    app.library.flush()
    dialog = VersionsDialog(app, "c", "Waltz")
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: dialog.list.count() == 2, timeout=PATIENCE)
    row = next(r for r in range(2) if "Short" in dialog.list.item(r).text())
    dialog.list.setCurrentRow(row)
    assert dialog.chosen == first
    dialog.buttons["take_back"].click()
    qtbot.waitUntil(lambda: app.document.composition == song(1), timeout=PATIENCE)
    app.document.undo()
    assert app.document.composition == song(8)
    qtbot.waitUntil(
        lambda: (
            "Before a version was taken back"
            in [entry.title for entry in app.library.versions.of("c")]
        ),
        timeout=PATIENCE,
    )


def test_a_list_that_was_read_earlier_never_shows_over_a_later_one(
    qtbot: QtBot, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, later, first = app.library, Event(), Event()
    read = library.versions.of

    def slowly(song_id: str) -> tuple[LibraryEntry, ...]:
        """The first reader is held up between its reading and its answer."""
        found = read(song_id)
        if not first.is_set():
            first.set()
            assert later.wait(PATIENCE / 1000)
        return found

    monkeypatch.setattr(library.versions, "of", slowly)
    dialog = VersionsDialog(app, "c", "Waltz")
    qtbot.addWidget(dialog)
    qtbot.waitUntil(first.is_set)
    library.versions.keep("c", song(1), "Short", named=True)
    qtbot.waitUntil(lambda: "Short" in dialog.list.item(0).text() if dialog.list.count() else False)
    later.set()
    qtbot.waitUntil(lambda: not app.jobs.running)
    assert "Short" in dialog.list.item(0).text()


def test_a_song_is_dragged_out_as_a_song_file(app: App, page: LibraryPage) -> None:
    lines = page.list.lines
    row = next(row for row in range(2) if lines.index(row, 0).data() == "Waltz")
    assert lines.flags(lines.index(row, 0)) & Qt.ItemFlag.ItemIsDragEnabled
    path = Path(lines.mimeData([lines.index(row, 0)]).urls()[0].toLocalFile())
    assert path.name == "Waltz.tutti" and read_song(path).composition == song()
    app.closing.emit()
    assert not path.parent.exists()


def test_an_open_song_without_a_note_yet_can_take_a_version_back(
    qtbot: QtBot, app: App, told: list[Message]
) -> None:
    app.document.load(Composition("Waltz"), "never-stored")
    app.library.versions.keep("never-stored", song(2), "Short", named=True)
    app.library.flush()
    dialog = VersionsDialog(app, "never-stored", "Waltz")
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: dialog.chosen is not None, timeout=PATIENCE)
    dialog.buttons["take_back"].click()
    qtbot.waitUntil(lambda: app.document.composition.melody == song(2).melody, timeout=PATIENCE)
    assert not [message for message in told if message.level == "error"]


def test_the_library_is_backed_up_and_restored_from_the_window(
    qtbot: QtBot, app: App, told: list[Message], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.library.autosave("c", song())
    dialog = StorageDialog(app)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: "are free" in dialog.told.text(), timeout=PATIENCE)
    path = tmp_path / "mine.tuttibackup"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(tmp_path / "mine"), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(path), ""))
    dialog.back_up.click()
    qtbot.waitUntil(lambda: path.exists() and dialog.back_up.isEnabled(), timeout=PATIENCE)
    assert "1 song, 0 recordings and 1 model are in mine.tuttibackup, checked." in told[-1].sentence
    app.library.delete("c")
    app.library.flush()
    app.library.forget("c")
    app.library.flush()
    dialog.restore.click()
    qtbot.waitUntil(lambda: "came back" in told[-1].sentence, timeout=PATIENCE)
    assert app.library.load_composition("c") == song()
