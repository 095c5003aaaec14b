"""Bar lines, beats and numbers at every scale."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.roll.grid import grid_of
from desktop.roll.music import ShownMusic
from desktop.roll.transform import TimeAxis
from engine.music.composition import Composition, MeterChange
from engine.music.note import Note
from engine.music.ticks import meter_map
from engine.music.track import make_track

BARS = 64
FOUR = Composition()
GRID = grid_of(FOUR, meter_map(FOUR), BARS * 1920)


@given(st.floats(0.002, 1.0), st.integers(-8, 20_000))
def test_lines_and_numbers_never_crowd(scale: float, offset: int) -> None:
    axis = TimeAxis(scale, offset)
    bars = [x for x, role in GRID.lines(axis, 0, 1000) if role == "bar_line"]
    assert all(b - a >= 11 for a, b in itertools.pairwise(bars))
    numbers = [x for x, _, is_bar in GRID.labels(axis, 0, 1000) if is_bar]
    assert all(b - a >= 43 for a, b in itertools.pairwise(numbers))


def test_a_scrolled_strip_has_the_lines_of_the_whole() -> None:
    axis = TimeAxis(0.02, 333)
    whole = [line for line in GRID.lines(axis, 0, 1000) if 400 <= line[0] < 480]
    assert list(GRID.lines(axis, 400, 480)) == whole


def test_beats_are_numbered_where_there_is_room() -> None:
    texts = [text for _, text, _ in GRID.labels(TimeAxis(0.2), 0, 800)]
    assert texts[:2] == ["1", "2"]
    assert "1.2" in texts


def test_a_pick_up_and_a_change_of_meter_have_their_own_bars() -> None:
    music = Composition(meters=(MeterChange(0, 1, 4), MeterChange(480, 3, 4)))
    grid = grid_of(music, meter_map(music), 5000)
    assert list(grid.bars[:4]) == [0, 480, 1920, 3360]


@pytest.mark.parametrize(("bars", "shown"), [(1, 8), (8, 8), (12, 12), (40, 16)])
def test_a_fitted_view_shows_eight_to_sixteen_bars(bars: int, shown: int) -> None:
    music = ShownMusic()
    last = Note((bars - 1) * 1920, 60, 480)
    music.load(Composition(tracks=(make_track("Melody", [last]),)), None)
    assert music.fit_ticks() == shown * 1920


def test_a_loop_spans_whole_bars_or_beats() -> None:
    music = ShownMusic()
    assert music.bar_span(100, 4000, beats=False) == (0, 5760)
    assert music.bar_span(2000, 2000, beats=False) == (1920, 3840)
    assert music.bar_span(500, 1500, beats=True) == (480, 1920)


def test_a_louder_track_or_another_melody_is_no_other_band() -> None:
    music = ShownMusic()
    bass = make_track("Bass", [Note(0, 36, 480)])
    first = Composition(tracks=(make_track("Melody", [Note(0, 60, 480)]), bass))
    assert music.load(first, None)
    assert not music.load(first.with_track(1, replace(bass, volume=20)), None)
    assert not music.load(first.with_track(0, make_track("Melody", [])), None)
    assert music.load(first, (make_track("Bass", []),))


def test_an_upbeat_too_narrow_for_its_number_has_none() -> None:
    upbeat = replace(FOUR, meters=(MeterChange(0, 1, 8), MeterChange(240, 6, 8)))
    grid = grid_of(upbeat, meter_map(upbeat), 240 + 16 * 1440)

    def numbers(scale: float) -> list[str]:
        return [text for _, text, is_bar in grid.labels(TimeAxis(scale), 0, 900) if is_bar]

    assert numbers(0.035)[:2] == ["2", "3"]
    assert numbers(0.15)[:2] == ["1", "2"]
