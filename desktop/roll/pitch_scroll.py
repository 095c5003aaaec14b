"""Which rows of an open lane are seen: pure arithmetic, no Qt."""

from collections.abc import Iterable, Sequence

from desktop.roll.lane import ROW_HEIGHTS

WANTED_ROWS = 36
"""About three octaves are seen where nothing else was chosen."""
_FIRST_HEIGHTS = (11, 20)


def first_row_height(area: int) -> int:
    """Height of a row when a lane with ``area`` pixels for its rows is opened."""
    least, most = _FIRST_HEIGHTS
    return min(most, max(least, area // WANTED_ROWS))


def limited_row_height(height: float) -> int:
    """A height that a row may have."""
    least, most = ROW_HEIGHTS
    return min(most, max(least, round(height)))


def centred(rows: Sequence[int], pitches: Iterable[int], row_height: int, area: int) -> int:
    """How far to scroll down so that the pitches lie in the middle of ``area`` pixels."""
    used = sorted(pitches)
    low, high = (used[0], used[-1]) if used else (rows[0], rows[0])
    above = sum(1 for pitch in rows if pitch > high)
    height = (sum(1 for pitch in rows if low <= pitch <= high)) * row_height
    return max(0, above * row_height - (area - height) // 2)


def zoomed(scroll: int, y: float, before: int, after: int) -> int:
    """How far to scroll after another row height, so that what lies ``y`` pixels down stays."""
    return max(0, round((scroll + y) * after / before - y))
