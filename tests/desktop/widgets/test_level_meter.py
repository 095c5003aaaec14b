"""Bars that leap and fall, and a light that keeps what went too far."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.widgets.level_meter import ClipLight, LevelBar
from desktop.widgets.master_strip import MasterStrip
from engine.live.levels import SILENT, Levels


def test_a_bar_leaps_up_and_falls_to_its_end(qtbot: QtBot) -> None:
    bar = LevelBar(Qt.Orientation.Vertical)
    qtbot.addWidget(bar)
    assert bar.is_still
    bar.set_level(0.5)
    assert -6.1 < bar.decibels < -6
    bar.set_level(0.0)
    assert -7.1 < bar.decibels < -6.5 and not bar.is_still
    for _ in range(60):
        bar.set_level(0.0)
    assert bar.is_still


def test_a_clip_stays_lit_until_it_is_seen(qtbot: QtBot) -> None:
    light = ClipLight()
    qtbot.addWidget(light)
    light.look((1.0, 0.9))
    assert not light.lit
    light.look((0.2, 2.0))
    light.look((0.1, 0.1))
    assert light.lit and "6.0 dB" in light.toolTip()
    QTest.mouseClick(light, Qt.MouseButton.LeftButton)
    assert not light.lit
    light.look((1.5, 0.0))
    QTest.keyClick(light, Qt.Key.Key_Space)
    assert not light.lit


def test_the_master_shows_both_sides(qtbot: QtBot) -> None:
    strip = MasterStrip()
    qtbot.addWidget(strip)
    strip.set_levels(Levels(SILENT.channels, 0.5, 1.2))
    assert strip.left.decibels < strip.right.decibels and strip.clip.lit
    strip.show_volume(80)
    settled: list[int] = []
    strip.settled.connect(settled.append)
    QTest.keyClick(strip.volume, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: settled == [100])
