"""An exponential moving average of a curve, as far back as it matters, at any zoom.

A step's weight falls by 1 − 1/w with each later step, w being the width in steps; the weights are
divided by their sum, so the average of the first steps is not drawn towards 0, and unknown values
weigh nothing. Bins count as many steps of their mean: where they are narrower than w that is the
average of the steps themselves within a pixel, where they are not it is the mean of the bin.
"""

import numpy as np
import numpy.typing as npt

from desktop.train.plots.pyramid import Bins, Pyramid, quotient

FloatArray = npt.NDArray[np.float64]

MEMORY = 6.0  # widths after which a step no longer counts: exp(−6) = 0.25 %
FINE = 64  # bins of the time before what is shown, so many that each is well below the width
NEGLIGIBLE = 1e-6


def smoothed(curve: Pyramid, shown: Bins, first: int, width: float) -> FloatArray:
    """The average at the end of each bin of ``shown``, which begins at value ``first``."""
    if width <= 1 or not len(shown.steps):
        return shown.means
    keep = 1 - 1 / width
    first -= first % shown.size
    before = _before(curve, first, keep, width)
    share = _mean_weight(keep, shown.size)
    decay = keep**shown.size
    tops, weights = shown.sums * share, shown.counts * share
    tops[0] += decay * before[0]
    weights[0] += decay * before[1]
    return quotient(decayed(tops, decay), decayed(weights, decay))


def decayed(values: FloatArray, decay: float) -> FloatArray:
    """Running sums in which all that was summed shrinks by ``decay`` at each place."""
    found = values.copy()
    shift = 1
    while shift < len(found) and (weight := decay**shift) > NEGLIGIBLE:
        found[shift:] += weight * found[:-shift].copy()
        shift *= 2
    return found


def _before(curve: Pyramid, first: int, keep: float, width: float) -> tuple[float, float]:
    """Decayed sum and weight of what came before a value, as they stand at its predecessor."""
    start = max(0, first - int(MEMORY * width))
    if start >= first:
        return 0.0, 0.0
    bins = curve.bins(start, first, int(FINE * MEMORY))
    start -= start % bins.size
    ends = np.minimum(start + bins.size * np.arange(1, len(bins.sums) + 1), first)
    weights = keep ** (first - ends) * _mean_weight(keep, bins.size)
    return float(weights @ bins.sums), float(weights @ bins.counts)


def _mean_weight(keep: float, size: int) -> float:
    """The mean of keep to the powers 0 … size − 1."""
    return (1 - keep**size) / (size * (1 - keep))
