"""Zooming and moving along an axis: pure arithmetic."""

Range = tuple[float, float]


def zoomed(shown: Range, factor: float, around: float, limits: Range, least: float) -> Range:
    """``shown`` made ``factor`` times as wide, the place ``around`` where it was.

    It stays inside ``limits``, and no narrower than ``least``.
    """
    low, high = shown
    width = min(max((high - low) * factor, least), max(limits[1] - limits[0], least))
    share = (around - low) / (high - low) if high > low else 0.5
    return inside((around - share * width, around + (1 - share) * width), limits)


def moved(shown: Range, by: float, limits: Range) -> Range:
    """``shown`` moved, as far as the limits let it."""
    return inside((shown[0] + by, shown[1] + by), limits)


def inside(shown: Range, limits: Range) -> Range:
    """A range of the same width within the limits, or the limits where it is wider than they."""
    low, high = shown
    if high - low >= limits[1] - limits[0]:
        return limits
    back = max(limits[0] - low, 0.0) - max(high - limits[1], 0.0)
    return low + back, high + back
