"""The Data tab: sets, the catalogue, folders of one's own, what was found, corrections."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.data.catalogue_card import CatalogueCard
from desktop.data.fetched_files import fetched_bytes, put_away, take_back
from desktop.data.panel import DataSetsPanel
from desktop.data.set_row import SetRow
from desktop.data.states import OwnFolder
from desktop.messages import Message
from desktop.settings.form import Choice
from engine.data.data_sets import data_set, data_sets
from engine.data.importing import import_folder
from engine.data.progress import in_bytes
from engine.data.rules import read_rule
from engine.store.paths import data_sets_folder, sources_folder
from tests.archive_server import ArchiveServer, serving
from tests.engine.data.catalogue_set import entry, offer_songs
from tests.midi_songs import write_songs

LONG_MS = 40_000  # on a busy machine a process takes long to start


@pytest.fixture
def songs(tmp_path: Path) -> Path:
    return write_songs(tmp_path / "My songs")


@pytest.fixture
def server(songs: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ArchiveServer]:
    """Hands out the one set that the catalogue can fetch; another one has a recipe."""
    with serving(ArchiveServer()) as server:
        offer_songs(server, songs, monkeypatch)
        sets = (
            entry(source=server.address),
            entry(name="made", title="Made", recipe="Make it yourself."),
        )
        for module in ("overview", "work"):
            monkeypatch.setattr(f"desktop.data.{module}.CATALOGUE", sets)
        yield server


@pytest.fixture
def panel(qtbot: QtBot, app: App, server: ArchiveServer) -> DataSetsPanel:
    panel = DataSetsPanel(app)
    qtbot.addWidget(panel)
    panel.resize(1000, 700)
    with qtbot.waitSignal(panel.work.sets_read, timeout=LONG_MS):
        panel.show()
    return panel


def card(panel: DataSetsPanel) -> CatalogueCard:
    return panel.overview.cards["tiny"]


@pytest.fixture(scope="module")
def packed_songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set that was imported once for all tests that only need one."""
    folder = tmp_path_factory.mktemp("packed")
    import_folder(write_songs(folder / "songs"), "mine", ("pop", "own"), folder)
    return folder / "mine"


@pytest.fixture
def mine(qtbot: QtBot, panel: DataSetsPanel, packed_songs: Path) -> SetRow:
    """The row of the set `mine`, whose report is shown."""
    shutil.copytree(packed_songs, data_sets_folder() / "mine")
    panel.work.read()
    until(qtbot, lambda: "mine" in panel.overview.rows)
    panel.overview.rows["mine"].report.click()
    until(qtbot, lambda: panel.shows_report and bool(panel.report.table.found))
    return panel.overview.rows["mine"]


def until(qtbot: QtBot, holds: Callable[[], object]) -> None:
    qtbot.waitUntil(lambda: bool(holds()), timeout=LONG_MS)


def until_here(qtbot: QtBot, panel: DataSetsPanel, name: str) -> None:
    def here() -> bool:
        return name in panel.overview.sets and not panel.work.under_way

    until(qtbot, here)


def dropped(*paths: Path) -> QDropEvent:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(50, 50), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    event.kept_alive = mime  # type: ignore[attr-defined]  # Qt does not own it
    return event


def imported(qtbot: QtBot, panel: DataSetsPanel, songs: Path, name: str = "mine") -> None:
    """Drop a folder, name it, wait until it is packed and its report is shown."""
    panel.overview.dropEvent(dropped(songs))
    panel.overview.naming.name.setText(name)
    panel.overview.naming.tags.setText("Pop, own ,, pop")
    panel.overview.naming.go.click()
    until_here(qtbot, panel, name)
    until(qtbot, lambda: panel.shows_report and bool(panel.report.table.found))


def test_without_a_set_the_page_says_how_to_come_by_one(panel: DataSetsPanel) -> None:
    assert panel.overview.empty and not panel.shows_report
    assert card(panel).button.text() == "Get"
    assert card(panel).button.isVisible() and panel.overview.drop.isVisible()


def test_a_folder_of_which_few_files_are_kept_is_no_success(
    qtbot: QtBot, panel: DataSetsPanel, told: list[Message], tmp_path: Path
) -> None:
    songs = write_songs(tmp_path / "songs")
    for number in range(5):
        (songs / f"broken{number}.mid").write_bytes(b"no song")
    panel.work.add(OwnFolder(songs, "few", ()))
    until_here(qtbot, panel, "few")
    assert "Mostly unreadable: export them again" in told[-1].sentence
    assert told[-1].level == "warning"


def test_a_set_is_fetched_and_imported(
    qtbot: QtBot, panel: DataSetsPanel, told: list[Message]
) -> None:
    with qtbot.waitSignal(panel.data_sets_changed, timeout=LONG_MS):
        card(panel).button.click()
        assert card(panel).progress.isVisible()
    until_here(qtbot, panel, "tiny")
    assert panel.work.work("tiny").state == "here" and not card(panel).button.isVisible()
    assert "3 songs" in panel.overview.rows["tiny"].facts
    assert "CC0 1.0. Free for any use." in panel.overview.rows["tiny"].facts
    assert "3 of 5 files are kept" in told[-1].sentence
    told[-1].action.act()
    until(qtbot, lambda: panel.shows_report and bool(panel.report.table.found))


def test_fetched_files_tell_their_size_and_are_deleted_with_a_way_back(
    qtbot: QtBot, panel: DataSetsPanel, told: list[Message]
) -> None:
    assert not card(panel).delete.isVisible()
    card(panel).button.click()
    until_here(qtbot, panel, "tiny")
    until(qtbot, lambda: panel.work.work("tiny").fetched > 0)
    files = sources_folder() / "tiny"
    size = sum(each.stat().st_size for each in files.rglob("*") if each.is_file())
    assert panel.work.work("tiny").fetched == size
    assert card(panel).delete.isVisible() and in_bytes(size) in card(panel).delete.toolTip()
    card(panel).delete.click()
    until(qtbot, lambda: not card(panel).delete.isVisible())
    assert not files.exists() and "tiny" in panel.overview.rows
    assert "fetched files of Tiny" in told[-1].sentence
    told[-1].action.act()
    until(qtbot, card(panel).delete.isVisible)
    assert files.is_dir()


def test_what_has_arrived_of_a_cancelled_download_can_be_deleted(tmp_path: Path) -> None:
    part = tmp_path / f".tiny-{entry().commit[:7]}.archive.part"
    part.write_bytes(b"12345")
    assert fetched_bytes(entry(), tmp_path) == 5
    aside = put_away(entry(), tmp_path)
    assert fetched_bytes(entry(), tmp_path) == 0 and not part.exists()
    take_back(aside)
    assert part.read_bytes() == b"12345"


def test_a_cancelled_download_goes_on_where_it_was(
    qtbot: QtBot, panel: DataSetsPanel, server: ArchiveServer
) -> None:
    server.wait = threading.Event()
    card(panel).button.click()
    until(qtbot, lambda: "Fetching" in card(panel).progress.words)
    half = len(server.content) // 2
    until(qtbot, lambda: panel.work.work("tiny").fraction == half / len(server.content))
    card(panel).progress.cancel.click()
    until(qtbot, lambda: panel.work.work("tiny").state == "part")
    assert card(panel).button.text() == "Resume"
    server.wait.set()
    server.wait = None
    card(panel).button.click()
    until_here(qtbot, panel, "tiny")
    assert server.asked == ["", f"bytes={half}-"]


def test_a_broken_line_is_told_while_it_is_tried_again(
    qtbot: QtBot, panel: DataSetsPanel, server: ArchiveServer
) -> None:
    remarks: set[str] = set()
    panel.work.work_changed.connect(lambda name: remarks.add(panel.work.work(name).remark))
    server.breaks_after = [100]
    card(panel).button.click()
    until_here(qtbot, panel, "tiny")
    assert "The line broke. Trying again." in remarks


def test_a_download_that_fails_says_why_and_can_be_tried_again(
    qtbot: QtBot, panel: DataSetsPanel, server: ArchiveServer
) -> None:
    server.statuses = [404]
    card(panel).button.click()
    until(qtbot, lambda: card(panel).button.text() == "Try again")
    assert "has nothing at" in panel.work.work("tiny").remark
    panel.work.read()
    qtbot.wait(50)
    assert "has nothing at" in panel.work.work("tiny").remark
    card(panel).button.click()
    until_here(qtbot, panel, "tiny")


def test_a_recipe_is_shown_and_hidden(panel: DataSetsPanel) -> None:
    button = panel.overview.cards["made"].button
    texts = [button.text()]
    for _ in range(2):
        button.click()
        texts.append(button.text())
    assert texts == ["Recipe", "Hide the recipe", "Recipe"]


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


def test_what_is_no_folder_is_refused_in_a_sentence(
    panel: DataSetsPanel, songs: Path, told: list[Message]
) -> None:
    panel.overview.dropEvent(dropped(songs / "song0.mid"))
    assert "no folder" in told[-1].sentence
    assert not panel.overview.naming.isVisible()


def test_a_name_is_checked_while_it_is_typed(
    qtbot: QtBot, panel: DataSetsPanel, songs: Path, mine: SetRow
) -> None:
    panel.add_folder(songs)
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
    panel.add_folder(songs)
    panel.overview.naming.go.click()
    until(qtbot, begun.is_set)
    row = panel.overview.rows["My songs"]
    until(qtbot, row.progress.isVisible)
    assert not row.report.isVisible()
    row.progress.cancel.click()
    until(qtbot, lambda: panel.overview.empty)
    assert seen == [True]


def test_a_role_is_corrected_in_one_file_then_in_all_alike(
    qtbot: QtBot, panel: DataSetsPanel, mine: SetRow
) -> None:
    report = panel.report
    report.table.choose("song1.mid")
    choose_role(report.tracks.lines[2].role, "Strings")
    assert report.changes == "song1.mid: track 3 is Strings. Import again to have it so."
    scope = report.tracks.lines[2].scope
    assert [scope.itemText(n) for n in range(2)] == ["in this file", "in all 3 files alike"]
    scope.setCurrentIndex(1)
    scope.activated.emit(1)
    assert report.changes == "“Keys” is Strings in every file. Import again to have it so."
    with qtbot.waitSignal(panel.data_sets_changed, timeout=LONG_MS):
        report.again.click()
    until(qtbot, lambda: not report.changes)
    assert report.table.choose("song0.mid")
    assert [line.role.value for line in report.tracks.lines] == ["Melody", "Bass", "Strings"]
    folder = data_sets_folder() / "mine"
    assert [each.role for each in read_rule(folder).corrections] == ["Strings"]
    assert data_set(folder).tags == ("pop", "own")


def choose_role(choice: Choice, role: str) -> None:
    index = choice.findData(role)
    choice.setCurrentIndex(index)
    choice.activated.emit(index)


def test_a_file_is_left_out_and_corrections_are_taken_back(
    qtbot: QtBot, panel: DataSetsPanel, mine: SetRow
) -> None:
    report = panel.report
    report.table.choose("song2.mid")
    report.tracks.leave_out.click()
    choose_role(report.tracks.lines[1].role, "")
    assert report.changes.startswith("song2.mid: track 2 is left out; song2.mid is left out")
    report.undo.click()
    assert not report.changes and not report.tracks.leave_out.isChecked()
    report.tracks.leave_out.click()
    report.again.click()
    until(qtbot, lambda: "2 of 5 files are kept" in report.told)
    report.table.choose("song2.mid")
    assert report.tracks.leave_out.isChecked()


def test_a_folder_of_which_nothing_is_kept_can_be_looked_at_and_corrected(
    qtbot: QtBot, panel: DataSetsPanel, tmp_path: Path, told: list[Message]
) -> None:
    folder = write_songs(tmp_path / "odd", melody="Drum kit")
    (folder / "alone.mid").unlink()
    panel.add_folder(folder)
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


def test_tags_are_edited_in_place(qtbot: QtBot, panel: DataSetsPanel, mine: SetRow) -> None:
    row = mine
    assert row.chips.words == ("pop", "own")
    row.edit_tags.click()
    assert row.editor.text() == "pop, own"
    row.editor.setText("Folk,  slow  waltz")
    with qtbot.waitSignal(panel.data_sets_changed, timeout=LONG_MS):
        row.editor.editingFinished.emit()
    assert panel.overview.rows["mine"].chips.words == ("folk", "slow waltz")


def test_a_removed_set_is_taken_back(
    qtbot: QtBot, panel: DataSetsPanel, mine: SetRow, told: list[Message]
) -> None:
    mine.remove.click()
    until(qtbot, lambda: panel.overview.empty)
    assert data_sets(data_sets_folder()) == ()
    assert told[-1].sentence == "mine is removed."
    told[-1].action.act()
    until(qtbot, lambda: "mine" in panel.overview.rows)


def test_names_from_strangers_are_shown_as_they_stand(
    qtbot: QtBot, panel: DataSetsPanel, tmp_path: Path
) -> None:
    folder = write_songs(tmp_path / "odd", melody="<b>Lead*[x]</b>")
    imported(qtbot, panel, folder)
    report = panel.report
    report.table.choose("song0.mid")
    line = report.tracks.lines[0]
    assert line.accessibleName() == "<b>Lead*[x]</b>"
    choose_role(line.role, "Counter")
    line.scope.setCurrentIndex(1)
    line.scope.activated.emit(1)
    assert report.changes.startswith("“<b>Lead*[x]</b>” is Counter in every file")
    assert "3 files" in line.scope.itemText(1)


def test_the_cards_stand_in_as_many_columns_as_can_be_read(
    qtbot: QtBot, panel: DataSetsPanel
) -> None:
    cards = panel.overview.cards
    assert cards["tiny"].y() == cards["made"].y()
    panel.resize(620, 700)
    until(qtbot, lambda: cards["tiny"].y() < cards["made"].y())


def test_in_a_narrow_window_the_names_of_files_stay_readable(
    qtbot: QtBot, panel: DataSetsPanel, mine: SetRow
) -> None:
    table = panel.report.table
    for width in (1100, 700, 560):
        panel.resize(width, 600)
        until(qtbot, lambda: table.columnWidth(0) >= 100)
        qtbot.wait(20)
        shown = [column for column in range(5) if not table.isColumnHidden(column)]
        assert shown[0] == 0 and shown[-1] == 4
    assert len(shown) < 5
