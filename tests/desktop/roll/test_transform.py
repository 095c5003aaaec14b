"""Ticks, pitches and pixels turn into each other without a window."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.roll.transform import (
    LEFT_MARGIN,
    MAX_PIXELS_PER_QUARTER,
    MIN_PIXELS_PER_QUARTER,
    RIGHT_MARGIN,
    PitchAxis,
    TimeAxis,
    drum_rows,
    fitting,
    label_stride,
    melodic_rows,
    share_height,
)

scales = st.floats(0.001, 2.0)
offsets = st.integers(-LEFT_MARGIN, 1_000_000)
axes = st.builds(TimeAxis, scales, offsets)
pitches = st.integers(0, 127)


@given(axes, st.integers(0, 1_000_000))
def test_the_tick_at_a_tick_s_x_is_that_tick(axis: TimeAxis, tick: int) -> None:
    assert axis.tick_at(axis.exact_x_at(tick)) == pytest.approx(tick, abs=0.01)
    assert 0 <= axis.exact_x_at(tick) - axis.x_at(tick) < 1.001


@given(axes, st.integers(0, 1_000_000), st.integers(-500, 500))
def test_scrolling_moves_every_note_by_the_same_whole_pixels(
    axis: TimeAxis, tick: int, pixels: int
) -> None:
    scrolled = axis.scrolled_to(axis.offset + pixels)
    assert axis.x_at(tick) - scrolled.x_at(tick) == scrolled.offset - axis.offset


@given(axes, st.floats(0.2, 5.0), st.integers(0, 4000))
def test_zooming_keeps_what_lies_under_the_pointer(axis: TimeAxis, factor: float, x: int) -> None:
    tick = axis.tick_at(x)
    zoomed = axis.zoomed(factor, x, 480)
    scale = zoomed.pixels_per_tick * 480
    assert MIN_PIXELS_PER_QUARTER * 0.999 <= scale <= MAX_PIXELS_PER_QUARTER * 1.001
    if zoomed.offset > -LEFT_MARGIN:
        assert zoomed.exact_x_at(tick) == pytest.approx(x, abs=1)


def test_a_fitting_axis_shows_the_whole_span() -> None:
    axis = fitting(15_360, 900)
    assert axis.x_at(0) == LEFT_MARGIN
    assert axis.x_at(15_360) == 900 - RIGHT_MARGIN


@given(st.sets(pitches, max_size=20))
def test_a_lane_has_a_row_for_every_pitch_in_use_with_room_around(used: set[int]) -> None:
    rows = melodic_rows(used)
    assert used <= set(rows)
    assert len(rows) >= 14
    assert rows[0] >= 0
    assert rows[-1] <= 127


@given(st.sets(pitches, max_size=20))
def test_a_drum_lane_has_rows_for_its_drums_alone(used: set[int]) -> None:
    rows = drum_rows(used)
    assert list(rows) == sorted(set(rows))
    assert set(rows) == used or not used


@given(st.sets(pitches, min_size=1, max_size=20), st.integers(40, 600), st.booleans())
def test_the_pitch_at_the_middle_of_a_pitch_s_row_is_that_pitch(
    used: set[int], height: int, drums: bool
) -> None:
    rows = drum_rows(used) if drums else melodic_rows(used)
    axis = PitchAxis(rows, 10, height)
    for row, pitch in enumerate(rows):
        top, tall = axis.row_box(row)
        assert axis.row_of(pitch) == row
        if tall >= 2:
            assert axis.pitch_at(top + tall / 2) == pitch


@given(st.integers(2, 40), st.integers(20, 700))
def test_rows_fill_their_height_without_gaps(count: int, height: int) -> None:
    axis = PitchAxis(range(60, 60 + count), 5, height)
    boxes = [axis.row_box(row) for row in range(count)]
    assert sum(tall for _, tall in boxes) == height
    assert all(upper[0] + upper[1] == lower[0] for lower, upper in itertools.pairwise(boxes))


def test_a_pitch_without_a_row_lies_in_the_nearest() -> None:
    axis = PitchAxis((36, 38, 42), 0, 30)
    assert [axis.row_of(pitch) for pitch in (0, 37, 39, 41, 99)] == [0, 0, 1, 2, 2]


bounds = st.lists(st.tuples(st.integers(20, 120), st.integers(0, 200)), min_size=1, max_size=8)


@given(bounds, st.integers(0, 3000))
def test_lanes_share_the_height_within_their_bounds(
    pairs: list[tuple[int, int]], available: int
) -> None:
    least = [low for low, _ in pairs]
    most = [low + more for low, more in pairs]
    heights = share_height(least, most, available)
    assert all(
        low <= height <= high for low, height, high in zip(least, heights, most, strict=True)
    )
    assert sum(heights) == min(max(available, sum(least)), sum(most))


def test_bar_numbers_thin_out_by_powers_of_two() -> None:
    assert [label_stride(width) for width in (100, 44, 30, 12, 3)] == [1, 1, 2, 4, 16]
