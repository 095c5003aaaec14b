"""A long curve in few bins, and its average."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.train.plots.pyramid import Pyramid
from desktop.train.plots.smoothing import decayed, smoothed

Values = npt.NDArray[np.float32]


def noise(count: int, seed: int = 1) -> Values:
    return np.random.default_rng(seed).normal(size=count).astype(np.float32)


def whole(values: Values) -> Pyramid:
    pyramid = Pyramid()
    pyramid.update(np.arange(1, len(values) + 1), values)
    return pyramid


def average(values: Values, width: float) -> npt.NDArray[np.float64]:
    """The bias-corrected average, step by step."""
    top = weight = 0.0
    found = []
    for value in values.tolist():
        top, weight = top * (1 - 1 / width), weight * (1 - 1 / width)
        if np.isfinite(value):
            top, weight = top + value, weight + 1
        found.append(top / weight if weight else np.nan)
    return np.array(found)


@given(st.lists(st.integers(1, 900), min_size=1, max_size=12), st.integers(1, 400), st.data())
def test_a_curve_that_grew_is_the_same_as_one_that_was_there(
    parts: list[int], most: int, data: st.DataObject
) -> None:
    values = noise(sum(parts))
    values[data.draw(st.integers(0, len(values) - 1)) :][:9] = np.nan
    steps = np.arange(1, len(values) + 1)
    grown = Pyramid()
    for end in np.cumsum(parts).tolist():
        grown.update(steps[:end], values[:end])
    first = data.draw(st.integers(0, len(values) - 1))
    last = data.draw(st.integers(first + 1, len(values)))
    one, other = grown.bins(first, last, most), whole(values).bins(first, last, most)
    for column in ("steps", "low", "high", "sums", "counts"):
        np.testing.assert_array_equal(getattr(one, column), getattr(other, column))


def test_no_peak_is_lost_at_any_zoom() -> None:
    values = noise(100_000)
    values[4321], values[77_777] = 50, -60
    curve = whole(values)
    for most in (100, 1000, 10_000):
        bins = curve.bins(0, len(values), most)
        assert len(bins.steps) <= most
        assert bins.high.max() == 50 and bins.low.min() == -60
        assert bins.sums.sum() == pytest.approx(values.astype(np.float64).sum(), rel=1e-6)


def test_close_up_the_bins_are_the_values_themselves() -> None:
    values = noise(50_000)
    bins = whole(values).bins(1000, 1200, 500)
    assert bins.size == 1
    np.testing.assert_array_equal(bins.low, values[1000:1200])
    np.testing.assert_array_equal(bins.steps, np.arange(1001, 1201))


def test_steps_that_were_redone_are_summed_anew() -> None:
    values = noise(9000)
    curve = whole(values)
    again = values.copy()
    again[4000:] = 7
    curve.update(np.arange(1, 9001), again, cuts=1)
    assert curve.bins(4096, 9000, 50).low.tolist() == [7] * len(curve.bins(4096, 9000, 50).low)


@pytest.mark.parametrize("width", [2, 20, 500])
def test_the_average_is_that_of_the_steps_whether_all_or_a_part_is_shown(width: float) -> None:
    values = noise(20_000)
    values[300:304] = np.nan
    curve, wanted = whole(values), average(values, width)
    for first, last in ((0, 800), (250, 600), (15_000, 15_900)):
        bins = curve.bins(first, last, 2000)
        found = smoothed(curve, bins, first, width)
        np.testing.assert_allclose(found, wanted[bins.steps - 1], atol=0.01)


def test_the_average_of_bins_is_that_of_steps_where_bins_are_narrower_than_it() -> None:
    values = noise(200_000) + np.linspace(5, 0, 200_000, dtype=np.float32)
    curve = whole(values)
    bins = curve.bins(0, len(values), 1000)
    assert bins.size > 100
    wanted = average(values, 20_000)[bins.steps - 1]
    np.testing.assert_allclose(smoothed(curve, bins, 0, 20_000), wanted, atol=0.03)


def test_the_first_steps_are_not_drawn_towards_nothing() -> None:
    curve = whole(np.full(100, 8.0, np.float32))
    found = smoothed(curve, curve.bins(0, 100, 200), 0, 50)
    np.testing.assert_allclose(found, 8.0, rtol=1e-6)


def test_without_width_the_values_stay() -> None:
    values = noise(50)
    curve = whole(values)
    np.testing.assert_allclose(smoothed(curve, curve.bins(0, 50, 100), 0, 1), values)


def test_decayed_sums_are_those_of_a_loop() -> None:
    values, total, wanted = noise(300).astype(np.float64), 0.0, []
    for value in values.tolist():
        total = 0.93 * total + value
        wanted.append(total)
    np.testing.assert_allclose(decayed(values, 0.93), wanted, atol=1e-4)
