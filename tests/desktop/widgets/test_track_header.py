"""The head of a lane."""

from dataclasses import replace

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QSlider
from pytestqt.qtbot import QtBot

from desktop.widgets.mix_controls import MixDial, PanDial
from desktop.widgets.track_header import TrackHeader
from engine.music.general_midi import FAMILIES, PROGRAM_NAMES, instrument_name
from engine.music.track import REVERB, ControlEvent, Track, make_track


def test_there_are_128_programs_in_sixteen_families() -> None:
    assert len(FAMILIES) == 16 and len(PROGRAM_NAMES) == len(set(PROGRAM_NAMES)) == 128
    assert instrument_name(0) == "Grand Piano"
    assert instrument_name(0, is_drum=True) == "Standard Kit"
    assert instrument_name(5, is_drum=True) == "Kit 5"


def test_a_lock_is_there_only_where_the_model_can_keep_a_track(qtbot: QtBot) -> None:
    header = TrackHeader()
    qtbot.addWidget(header)
    header.show()
    header.show_track(Track("Bass"), "bass", can_lock=False)
    assert not header._lock.isVisible()
    header.show_track(Track("Bass", locked=True), "bass", can_lock=True)
    assert header._lock.isVisible() and header._lock.isChecked()


def test_a_folded_head_leaves_out_what_has_no_room(qtbot: QtBot) -> None:
    header = TrackHeader()
    qtbot.addWidget(header)
    header.show_track(Track("Bass"), "bass", can_lock=False)
    header.resize(236, 34)
    header.show()
    assert header._name.isVisible() and not header._mix.isVisible()
    header.resize(236, 90)
    assert header._mix.isVisible() and header._instrument.isVisible()


def test_showing_a_track_asks_for_nothing(qtbot: QtBot) -> None:
    header = TrackHeader()
    qtbot.addWidget(header)
    asked: list[object] = []
    header.moved.connect(lambda *_: asked.append("moved"))
    header.settled.connect(lambda *_: asked.append("settled"))
    header.show_track(Track("Bass", volume=3, pan=120), "bass", can_lock=False)
    assert asked == []


def test_the_pan_is_dragged_and_told_in_words(qtbot: QtBot) -> None:
    dial = PanDial()
    qtbot.addWidget(dial)
    settled: list[int] = []
    dial.settled.connect(settled.append)
    QTest.mousePress(dial, Qt.MouseButton.LeftButton, pos=QPoint(12, 10))
    QTest.mouseMove(dial, QPoint(32, 10))
    QTest.mouseRelease(dial, Qt.MouseButton.LeftButton, pos=QPoint(32, 10))
    assert settled == [84]
    assert "20 right" in dial.toolTip()
    QTest.mouseDClick(dial, Qt.MouseButton.LeftButton, pos=QPoint(12, 10))
    QTest.mouseRelease(dial, Qt.MouseButton.LeftButton, pos=QPoint(12, 10))
    assert dial.value == 64


def test_the_wheel_turns_the_pan_as_one_edit(qtbot: QtBot) -> None:
    dial = PanDial()
    qtbot.addWidget(dial)
    settled: list[int] = []
    dial.settled.connect(settled.append)
    for _ in range(3):
        dial.wheelEvent(
            QWheelEvent(
                QPointF(5, 5),
                QPointF(5, 5),
                QPoint(),
                QPoint(0, 120),
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
        )
    qtbot.waitUntil(lambda: settled == [76], timeout=2000)


def test_a_long_name_leaves_room_for_the_switches(qtbot: QtBot) -> None:
    header = TrackHeader()
    qtbot.addWidget(header)
    header.show_track(Track("A very long name of a track in an old file"), "bass", can_lock=True)
    header.resize(236, 90)
    header.show()
    assert header._name.geometry().right() < header._mute.x()
    assert header._lock.geometry().right() < header.width()


def test_the_arrow_keys_turn_the_pan_and_a_pause_makes_one_edit(qtbot: QtBot) -> None:
    header = TrackHeader()
    qtbot.addWidget(header)
    header.show_track(Track("Bass"), "bass", can_lock=False)
    moved: list[tuple[str, int]] = []
    settled: list[tuple[str, int]] = []
    header.moved.connect(lambda name, value: moved.append((name, value)))
    header.settled.connect(lambda name, value: settled.append((name, value)))
    dial = header.findChild(PanDial)
    assert dial is not None
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Left):
        QTest.keyClick(dial, key)
    assert moved == [("pan", 68), ("pan", 72), ("pan", 68)]
    qtbot.waitUntil(lambda: settled == [("pan", 68)])


def test_every_control_tells_whose_it_is(qtbot: QtBot) -> None:
    header = TrackHeader()
    qtbot.addWidget(header)
    header.show_track(Track("Bass", 33), "bass", can_lock=True)
    kinds = (QAbstractButton, QSlider, MixDial)
    controls = [each for kind in kinds for each in header.findChildren(kind)]
    names = {control.accessibleName() for control in controls}
    assert len(names) == len(controls)
    assert all(name.startswith("Bass: ") for name in names)
    assert "Bass: instrument Fingered Bass" in names


def test_a_send_goes_back_to_what_its_file_says(qtbot: QtBot) -> None:
    header = TrackHeader()
    qtbot.addWidget(header)
    given = make_track("Bass", (), controls=[ControlEvent(0, "control", REVERB, 40)])
    header.show_track(replace(given, reverb=90), "bass", can_lock=False)
    settled: list[tuple[str, int]] = []
    header.settled.connect(lambda name, value: settled.append((name, value)))
    dial = next(each for each in header.findChildren(MixDial) if "reverb" in each.accessibleName())
    assert dial.value == 90
    QTest.mouseDClick(dial, Qt.MouseButton.LeftButton, pos=QPoint(12, 10))
    QTest.mouseRelease(dial, Qt.MouseButton.LeftButton, pos=QPoint(12, 10))
    assert settled == [("reverb", 40)]
    QTest.keyClick(dial, Qt.Key.Key_Up)
    QTest.keyClick(dial, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: settled[1:] == [("reverb", 40)])


def test_a_track_on_a_port_says_so_and_shows_how_hard_it_is_struck(qtbot: QtBot) -> None:
    header = TrackHeader()
    qtbot.addWidget(header)
    header.show_track(Track("Bass", 33, output="Synth"), "bass", can_lock=False)
    assert header._instrument.text() == "Fingered Bass → Synth ▾"
    assert "struck" in header._meter.toolTip()
