"""Ticks, ranges, scales and windows."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.train.plots.look import usual_width
from desktop.train.plots.ticks import (
    robust_range,
    round_range,
    round_step,
    tick_label,
    ticks,
    with_near_ends,
)
from desktop.train.plots.window import inside, moved, zoomed
from desktop.train.plots.x_scale import place_in_words, x_scale
from engine.store.curves import Curves

RUN = {"event": "started", "from_step": 0, "steps": 100, "steps_per_epoch": 20}


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(2, 9))
def test_ticks_are_round_few_and_inside(low: float, span: float, most: int) -> None:
    high = low + span
    step = round_step(high - low, most)
    found = ticks(low, high, most)
    assert len(found) <= most + 1
    rounding = step * 1e-6 + 4 * math.ulp(abs(low) + span)
    assert all(low - rounding <= tick <= high + rounding for tick in found)
    mantissa = step / 10 ** math.floor(math.log10(step) + 1e-9)
    assert min(abs(mantissa - each) for each in (1, 2, 2.5, 5, 10)) < 1e-6


def test_where_epochs_are_counted_no_half_ones_are_named() -> None:
    assert ticks(0, 3, 6, whole=True) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("value", "step", "label"),
    [
        (0.75, 0.25, "0.75"),
        (0.5, 0.5, "0.5"),
        (-2, 1, "−2"),
        (1e-12, 0.1, "0"),
        (20_000, 5000, "20,000"),
        (0.3, 0.1, "0.3"),
    ],
)
def test_labels_have_the_digits_that_tell_neighbours_apart(
    value: float, step: float, label: str
) -> None:
    assert tick_label(value, step) == label


@given(st.floats(-1e4, 1e4), st.floats(0, 1e4))
def test_a_round_range_holds_what_it_is_made_for(low: float, span: float) -> None:
    found = round_range(low, low + span)
    room = 1e-6 * (1 + span)
    assert found[0] <= low + room and found[1] >= low + span - room and found[1] > found[0]


def test_a_wild_start_does_not_flatten_the_rest() -> None:
    values = np.concatenate([[900.0, 400.0], np.linspace(2, 1, 998)])
    found = robust_range([values, np.array([np.nan])])
    assert found is not None and 0.9 < found[0] < 1.1 and found[1] < 3
    assert robust_range([np.array([np.nan])]) is None


def test_an_extreme_is_shown_where_that_costs_little_room() -> None:
    few = np.array([19.0, 21.0, 23.0, 22.0, -4.0])
    assert with_near_ends((-3.0, 22.5), [few, np.array([np.nan])]) == (-4.0, 23.0)
    wild = np.concatenate([[900.0], np.linspace(1, 2, 99)])
    assert with_near_ends((1.0, 2.0), [wild]) == (1.0, 2.0)
    assert with_near_ends(None, [few]) is None


def test_epochs_minutes_and_steps_are_three_views_of_one_run() -> None:
    run = Curves()
    run.feed_many(
        [
            RUN,
            {"event": "step", "step": 40, "generator": 1.0},
            {"event": "epoch", "step": 20, "epoch": 1, "of": 5, "seconds": 60},
            {"event": "epoch", "step": 40, "epoch": 2, "of": 5, "seconds": 180},
        ]
    )
    epochs, minutes, steps = (x_scale(run, unit) for unit in ("epochs", "minutes", "steps"))
    assert epochs is not None and minutes is not None and steps is not None
    assert epochs.at([0, 20, 100]).tolist() == [0, 1, 5]
    assert minutes.at([20, 30, 40, 60]).tolist() == pytest.approx([1, 2, 3, 5])
    assert minutes.steps_at(minutes.at([7, 33, 90])).tolist() == pytest.approx([7, 33, 90])
    assert steps.at([7]).tolist() == [7]
    assert place_in_words("epochs", 41.26) == "epoch 41.3"
    assert place_in_words("steps", 5083.2) == "step 5,083"
    assert place_in_words("minutes", 12.5) == "12.5 min"


def test_a_run_without_clock_or_epochs_has_steps_alone() -> None:
    assert x_scale(Curves(), "epochs") is None
    assert x_scale(Curves(), "minutes") is None


def test_a_clock_that_stood_still_bends_no_axis_back() -> None:
    run = Curves()
    told = [{"event": "checkpoint", "step": step, "seconds": 60} for step in (10, 20, 30)]
    run.feed_many([RUN, *told, {"event": "checkpoint", "step": 40, "seconds": 120}])
    scale = x_scale(run, "minutes")
    assert scale is not None and (np.diff(scale.places) > 0).all()


RANGES = st.tuples(st.floats(0, 90), st.floats(1, 10)).map(lambda pair: (pair[0], sum(pair)))


@given(RANGES, st.floats(0.1, 10), st.floats(0, 1))
def test_zooming_keeps_the_place_under_the_pointer(
    shown: tuple[float, float], factor: float, share: float
) -> None:
    around = shown[0] + share * (shown[1] - shown[0])
    low, high = zoomed(shown, factor, around, (-1000, 1000), 0.01)
    assert (around - low) / (high - low) == pytest.approx(share, abs=1e-6)
    assert high - low == pytest.approx((shown[1] - shown[0]) * factor)


@given(RANGES, st.floats(-300, 300), st.floats(0.01, 30))
def test_nothing_beyond_the_limits_is_shown(
    shown: tuple[float, float], by: float, factor: float
) -> None:
    limits = (0.0, 100.0)
    for low, high in (moved(shown, by, limits), zoomed(shown, factor, 50, limits, 0.5)):
        assert limits[0] - 1e-9 <= low < high <= limits[1] + 1e-9


def test_a_range_wider_than_the_limits_is_the_limits() -> None:
    assert inside((-10, 200), (0, 100)) == (0, 100)


def test_a_run_is_smoothed_over_a_small_part_of_it() -> None:
    run = Curves()
    run.feed({**RUN, "steps": 60_000})
    assert usual_width(run, (1, 10, 100, 1000, 10_000)) == 1000
    assert usual_width(Curves(), (1, 10)) == 1


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50), st.floats(0, 0.5))
def test_the_range_of_one_column_is_between_its_quantiles(
    values: list[float], outside: float
) -> None:
    found = robust_range([np.array([*values, np.nan])], outside)
    assert found == pytest.approx(np.quantile(values, (outside, 1 - outside)), rel=1e-9, abs=1e-6)
