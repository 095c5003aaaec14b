"""The only place where ticks, seconds, beats, bars and steps turn into each other."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from engine.music.composition import Composition, MeterChange, TempoChange

MICROSECONDS = 1_000_000


class TempoMap:
    """Ticks to seconds and back along a composition's tempo changes."""

    def __init__(self, tempos: tuple[TempoChange, ...], ticks_per_quarter: int) -> None:
        self._tempos = tempos
        self._ticks_per_quarter = ticks_per_quarter
        self._ticks = [tempo.tick for tempo in tempos]
        self._seconds = [0.0]
        for before, after in pairwise(tempos):
            span = (after.tick - before.tick) * self._seconds_per_tick(before)
            self._seconds.append(self._seconds[-1] + span)

    def _seconds_per_tick(self, tempo: TempoChange) -> float:
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

    def tempo_at(self, tick: float) -> TempoChange:
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
    pick-up written as a short first meter is a short first bar.
    """

    def __init__(self, meters: tuple[MeterChange, ...], ticks_per_quarter: int) -> None:
        self._meters = meters
        self._ticks_per_quarter = ticks_per_quarter
        self._ticks = [meter.tick for meter in meters]
        self._bars = [0]
        for before, after in pairwise(meters):
            length = self._bar_ticks(before)
            self._bars.append(self._bars[-1] + -(-(after.tick - before.tick) // length))

    def _beat_ticks(self, meter: MeterChange) -> int:
        return max(1, 4 * self._ticks_per_quarter // meter.denominator)

    def _bar_ticks(self, meter: MeterChange) -> int:
        return meter.numerator * self._beat_ticks(meter)

    def meter_at(self, tick: float) -> MeterChange:
        """The meter in force at ``tick``."""
        return self._meters[max(0, bisect_right(self._ticks, tick) - 1)]

    def beat_ticks_at(self, tick: float) -> int:
        """Length in ticks of the written beat (the meter's denominator) at ``tick``."""
        return self._beat_ticks(self.meter_at(tick))

    def position_at(self, tick: int) -> Position:
        """Bar, beat and rest of ``tick``."""
        index = max(0, bisect_right(self._ticks, tick) - 1)
        meter = self._meters[index]
        bars, within = divmod(tick - meter.tick, self._bar_ticks(meter))
        beats, rest = divmod(within, self._beat_ticks(meter))
        return Position(self._bars[index] + bars + 1, beats + 1, rest)

    def bar_start(self, bar: int) -> int:
        """First tick of ``bar`` (counted from 1)."""
        index = max(0, bisect_right(self._bars, bar - 1) - 1)
        meter = self._meters[index]
        start = meter.tick + (bar - 1 - self._bars[index]) * self._bar_ticks(meter)
        return min(start, self._ticks[index + 1]) if index + 1 < len(self._ticks) else start

    def bar_starts(self, until: int) -> list[int]:
        """The first ticks of all bars that start before ``until``."""
        starts: list[int] = []
        for index, meter in enumerate(self._meters):
            following = self._ticks[index + 1] if index + 1 < len(self._ticks) else until
            starts.extend(range(meter.tick, min(following, until), self._bar_ticks(meter)))
        return starts

    def beat_starts(self, until: int) -> list[int]:
        """The first ticks of all written beats that start before ``until``."""
        starts: list[int] = []
        for index, meter in enumerate(self._meters):
            following = self._ticks[index + 1] if index + 1 < len(self._ticks) else until
            starts.extend(range(meter.tick, min(following, until), self._beat_ticks(meter)))
        return starts

    def bar_end(self, tick: int) -> int:
        """First bar line at or after ``tick``: up to there music that ends there is filled."""
        position = self.position_at(tick)
        start = self.bar_start(position.bar)
        return start if start == tick else self.bar_start(position.bar + 1)


def tempo_map(composition: Composition) -> TempoMap:
    """The tempo map of a composition."""
    return TempoMap(composition.tempos, composition.ticks_per_quarter)


def meter_map(composition: Composition) -> MeterMap:
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
