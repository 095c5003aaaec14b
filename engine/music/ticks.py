"""The only place where ticks, seconds, beats, bars and steps turn into each other."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a process that reads files for others needs no compositions
    from engine.music.composition import Composition, MeterChange, TempoChange

MICROSECONDS = 1_000_000


class TempoMap:
    """Ticks to seconds and back along a composition's tempo changes."""

    def __init__(self, tempos: "tuple[TempoChange, ...]", ticks_per_quarter: int) -> None:
        self._tempos = tempos
        self._ticks_per_quarter = ticks_per_quarter
        self._ticks = [tempo.tick for tempo in tempos]
        self._seconds = [0.0]
        for before, after in pairwise(tempos):
            span = (after.tick - before.tick) * self._seconds_per_tick(before)
            self._seconds.append(self._seconds[-1] + span)

    def _seconds_per_tick(self, tempo: "TempoChange") -> float:
        return tempo.microseconds_per_quarter / (MICROSECONDS * self._ticks_per_quarter)

    def seconds_at(self, tick: float) -> float:
        """Seconds from the start to ``tick``; before the start the first tempo counts."""
        index = max(0, bisect_right(self._ticks, tick) - 1)
        tempo = self._tempos[index]
        return self._seconds[index] + (tick - tempo.tick) * self._seconds_per_tick(tempo)

    def tick_at(self, seconds: float) -> float:
        """The tick, not rounded, that sounds after ``seconds``."""
        index = max(0, bisect_right(self._seconds, seconds) - 1)
        tempo = self._tempos[index]
        return tempo.tick + (seconds - self._seconds[index]) / self._seconds_per_tick(tempo)

    def tempo_at(self, tick: float) -> "TempoChange":
        """The tempo in force at ``tick``."""
        return self._tempos[max(0, bisect_right(self._ticks, tick) - 1)]


@dataclass(frozen=True, slots=True)
class Position:
    """A musical position: bar and beat count from 1, ``tick`` is the rest within the beat."""

    bar: int
    beat: int
    tick: int


class MeterMap:
    """Ticks to bars and beats and back along a composition's meter changes.

    A meter change in the middle of a bar ends that bar there, as notation programs read it: so a
    pick-up written as a short first meter is a short first bar. A resolution that a beat does not
    divide gives beats that differ by a tick, never a drift.
    """

    def __init__(self, meters: "tuple[MeterChange, ...]", ticks_per_quarter: int) -> None:
        self._meters = meters
        self._whole = 4 * ticks_per_quarter
        self._ticks = [meter.tick for meter in meters]
        self._bars = [0]
        for before, after in pairwise(meters):
            bars = self._count(after.tick - before.tick, before, before.numerator)
            self._bars.append(self._bars[-1] + bars)

    def _start(self, number: int, meter: "MeterChange", beats: int) -> int:
        """Where the unit of so many beats with this number (from 0) starts under a meter."""
        return number * beats * self._whole // meter.denominator

    def _count(self, ticks: int, meter: "MeterChange", beats: int) -> int:
        """How many units of so many beats start in the first ``ticks`` of a meter."""
        return max(0, -(-ticks * meter.denominator // (beats * self._whole)))

    def _index_at(self, tick: float) -> int:
        return max(0, bisect_right(self._ticks, tick) - 1)

    def meter_at(self, tick: float) -> "MeterChange":
        """The meter in force at ``tick``."""
        return self._meters[self._index_at(tick)]

    def full_meter_at(self, tick: float) -> "MeterChange":
        """The meter at ``tick``; in a pick-up that of the bar that it leads to."""
        index = self._index_at(tick)
        if index == 0 and self.has_pick_up:
            return self._meters[1]
        return self._meters[index]

    @property
    def has_pick_up(self) -> bool:
        """Whether the first bar is shorter than the second, in a meter of its own."""
        if len(self._meters) < 2 or self._bars[1] != 1:
            return False
        first, second = self._meters[:2]
        return second.tick - first.tick < self._start(1, second, second.numerator)

    def beat_ticks_at(self, tick: float) -> int:
        """Length in ticks of the written beat (the meter's denominator) at ``tick``."""
        return max(1, self._start(1, self.meter_at(tick), 1))

    def bar_ticks_at(self, tick: float) -> int:
        """Length in ticks of a full bar of the meter at ``tick``."""
        meter = self.meter_at(tick)
        return max(1, self._start(1, meter, meter.numerator))

    def position_at(self, tick: int) -> Position:
        """Bar, beat and rest of ``tick``; before the start bars count down from 0."""
        index = self._index_at(tick)
        meter = self._meters[index]
        since = tick - meter.tick
        beats = ((since + 1) * meter.denominator - 1) // self._whole
        bar, beat = divmod(beats, meter.numerator)
        rest = since - self._start(beats, meter, 1)
        return Position(self._bars[index] + bar + 1, beat + 1, rest)

    def bar_start(self, bar: int) -> int:
        """First tick of ``bar`` (counted from 1)."""
        index = max(0, bisect_right(self._bars, bar - 1) - 1)
        meter = self._meters[index]
        return meter.tick + self._start(bar - 1 - self._bars[index], meter, meter.numerator)

    def bar_starts(self, until: int) -> list[int]:
        """The first ticks of all bars that start before ``until``, one for each bar.

        Bars shorter than a tick (1/8 at one tick a quarter) share theirs.
        """
        return self._starts(until, [meter.numerator for meter in self._meters])

    def beat_starts(self, until: int) -> list[int]:
        """The first ticks of all written beats that start before ``until``, one for each beat."""
        return self._starts(until, [1 for _ in self._meters])

    def _starts(self, until: int, beats: list[int]) -> list[int]:
        starts: list[int] = []
        ends = (*self._ticks[1:], until)
        for meter, unit, end in zip(self._meters, beats, ends, strict=True):
            units = range(self._count(min(end, until) - meter.tick, meter, unit))
            starts.extend(meter.tick + self._start(number, meter, unit) for number in units)
        return starts

    def imagined(self, line: int, first: int) -> tuple[list[int], list[int]]:
        """Bar and beat starts of ``line``'s meter before that bar line, down to ``first``."""
        meter = self.meter_at(line)

        def before(unit: int) -> list[int]:
            numbers = range(-1, -self._count(line - first + 1, meter, unit) - 1, -1)
            starts = [line + self._start(number, meter, unit) for number in numbers]
            return [start for start in starts if start >= first][::-1]

        return before(meter.numerator), before(1)

    def next_beat(self, tick: int) -> int:
        """First tick from ``tick`` on where a written beat starts; a meter change starts one."""
        index = self._index_at(tick)
        meter = self._meters[index]
        number = -(-(tick - meter.tick) * meter.denominator // self._whole)
        start = meter.tick + self._start(number, meter, 1)
        return min([start, *self._ticks[index + 1 : index + 2]])

    def bar_end(self, tick: int) -> int:
        """First bar line at or after ``tick``: up to there music that ends there is filled."""
        position = self.position_at(tick)
        start = self.bar_start(position.bar)
        return start if start == tick else self.bar_start(position.bar + 1)


def tempo_map(composition: "Composition") -> TempoMap:
    """The tempo map of a composition."""
    return TempoMap(composition.tempos, composition.ticks_per_quarter)


def meter_map(composition: "Composition") -> MeterMap:
    """The meter map of a composition."""
    return MeterMap(composition.meters, composition.ticks_per_quarter)


@dataclass(frozen=True, slots=True)
class StepGrid:
    """Ticks to the steps of a piano roll and back.

    A step is ``1 / steps_per_quarter`` of a quarter note (a sixteenth for 4), in every meter.
    ``origin`` is the tick of step 0; it may lie before the composition (negative), so that bar
    lines fall on multiples of a model's step multiple after a pick-up. A resolution that
    ``steps_per_quarter`` does not divide gives steps that differ by a tick, never a drift.
    """

    ticks_per_quarter: int
    steps_per_quarter: int = 4
    origin: int = 0

    def tick_at(self, step: int) -> int:
        """The tick where ``step`` begins (rounded half up)."""
        doubled = 2 * step * self.ticks_per_quarter + self.steps_per_quarter
        return self.origin + doubled // (2 * self.steps_per_quarter)

    def nearest_step(self, tick: int) -> int:
        """The step whose beginning is nearest to ``tick`` (a tie goes to the later)."""
        doubled = 2 * (tick - self.origin) * self.steps_per_quarter + self.ticks_per_quarter
        return doubled // (2 * self.ticks_per_quarter)
