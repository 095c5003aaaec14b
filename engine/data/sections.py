"""The parts of a file that keep one meter, and their step grids."""

from dataclasses import dataclass

import numpy as np

from engine.data.parsing import ParsedFile
from engine.data.song import STEPS_PER_BEAT, IntArray

Meter = tuple[int, int, int]  # tick, numerator, denominator

FEWEST_BARS = 4
SHORTEST_BAR, LONGEST_BAR = 2, 8  # in quarters


@dataclass(frozen=True, slots=True)
class Section:
    """Ticks from ``start`` up to ``end`` in one meter; step 0 is at ``origin``.

    ``beats_per_bar`` counts quarters; 0 where a bar is no whole number of them, so that it cannot
    be packed. The first whole bar begins at the beat ``first_bar_beat``.
    """

    start: int
    end: int
    origin: int
    meter: str
    beats_per_bar: int
    first_bar_beat: int

    def bars(self, ticks_per_quarter: int) -> int:
        """Whole bars, at least roughly: for reports."""
        quarters = (self.end - self.start) / ticks_per_quarter
        return round(quarters / self.beats_per_bar) if self.beats_per_bar else 0


def sections(parsed: ParsedFile) -> tuple[Section, ...]:
    """A file's sections in order. A first bar that is shorter than the others is a pick-up."""
    quarter, end = parsed.ticks_per_quarter, parsed.end
    meters = _changes(parsed, end)
    stops = [*(tick for tick, _, _ in meters[1:]), end]
    found: list[Section] = []
    pick_up = 0
    for number, ((tick, above, below), stop) in enumerate(zip(meters, stops, strict=True)):
        is_pick_up = number == 0 and len(meters) > 1 and stop < _bar_ticks(meters[1], quarter)
        if is_pick_up:
            pick_up = stop
            continue
        if stop <= tick:
            continue
        before = -(-pick_up // quarter)
        bar = above * 4 // below if above * 4 % below == 0 else 0
        bar = bar if SHORTEST_BAR <= bar <= LONGEST_BAR else 0
        found.append(
            Section(
                start=tick - pick_up,
                end=stop,
                origin=tick - before * quarter,
                meter=f"{above}/{below}",
                beats_per_bar=bar,
                first_bar_beat=before % bar if bar else 0,
            )
        )
        pick_up = 0
    return tuple(found)


def _bar_ticks(meter: Meter, ticks_per_quarter: int) -> float:
    return meter[1] * 4 * ticks_per_quarter / meter[2]


def _changes(parsed: ParsedFile, end: int) -> list[Meter]:
    """The meters from tick 0 on, each one that changes something."""
    quarter = parsed.ticks_per_quarter
    given = {
        # Some programs put the first meter a tick late.
        (tick if tick >= quarter // STEPS_PER_BEAT else 0): (above, below)
        for tick, above, below in sorted(parsed.meters, key=lambda meter: meter[0])
        if above > 0 and below > 0 and (tick < end or tick == 0)
    }
    changes: list[Meter] = [] if 0 in given else [(0, 4, 4)]
    for tick, (above, below) in given.items():
        if not changes or not _goes_on(changes[-1], (tick, above, below), quarter):
            changes.append((tick, above, below))
    return changes


def _goes_on(last: Meter, meter: Meter, ticks_per_quarter: int) -> bool:
    """Whether a meter only repeats the last one, on one of its bar lines."""
    since = (meter[0] - last[0]) * last[2]
    return last[1:] == meter[1:] and since % (4 * last[1] * ticks_per_quarter) == 0


def nearest_steps(ticks: IntArray, origin: int, ticks_per_quarter: int) -> IntArray:
    """The steps whose beginnings are nearest to ``ticks`` (a tie goes to the later)."""
    doubled = 2 * (ticks.astype(np.int64) - origin) * STEPS_PER_BEAT + ticks_per_quarter
    steps: IntArray = (doubled // (2 * ticks_per_quarter)).astype(np.int32)
    return steps
