"""The grid that notes are drawn to while they are edited, from bars to triplets of thirty-seconds.

Its lines are counted from each bar's beginning, so they stay right after a pick-up and in uneven
meters; what a division does not fill, the next bar line ends.
"""

from dataclasses import dataclass
from enum import Enum
from math import floor

from engine.music.ticks import MeterMap


class GridStep(Enum):
    """How fine the grid is."""

    BAR = "Bar"
    HALF = "1/2"
    QUARTER = "1/4"
    EIGHTH = "1/8"
    SIXTEENTH = "1/16"
    THIRTY_SECOND = "1/32"
    QUARTER_TRIPLET = "1/4 T"
    EIGHTH_TRIPLET = "1/8 T"
    SIXTEENTH_TRIPLET = "1/16 T"
    THIRTY_SECOND_TRIPLET = "1/32 T"
    OFF = "Off"

    @property
    def a_whole(self) -> int:
        """How many steps a whole note has; 0 for the bar and for no grid."""
        if self in (GridStep.BAR, GridStep.OFF):
            return 0
        straight = int(self.value.split()[0].removeprefix("1/"))
        return straight * 3 // 2 if self.value.endswith("T") else straight


@dataclass(frozen=True, slots=True)
class NoteGrid:
    """Ticks to lines of a grid and back; with `GridStep.OFF` every tick is a line."""

    meters: MeterMap
    ticks_per_quarter: int
    step: GridStep = GridStep.SIXTEENTH

    def before(self, tick: float) -> int:
        """The last line at or before ``tick``, at least 0."""
        at = max(0, floor(tick))
        if self.step is GridStep.OFF:
            return at
        start, end = self._bar(at)
        if self.step is GridStep.BAR:
            return start
        number = (at - start) * self.step.a_whole // (4 * self.ticks_per_quarter)
        # Lines are rounded to ticks: the next one may have been rounded down to this tick.
        line = start + self._ticks(number + 1)
        return line if line <= at and line < end else start + self._ticks(number)

    def after(self, tick: float) -> int:
        """The first line behind ``tick``."""
        line = self.before(tick)
        if self.step is GridStep.OFF:
            return line + 1
        start, end = self._bar(line)
        if self.step is GridStep.BAR:
            return end
        number = round((line - start) * self.step.a_whole / (4 * self.ticks_per_quarter))
        return min(end, max(line + 1, start + self._ticks(number + 1)))

    def nearest(self, tick: float) -> int:
        """The line that is nearest to ``tick``; halfway the later one."""
        if self.step is GridStep.OFF:
            return max(0, floor(tick + 0.5))
        before = self.before(tick)
        after = self.after(before)
        return after if tick - before >= after - tick else before

    def length_at(self, tick: float) -> int:
        """Ticks from line to line at ``tick``."""
        before = self.before(tick)
        return self.after(before) - before

    def stepped(self, tick: int, steps: int) -> int:
        """The line so many lines after ``tick`` (before it for less than 0), at least 0."""
        for _ in range(abs(steps)):
            tick = self.after(tick) if steps > 0 else self.before(tick - 1)
        return max(0, tick)

    def lines(self, until: int) -> list[int]:
        """All lines before ``until``; none without a grid."""
        if self.step is GridStep.OFF:
            return []
        starts = self.meters.bar_starts(until)
        if self.step is GridStep.BAR:
            return starts
        lines: list[int] = []
        within: dict[int, list[int]] = {}  # a song has few lengths of bars, and very many bars
        for start, end in zip(starts, [*starts[1:], until], strict=True):
            offsets = within.get(end - start)
            if offsets is None:
                offsets = within[end - start] = self._within(end - start)
            lines.extend([start + offset for offset in offsets])
        return lines

    def _within(self, length: int) -> list[int]:
        """The lines of a bar of so many ticks, counted from its beginning."""
        count = -(-length * self.step.a_whole // (4 * self.ticks_per_quarter))
        return [line for line in map(self._ticks, range(count)) if line < length]

    def _bar(self, tick: int) -> tuple[int, int]:
        bar = self.meters.position_at(tick).bar
        start = self.meters.bar_start(bar)
        return start, max(start + 1, self.meters.bar_start(bar + 1))

    def _ticks(self, number: int) -> int:
        """Ticks of so many steps, rounded half up: never a drift."""
        return (8 * number * self.ticks_per_quarter + self.step.a_whole) // (2 * self.step.a_whole)
