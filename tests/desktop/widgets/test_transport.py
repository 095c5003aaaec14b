"""The transport's bar."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.actions import Actions
from desktop.widgets.transport import COUNT_INS, METERS, TransportBar
from desktop.widgets.transport_fields import DOT, TempoField


def test_position_and_time_are_told_as_musicians_count(qtbot: QtBot) -> None:
    bar = TransportBar(Actions())
    qtbot.addWidget(bar)
    bar.set_position(3, 2, 40, 64.8125)
    assert bar._position.text() == DOT.join(("3", "2", "040"))
    assert bar._time.text() == "1:04.812"
    bar.set_count_down(4)
    assert bar._position.text() == "− 4"


def test_menus_choose_meter_and_count_in(qtbot: QtBot) -> None:
    bar = TransportBar(Actions())
    qtbot.addWidget(bar)
    chosen: list[tuple[int, ...]] = []
    bar.meter_chosen.connect(lambda above, below: chosen.append((above, below)))
    bar.count_in_chosen.connect(lambda bars: chosen.append((bars,)))
    for button in (bar._meter, bar._count_in):
        for action in button.menu().actions():
            action.trigger()
    assert chosen == [*METERS, *((bars,) for bars, _ in COUNT_INS)]


def test_a_chip_and_its_action_are_one_switch(qtbot: QtBot) -> None:
    actions = Actions()
    bar = TransportBar(actions)
    qtbot.addWidget(bar)
    actions["loop"].setChecked(True)
    assert bar._loop.isChecked()
    bar._loop.click()
    assert not actions["loop"].isChecked()


def test_the_loop_tells_its_bars(qtbot: QtBot) -> None:
    bar = TransportBar(Actions())
    qtbot.addWidget(bar)
    told = []
    for first, last in ((1, 8), (2, 2), (0, 0)):
        bar.set_loop_bars(first, last)
        told.append(bar._loop.text())
    assert told == ["Loop 1–8", "Loop 2", "Loop"]


def test_a_tempo_is_typed_and_taken_with_return(qtbot: QtBot) -> None:
    field = TempoField()
    qtbot.addWidget(field)
    field.show_tempo(120)
    field.show()
    chosen: list[float] = []
    field.chosen.connect(chosen.append)
    field.selectAll()
    QTest.keyClicks(field, "93.5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert chosen == [93.5]


def test_escape_leaves_the_tempo(qtbot: QtBot) -> None:
    field = TempoField()
    qtbot.addWidget(field)
    field.show_tempo(120)
    field.show()
    chosen: list[float] = []
    field.chosen.connect(chosen.append)
    field.selectAll()
    QTest.keyClicks(field, "93")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert chosen == [] and field.value() == 120


def test_the_wheel_changes_the_tempo_by_one(qtbot: QtBot) -> None:
    field = TempoField()
    qtbot.addWidget(field)
    field.show_tempo(100)
    chosen: list[float] = []
    field.chosen.connect(chosen.append)
    field.wheelEvent(
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
    assert chosen == [101]


def test_the_key_is_absent_until_it_is_known(qtbot: QtBot) -> None:
    bar = TransportBar(Actions())
    qtbot.addWidget(bar)
    bar.show()
    bar.set_key("")
    assert not bar._key.isVisible() and not bar._key_caption.isVisible()
    bar.set_key("G major")
    assert bar._key.isVisible()


def test_a_narrow_bar_says_less_and_cuts_nothing_off(qtbot: QtBot) -> None:
    room = QWidget()
    bar = TransportBar(Actions(), room)
    qtbot.addWidget(room)
    bar.set_key("F♯ minor")
    bar.set_loop_bars(1, 17)
    bar.set_count_in(2)
    bar.resize(2000, 56)
    room.show()
    wide = bar._row.sizeHint().width()
    said = (bar._time.isVisible(), bar._loop.text(), bar._count_in.text())
    assert said == (True, "Loop 1–17", "Count-in 2")
    bar.resize(wide - 1, 56)
    assert (bar._time.isVisible(), bar._loop.text()) == (True, "Loop 1–17")
    close = bar._row.sizeHint().width()
    assert close < wide
    bar.resize(close - 1, 56)
    assert (bar._time.isVisible(), bar._loop.text()) == (False, "Loop 1–17")
    bar.resize(bar._row.sizeHint().width() - 1, 56)
    assert (bar._loop.text(), bar._count_in.text()) == ("1–17", "Count 2")
    bar._row.activate()
    for button in (bar._loop, bar._count_in, bar._click, bar._snap):
        assert button.width() >= button.sizeHint().width()
    bar.set_loop_bars(0, 0)
    assert bar._loop.text() == "Loop"
    bar.resize(wide, 56)
    bar.set_loop_bars(1, 17)
    assert (bar._time.isVisible(), bar._loop.text()) == (True, "Loop 1–17")
