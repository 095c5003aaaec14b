"""Cuts lines off at a frame, for drawings in which nothing else does: an SVG file knows no clip
that all programs keep."""

import numpy as np

from desktop.train.plots.picture import FloatArray


def cut(x: FloatArray, y: FloatArray, width: float, height: float) -> tuple[FloatArray, FloatArray]:
    """A line's points in pixels without what lies outside 0 to ``width`` and 0 to ``height``.

    It ends on the frame and begins there anew; what is not finite parts it, before and after.
    Each piece from point to point is cut as Liang and Barsky do.
    """
    if len(x) < 2:
        return x, y
    enter, leave = np.zeros(len(x) - 1), np.ones(len(x) - 1)
    for along, most in ((x, width), (y, height)):
        near, far = _inside(along, most)
        enter, leave = np.maximum(enter, near), np.minimum(leave, far)
    seen = (enter <= leave) & np.isfinite(x[:-1] + x[1:] + y[:-1] + y[1:])
    goes_on = np.concatenate([[False], seen[:-1] & (leave[:-1] >= 1)]) & (enter <= 0)
    fresh = seen & ~goes_on
    kept = np.stack([fresh, fresh, seen], axis=1)
    return _points(x, enter, leave)[kept], _points(y, enter, leave)[kept]


def _inside(along: FloatArray, most: float) -> tuple[FloatArray, FloatArray]:
    """The shares of each piece at which it comes between 0 and ``most``, and leaves again."""
    start, way = along[:-1], np.diff(along)
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = -start / way, (most - start) / way
    still = way == 0
    outside = (start < 0) | (start > most)
    near = np.where(still, np.where(outside, np.inf, -np.inf), np.minimum(low, high))
    far = np.where(still, np.inf, np.maximum(low, high))
    return near, far


def _points(along: FloatArray, enter: FloatArray, leave: FloatArray) -> FloatArray:
    """For each piece: a gap, where it begins, where it ends."""
    start, way = along[:-1], np.diff(along)
    with np.errstate(invalid="ignore"):
        found: FloatArray = np.stack(
            [np.full(len(start), np.nan), start + enter * way, start + leave * way], axis=1
        )
    return found
