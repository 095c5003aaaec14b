"""Very many notes at once: a lane as an array of pixels instead of thousands of rectangles."""

import numpy as np
import numpy.typing as npt

from desktop.roll.ink import LEVELS
from engine.music.note_columns import IntArray

# A power of two: sums of weights stay exact, and 2^15 loud notes on one pixel fit below one whole.
_VELOCITY_UNIT = 2.0**-22


def rasterized(
    lefts: IntArray, rights: IntArray, rows: IntArray, velocities: IntArray, shape: tuple[int, int]
) -> npt.NDArray[np.uint8]:
    """Brightness (row, column) of notes: 0 where none is, else 1 to 8, the mean of those there.

    ``lefts`` and ``rights`` are columns (right excluded, clipped here); ``shape`` is rows and
    columns. Beginnings and ends are counted per cell and summed along the row, so the cost does
    not depend on how long the notes are.
    """
    height, width = shape
    lefts = np.clip(lefts, 0, width)
    rights = np.clip(np.maximum(rights, lefts + 1), 0, width)
    begins = rows * (width + 1)
    ends = begins + rights
    begins = begins + lefts
    # A note weighs one whole and its velocity in the small change: one sum carries both.
    weights = velocities * _VELOCITY_UNIT + 1.0
    cells = height * (width + 1)
    steps = np.bincount(begins, weights, cells) - np.bincount(ends, weights, cells)
    summed = np.cumsum(steps.reshape(height, width + 1), axis=1)[:, :width]
    count = np.floor(summed)
    loudness = (summed - count) / (_VELOCITY_UNIT * np.maximum(count, 1.0))
    level = np.minimum((loudness * LEVELS / 128.0).astype(np.uint8), LEVELS - 1)
    return np.where(count > 0, level + 1, 0).astype(np.uint8)
