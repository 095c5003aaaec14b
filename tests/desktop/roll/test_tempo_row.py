"""Tempo and meter marked under the bar numbers: which are shown, and what a click asks for."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.roll.lanes import LanesView
from desktop.roll.ruler import TEMPO_TOP
from desktop.roll.tempo_row import placed_marks, tempo_marks
from desktop.roll.tips import tip_at
from engine.music.composition import MeterChange, TempoChange, tempo_from_bpm
from tests.desktop.roll.lanes_hand import MUSIC, Left

CHANGED = replace(
    MUSIC,
    tempos=(TempoChange(0, 500_000), tempo_from_bpm(96.5, 3360)),
    meters=(MeterChange(0, 4, 4), MeterChange(1920, 3, 4)),
)


def test_only_a_song_with_changes_has_marks() -> None:
    assert tempo_marks(MUSIC.tempos, MUSIC.meters) == ()
    marks = tempo_marks(CHANGED.tempos, CHANGED.meters)
    assert [(mark.tick, mark.text) for mark in marks] == [
        (0, "4/4  120"), (1920, "3/4"), (3360, "96.5"),
    ]  # fmt: skip


@given(
    st.sets(st.integers(1, 40_000), max_size=60),
    st.sets(st.integers(1, 40_000), max_size=4),
    st.floats(0.002, 0.5),
)
def test_no_mark_runs_into_another_and_meters_come_first(
    qapp: QApplication, tempos: set[int], meters: set[int], scale: float
) -> None:
    marks = tempo_marks(
        tuple(tempo_from_bpm(60 + tick % 90, tick) for tick in (0, *sorted(tempos))),
        tuple(MeterChange(tick, 3, 4) for tick in (0, *sorted(meters))),
    )
    placed = placed_marks(marks, scale)
    assert all(a.left + a.width < b.left for a, b in pairwise(placed))
    assert not marks or placed[0].mark == marks[0]
    left_out = {mark for mark in marks if mark.has_meter} - {each.mark for each in placed}
    for mark in left_out:  # only where another meter stands in its place
        near = [each for each in placed if each.mark.has_meter]
        assert any(abs(each.left - mark.tick * scale) < 200 for each in near)


def test_a_click_on_a_mark_asks_for_its_tempo_and_beside_it_for_a_place(view: LanesView) -> None:
    asked: list[int] = []
    sought: list[int] = []
    view.tempo_requested.connect(asked.append)
    view.seek_requested.connect(sought.append)
    low, y = view.ruler_height(), TEMPO_TOP + 8
    view.set_composition(CHANGED)
    assert view.ruler_height() > low
    assert view.lane_geometry()[0][0] == view.ruler_height()
    mark = QPoint(view.axis.x_at(1920) + 8, y)
    assert tip_at(view, mark.toPointF()) == "3/4 from bar 2 on: click to change it"
    QTest.mouseClick(view, Left, pos=mark)
    assert (asked, sought) == ([1920], [])
    beside = QPoint(view.axis.x_at(6000), y)
    QTest.mouseClick(view, Left, pos=beside)
    assert len(sought) == 1
    QTest.mouseDClick(view, Left, pos=beside)
    assert len(asked) == 2 and abs(asked[1] - 6000) < 20
    view.set_chords([(0, "C")])
    shown = view.grab().toImage()
    view.set_composition(replace(CHANGED, meters=(MeterChange(0, 4, 4), MeterChange(1920, 5, 4))))
    assert view.grab().toImage() != shown
    view.set_composition(MUSIC)
    view.set_chords(None)
    assert view.ruler_height() == low
