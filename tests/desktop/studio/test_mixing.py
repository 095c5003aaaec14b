"""The mixer as the page has it: heard while it is dragged, one step of Undo when it ends."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.widgets.instrument_picker import InstrumentPicker
from desktop.widgets.mix_controls import MixDial
from engine.live.channels import LIVE_CHANNEL, playback_channel
from engine.live.levels import SILENT, Levels
from engine.music.composition import Composition
from engine.music.track import Track

# Of a popover on no screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def song(app: Any, page: Any, melody: Composition) -> Composition:
    bass = replace(melody.melody, name="Bass", program=33)
    app.document.load(melody.with_accompaniment((bass,)))
    return app.document.composition


def picker_of(page: Any, index: int) -> InstrumentPicker:
    page.area.column.headers[index]._instrument.click()
    tops = QApplication.topLevelWidgets()
    return next(each for each in tops if isinstance(each, InstrumentPicker) and each.isVisible())


def test_an_instrument_is_tried_by_ear_and_left_or_taken_as_one_step(
    app: Any, page: Any, song: Composition, qtbot: QtBot
) -> None:
    picker = picker_of(page, 1)
    QTest.keyClick(picker.search, Qt.Key.Key_Down)
    assert app.player.composition.tracks[1].program == 34
    assert app.player.audition.heard == [(34, [60, 62, 64, 65])]
    assert app.document.composition == song  # no step of Undo
    QTest.keyClick(picker.search, Qt.Key.Key_Escape)
    assert app.player.composition == song and app.player.audition.stopped == 1

    picker = picker_of(page, 1)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Return):
        QTest.keyClick(picker.search, key)
    assert app.document.composition.tracks[1].program == 32
    assert app.document.undo_stack.undoText() == "Acoustic Bass"
    app.document.undo()
    assert app.document.composition == song


def test_an_output_is_an_edit_and_the_head_tells_of_it(
    app: Any, page: Any, song: Composition
) -> None:
    page.mixing.choose_output(1, "Synth")
    assert app.document.composition.tracks[1].output == "Synth"
    assert app.player.composition.tracks[1].output == "Synth"
    assert "→ Synth" in page.area.column.headers[1]._instrument.text()
    picker = picker_of(page, 1)
    assert picker.output.currentText() == "Synth"
    QTest.keyClick(picker.search, Qt.Key.Key_Escape)


def test_the_master_and_a_send_are_heard_while_dragged_and_one_step_after(
    app: Any, page: Any, song: Composition
) -> None:
    slider = page.area.column.master.volume
    middle = QPoint(slider.width() // 2, 10)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=middle)
    assert app.player.composition.volume == slider.value() != 100
    assert app.document.composition == song
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=middle)
    assert app.document.composition.volume == slider.value()
    assert app.document.undo_stack.undoText() == "Master volume"

    head = page.area.column.headers[1]
    dial = next(each for each in head.findChildren(MixDial) if "chorus" in each.accessibleName())
    QTest.mousePress(dial, Qt.MouseButton.LeftButton, pos=QPoint(12, 10))
    QTest.mouseMove(dial, QPoint(42, 10))
    assert app.player.composition.tracks[1].chorus == 30
    QTest.mouseRelease(dial, Qt.MouseButton.LeftButton, pos=QPoint(42, 10))
    assert app.document.composition.tracks[1].chorus == 30
    app.document.undo()
    app.document.undo()
    assert app.document.composition == song and app.document.undo_stack.index() == 0


def test_the_head_of_a_part_that_is_only_waited_for_changes_nothing(
    app: Any, page: Any, song: Composition, qtbot: QtBot
) -> None:
    waited_for = tuple(Track(name) for name in ("Bass", "Chords", "Drums"))
    app.document.load(song.with_accompaniment(()))
    page.area.show_music(app.document.composition, waited_for, True)
    heads = page.area.column.headers
    assert len(heads) == 4 and [head.isEnabled() for head in heads] == [True, False, False, False]
    for control in heads[3].controls:
        QTest.mouseClick(control, Qt.MouseButton.LeftButton, pos=QPoint(4, 8))
    QTest.mouseClick(heads[3], Qt.MouseButton.LeftButton)
    page.mixing.move(3, "volume", 12)  # of a drag that began before the part went
    page.mixing.settle(3, "volume", 12)
    assert app.document.undo_stack.count() == 0
    page.area.show_music(song, None, True)
    assert all(head.isEnabled() for head in page.area.column.headers)


def test_the_meters_show_what_sounds_and_rest_when_it_is_over(
    app: Any, page: Any, song: Composition, qtbot: QtBot
) -> None:
    channels = list(SILENT.channels)
    channels[playback_channel(1)], channels[LIVE_CHANNEL] = 0.5, 0.25
    app.synth.measured = Levels(tuple(channels), 0.5, 1.5)
    page.metering.wake()
    column = page.area.column
    bass, melody = column.headers[1]._meter, column.headers[0]._meter
    qtbot.waitUntil(lambda: bass.decibels > -6.1 and melody.decibels > -12.1, timeout=20_000)
    assert column.master.clip.lit
    app.synth.measured = SILENT
    qtbot.waitUntil(lambda: not page.metering.running, timeout=20_000)
    assert column.is_still


def test_a_track_on_a_port_shows_how_hard_it_is_struck(
    app: Any, page: Any, melody: Composition, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = {"Synth"}
    monkeypatch.setattr(app.outputs, "plays", there.__contains__)
    app.document.load(melody.with_track(0, replace(melody.melody, output="Synth")))
    app.synth.measured = SILENT
    page.metering.strike({0: 1.0})
    meter = page.area.column.headers[0]._meter
    qtbot.waitUntil(lambda: meter.decibels == 0, timeout=20_000)
    page.playback.audition(0, 64, 90)
    assert app.player.audition.heard == [(0, [64])]
    there.clear()  # it is away, and silent
    qtbot.waitUntil(lambda: meter.is_still, timeout=20_000)
    page.metering.strike({})
    qtbot.waitUntil(lambda: not page.metering.running, timeout=20_000)
