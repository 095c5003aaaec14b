"""Intervals of means: how far a figure would wander with other songs of the same kind.

Segments of one song resemble each other, so songs are drawn again, not segments.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.data.measures import FloatArray, Segment, histograms

RESAMPLES = 1000
TAILS = (2.5, 97.5)  # percent: an interval of 95 %

BySong = Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean with its 95 % interval over songs; all NaN where nothing is known.

    ``segments`` is how many of them had something to say.
    """

    mean: float
    low: float
    high: float
    segments: int = 0


NOTHING = Figure(float("nan"), float("nan"), float("nan"))


def draws_of(songs: int, seed: int = 0) -> FloatArray:
    """How often each song is drawn in each resampling (`RESAMPLES`, song)."""
    rng = np.random.Generator(np.random.PCG64(seed))
    even = np.full(songs, 1 / songs)
    return rng.multinomial(songs, even, size=RESAMPLES).astype(float)


def figure(
    values: Sequence[float],
    song_of: Sequence[int],
    draws: FloatArray,
    tails: tuple[float, float] = TAILS,
) -> Figure:
    """The mean of segments' values; NaNs say nothing and count for nothing."""
    found = np.asarray(values, float)
    known = ~np.isnan(found)
    if not known.any():
        return NOTHING
    songs = np.asarray(song_of, int)[known]
    total = np.bincount(songs, found[known], draws.shape[1])
    count = np.bincount(songs, minlength=draws.shape[1]).astype(float)
    counts = draws @ count
    some = counts > 0
    low, high = np.percentile((draws @ total)[some] / counts[some], tails)
    mean = float(total.sum() / count.sum())
    return Figure(mean, float(low), float(high), int(known.sum()))


def similarity_figure(
    segments: Sequence[Segment],
    reference: Sequence[Segment],
    song_of: Sequence[int],
    draws: FloatArray,
) -> Figure:
    """The similarity index, which is one number of a whole sample, with its interval."""
    ours, theirs = (
        by_song([histograms([segment]) for segment in each], song_of, draws.shape[1])
        for each in (segments, reference)
    )
    return overlap_figure(ours, theirs, draws, len(segments))


def by_song(
    counts: Sequence[Mapping[str, FloatArray]], song_of: Sequence[int], songs: int
) -> dict[str, FloatArray]:
    """Segments' histograms added up: (song, bin) by name."""
    found = {}
    for name in counts[0] if counts else ():
        rows = np.stack([each[name] for each in counts])
        found[name] = np.zeros((songs, rows.shape[1]))
        np.add.at(found[name], np.asarray(song_of, int), rows)
    return found


def overlap_figure(ours: BySong, theirs: BySong, draws: FloatArray, segments: int) -> Figure:
    """The mean overlapped area of histograms (song, bin) of two samples, with its interval."""
    whole = np.ones((1, draws.shape[1]))
    low, high = np.percentile(_overlaps(ours, theirs, draws), TAILS)
    mean = float(_overlaps(ours, theirs, whole)[0])
    return Figure(mean, float(low), float(high), segments)


def _overlaps(ours: BySong, theirs: BySong, draws: FloatArray) -> FloatArray:
    rows = [_areas(draws @ ours[name], draws @ theirs[name]) for name in ours]
    means: FloatArray = np.mean(rows, axis=0)
    return means


def _areas(ours: FloatArray, theirs: FloatArray) -> FloatArray:
    """`engine.data.measures.overlap` of each two rows."""
    sizes = ours.sum(1, keepdims=True), theirs.sum(1, keepdims=True)
    shares = [
        rows / np.maximum(size, 1e-9) for rows, size in zip((ours, theirs), sizes, strict=True)
    ]
    areas: FloatArray = np.minimum(*shares).sum(1)
    both_empty = (sizes[0] == 0) & (sizes[1] == 0)
    return np.where(both_empty[:, 0], 1.0, areas)
