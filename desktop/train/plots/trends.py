"""Whether a noisy curve falls, rises or stays, by the means of its blocks."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.floating[Any]]
Way = Literal["falling", "rising", "steady"]

FEWEST = 48
"""Values below which nothing is said."""
BLOCKS = 12
SURE = 3.0  # standard errors that a slope must differ from 0
MATTERS = 0.06  # share of all that the curve has moved so far
MOST = 4096
RUNAWAY = 8.0  # times as large as before


@dataclass(frozen=True, slots=True)
class Trend:
    """How the later half of a curve goes: its way, its latest level, and how far it moved."""

    way: Way
    level: float
    change: float


def trend(values: FloatArray) -> Trend | None:
    """The trend of a curve's later half; None while there are too few values to tell.

    A slope counts when it stands out of the blocks' own scatter, and when it is more than a small
    part of what the curve has moved since its beginning.
    """
    known = _thinned(values)
    if len(known) < FEWEST:
        return None
    whole, recent = block_means(known, 2 * BLOCKS), block_means(known[len(known) // 2 :], BLOCKS)
    slope, error = _line(recent)
    change = slope * (BLOCKS - 1)
    moved = float(np.ptp(whole))
    clear = abs(slope) > SURE * error and abs(change) > MATTERS * moved
    way: Way = "steady" if not clear else "rising" if change > 0 else "falling"
    return Trend(way, float(recent[-3:].mean()), change)


def runs_away(values: FloatArray) -> bool:
    """Whether a curve's end is many times as large as all that came before."""
    known = _thinned(values)
    if len(known) < FEWEST:
        return False
    sizes = np.abs(block_means(known, 2 * BLOCKS))
    before = float(np.quantile(sizes[:-2], 0.9))
    return bool(sizes[-1] > RUNAWAY * max(before, 1.0) and sizes[-1] >= sizes[-2])


def block_means(values: FloatArray, blocks: int) -> npt.NDArray[np.float64]:
    """Means of ``blocks`` equal parts; what is left over at the front is left out."""
    size = len(values) // blocks
    whole = values[len(values) - size * blocks :].reshape(blocks, size)
    found: npt.NDArray[np.float64] = whole.mean(1, dtype=np.float64)
    return found


def _thinned(values: FloatArray) -> FloatArray:
    """What is known of a curve; of a long one the means of some thousand parts."""
    if len(values) > 2 * MOST:
        values = block_means(values, MOST)
    return values[np.isfinite(values)]


def _line(values: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Slope of the straight line through values, and its standard error."""
    at = np.arange(len(values)) - (len(values) - 1) / 2
    slope = float(at @ values / (at @ at))
    rest = values - values.mean() - slope * at
    error = float(np.sqrt(rest @ rest / (len(values) - 2) / (at @ at)))
    return slope, error
