"""What was found in the files of a set, and how it is corrected."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.data.panel import DataSetsPanel
from desktop.data.set_row import SetRow
from engine.data.data_sets import data_set
from engine.data.rules import read_rule
from engine.store.paths import data_sets_folder
from tests.desktop.data.data_steps import LONG_MS, choose_role, imported, until
from tests.midi_songs import write_songs


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
