"""Intervals of means: how far a figure would wander with other songs of the same kind.

Segments of one song resemble each other, so songs are drawn again, not segments.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.data.measures import FloatArray, Segment, histograms, overlap

RESAMPLES = 1000
TAILS = (2.5, 97.5)  # percent: an interval of 95 %


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean with its 95 % interval over songs; all NaN where nothing is known."""

    mean: float
    low: float
    high: float


NOTHING = Figure(float("nan"), float("nan"), float("nan"))


def draws_of(songs: int, seed: int = 0) -> FloatArray:
    """How often each song is drawn in each resampling (`RESAMPLES`, song)."""
    rng = np.random.Generator(np.random.PCG64(seed))
    even = np.full(songs, 1 / songs)
    return rng.multinomial(songs, even, size=RESAMPLES).astype(float)


def figure(values: Sequence[float], song_of: Sequence[int], draws: FloatArray) -> Figure:
    """The mean of segments' values; NaNs say nothing and count for nothing."""
    known = [(song, value) for song, value in zip(song_of, values, strict=True) if value == value]
    total, count = np.zeros(draws.shape[1]), np.zeros(draws.shape[1])
    for song, value in known:
        total[song] += value
        count[song] += 1
    if not known:
        return NOTHING
    counts = draws @ count
    some = counts > 0
    low, high = np.percentile((draws @ total)[some] / counts[some], TAILS)
    return Figure(float(total.sum() / count.sum()), float(low), float(high))


def similarity_figure(
    segments: Sequence[Segment],
    reference: Sequence[Segment],
    song_of: Sequence[int],
    draws: FloatArray,
) -> Figure:
    """The similarity index, which is one number of a whole sample, with its interval."""
    ours, theirs = (_by_song(each, song_of, draws.shape[1]) for each in (segments, reference))
    whole = np.ones((1, draws.shape[1]))
    low, high = np.percentile(_indices(ours, theirs, draws), TAILS)
    return Figure(float(_indices(ours, theirs, whole)[0]), float(low), float(high))


def _by_song(
    segments: Sequence[Segment], song_of: Sequence[int], songs: int
) -> dict[str, FloatArray]:
    """Histograms (song, bin) by name."""
    each = [
        histograms([part for part, song in zip(segments, song_of, strict=True) if song == number])
        for number in range(songs)
    ]
    return {name: np.stack([found[name] for found in each]) for name in each[0]}


def _indices(
    ours: Mapping[str, FloatArray], theirs: Mapping[str, FloatArray], draws: FloatArray
) -> FloatArray:
    rows = [_overlaps(draws @ ours[name], draws @ theirs[name]) for name in ours]
    means: FloatArray = np.mean(rows, axis=0)
    return means


def _overlaps(ours: FloatArray, theirs: FloatArray) -> list[float]:
    return [overlap(one, two) for one, two in zip(ours, theirs, strict=True)]
