"""A curve of any length in as many bins as there are pixels.

Every level holds the smallest and largest value, the sum and the count of four bins of the level
below; a new step touches one bin a level. A view of a million steps costs what one of a thousand
does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
Steps = npt.NDArray[np.int64]
Values = npt.NDArray[np.float32]
Columns = tuple[Values, Values, FloatArray, FloatArray]
Number = TypeVar("Number", bound=np.generic)

FACTOR = 4
FEWEST_BINS = 64  # a level below this many is not worth having


@dataclass(frozen=True, slots=True)
class Bins:
    """A stretch of a curve: bins of ``size`` values each, the last one of fewer at times.

    ``steps`` are where each bin ends. ``sums`` and ``counts`` leave unknown values out; ``low``
    and ``high`` are NaN where a bin has none.
    """

    size: int
    steps: Steps
    low: Values
    high: Values
    sums: FloatArray
    counts: FloatArray

    @property
    def means(self) -> FloatArray:
        """The mean of each bin, NaN for an empty one."""
        return quotient(self.sums, self.counts)


class Pyramid:
    """Summaries of one curve that grows at its end."""

    def __init__(self) -> None:
        self._steps: Steps = np.empty(0, np.int64)
        self._values: Values = np.empty(0, np.float32)
        self._levels: list[_Level] = []
        self._cuts = 0

    def __len__(self) -> int:
        return len(self._values)

    @property
    def steps(self) -> Steps:
        """All steps of the curve."""
        return self._steps

    def update(self, steps: Steps, values: Values, cuts: int = 0) -> None:
        """Take the curve as it is now; a new number of ``cuts`` says that its end was redone."""
        if cuts != self._cuts or len(values) < len(self._values):
            self._levels = []
            self._cuts = cuts
        self._steps, self._values = steps, values
        after, whole = self._values_after, len(values)
        for index in range(_levels_for(len(values))):
            if index == len(self._levels):
                self._levels.append(_Level())
            level = self._levels[index]
            level.follow(after, whole)
            after, whole = level.after, level.whole

    def _values_after(self, start: int) -> Columns:
        return _as_bins(self._values[start:])

    def bins(self, first: int, last: int, most: int) -> Bins:
        """Values ``first`` up to ``last`` (not included), in no more than ``most`` bins or so."""
        first, last = max(0, first), min(len(self._values), last)
        level, size = 0, 1
        while (last - first) / size > most and level < len(self._levels):
            level, size = level + 1, size * FACTOR
        low, high = first // size, -(-last // size)
        ends = np.minimum(np.arange(low + 1, high + 1) * size, len(self._values)) - 1
        if level:
            smallest, largest, sums, counts = self._levels[level - 1].after(low)
        else:
            smallest, largest, sums, counts = _as_bins(self._values[low:high])
        kept = slice(0, high - low)
        return Bins(
            size, self._steps[ends], smallest[kept], largest[kept], sums[kept], counts[kept]
        )


class _Level:
    """The bins of one size, in arrays that grow."""

    def __init__(self) -> None:
        self.length = 0
        self.whole = 0
        self._low: Values = np.empty(0, np.float32)
        self._high: Values = np.empty(0, np.float32)
        self._sums: FloatArray = np.empty(0)
        self._counts: FloatArray = np.empty(0)

    def after(self, start: int) -> Columns:
        """Smallest, largest, sums and counts from a bin on."""
        place = slice(start, self.length)
        return self._low[place], self._high[place], self._sums[place], self._counts[place]

    def follow(self, below: Callable[[int], Columns], whole_below: int) -> None:
        """Take in what the level below has got; what was ``whole`` before stays as it is."""
        first = self.whole
        low, high, sums, counts = below(first * FACTOR)
        added = -(-len(low) // FACTOR)
        self._make_room(first + added)
        place = slice(first, first + added)
        self._low[place] = np.fmin.reduce(_fours(low, np.nan), axis=1)
        self._high[place] = np.fmax.reduce(_fours(high, np.nan), axis=1)
        self._sums[place] = _fours(sums, 0).sum(1)
        self._counts[place] = _fours(counts, 0).sum(1)
        self.length = first + added
        self.whole = whole_below // FACTOR

    def _make_room(self, length: int) -> None:
        if length > len(self._low):
            room = 2 * length
            self._low, self._high = _longer(self._low, room), _longer(self._high, room)
            self._sums, self._counts = _longer(self._sums, room), _longer(self._counts, room)


def _levels_for(length: int) -> int:
    levels = 0
    while length > FEWEST_BINS * FACTOR:
        levels, length = levels + 1, length // FACTOR
    return levels


def quotient(tops: FloatArray, bottoms: FloatArray) -> FloatArray:
    """Tops by bottoms, NaN where there is nothing to divide by."""
    found: FloatArray = np.full(len(tops), np.nan)
    np.divide(tops, bottoms, out=found, where=bottoms > 0)
    return found


def _as_bins(values: Values) -> Columns:
    """Values as bins of one each."""
    known = np.isfinite(values)
    return values, values, np.where(known, values, 0.0), known.astype(np.float64)


def _fours(column: npt.NDArray[Number], fill: float) -> npt.NDArray[Number]:
    missing = -len(column) % FACTOR
    if missing:
        column = np.concatenate([column, np.full(missing, fill, column.dtype)])
    return column.reshape(-1, FACTOR)


def _longer(old: npt.NDArray[Number], room: int) -> npt.NDArray[Number]:
    new = np.empty(room, old.dtype)
    new[: len(old)] = old
    return new
