"""Ticks, seconds, bars, beats and steps turn into each other without loss."""

from bisect import bisect_right

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.music.composition import Composition, MeterChange, TempoChange, tempo_from_bpm
from engine.music.ticks import MeterMap, Position, StepGrid, TempoMap, meter_map, tempo_map
from tests.compositions import MAX_TICK, meter_maps, resolutions, tempo_maps, ticks

TWO_TEMPOS = TempoMap((tempo_from_bpm(120), tempo_from_bpm(60, 960)), 480)
# A pick-up of one quarter, four bars of 3/4, and from the middle of the fifth on 6/8.
PICK_UP = MeterMap((MeterChange(0, 1, 4), MeterChange(480, 3, 4), MeterChange(6720, 6, 8)), 480)


def test_seconds_follow_each_tempo_in_turn() -> None:
    assert TWO_TEMPOS.seconds_at(480) == pytest.approx(0.5)
    assert TWO_TEMPOS.seconds_at(960) == pytest.approx(1.0)
    assert TWO_TEMPOS.seconds_at(1440) == pytest.approx(2.0)


def test_the_tempo_at_a_change_is_the_new_one() -> None:
    assert TWO_TEMPOS.tempo_at(959).beats_per_minute == 120
    assert TWO_TEMPOS.tempo_at(960).beats_per_minute == 60


def test_before_the_start_the_first_tempo_counts() -> None:
    assert TWO_TEMPOS.seconds_at(-480) == pytest.approx(-0.5)
    assert TWO_TEMPOS.tick_at(-0.5) == pytest.approx(-480)


@given(tempo_maps(), resolutions, st.integers(-MAX_TICK, 2 * MAX_TICK))
def test_a_tick_comes_back_from_its_second(
    changes: tuple[TempoChange, ...], resolution: int, tick: int
) -> None:
    tempos = TempoMap(changes, resolution)
    assert tempos.tick_at(tempos.seconds_at(tick)) == pytest.approx(tick, abs=1e-3)


@given(tempo_maps(), resolutions, ticks, ticks)
def test_later_ticks_are_later_seconds(
    changes: tuple[TempoChange, ...], resolution: int, one: int, other: int
) -> None:
    tempos = TempoMap(changes, resolution)
    early, late = sorted((one, other))
    assert tempos.seconds_at(early) <= tempos.seconds_at(late)


def test_a_composition_has_its_maps() -> None:
    composition = Composition(meters=(MeterChange(0, 3, 4),))
    assert tempo_map(composition).seconds_at(960) == pytest.approx(1.0)
    assert meter_map(composition).bar_start(2) == 1440


@pytest.mark.parametrize(
    ("tick", "position"),
    [
        (0, Position(1, 1, 0)),
        (479, Position(1, 1, 479)),
        (480, Position(2, 1, 0)),
        (1000, Position(2, 2, 40)),
        (1920, Position(3, 1, 0)),
        (6719, Position(6, 1, 479)),
        (6720, Position(7, 1, 0)),
        (6960, Position(7, 2, 0)),
        (8160, Position(8, 1, 0)),
        (-1, Position(0, 1, 479)),
    ],
)
def test_positions_count_a_pick_up_and_a_bar_cut_short(tick: int, position: Position) -> None:
    assert PICK_UP.position_at(tick) == position


def test_bars_start_at_the_pick_up_and_at_a_change_in_mid_bar() -> None:
    assert PICK_UP.bar_starts(9000) == [0, 480, 1920, 3360, 4800, 6240, 6720, 8160]
    assert [PICK_UP.bar_start(bar) for bar in range(1, 9)] == PICK_UP.bar_starts(9000)


def test_the_bar_of_an_end_is_filled_up() -> None:
    assert PICK_UP.bar_end(0) == 0
    assert PICK_UP.bar_end(1) == 480
    assert PICK_UP.bar_end(6300) == 6720
    assert PICK_UP.bar_end(8160) == 8160


def test_a_beat_and_a_bar_have_the_length_of_the_meter_in_force() -> None:
    assert (PICK_UP.beat_ticks_at(0), PICK_UP.bar_ticks_at(0)) == (480, 480)
    assert (PICK_UP.beat_ticks_at(7000), PICK_UP.bar_ticks_at(7000)) == (240, 1440)
    assert PICK_UP.meter_at(500) == MeterChange(480, 3, 4)


def test_a_coarse_resolution_does_not_drift() -> None:
    """An eighth of 15 ticks a quarter is 7½ ticks: six of them are 45, not 42."""
    meters = MeterMap((MeterChange(0, 6, 8),), 15)
    assert meters.bar_starts(136) == [0, 45, 90, 135]
    assert meters.beat_starts(46) == [0, 7, 15, 22, 30, 37, 45]
    assert meters.position_at(44) == Position(1, 6, 7)
    assert MeterMap((MeterChange(0, 6, 8),), 1).bar_starts(10) == [0, 3, 6, 9]


@given(meter_maps(), resolutions, ticks)
def test_a_position_leads_back_to_its_tick(
    changes: tuple[MeterChange, ...], resolution: int, tick: int
) -> None:
    meters = MeterMap(changes, resolution)
    position = meters.position_at(tick)
    within = [
        start for start in meters.beat_starts(tick + 1) if start >= meters.bar_start(position.bar)
    ]
    assert within[-1] + position.tick == tick
    assert within[position.beat - 1] == within[-1]
    assert position.tick >= 0


@given(meter_maps(), resolutions, ticks)
def test_bars_are_those_of_the_positions(
    changes: tuple[MeterChange, ...], resolution: int, tick: int
) -> None:
    meters = MeterMap(changes, resolution)
    starts = meters.bar_starts(tick + 1)
    assert starts[0] == 0
    assert bisect_right(starts, tick) == meters.position_at(tick).bar
    assert starts[-1] == meters.bar_start(meters.position_at(tick).bar)
    assert set(starts) <= set(meters.beat_starts(tick + 1))


@given(meter_maps(), resolutions, ticks)
def test_the_next_beat_is_the_first_from_a_tick_on(
    changes: tuple[MeterChange, ...], resolution: int, tick: int
) -> None:
    meters = MeterMap(changes, resolution)
    following = meters.next_beat(tick)
    # Beats shorter than a tick share a line, so it may come twice.
    assert {start for start in meters.beat_starts(following + 1) if start >= tick} == {following}


@given(meter_maps(), resolutions, ticks)
def test_a_bar_end_is_the_nearest_bar_line_ahead(
    changes: tuple[MeterChange, ...], resolution: int, tick: int
) -> None:
    meters = MeterMap(changes, resolution)
    end = meters.bar_end(tick)
    assert end >= tick
    # Bars shorter than a tick (1/8 at one tick a quarter) share a line, so it may come twice.
    ahead = {start for start in meters.bar_starts(end + 1) if start >= tick}
    assert ahead == {end}


@given(st.integers(4, 1000), st.integers(1, 4), st.integers(-5000, 5000), st.integers(-999, 9999))
def test_a_step_comes_back_from_its_tick(
    resolution: int, per_quarter: int, origin: int, step: int
) -> None:
    grid = StepGrid(resolution, per_quarter, origin)
    assert grid.nearest_step(grid.tick_at(step)) == step


@given(resolutions, st.integers(1, 12), st.integers(-5000, 5000), st.integers(-9999, 99_999))
def test_the_nearest_step_is_at_most_half_a_step_away(
    resolution: int, per_quarter: int, origin: int, tick: int
) -> None:
    grid = StepGrid(resolution, per_quarter, origin)
    exact = origin + grid.nearest_step(tick) * resolution / per_quarter
    assert abs(exact - tick) <= resolution / per_quarter / 2 + 1e-6


def test_steps_that_do_not_divide_the_quarter_never_drift() -> None:
    grid = StepGrid(ticks_per_quarter=10, steps_per_quarter=4)
    assert [grid.tick_at(step) for step in range(5)] == [0, 3, 5, 8, 10]
    assert grid.tick_at(4000) == 10_000


def test_bar_lines_before_the_music_are_imagined_without_drift() -> None:
    meters = MeterMap((MeterChange(0, 6, 8),), 15)
    bars, beats = meters.imagined(45, -45)
    assert bars == [-45, 0]
    assert beats == [-45, -38, -30, -23, -15, -8, 0, 7, 15, 22, 30, 37]


def test_a_short_first_bar_is_a_pick_up_only_in_a_meter_of_its_own() -> None:
    third = MeterChange(480, 3, 4)
    with_one = MeterMap((MeterChange(0, 1, 4), third), 480)
    assert with_one.has_pick_up and with_one.full_meter_at(0) == third
    without = MeterMap((MeterChange(0, 4, 4), MeterChange(1920, 3, 4)), 480)
    assert not without.has_pick_up and without.full_meter_at(0).numerator == 4
    two_short = MeterMap((MeterChange(0, 1, 4), MeterChange(960, 3, 4)), 480)
    assert not two_short.has_pick_up and two_short.full_meter_at(0).numerator == 1
