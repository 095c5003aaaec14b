"""Very many notes at once: a lane as an array of pixels instead of thousands of rectangles."""

import numpy as np
import numpy.typing as npt

from desktop.roll.ink import LEVELS
from desktop.roll.note_table import IntArray


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
    begins, ends = rows * (width + 1) + lefts, rows * (width + 1) + rights
    cells = height * (width + 1)

    def along_rows(weights: npt.NDArray[np.float64] | None) -> npt.NDArray[np.float64]:
        steps = np.bincount(begins, weights, cells) - np.bincount(ends, weights, cells)
        return np.cumsum(steps.reshape(height, width + 1), axis=1)[:, :width]

    count = along_rows(None)
    loudness = along_rows(velocities.astype(np.float64))
    level = (loudness * LEVELS / (128.0 * np.maximum(count, 1.0))).astype(np.uint8)
    return np.where(count > 0, np.minimum(level, LEVELS - 1) + 1, 0).astype(np.uint8)
