"""Songs of one's own in the Data tab: dropped, named, imported."""

import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.data.panel import DataSetsPanel
from desktop.data.set_row import SetRow
from desktop.data.states import OwnSongs, some_of
from desktop.messages import Message
from engine.data.data_sets import data_set
from engine.store.paths import data_sets_folder
from tests.desktop.data.data_steps import choose_role, dragged, dropped, imported, until, until_here
from tests.midi_songs import write_songs


def test_a_dropped_folder_is_named_imported_and_reported(
    qtbot: QtBot, panel: DataSetsPanel, songs: Path, told: list[Message]
) -> None:
    panel.overview.dropEvent(dropped(songs))
    assert panel.overview.naming.isVisible()
    assert panel.overview.naming.name.text() == "My songs"
    imported(qtbot, panel, songs)
    assert data_set(data_sets_folder() / "mine").tags == ("pop", "own")
    report = panel.report
    assert report.told.startswith("3 of 5 files are kept. Left out: 1 no accompaniment, ")
    assert len(report.table.found) == 5
    fates = {button.objectName(): button for button in report.fates.buttons()}
    fates["unreadable"].click()
    assert report.table.found == ("broken.mid",)
    fates["all"].click()
    report.search.setText("SONG1")
    assert report.table.found == ("song1.mid",)
    assert [line.role.value for line in report.tracks.lines] == ["Melody", "Bass", "Chords"]
    report.back.click()
    assert not panel.shows_report


def test_dropped_files_become_a_set_of_their_own(
    qtbot: QtBot, panel: DataSetsPanel, songs: Path, mine: SetRow, told: list[Message]
) -> None:
    panel.show_overview()
    (songs / "cover.jpg").write_bytes(b"no song")
    naming = panel.overview.naming
    panel.overview.dropEvent(dropped(songs / "song2.mid"))
    assert naming.name.text() == "song2"
    panel.overview.dropEvent(
        dropped(*(songs / name for name in ("song1.mid", "song0.mid", "cover.jpg")))
    )
    assert naming.name.text() == "My songs"
    naming.name.setText("two")
    naming.go.click()
    until_here(qtbot, panel, "two")
    until(qtbot, lambda: panel.shows_report and bool(panel.report.table.found))
    assert panel.report.table.found == ("song0.mid", "song1.mid")
    panel.report.table.choose("song1.mid")
    choose_role(panel.report.tracks.lines[1].role, "")
    panel.report.again.click()
    until(qtbot, lambda: not panel.report.changes)
    found = data_set(data_sets_folder() / "two")
    assert (found.songs, found.chosen) == (2, ("song0.mid", "song1.mid"))
    panel.overview.rows["two"].remove.click()
    until(qtbot, lambda: set(panel.overview.rows) == {"mine"})
    told[-1].action.act()
    until(qtbot, lambda: "two" in panel.overview.rows)


def test_a_few_files_never_take_the_place_of_a_set_by_themselves(
    panel: DataSetsPanel, songs: Path, mine: SetRow
) -> None:
    here = songs.rename(songs.parent / "mine")
    panel.add(here)
    assert panel.overview.naming.name.text() == "mine" and panel.overview.naming.problem
    panel.add(here / "song0.mid", here / "song1.mid")
    assert panel.overview.naming.name.text() == "mine 2" and not panel.overview.naming.problem


def test_a_file_that_is_no_song_is_left_to_the_window(
    panel: DataSetsPanel, songs: Path, told: list[Message]
) -> None:
    (songs / "net.onnx").write_bytes(b"a model")
    for over in (panel.overview, panel.overview.drop):
        for path, taken in ((songs / "net.onnx", False), (songs / "song0.mid", True)):
            event = dragged(path)
            over.dragEnterEvent(event)
            assert event.isAccepted() == taken
    panel.add(songs / "gone.mid")
    assert "There is no file or folder" in told[-1].sentence
    assert not panel.overview.naming.isVisible()


def test_a_name_is_checked_while_it_is_typed(
    qtbot: QtBot, panel: DataSetsPanel, songs: Path, mine: SetRow
) -> None:
    panel.add(songs)
    naming = panel.overview.naming
    for name, words, usable in (
        ("mine", "takes the place", True),
        ("a/b", "signs", False),
        ("", "needs a name", False),
        ("new", "", True),
    ):
        naming.name.setText(name)
        assert words in naming.problem and bool(words) == bool(naming.problem)
        assert naming.go.isEnabled() == usable
    naming.stop.click()
    assert panel.overview.drop.isVisible() and not naming.isVisible()


def test_an_import_can_be_cancelled(
    qtbot: QtBot, panel: DataSetsPanel, songs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, seen = threading.Event(), []

    def slow(*arguments: object, **options: object) -> None:
        cancelled = options["cancelled"]
        assert callable(cancelled)
        begun.set()
        while not cancelled():
            threading.Event().wait(0.01)
        seen.append(True)

    monkeypatch.setattr("engine.data.importing.import_folder", slow)
    panel.add(songs)
    panel.overview.naming.go.click()
    until(qtbot, begun.is_set)
    row = panel.overview.rows["My songs"]
    until(qtbot, row.progress.isVisible)
    assert not row.report.isVisible()
    row.progress.cancel.click()
    until(qtbot, lambda: panel.overview.empty)
    assert seen == [True]


def test_a_folder_of_which_few_files_are_kept_is_no_success(
    qtbot: QtBot, panel: DataSetsPanel, told: list[Message], tmp_path: Path
) -> None:
    songs = write_songs(tmp_path / "songs")
    for number in range(5):
        (songs / f"broken{number}.mid").write_bytes(b"no song")
    panel.work.add(OwnSongs(songs, "few", ()))
    until_here(qtbot, panel, "few")
    assert "Mostly unreadable: export them again" in told[-1].sentence
    assert told[-1].level == "warning"


def test_a_folder_of_which_nothing_is_kept_can_be_looked_at_and_corrected(
    qtbot: QtBot, panel: DataSetsPanel, tmp_path: Path, told: list[Message]
) -> None:
    folder = write_songs(tmp_path / "odd", melody="Drum kit")
    (folder / "alone.mid").unlink()
    panel.add(folder)
    panel.overview.naming.go.click()
    until(qtbot, lambda: bool(told) and told[-1].level == "error")
    assert "None of the files" in told[-1].sentence and panel.overview.empty
    told[-1].action.act()
    until(qtbot, lambda: panel.shows_report and bool(panel.report.table.found))
    assert "Nothing is imported yet" in panel.report.told
    panel.report.table.choose("song0.mid")
    line = panel.report.tracks.lines[0]
    choose_role(line.role, "Melody")
    line.scope.setCurrentIndex(1)
    line.scope.activated.emit(1)
    panel.report.again.click()
    until_here(qtbot, panel, "odd")
    until(qtbot, lambda: "3 of 4 files are kept" in panel.report.told)


def test_many_chosen_files_are_named_in_part_with_a_sign_that_there_are_more() -> None:
    names = tuple(f"song{number}.mid" for number in range(13))
    assert some_of(names[:12]) == names[:12]
    assert some_of(names) == (*names[:12], "…")
