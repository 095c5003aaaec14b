"""The Data tab: the sets that there are."""

from pytestqt.qtbot import QtBot

from desktop.data.panel import DataSetsPanel
from desktop.data.set_row import SetRow
from desktop.messages import Message
from engine.data.data_sets import data_sets
from engine.store.paths import data_sets_folder
from tests.desktop.data.data_steps import LONG_MS, card, until


def test_without_a_set_the_page_says_how_to_come_by_one(panel: DataSetsPanel) -> None:
    assert panel.overview.empty and not panel.shows_report
    assert card(panel).button.text() == "Get"
    assert card(panel).button.isVisible() and panel.overview.drop.isVisible()


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
