"""Means and their intervals, on numbers small enough to be checked by hand."""

import math

import numpy as np
import pytest

from engine.data.bootstrap import (
    RESAMPLES,
    by_song,
    draws_of,
    figure,
    overlap_figure,
    similarity_figure,
)
from engine.data.measures import Segment, similarity_index
from engine.music.piano_roll import StepNote

N = StepNote


def test_songs_are_drawn_again_not_segments() -> None:
    draws = draws_of(5)
    assert draws.shape == (RESAMPLES, 5)
    assert set(draws.sum(1)) == {5.0}
    assert np.array_equal(draws, draws_of(5))


def test_an_interval_is_as_wide_as_the_songs_differ() -> None:
    song_of, draws = [0, 0, 1, 1, 2, 3], draws_of(4)
    same = figure([2.0, math.nan, 2.0, 2.0, 2.0, 2.0], song_of, draws)
    assert (same.mean, same.low, same.high, same.segments) == (2, 2, 2, 5)
    spread = figure([0.0, 0.0, 1.0, 1.0, 0.0, 1.0], song_of, draws)
    assert spread.mean == 0.5
    assert spread.low < 0.2 < 0.8 < spread.high
    nothing = figure([math.nan] * 6, song_of, draws)
    assert math.isnan(nothing.mean) and nothing.segments == 0


def test_a_sample_of_one_song_has_no_width() -> None:
    segments = [Segment((N(0, 60, 4),), ((N(0, 48, 4), N(4, 52, 4)),), 16)]
    found = similarity_figure(segments, segments, [0], draws_of(1))
    assert (found.mean, found.low, found.high) == pytest.approx((1, 1, 1))


def test_the_index_with_an_interval_is_the_index() -> None:
    ours = [Segment((), ((N(0, 48, 4), N(4, 52 + n, 4)),), 16) for n in range(3)]
    theirs = [Segment((), ((N(0, 50, 2), N(6, 52 + n, 4)),), 16) for n in range(3)]
    found = similarity_figure(ours, theirs, [0, 1, 1], draws_of(2))
    assert found.mean == pytest.approx(similarity_index(ours, theirs))


def test_histograms_are_added_up_by_song() -> None:
    counts = [{"a": np.array([1.0, 0.0])}, {"a": np.array([0.0, 2.0])}, {"a": np.array([3.0, 3.0])}]
    assert by_song(counts, [1, 0, 1], 2)["a"].tolist() == [[0, 2], [4, 3]]


def test_the_shared_area_of_two_histograms() -> None:
    one, two = {"a": np.array([[1.0, 1.0], [2.0, 0.0]])}, {"a": np.array([[0.0, 2.0], [0.0, 2.0]])}
    found = overlap_figure(one, two, draws_of(2), 2)
    assert found.mean == 0.25  # three quarters on the first against all on the second
    assert (found.low, found.high) == (0, 0.5)
    empty = {"a": np.zeros((2, 2))}
    assert overlap_figure(empty, empty, draws_of(2), 2).mean == 1
    assert overlap_figure(one, empty, draws_of(2), 2).mean == 0
