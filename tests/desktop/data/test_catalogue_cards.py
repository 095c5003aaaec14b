"""The catalogue in the Data tab: fetching, going on, files that can be deleted, recipes."""

import threading
from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.data.fetched_files import fetched_bytes, put_away, take_back
from desktop.data.panel import DataSetsPanel
from desktop.messages import Message
from engine.data.progress import in_bytes
from engine.store.paths import sources_folder
from tests.archive_server import ArchiveServer
from tests.desktop.data.data_steps import LONG_MS, card, until, until_here
from tests.engine.data.catalogue_set import entry


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


def test_the_cards_stand_in_as_many_columns_as_can_be_read(
    qtbot: QtBot, panel: DataSetsPanel
) -> None:
    cards = panel.overview.cards
    assert cards["tiny"].y() == cards["made"].y()
    panel.resize(620, 700)
    until(qtbot, lambda: cards["tiny"].y() < cards["made"].y())
