"""Beats and bars of free playing: a value that a musician can correct, in seconds."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from engine.errors import MusicError

FEWEST = 2
CLOSEST = 0.05
"""Seconds that two beats are apart at least, however a bar line is dragged."""


@dataclass(frozen=True, slots=True)
class Beats:
    """Seconds of beats, rising; every ``in_bar``-th is a bar line, the ``first_bar``-th the first.

    A ``compound`` beat is a dotted quarter note (6/8 has two), any other a quarter note. Raises
    `MusicError` for fewer than two beats.
    """

    times: tuple[float, ...]
    in_bar: int = 4
    first_bar: int = 0
    compound: bool = False

    def __post_init__(self) -> None:
        if len(self.times) < FEWEST:
            raise MusicError("Bars need at least two beats.")
        if self.in_bar < 1 or not 0 <= self.first_bar < self.in_bar:
            raise MusicError("The first bar line must be among the first bar's beats.")

    @property
    def meter(self) -> tuple[int, int]:
        """Numerator and denominator."""
        return (3 * self.in_bar, 8) if self.compound else (self.in_bar, 4)

    @property
    def seconds_per_beat(self) -> float:
        """The typical beat."""
        return median(after - before for before, after in pairwise(self.times))

    @property
    def beats_per_minute(self) -> float:
        """Of quarter notes, as the transport counts."""
        return 60.0 / self.seconds_per_beat * (1.5 if self.compound else 1.0)

    @property
    def bar_lines(self) -> tuple[int, ...]:
        """The numbers of the beats that begin a bar."""
        return tuple(range(self.first_bar, len(self.times), self.in_bar))

    def place_of(self, seconds: float) -> float:
        """How many beats after the first one a moment is; before and after them beats go on."""
        times = self.times
        index = min(max(0, bisect_right(times, seconds) - 1), len(times) - 2)
        return index + (seconds - times[index]) / (times[index + 1] - times[index])

    def seconds_of(self, place: float) -> float:
        """The moment so many beats after the first one."""
        times = self.times
        index = min(max(0, int(place // 1)), len(times) - 2)
        return times[index] + (place - index) * (times[index + 1] - times[index])


def doubled(beats: Beats) -> Beats:
    """A beat between each two: twice the tempo, the bars twice as many."""
    times = beats.times
    halves = [(before + after) / 2 for before, after in pairwise(times)]
    woven = [each for pair in zip(times, halves, strict=False) for each in pair] + [times[-1]]
    first = 2 * beats.first_bar % beats.in_bar
    return replace(beats, times=tuple(woven), first_bar=first)


def halved(beats: Beats) -> Beats:
    """Every other beat, bar lines among them: half the tempo. As it is where too few are left."""
    kept = beats.times[beats.first_bar % 2 :: 2]
    if len(kept) < FEWEST:
        return beats
    first = beats.first_bar // 2 % beats.in_bar
    return replace(beats, times=kept, first_bar=first)


def with_meter(beats: Beats, in_bar: int, *, compound: bool) -> Beats:
    """Bars of another length from the same first bar line on."""
    return replace(beats, in_bar=in_bar, first_bar=beats.first_bar % in_bar, compound=compound)


def with_bars_moved(beats: Beats, by: int) -> Beats:
    """All bar lines so many beats later (earlier, below 0)."""
    return replace(beats, first_bar=(beats.first_bar + by) % beats.in_bar)


def with_bar_line_at(beats: Beats, line: int, seconds: float) -> Beats:
    """The bar line on beat number ``line`` moved; the beats of the bars around it stretch along.

    It stops before it would meet its neighbours.
    """
    before, after = _neighbours(beats, line)
    times = list(beats.times)
    least = times[before] + CLOSEST * (line - before) if before < line else float("-inf")
    most = times[after] - CLOSEST * (after - line) if after > line else float("inf")
    at = min(max(seconds, least), most)
    old = times[line]
    for index in range(before + 1, line):
        share = (beats.times[index] - beats.times[before]) / (old - beats.times[before])
        times[index] = times[before] + share * (at - times[before])
    for index in range(line + 1, after):
        share = (beats.times[after] - beats.times[index]) / (beats.times[after] - old)
        times[index] = times[after] - share * (times[after] - at)
    times[line] = at
    return replace(beats, times=tuple(times))


def _neighbours(beats: Beats, line: int) -> tuple[int, int]:
    """The beats that stay: those of the bar lines around, or the ends."""
    last = len(beats.times) - 1
    return max(0, line - beats.in_bar), min(last, line + beats.in_bar)


def covering(beats: Beats, first: float, last: float) -> Beats:
    """The beats continued from a bar line at or before ``first`` to past ``last``."""
    times = list(beats.times)
    before, after = times[1] - times[0], times[-1] - times[-2]
    number = beats.first_bar
    while times[0] > first or number % beats.in_bar:
        times.insert(0, times[0] - before)
        number += 1
    while times[-1] < last:
        times.append(times[-1] + after)
    # Whole bars before the first note are of no use.
    drop = 0
    while drop + beats.in_bar < len(times) - FEWEST and times[drop + beats.in_bar] <= first:
        drop += beats.in_bar
    return replace(beats, times=tuple(times[drop:]), first_bar=0)


def even_beats(first: float, last: float, seconds: float, in_bar: int = 4) -> Beats:
    """Beats of one length from ``first`` on, past ``last``."""
    count = max(FEWEST, int((last - first) / seconds) + 2)
    return Beats(tuple(first + seconds * number for number in range(count)), in_bar)


def numbers(beats: Beats) -> Sequence[tuple[float, int]]:
    """The bar lines' seconds with the bars' numbers, a pick-up being bar 1."""
    pickup = 1 if beats.first_bar else 0
    lines = beats.bar_lines
    return [(beats.times[line], number + 1 + pickup) for number, line in enumerate(lines)]
