"""Many notes at once: a lane as an array of pixels instead of hundreds of rectangles."""

import numpy as np
import numpy.typing as npt

from desktop.roll.ink import LEVELS
from engine.music.note_columns import IntArray

FloatArray = npt.NDArray[np.float64]
_NARROW = 3
"""Columns of notes up to which each column is added by itself."""
_ONE, _MOST = 2048, 15
"""What a note counts beside its velocity, and up to how many on a pixel both are told apart."""
_LARGE_ONE = 2**24
"""The same where there are more: 100,000 notes on one pixel are told apart."""


def _level_of_codes() -> npt.NDArray[np.uint8]:
    codes = np.arange((_MOST + 1) * _ONE)
    count, velocities = codes // _ONE, codes % _ONE
    levels = np.minimum(velocities * LEVELS // (128 * np.maximum(count, 1)), LEVELS - 1)
    return np.where(count > 0, levels + 1, 0).astype(np.uint8)


LEVEL_OF_CODE = _level_of_codes()
"""The brightness of what `velocity_codes` gives: 0 for no note, else 1 to 8."""


def floored(ticks: IntArray, scale: float, shift: float) -> IntArray:
    """The columns in which ticks lie: scaled, then shifted to the left."""
    places = ticks * scale
    places -= shift
    np.floor(places, out=places)
    return places.astype(np.int64)


def rasterized(
    lefts: IntArray, rights: IntArray, rows: IntArray, velocities: IntArray, shape: tuple[int, int]
) -> npt.NDArray[np.uint8]:
    """Brightness (row, column) of notes: 0 where none is, else 1 to 8, the mean of those there.

    ``lefts`` and ``rights`` are columns (right excluded, clipped here); ``shape`` is rows and
    columns.
    """
    return LEVEL_OF_CODE.take(velocity_codes(lefts, rights, rows, velocities, shape))


def velocity_codes(
    lefts: IntArray, rights: IntArray, rows: IntArray, velocities: IntArray, shape: tuple[int, int]
) -> IntArray:
    """How many notes are at (row, column), and how loud, as one number: see `LEVEL_OF_CODE`.

    Arguments as for `rasterized`. Each step writes over the one before: fresh memory is dear.
    """
    height, width = shape
    # What lies wholly beside the picture has no width.
    ended = np.maximum(rights, lefts + 1)
    np.maximum(ended, 0, out=ended)
    np.minimum(ended, width, out=ended)
    begun = np.maximum(lefts, 0)
    np.minimum(begun, width, out=begun)
    ended -= begun
    begun += rows * (width + 1)
    add_up = _column_by_column if int(ended.max(initial=0)) <= _NARROW else _end_to_end
    summed = add_up(begun, ended, velocities + _ONE, height * (width + 1))
    codes = summed.astype(np.int64)
    if codes.max(initial=0) >= len(LEVEL_OF_CODE):
        summed = add_up(begun, ended, velocities + _LARGE_ONE, height * (width + 1))
        codes = _as_one_note(summed.astype(np.int64))
    return codes.reshape(height, width + 1)[:, :width]


def _as_one_note(sums: IntArray) -> IntArray:
    """The codes of single notes as loud as those together on each pixel are in the mean."""
    count, velocities = sums // _LARGE_ONE, sums % _LARGE_ONE
    return np.where(count > 0, _ONE + velocities // np.maximum(count, 1), 0)


def _column_by_column(
    begun: IntArray, widths: IntArray, weights: IntArray, cells: int
) -> FloatArray:
    """The weights in each cell together, of notes that are a few columns wide."""
    if not widths.all():
        seen = np.flatnonzero(widths)
        begun, widths, weights = begun[seen], widths[seen], weights[seen]
    summed = np.bincount(begun, weights, cells).astype(np.float64, copy=False)
    for column in range(1, int(widths.max(initial=0))):
        wider = np.flatnonzero(widths > column)
        summed += np.bincount(begun[wider] + column, weights[wider], cells)
    return summed


def _end_to_end(begun: IntArray, widths: IntArray, weights: IntArray, cells: int) -> FloatArray:
    """The weights in each cell together, at a cost that does not depend on how long notes are.

    Beginnings and ends are counted and summed along the row; each row sums to nothing at its end,
    so that all of them are one sum.
    """
    summed = np.bincount(begun, weights, cells).astype(np.float64, copy=False)
    summed -= np.bincount(begun + widths, weights, cells)
    np.cumsum(summed, out=summed)
    return summed


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
    codes, places = _empty(rows, shape, max(cap, edge))
    width, ground = shape[1], codes.reshape(-1)
    firsts = np.minimum(np.maximum(lefts, 0), width)
    counts = np.maximum(np.minimum(rights, width) - firsts, 0)
    ends = np.cumsum(counts)
    lit = np.repeat(places + firsts - (ends - counts), counts)
    lit += np.arange(len(lit))
    ground[lit] = np.repeat(1 + levels, counts)
    wide = rights - lefts >= 2 * cap
    narrow = ~wide
    begun = (1 + LEVELS + levels[narrow], np.zeros(edge, dtype=np.int64))
    _put(codes, width, places[narrow], lefts[narrow], begun)
    along = np.arange(cap)
    first = 1 + 2 * LEVELS + levels[wide] * cap
    _put(codes, width, places[wide], lefts[wide], (first, along))
    _put(codes, width, places[wide], rights[wide] - cap, (first + LEVELS * cap, along))
    return _inner(codes, width)


def dot_codes(
    lefts: IntArray, rows: IntArray, levels: IntArray, shape: tuple[int, int], size: int
) -> IntArray:
    """Of dots, which column of `desktop.roll.ink.dot_columns` each pixel of a row shows."""
    codes, places = _empty(rows, shape, size)
    _put(codes, shape[1], places, lefts, (1 + levels * size, np.arange(size)))
    return _inner(codes, shape[1])


def _empty(rows: IntArray, shape: tuple[int, int], margin: int) -> tuple[IntArray, IntArray]:
    """Codes with a margin on both sides, for stamps that are seen in part; where rows begin."""
    height, width = shape
    wide = width + 2 * margin
    return np.zeros((height, wide), dtype=np.int64), rows * wide + margin


def _inner(codes: IntArray, width: int) -> IntArray:
    """What lies between the margins."""
    margin = (codes.shape[1] - width) // 2
    return codes[:, margin : margin + width]


def _put(
    codes: IntArray,
    width: int,
    places: IntArray,
    lefts: IntArray,
    stamp: tuple[IntArray, IntArray],
) -> None:
    """Put a stamp (a code for each note, and what is added to it column by column) at ``lefts``.

    Of one that lies beside the rows nothing is seen: it falls into the margin.
    """
    first, added = stamp
    margin = (codes.shape[1] - width) // 2
    begins = places + np.minimum(np.maximum(lefts, -margin), width)
    codes.reshape(-1)[begins[:, None] + np.arange(len(added))] = first[:, None] + added
