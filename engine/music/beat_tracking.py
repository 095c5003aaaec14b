"""Where the beats of free playing lie, from its onsets alone: dynamic programming over time.

In the way of Dixon (2001) and Ellis (2007): a path of beats is sought through the whole take whose
tempo changes little and on which the weighty notes lie. What is new to them is that a take tells
exactly when its notes begin: the notes between two beats must lie on simple parts of the beat.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FRAME = 0.015
"""Seconds."""
SHORTEST, LONGEST = 20, 100
"""Frames of a beat: 200 to 40 a minute."""
BEND = 4
"""By how many frames of a hundred more or less a beat may differ from the one before, at most."""
SLACK = 0.028
"""Seconds (standard deviation): how exactly people meet the place they mean."""
OFF_PLACE = 4.0
"""What a note costs at most, wherever it lies."""
PARTS: tuple[tuple[float, float], ...] = (
    (0.0, 0.0),
    (1.0, 0.0),
    (1 / 2, 0.55),
    (1 / 4, 1.1),
    (3 / 4, 1.1),
    (1 / 3, 1.25),
    (2 / 3, 1.25),
)
"""Where in a beat notes begin, and what it costs."""
EMPTY = 1.0
"""What a beat costs on which nothing begins."""
STEADY = 70.0
"""What a change of tempo costs, for its squared logarithm."""
LIKELY_BEAT, LIKELY_WIDTH, LIKELY_COST = 0.58, 0.42, 0.55
"""Seconds of the likeliest beat (103 a minute), its spread as a logarithm, and its weight."""
CHORD = 0.04
"""Seconds: what begins within them begins together."""
HEAVY_VELOCITY = 40.0

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Onset:
    """Notes that begin together: at ``seconds``, with a weight of 0 to 1."""

    seconds: float
    weight: float


def onsets_of(notes: Sequence[tuple[float, float, int, int]]) -> list[Onset]:
    """Onsets of (start, end, pitch, velocity), seconds; heavy are long, loud, low and many notes.

    A note lasts until the next begins, however short it was held.
    """
    groups: list[list[tuple[float, float, int, int]]] = []
    for note in sorted(notes):
        if groups and note[0] - groups[-1][0][0] <= CHORD:
            groups[-1].append(note)
        else:
            groups.append([note])
    if not groups:
        return []
    starts = np.array([group[0][0] for group in groups])
    ends = np.array([max(note[1] for note in group) for group in groups])
    gaps = np.append(np.diff(starts), max(0.2, float(ends[-1] - starts[-1])))
    loud = np.array([max(note[3] for note in group) for group in groups], np.float64)
    many = np.array([len(group) for group in groups], np.float64)
    typical = float(np.median(gaps))
    weight = (
        0.35
        + 0.35 * np.minimum(1.0, gaps / (2.5 * typical))
        + 0.2 * np.clip((loud - np.median(loud)) / HEAVY_VELOCITY + 0.5, 0, 1)
        + 0.1 * np.minimum(1.0, (many - 1) / 2)
    )
    return [Onset(float(start), float(each)) for start, each in zip(starts, weight, strict=True)]


def track_beats(onsets: Sequence[Onset]) -> tuple[float, ...]:
    """Seconds of the beats, from at or before the first onset to at or after the last.

    Empty for fewer than four onsets.
    """
    if len(onsets) < 4:
        return ()
    first = onsets[0].seconds - LONGEST * FRAME
    times = np.array([onset.seconds for onset in onsets]) - first
    weights = np.array([onset.weight for onset in onsets])
    frames = int(np.ceil(times[-1] / FRAME)) + LONGEST + 2
    costs = _interval_costs(times, weights, frames)
    begin = int(times[0] / FRAME) + 1
    end = int(times[-1] / FRAME)
    path = _best_path(costs, begin, end)
    return tuple(float(first + beat) for beat in _settled(path, times, weights))


def _interval_costs(times: FloatArray, weights: FloatArray, frames: int) -> FloatArray:
    """What it costs that a beat lasts from a frame on for so many frames (frame, length)."""
    lengths = np.arange(SHORTEST, LONGEST + 1)
    costs = np.zeros((frames, len(lengths)))
    empty = _emptiness(times, weights, frames)
    for index, length in enumerate(lengths):
        seconds = length * FRAME
        starts = np.floor(times / FRAME).astype(np.int64)[:, None] - np.arange(length)[None, :]
        places = times[:, None] - starts * FRAME
        cost = np.full(places.shape, OFF_PLACE)
        for part, price in PARTS:
            miss = (places - part * seconds) / SLACK
            cost = np.minimum(cost, price + miss * miss / 2)
        cost *= weights[:, None]
        inside = starts >= 0
        np.add.at(costs[:, index], starts[inside], cost[inside])
        likely = np.log(seconds / LIKELY_BEAT) / LIKELY_WIDTH
        costs[:, index] += empty + LIKELY_COST * likely * likely / 2 * (seconds / LIKELY_BEAT)
    return costs


def _emptiness(times: FloatArray, weights: FloatArray, frames: int) -> FloatArray:
    """What a beat costs at a frame for what does not begin there."""
    filled = np.zeros(frames)
    reach = int(3 * SLACK / FRAME)
    for time, weight in zip(times, weights, strict=True):
        near = np.arange(int(time / FRAME) - reach, int(time / FRAME) + reach + 2)
        near = near[(near >= 0) & (near < frames)]
        miss = (near * FRAME - time) / (1.5 * SLACK)
        filled[near] = np.maximum(filled[near], weight * np.exp(-miss * miss / 2))
    return EMPTY * (1.0 - filled)


def _best_path(costs: FloatArray, begin: int, end: int) -> IntArray:
    """The frames of the cheapest beats from at or before ``begin`` to at or after ``end``."""
    frames, count = costs.shape
    lengths = np.arange(SHORTEST, SHORTEST + count)
    span = max(2, LONGEST * BEND // 50)
    shifts = np.arange(-span, span + 1)
    before = np.clip(lengths[:, None] + shifts[None, :] - SHORTEST, 0, count - 1)
    change = np.log((before + SHORTEST) / lengths[:, None])
    price = STEADY * change * change
    rows = np.arange(count)
    best = np.full((frames + LONGEST + 1, count), np.inf)
    came = np.zeros((frames + LONGEST + 1, count), np.int16)
    best[: begin + 1] = 0.0  # the first beat may lie anywhere before the first onset
    for frame in range(max(0, begin - LONGEST), min(end, frames - 1) + 1):
        past = best[frame][before] + price
        choice = past.argmin(axis=1)
        total = past[rows, choice] + costs[frame]
        targets = frame + lengths
        free = targets > begin
        better = free & (total < best[targets, rows])
        best[targets[better], rows[better]] = total[better]
        came[targets[better], rows[better]] = before[rows[better], choice[better]]
    return _walked_back(best, came, lengths, begin, end)


def _walked_back(
    best: FloatArray, came: npt.NDArray[np.int16], lengths: IntArray, begin: int, end: int
) -> IntArray:
    last = best[end + 1 : end + LONGEST + 1]
    at, index = np.unravel_index(int(np.argmin(last)), last.shape)
    frame, which = end + 1 + int(at), int(index)
    path = [frame]
    while frame > begin:
        follow = int(came[frame, which])
        frame -= int(lengths[which])
        which = follow
        path.append(frame)
    return np.array(path[::-1], np.int64)


def _settled(path: IntArray, times: FloatArray, weights: FloatArray) -> FloatArray:
    """The beats drawn to the onsets that they were found by, from frames to exact times."""
    beats = path * FRAME
    nearest = np.abs(times[None, :] - beats[:, None])
    index = nearest.argmin(axis=1)
    near = nearest[np.arange(len(beats)), index] <= 2 * SLACK
    # Two beats never change places: they are at least 20 frames apart, and moved by four.
    return np.where(near, beats + 0.85 * (times[index] - beats), beats)
