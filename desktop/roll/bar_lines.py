"""Bar lines that may be dragged, as those that were found in free playing."""

from bisect import bisect_left, bisect_right

from desktop.roll.grid import Grid
from desktop.roll.transform import TimeAxis

_CATCH = 5
"""Pixels around a bar line in which it is taken."""
_CLOSEST = 12
"""Pixels between bar lines, below which none of them could be meant."""


def loose_lines(grid: Grid, axis: TimeAxis, width: int, until: int) -> tuple[int, ...]:
    """The ticks of the bar lines in view up to ``until``; none where they lie too close."""
    first = bisect_left(grid.bars, axis.tick_at(-1))
    last = bisect_right(grid.bars, min(axis.tick_at(width + 1), until))
    seen = tuple(grid.bars[first:last])
    if len(seen) > 1 and (seen[-1] - seen[0]) / (len(seen) - 1) * axis.pixels_per_tick < _CLOSEST:
        return ()
    return seen


def bar_line_at(grid: Grid, axis: TimeAxis, x: float, until: int) -> int | None:
    """The tick of the bar line under ``x``, if any."""
    lines = loose_lines(grid, axis, round(x) + 10 * _CLOSEST, until)
    near = [(abs(axis.x_at(tick) - x), tick) for tick in lines]
    distance, line = min(near, default=(_CATCH + 1.0, 0))
    return line if distance <= _CATCH else None
