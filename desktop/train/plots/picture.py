"""What a chart shows at one moment, as values."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.floating[Any]]
Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A line in a colour role; NaN parts it. ``mark`` names the mark that stands on it at times.

    ``raw`` lines are long and jagged: drawn thin, plain and faint behind all others.
    """

    x: FloatArray
    y: FloatArray
    role: str
    alpha: float = 1.0
    raw: bool = False
    dashed: bool = False
    mark: str = ""
    every_point: bool = False
    """Whether each point has its mark, since each was measured by itself."""


@dataclass(frozen=True, slots=True)
class Level:
    """A dashed line across, with its words: a value to reach."""

    value: float
    words: str
    role: str = "good"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A shaded stretch of the run, with its words."""

    low: float
    high: float
    words: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """One point that matters, with its word."""

    x: float
    y: float
    words: str
    role: str


@dataclass(frozen=True, slots=True)
class Picture:
    """All of it. Ticks are pairs of place and label; ``seams`` are where a run was taken up."""

    x_range: Range
    y_range: Range
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    lines: tuple[Line, ...] = ()
    levels: tuple[Level, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    spots: tuple[Spot, ...] = ()
    checkpoints: tuple[float, ...] = ()
    seams: tuple[float, ...] = ()


def value_at(line: Line, place: float) -> float:
    """The value of a line's point nearest to a place, NaN where the line does not reach it."""
    x = line.x
    if not len(x) or not x[0] <= place <= x[-1]:
        return float("nan")
    after = min(int(np.searchsorted(x, place)), len(x) - 1)
    nearest = after if after == 0 or x[after] - place <= place - x[after - 1] else after - 1
    return float(line.y[nearest])
