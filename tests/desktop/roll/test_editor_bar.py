"""What stands beside an open lane: the keys of its rows, and the bar above it."""

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from desktop.roll.editor_bar import EditorBar
from desktop.roll.key_strip import KeyStrip
from desktop.roll.lane import LaneSize
from desktop.roll.lanes import LanesView
from desktop.roll.tools import Tool
from engine.music.composition import KeySignature
from tests.desktop.roll.lanes_hand import MUSIC, SECOND, Control, Left, Plain, place


def test_the_keys_beside_the_rows_sound_and_select(view: LanesView, qtbot: QtBot) -> None:
    strip = KeyStrip(view)
    qtbot.addWidget(strip)
    view.set_lane_size(0, LaneSize.OPEN)
    view.show_pitches([64])
    strip.resize(60, view.height())
    heard: list[tuple[int, ...]] = []
    view.audition_requested.connect(lambda *note: heard.append(note))
    spot = QPoint(10, place(view, SECOND).y())
    QTest.mouseClick(strip, Left, Plain, spot)
    assert heard == [(0, 67, 90)] and not view.editor.selection
    QTest.mouseClick(strip, Left, Control, spot)
    assert view.editor.selection.notes == {SECOND}
    before = strip.grab().toImage()
    view.set_lane_size(2, LaneSize.OPEN)
    assert strip.width() > 100 and strip.grab().toImage() != before


def test_the_bar_shows_and_chooses(view: LanesView, qtbot: QtBot) -> None:
    bar = EditorBar(view)
    qtbot.addWidget(bar)
    assert bar.isHidden()
    view.set_composition(replace(MUSIC, keys=(KeySignature(0, 2),)))
    view.set_lane_size(0, LaneSize.OPEN)
    assert not bar.isHidden() and bar._scale.text().startswith("D major")
    with_scale = view.grab().toImage()
    bar._choose_scale(None, False)
    assert view.grab().toImage() != with_scale
    with_ghosts = view.grab().toImage()
    view.show_pitches([40])
    view.grab()
    bar._ghosts.setChecked(False)
    assert view.grab().toImage() != with_ghosts
    QTest.mouseClick(bar._tools[Tool.KNIFE], Left)
    assert view.tool is Tool.KNIFE
    QTest.keyClick(view, Qt.Key.Key_A, Control)
    assert bar._selected.text() == "3 notes · bar 1.1 · velocity 60–100"
    QTest.mouseClick(bar._back, Left)
    assert view.opened is None and bar.isHidden()


def test_menus_that_are_opened_often_leave_nothing_behind(view: LanesView, qtbot: QtBot) -> None:
    bar = EditorBar(view)
    qtbot.addWidget(bar)
    view.set_lane_size(0, LaneSize.OPEN)
    menus = [button.menu() for button in (bar._track, bar._scale, bar._grid, bar._notes)]

    def opened() -> int:
        for menu in menus:
            menu.aboutToShow.emit()
        return len(bar.findChildren(QMenu)) + len(bar.findChildren(QAction))

    once = opened()
    assert once > 40 and [opened() for _ in range(3)] == [once] * 3
