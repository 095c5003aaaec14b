"""The grid that playing is drawn to, as musicians name it: a note value, and how much it swings."""

from dataclasses import dataclass

from engine.errors import MusicError
from engine.music.ticks import MeterMap

STRAIGHT, MOST_SWING = 50, 75
"""Percent of a pair of steps that its first one takes: even, and dotted."""
NAMES: tuple[tuple[str, int], ...] = (
    ("1/4", 1),
    ("1/8", 2),
    ("1/8 triplets", 3),
    ("1/16", 4),
    ("1/16 triplets", 6),
    ("1/32", 8),
    ("1/32 triplets", 12),
)
"""What can be chosen: the name, and how many such steps a quarter note has."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Steps of ``1 / steps_per_quarter`` of a quarter note, counted from each bar line.

    ``swing`` (50 to 75, percent) is the share that the first of two steps takes; triplets do not
    swing. Raises `MusicError` for anything else.
    """

    steps_per_quarter: int = 4
    swing: int = STRAIGHT

    def __post_init__(self) -> None:
        if self.steps_per_quarter < 1 or not STRAIGHT <= self.swing <= MOST_SWING:
            raise MusicError("A rhythm has a step or more a quarter and swings by 50 to 75 %.")

    @property
    def swings(self) -> bool:
        """Whether every other step comes later than the even grid has it."""
        return self.swing != STRAIGHT and self.steps_per_quarter % 3 != 0

    @property
    def name(self) -> str:
        """Such as ``1/16 triplets``."""
        values = {steps: name for name, steps in NAMES}
        return values.get(self.steps_per_quarter, f"1/{4 * self.steps_per_quarter}")


class BarGrid:
    """The places of a rhythm in the bars of a composition; every bar line is one."""

    def __init__(self, meters: MeterMap, ticks_per_quarter: int, rhythm: Rhythm) -> None:
        self._meters = meters
        self._quarter = ticks_per_quarter
        self._rhythm = rhythm

    def nearest(self, tick: int) -> int:
        """The place nearest to a tick from 0 on; a tie goes to the later."""
        start, end = self._bar(tick)
        step = (tick - start) * self._rhythm.steps_per_quarter // self._quarter
        places = [start + self._within(number) for number in range(max(0, step - 1), step + 3)]
        inside = [start, *(place for place in places if place < end), end]
        return min(inside, key=lambda place: (abs(place - tick), -place))

    def after(self, place: int) -> int:
        """The first place that comes later than a tick."""
        start, end = self._bar(place)
        step = (place - start) * self._rhythm.steps_per_quarter // self._quarter
        later = (start + self._within(number) for number in range(step, step + 3))
        return min((each for each in later if place < each < end), default=end)

    def _bar(self, tick: int) -> tuple[int, int]:
        """First tick of the bar that holds ``tick``, and of the one after."""
        bar = self._meters.position_at(max(0, tick)).bar
        start = self._meters.bar_start(bar)
        return start, max(start + 1, self._meters.bar_start(bar + 1))

    def _within(self, step: int) -> int:
        """Ticks from the bar line to a step."""
        late = (self._rhythm.swing - STRAIGHT) / STRAIGHT
        exact = step + late if self._rhythm.swings and step % 2 else step
        return round(exact * self._quarter / self._rhythm.steps_per_quarter)
