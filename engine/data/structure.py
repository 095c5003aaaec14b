"""How music hangs together over bars: repetition, echoes, and seams.

A bar of the accompaniment is the set of its notes: (track, step within the bar, pitch).
"""

from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np

from engine.data.measures import FloatArray, Segment, chroma, sounding

Bar = frozenset[tuple[int, ...]]
APART = (1, 2, 4, 8, 16, 32)


def bars_of(segment: Segment) -> list[Bar]:
    """The accompaniment's bars: sets of (track, step within the bar, pitch)."""
    bars: list[set[tuple[int, ...]]] = [set() for _ in range(segment.bars)]
    for index, track in enumerate(segment.tracks):
        for note in track:
            bar, step = divmod(note.step, segment.steps_per_bar)
            if bar < len(bars):
                bars[bar].add((index, step, note.pitch))
    return [frozenset(bar) for bar in bars]


def melody_bars(segment: Segment) -> list[Bar]:
    """The melody's bars: sets of (step within the bar, pitch, length)."""
    bars: list[set[tuple[int, ...]]] = [set() for _ in range(segment.bars)]
    for note in segment.melody:
        bar, step = divmod(note.step, segment.steps_per_bar)
        if bar < len(bars):
            bars[bar].add((step, note.pitch, note.length))
    return [frozenset(bar) for bar in bars]


def repetition(segment: Segment) -> tuple[float, float]:
    """Mean Jaccard of accompaniment bars under equal melody bars, and under unequal ones.

    A band that knows the form plays alike where the melody comes again and otherwise where it goes
    on. Bars without melody are left out; NaN where there is no such pair.
    """
    band, melody = bars_of(segment), melody_bars(segment)
    sung = [number for number, bar in enumerate(melody) if bar]
    equal: list[float] = []
    unequal: list[float] = []
    for one, two in combinations(sung, 2):
        alike = equal if melody[one] == melody[two] else unequal
        alike.append(_jaccard(band[one], band[two]))
    return _mean(equal), _mean(unequal)


def _jaccard(one: Bar, two: Bar) -> float:
    union = one | two
    return len(one & two) / len(union) if union else float("nan")


def _mean(values: Iterable[float]) -> float:
    known = [value for value in values if value == value]
    return float(np.mean(known)) if known else float("nan")


def change_at_bar_lines(segment: Segment) -> list[float]:
    """How far the harmony moves over each inner bar line: 1 − the cosine of the chroma of the half
    bars beside it, NaN where one of them is silent. The first is the line before bar 2.
    """
    weights = chroma(sounding(segment.accompaniment, segment.steps))
    bar, half = segment.steps_per_bar, max(1, segment.steps_per_bar // 2)
    return [
        _turn(weights[line - half : line].sum(0), weights[line : line + half].sum(0))
        for line in range(bar, segment.bars * bar, bar)
    ]


def _turn(before: FloatArray, after: FloatArray) -> float:
    size = float(np.linalg.norm(before) * np.linalg.norm(after))
    return 1.0 - float(before @ after) / size if size else float("nan")


def seams(segment: Segment, borders: Sequence[int]) -> tuple[float, float]:
    """The mean change of harmony over window borders (bars, from 0), and over all other lines.

    A model that plays a long melody in windows must not be heard to begin a new one.
    """
    at_border: list[float] = []
    elsewhere: list[float] = []
    for bar, change in enumerate(change_at_bar_lines(segment), start=1):
        (at_border if bar in borders else elsewhere).append(change)
    return _mean(at_border), _mean(elsewhere)


def echoes(segment: Segment) -> dict[int, float]:
    """Mean Jaccard of bars of the accompaniment that lie `APART` bars from each other."""
    bars = bars_of(segment)
    return {
        apart: _mean(_jaccard(one, two) for one, two in zip(bars, bars[apart:], strict=False))
        for apart in APART
        if apart < len(bars)
    }
