"""The list of instruments: looked through by mouse, arrows and words; tried, taken, left."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.widgets.instrument_picker import InstrumentPicker
from engine.music.general_midi import DRUM_KITS, FAMILIES

# Of a popover on no screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Hand:
    """A picker that is open, and what it asked for."""

    def __init__(self, program: int = 33, is_drum: bool = False, output: str | None = None) -> None:
        self.picker = InstrumentPicker()
        self.asked: list[tuple[str, object]] = []
        self.picker.tried.connect(lambda program: self.asked.append(("try", program)))
        self.picker.taken.connect(lambda program: self.asked.append(("take", program)))
        self.picker.left.connect(lambda: self.asked.append(("leave", None)))
        self.picker.output_chosen.connect(lambda name: self.asked.append(("output", name)))
        self.picker.offer(program, is_drum, ["Synth", "Pads"], output)
        self.picker.open_at(QPoint(0, 0))

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(self.picker.search, key)

    def names(self) -> list[str]:
        rows = self.picker.instruments
        return [rows.item(row).text() for row in range(rows.count())]


def test_arrows_try_and_enter_takes(qtbot: QtBot) -> None:
    hand = Hand()
    assert hand.names() == list(FAMILIES[4][1]) and hand.asked == []
    hand.press(Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Return)
    assert hand.asked == [("try", 34), ("try", 33), ("try", 32), ("take", 32)]


def test_escape_leaves_all_as_it_was(qtbot: QtBot) -> None:
    hand = Hand()
    hand.press(Qt.Key.Key_Down, Qt.Key.Key_Escape)
    assert hand.asked == [("try", 34), ("leave", None)]


def test_a_click_elsewhere_takes_what_is_heard(qtbot: QtBot) -> None:
    hand = Hand()
    row = hand.picker.instruments.item(4)
    place = hand.picker.instruments.visualItemRect(row).center()
    QTest.mouseClick(hand.picker.instruments.viewport(), Qt.MouseButton.LeftButton, pos=place)
    hand.picker.close()
    assert hand.asked == [("try", 36), ("take", 36)]


def test_words_find_names_and_families(qtbot: QtBot) -> None:
    hand = Hand()
    QTest.keyClicks(hand.picker.search, "acoustic")
    assert hand.names() == ["Acoustic Bass"]
    hand.picker.search.setText("pad warm")
    assert hand.names() == ["Warm Pad"]
    assert hand.asked[-1] == ("try", 89)
    hand.picker.search.setText("no such thing")
    assert hand.names() == ["Nothing is called that"]
    hand.press(Qt.Key.Key_Down)
    assert hand.asked[-1] == ("try", 89)
    hand.picker.search.setText("upright")
    assert hand.names() == ["Acoustic Bass", "Contrabass"]
    hand.press(Qt.Key.Key_Escape)
    assert hand.asked[-1] == ("leave", None)


def test_every_program_is_in_its_family_and_drums_have_their_kits(qtbot: QtBot) -> None:
    hand = Hand(program=0)
    listed = []
    for row in range(len(FAMILIES)):
        hand.picker.families.setCurrentRow(row)
        listed += hand.names()
    assert len(listed) == len(set(listed)) == 128
    hand.press(Qt.Key.Key_Escape)
    drums = Hand(program=8, is_drum=True)
    assert drums.names() == list(DRUM_KITS.values())
    assert drums.picker.current == 8
    drums.press(Qt.Key.Key_Escape)


def test_a_port_is_chosen_there_and_one_that_is_away_stays_in_the_list(qtbot: QtBot) -> None:
    hand = Hand(output="Old box")
    assert hand.picker.output.currentText() == "Old box"
    index = hand.picker.output.findData("Pads")
    hand.picker.output.setCurrentIndex(index)
    hand.picker.output.activated.emit(index)
    hand.picker.output.setCurrentIndex(0)
    hand.picker.output.activated.emit(0)
    assert hand.asked == [("output", "Pads"), ("output", None)]
    hand.press(Qt.Key.Key_Escape)
