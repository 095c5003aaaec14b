"""The row of chords: its places, its field, and what the hand does in it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.roll.chord_field import ChordField
from desktop.roll.chord_row import LEAST_SLOT, OwnChord, slot_at
from desktop.roll.lanes import LanesView
from desktop.roll.ruler import TEMPO_TOP
from desktop.roll.tips import tip_at
from engine.music.composition import Composition, MeterChange
from engine.music.ticks import meter_map
from tests.desktop.roll.lanes_hand import Left

FOUR = meter_map(Composition())


@pytest.mark.parametrize(
    ("meter", "pixels_of_a_quarter", "tick", "place"),
    [
        ((4, 4), 40, 1400, 960),
        ((4, 4), 20, 1400, 960),
        ((4, 4), 20, 900, 0),
        ((4, 4), 10, 1400, 0),
        ((3, 4), 20, 1400, 0),
        ((3, 4), 40, 1400, 960),
        ((6, 8), 30, 800, 720),
        ((2, 4), 20, 700, 0),
    ],
)
def test_a_place_is_a_beat_a_half_bar_or_a_bar(
    meter: tuple[int, int], pixels_of_a_quarter: int, tick: int, place: int
) -> None:
    meters = meter_map(Composition(meters=(MeterChange(0, *meter),)))
    assert slot_at(meters, tick, pixels_of_a_quarter / 480) == place


@given(
    st.lists(st.tuples(st.integers(1, 13), st.sampled_from([2, 4, 8])), min_size=1, max_size=3),
    st.floats(0.001, 1.0),
)
def test_places_follow_each_other_and_hold_the_ticks_after_them(
    shapes: list[tuple[int, int]], scale: float
) -> None:
    changes = tuple(MeterChange(index * 1000, *shape) for index, shape in enumerate(shapes))
    meters = meter_map(Composition(meters=changes))
    places = [slot_at(meters, tick, scale) for tick in range(0, 6000, 50)]
    assert all(before <= after for before, after in pairwise(places))
    assert all(place <= tick for place, tick in zip(places, range(0, 6000, 50), strict=True))
    assert set(meters.bar_starts(5950)) >= {p for p in places if p in meters.bar_starts(6000)}


def test_a_double_click_in_the_row_asks_for_a_chord_there(view: LanesView) -> None:
    asked: list[int] = []
    view.chord_requested.connect(asked.append)
    y = TEMPO_TOP + 10
    QTest.mouseDClick(view, Left, pos=QPoint(view.axis.x_at(2100), y))
    assert asked == []  # there is no row: this is the first lane
    view.set_chords([])
    QTest.mouseDClick(view, Left, pos=QPoint(view.axis.x_at(2100), y))
    QTest.mouseDClick(view, Left, pos=QPoint(view.axis.x_at(2100), TEMPO_TOP - 10))
    assert asked == [1920]


def test_enter_asks_for_a_chord_at_the_playhead(view: LanesView) -> None:
    asked: list[int] = []
    view.chord_requested.connect(asked.append)
    view.set_chords([])
    view.set_position(2000)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert asked == [1920]


def test_own_chords_are_told_and_look_different(view: LanesView) -> None:
    view.set_chords([(0, "C")])
    implied = view.grab(QRect(0, TEMPO_TOP, 60, 24)).toImage()
    view.set_chords([], [OwnChord(0, 1920, "C")])
    assert view.grab(QRect(0, TEMPO_TOP, 60, 24)).toImage() != implied
    point = QPoint(view.axis.x_at(500), TEMPO_TOP + 8)
    assert tip_at(view, point.toPointF()).startswith("C: your chord.")


class Written:
    """A field in a window, and what it told."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.resize(400, 200)
        self.window.show()
        self.field = ChordField(self.window)
        self.said: list[tuple[int, str]] = []
        self.went: list[tuple[int, int, bool]] = []
        self.field.written.connect(lambda tick, symbol: self.said.append((tick, symbol)))
        self.field.went_on.connect(lambda *way: self.went.append(way))
        self.field.open_at(960, "", QRect(100, 40, LEAST_SLOT, 24))


@pytest.fixture
def written(qtbot: QtBot) -> Written:
    return Written(qtbot)


def test_enter_takes_the_chord_as_it_is_printed(written: Written) -> None:
    QTest.keyClicks(written.field, "bbm7b5")
    QTest.keyClick(written.field, Qt.Key.Key_Return)
    assert written.said == [(960, "B♭m7♭5")]
    assert not written.field.isVisible()


def test_what_is_no_chord_is_told_and_stays(written: Written) -> None:
    QTest.keyClicks(written.field, "H7")
    QTest.keyClick(written.field, Qt.Key.Key_Return)
    assert written.said == [] and written.field.isVisible()
    assert written.field.problem == "“H7” is not a chord that Tutti knows; write B for H."
    QTest.keyClick(written.field, Qt.Key.Key_Backspace)
    assert written.field.problem == ""


@pytest.mark.parametrize(
    ("key", "way"),
    [
        (Qt.Key.Key_Tab, (960, 1, True)),
        (Qt.Key.Key_Backtab, (960, -1, True)),
        (Qt.Key.Key_Space, (960, 1, False)),
    ],
)
def test_tab_and_space_take_the_chord_and_go_on(
    written: Written, key: Qt.Key, way: tuple[int, int, bool]
) -> None:
    QTest.keyClicks(written.field, "F/A")
    QTest.keyClick(written.field, key)
    assert written.said == [(960, "F/A")] and written.went == [way]


def test_escape_leaves_and_a_click_elsewhere_takes(written: Written, qtbot: QtBot) -> None:
    QTest.keyClicks(written.field, "G")
    QTest.keyClick(written.field, Qt.Key.Key_Escape)
    assert written.said == [] and not written.field.isVisible()
    written.field.open_at(0, "C", QRect(0, 40, 40, 24))
    QTest.keyClicks(written.field, "G")
    written.field.clearFocus()
    assert written.said == [(0, "G")] and not written.field.isVisible()
