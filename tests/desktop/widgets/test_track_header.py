"""The head of a lane."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QMenu, QSlider
from pytestqt.qtbot import QtBot

from desktop.widgets.meter import Meter
from desktop.widgets.mix_controls import PanDial
from desktop.widgets.track_header import TrackHeader
from engine.music.general_midi import DRUM_KITS, FAMILIES, PROGRAM_NAMES, instrument_name
from engine.music.track import Track


def test_there_are_128_programs_in_sixteen_families() -> None:
    assert len(FAMILIES) == 16 and len(PROGRAM_NAMES) == len(set(PROGRAM_NAMES)) == 128
    assert instrument_name(0) == "Grand Piano"
    assert instrument_name(0, is_drum=True) == "Standard Kit"
    assert instrument_name(5, is_drum=True) == "Kit 5"


def test_the_instrument_menu_has_every_program_once(qtbot: QtBot) -> None:
    header = TrackHeader()
    qtbot.addWidget(header)
    header.show_track(Track("Melody"), "melody", can_lock=False)
    chosen: list[int] = []
    header.instrument_chosen.connect(chosen.append)
    header._instrument.menu().aboutToShow.emit()
    for family in header._instrument.menu().actions():
        submenu = family.menu()
        assert isinstance(submenu, QMenu)
        for action in submenu.actions():
            action.trigger()
    assert chosen == list(range(128))


def test_drums_choose_among_kits(qtbot: QtBot) -> None:
    header = TrackHeader()
    qtbot.addWidget(header)
    header.show_track(Track("Drums", is_drum=True), "drums", can_lock=True)
    header._instrument.menu().aboutToShow.emit()
    assert len(header._instrument.menu().actions()) == len(DRUM_KITS)


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


def test_a_light_fades_within_a_third_of_a_second(qtbot: QtBot) -> None:
    meter = Meter()
    qtbot.addWidget(meter)
    meter.set_level(1.0)
    assert meter.lit == 5
    for _ in range(20):
        meter.set_level(0.0)
    assert meter.lit == 0
    meter.set_level(0.5)
    meter.clear()
    assert meter.lit == 0


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
    controls = [*header.findChildren(QAbstractButton), *header.findChildren(QSlider)]
    names = {control.accessibleName() for control in controls}
    assert len(names) == len(controls)
    assert all(name.startswith("Bass: ") for name in names)
    assert "Bass: instrument Fingered Bass" in names
