"""The curves of one run as lines: binned to the pixels, smoothed, along a scale."""

from dataclasses import dataclass

import numpy as np

from desktop.train.plots.picture import FloatArray, Line
from desktop.train.plots.pyramid import Bins, Pyramid
from desktop.train.plots.smoothing import smoothed
from desktop.train.plots.x_scale import Unit, XScale, x_scale
from engine.store.curves import CurveKind, Curves

RAW_ALPHA, OVERLAY_ALPHA = 0.32, 0.85

Sign = tuple[str, str]
"""Colour role and mark of a curve."""


@dataclass(frozen=True, slots=True)
class DrawnCurve:
    """One curve as it is drawn: ``line`` is the smoothed one; ``low`` and ``high`` its span."""

    kind: CurveKind
    line: Line
    raw: Line | None
    low: FloatArray
    high: FloatArray


class RunLines:
    """A run with summaries of its curves that follow as it grows."""

    def __init__(self, curves: Curves, name: str = "", *, overlay: bool = False) -> None:
        """``overlay`` runs are drawn dashed, without what lies behind their averages."""
        self.curves, self.name, self.overlay = curves, name, overlay
        self._pyramids: dict[str, Pyramid] = {}
        self._version = -1
        self._followed: set[str] = set()
        self._scales: dict[Unit, XScale | None] = {}
        self._latest: dict[tuple[str, float], float] = {}

    def scale(self, unit: Unit) -> XScale | None:
        """Where the steps lie along x, None where the run has not told enough for it."""
        self._look_again()
        if unit not in self._scales:
            self._scales[unit] = x_scale(self.curves, unit)
        return self._scales[unit]

    def _look_again(self) -> None:
        """Forget what was found out before the last event came."""
        if self._version != self.curves.version:
            self._version = self.curves.version
            for found in (self._scales, self._latest, self._followed):
                found.clear()

    def drawn(
        self,
        kind: CurveKind,
        sign: Sign,
        scale: XScale,
        steps: tuple[float, float],
        pixels: int,
        width: float,
    ) -> DrawnCurve | None:
        """A curve between two steps; ``width`` of the average in steps. None where it has none."""
        curve = self._pyramid(kind.name)
        first, last = _span(curve, steps)
        if last <= first:
            return None
        bins = curve.bins(first, last, pixels)
        x = scale.at(bins.steps)
        raw = _zigzag(bins, x)
        (role, mark), alpha = sign, OVERLAY_ALPHA if self.overlay else 1.0
        if width <= 1 and not self.overlay:
            # Without smoothing the jagged line is the line.
            line = Line(*raw, role, alpha, raw=True, mark=mark)
            return DrawnCurve(kind, line, None, bins.low, bins.high)
        line = Line(
            x, smoothed(curve, bins, first, width), role, alpha, dashed=self.overlay, mark=mark
        )
        behind = None if self.overlay else Line(*raw, role, RAW_ALPHA, raw=True)
        return DrawnCurve(kind, line, behind, bins.low, bins.high)

    def latest(self, name: str, width: float) -> float:
        """The average at a curve's end, NaN before its first value."""
        self._look_again()
        if (name, width) not in self._latest:
            self._latest[name, width] = _last(self._pyramid(name), width)
        return self._latest[name, width]

    def _pyramid(self, name: str) -> Pyramid:
        self._look_again()
        curve = self._pyramids.setdefault(name, Pyramid())
        if name not in self._followed:
            self._followed.add(name)
            curve.update(self.curves.steps(name), self.curves.values(name), self.curves.cuts)
        return curve


def _last(curve: Pyramid, width: float) -> float:
    if not len(curve):
        return float("nan")
    first = len(curve) - 1
    return float(smoothed(curve, curve.bins(first, first + 1, 1), first, width)[-1])


def _span(curve: Pyramid, steps: tuple[float, float]) -> tuple[int, int]:
    """The values between two steps, and one more on either side: lines go on beyond the edge."""
    if not len(curve):
        return 0, 0
    # Whole numbers, or numpy would turn all steps into floats at each look.
    low, high = np.int64(np.floor(steps[0])), np.int64(np.ceil(steps[1]))
    first = int(np.searchsorted(curve.steps, low)) - 1
    last = int(np.searchsorted(curve.steps, high, "right")) + 1
    return max(0, first), min(len(curve), last)


def _zigzag(bins: Bins, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """From the smallest to the largest value of each bin and on to the next."""
    if bins.size == 1:
        return x, bins.low
    both = np.empty(2 * len(x), np.float64)
    both[0::2], both[1::2] = bins.low, bins.high
    return np.repeat(x, 2), both
