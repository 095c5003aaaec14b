"""Many notes at once: a lane as an array of pixels instead of hundreds of rectangles."""

import numpy as np
import numpy.typing as npt

from desktop.roll.ink import LEVELS
from engine.music.note_columns import IntArray

# A power of two: sums of weights stay exact, and 2^15 loud notes on one pixel fit below one whole.
_VELOCITY_UNIT = 2.0**-22


FloatArray = npt.NDArray[np.float64]


def rasterized(
    lefts: IntArray, rights: IntArray, rows: IntArray, velocities: IntArray, shape: tuple[int, int]
) -> npt.NDArray[np.uint8]:
    """Brightness (row, column) of notes: 0 where none is, else 1 to 8, the mean of those there.

    ``lefts`` and ``rights`` are columns (right excluded, clipped here); ``shape`` is rows and
    columns. Beginnings and ends are counted per cell and summed along the row, so the cost does
    not depend on how long the notes are.
    """
    height, width = shape
    lefts = np.minimum(np.maximum(lefts, 0), width)
    rights = np.minimum(np.maximum(rights, lefts + 1), width)
    rows = rows * (width + 1)
    # A note weighs one whole and its velocity in the small change: one sum carries both.
    weights = velocities * _VELOCITY_UNIT + 1.0
    cells = height * (width + 1)
    summed: FloatArray = np.bincount(rows + lefts, weights, cells).astype(np.float64, copy=False)
    summed -= np.bincount(rows + rights, weights, cells)
    # Each row sums to nothing at its end, so that all of them are one sum.
    np.cumsum(summed, out=summed)
    count = np.floor(summed)
    summed -= count
    summed *= LEVELS / 128.0 / _VELOCITY_UNIT
    summed /= np.maximum(count, 1.0)
    level = np.minimum(summed, LEVELS - 1.0).astype(np.uint8)
    level += count > 0
    return level.reshape(height, width + 1)[:, :width]


def bar_codes(
    lefts: IntArray,
    rights: IntArray,
    rows: IntArray,
    levels: IntArray,
    shape: tuple[int, int],
    cap: int,
    edge: int,
) -> IntArray:
    """Of bars, which column of `desktop.roll.ink.bar_columns` each pixel of a row (row, x) shows.

    ``cap`` pixels at both ends are round where there is room for them; else ``edge`` pixels at the
    beginning are dark. A later bar lies over an earlier one; 0 where none is.
    """
    height, width = shape
    firsts = np.minimum(np.maximum(lefts, 0), width)
    counts = np.maximum(np.minimum(rights, width) - firsts, 0)
    ends = np.cumsum(counts)
    places = np.repeat(rows * width + firsts - (ends - counts), counts)
    places += np.arange(len(places))
    codes = np.zeros(height * width, dtype=np.int64)
    codes[places] = np.repeat(1 + levels, counts)
    wide = rights - lefts >= 2 * cap
    narrow = ~wide
    begun = (1 + LEVELS + levels[narrow], np.zeros(edge, dtype=np.int64))
    _put(codes, width, rows[narrow], lefts[narrow], begun)
    along = np.arange(cap)
    first = 1 + 2 * LEVELS + levels[wide] * cap
    _put(codes, width, rows[wide], lefts[wide], (first, along))
    _put(codes, width, rows[wide], rights[wide] - cap, (first + LEVELS * cap, along))
    return codes.reshape(shape)


def dot_codes(
    lefts: IntArray, rows: IntArray, levels: IntArray, shape: tuple[int, int], size: int
) -> IntArray:
    """Of dots, which column of `desktop.roll.ink.dot_columns` each pixel of a row shows."""
    codes = np.zeros(shape[0] * shape[1], dtype=np.int64)
    _put(codes, shape[1], rows, lefts, (1 + levels * size, np.arange(size)))
    return codes.reshape(shape)


def _put(
    codes: IntArray,
    width: int,
    rows: IntArray,
    lefts: IntArray,
    stamp: tuple[IntArray, IntArray],
) -> None:
    """Put a stamp (a code for each note, and what is added to it column by column) at ``lefts``."""
    first, added = stamp
    xs = lefts[:, None] + np.arange(len(added))
    inside = (xs >= 0) & (xs < width)
    codes[((rows * width)[:, None] + xs)[inside]] = (first[:, None] + added)[inside]
