"""Round numbers for axes."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

SMALLEST = 1e-300
CHEAP = 0.2
"""The share of a range by which it may grow so that nothing is cut off."""
ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)


def round_step(span: float, most: int) -> float:
    """The smallest round distance of which no more than ``most`` fit into ``span``."""
    if not span > SMALLEST or most < 1:
        return 1.0
    least = span / most
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * each for each in ROUND if power * each >= least * (1 - 1e-9))


def ticks(low: float, high: float, most: int, *, whole: bool = False) -> list[float]:
    """Round numbers from ``low`` to ``high``; ``whole`` ones only where steps are counted."""
    step = round_step(high - low, most)
    if whole:
        step = max(1.0, float(math.ceil(step)))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [index * step for index in range(first, last + 1)]


def tick_label(value: float, step: float) -> str:
    """A number with as many digits as tell it from its neighbours ``step`` away."""
    if abs(value) < step / 1000:
        return "0"
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    if digits and not math.isclose(step * 10**digits, round(step * 10**digits), rel_tol=1e-6):
        digits += 1  # 0.25 has one more than its size says
    return f"{value:,.{min(digits, 9)}f}".replace("-", "−")


def round_range(low: float, high: float, most: int = 5) -> tuple[float, float]:
    """A range of round ends around another; it changes seldom while the curve grows."""
    if not high - low > 1e-9 * max(abs(low), abs(high)) + SMALLEST:
        room = max(abs(high), 1.0) * 0.1
        low, high = low - room, high + room
    half = round_step(high - low, most) / 2
    return math.floor(low / half + 1e-9) * half, math.ceil(high / half - 1e-9) * half


def robust_range(
    columns: list[npt.NDArray[np.floating[Any]]], outside: float = 0.01
) -> tuple[float, float] | None:
    """A range that holds all columns but for ``outside`` of each at either end.

    The first steps of a run are often a hundred times what follows; they shall not flatten it.
    """
    known = [np.sort(each[np.isfinite(each)]) for each in columns]
    ends = [(_quantile(c, outside), _quantile(c, 1 - outside)) for c in known if len(c)]
    if not ends:
        return None
    return min(low for low, _ in ends), max(high for _, high in ends)


def with_near_ends(
    found: tuple[float, float] | None, columns: list[npt.NDArray[np.floating[Any]]]
) -> tuple[float, float] | None:
    """A range that also holds the extremes of columns, at an end where that costs little room."""
    known = [each[np.isfinite(each)] for each in columns]
    known = [each for each in known if len(each)]
    if found is None or not known:
        return found
    low, high = found
    room = CHEAP * (high - low)
    least, most = min(float(c.min()) for c in known), max(float(c.max()) for c in known)
    return (
        min(low, least) if low - least <= room else low,
        max(high, most) if most - high <= room else high,
    )


def _quantile(values: npt.NDArray[np.floating[Any]], share: float) -> float:
    """Of sorted values; numpy's own takes twenty times as long for some hundred of them."""
    place = share * (len(values) - 1)
    before = int(place)
    after = min(before + 1, len(values) - 1)
    return float(values[before] + (place - before) * (values[after] - values[before]))
