"""Where ticks and pitches lie on the screen: pure arithmetic, no Qt.

Pixels are device-independent; x grows to the right from the view's left edge, y downwards.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import floor

MAX_PIXELS_PER_QUARTER = 960.0
MIN_PIXELS_PER_QUARTER = 0.25
LEFT_MARGIN = 8
"""Pixels before tick 0, so that the playhead and the first notes stand free."""
RIGHT_MARGIN = 6
"""Pixels after the last bar line, so that a loop's end stands free (and no number does)."""
MIN_ROWS = 14
MARGIN_ROWS = 2
TOP_PITCH = 127


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Ticks to x and back; ``offset`` whole pixels are scrolled off to the left (−8 shows all).

    Whole pixels, so that scrolling moves every note by the same amount and none trembles.
    """

    pixels_per_tick: float
    offset: int = -LEFT_MARGIN

    def x_at(self, tick: float) -> int:
        """The pixel column in which ``tick`` lies."""
        return floor(tick * self.pixels_per_tick) - self.offset

    def exact_x_at(self, tick: float) -> float:
        """X of ``tick``, not rounded."""
        return tick * self.pixels_per_tick - self.offset

    def tick_at(self, x: float) -> float:
        """The tick at ``x``; negative left of the composition."""
        return (x + self.offset) / self.pixels_per_tick

    def scrolled_to(self, offset: int) -> "TimeAxis":
        """The same scale at another place, never before the left margin."""
        return replace(self, offset=max(-LEFT_MARGIN, offset))

    def zoomed(self, factor: float, x: float, ticks_per_quarter: int) -> "TimeAxis":
        """Another scale, within its limits, the tick under ``x`` staying where it is."""
        scale = self.pixels_per_tick * factor
        scale = min(scale, MAX_PIXELS_PER_QUARTER / ticks_per_quarter)
        scale = max(scale, MIN_PIXELS_PER_QUARTER / ticks_per_quarter)
        return TimeAxis(scale).scrolled_to(round(self.tick_at(x) * scale - x))


def fitting(ticks: int, width: int) -> TimeAxis:
    """The axis on which ``ticks`` fill ``width`` pixels but for the margins."""
    return TimeAxis(max(1, width - LEFT_MARGIN - RIGHT_MARGIN) / max(1, ticks))


@dataclass(frozen=True, slots=True)
class PitchAxis:
    """Pitches to rows and back; ``pitches`` from the lowest row to the highest, ascending."""

    pitches: Sequence[int]
    top: float
    height: float

    @property
    def row_height(self) -> float:
        """Height of a row in pixels, not rounded."""
        return self.height / len(self.pitches)

    def row_of(self, pitch: int) -> int:
        """Row counted from the lowest; the nearest one for a pitch without a row."""
        if pitch <= self.pitches[0]:
            return 0
        if pitch >= self.pitches[-1]:
            return len(self.pitches) - 1
        above = bisect_left(self.pitches, pitch)
        nearer = pitch - self.pitches[above - 1] <= self.pitches[above] - pitch
        return above - 1 if nearer else above

    def rows(self) -> tuple[int, ...]:
        """The row of every pitch from 0 to 127."""
        return tuple(self.row_of(pitch) for pitch in range(TOP_PITCH + 1))

    def y_of_row(self, row: int) -> int:
        """Top of a row, whole pixels (rows may differ by one in height)."""
        return round(self.top + (len(self.pitches) - 1 - row) * self.row_height)

    def row_box(self, row: int) -> tuple[int, int]:
        """Top and height of a row in whole pixels."""
        top = self.y_of_row(row)
        return top, self.y_of_row(row - 1) - top

    def pitch_at(self, y: float) -> int:
        """The pitch whose row lies at ``y``; the outermost beyond the rows."""
        row = len(self.pitches) - 1 - floor((y - self.top) / self.row_height)
        return self.pitches[min(max(row, 0), len(self.pitches) - 1)]


def melodic_rows(used: Iterable[int], *, margin: int = MARGIN_ROWS, least: int = MIN_ROWS) -> range:
    """The rows of a lane: the used pitches with a margin, at least so many, within 0 to 127."""
    pitches = list(used) or [60, 72]
    low, high = min(pitches) - margin, max(pitches) + margin
    missing = max(0, least - (high - low + 1))
    low, high = low - (missing + 1) // 2, high + missing // 2
    if low < 0:
        low, high = 0, max(high, least - 1)
    if high > TOP_PITCH:
        low, high = max(0, min(low, TOP_PITCH + 1 - least)), TOP_PITCH
    return range(low, high + 1)


def drum_rows(used: Iterable[int], *, always: Iterable[int] = (36, 38, 42)) -> tuple[int, ...]:
    """The rows of a drum lane: one for each instrument in use, nothing between them."""
    return tuple(sorted(set(used))) or tuple(sorted(always))


def share_height(least: Sequence[int], most: Sequence[int], available: int) -> tuple[int, ...]:
    """Heights between ``least`` and ``most`` that fill ``available`` as far as they may.

    What is over is given out in proportion to the least heights; whole pixels, nothing lost.
    """
    heights = list(least)
    spare = available - sum(heights)
    while spare > 0:
        growing = [i for i, height in enumerate(heights) if height < most[i]]
        if not growing:
            break
        weight = sum(least[i] for i in growing)
        given = 0
        for i in growing:
            more = min(most[i] - heights[i], max(1, spare * least[i] // weight), spare - given)
            heights[i] += more
            given += more
        spare -= given
    return tuple(heights)


def label_stride(bar_width: float, wanted: int = 44) -> int:
    """Every how many bars a number is written, so that numbers stand ``wanted`` pixels apart."""
    stride = 1
    while bar_width * stride < wanted:
        stride *= 2
    return stride
