"""How a composition lies on a model's steps: the grid, the bars, the beginning and the end."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from engine.errors import MusicError
from engine.generation.model_card import ModelCard
from engine.generation.windows import longest_run
from engine.music.composition import Composition, MeterChange
from engine.music.ticks import MeterMap, StepGrid, meter_map

# 2,048 bars of 4/4: an hour of music. Far beyond lies a damaged file, not a melody.
MAX_STEPS = 32_768


@dataclass(frozen=True, slots=True)
class Frame:
    """A composition's place on the step grid.

    ``steps`` reach to the end of the last bar that is accompanied, at tick ``end``; ``bars`` and
    ``beats`` are the steps where one starts, going on beyond the end as far as an input may be
    padded. A beat is a dotted quarter in 6/8, 9/8 and 12/8, else a quarter from the bar line on.
    """

    grid: StepGrid
    meters: MeterMap
    steps: int
    end: int
    bars: tuple[int, ...]
    beats: tuple[int, ...]

    def used_meters(self) -> frozenset[str]:
        """The meters of the bars, such as "3/4"; a pick-up is a part of the bar it leads to."""
        starts = self.meters.bar_starts(self.end)
        heard = starts[1:] if has_pick_up(self.meters, starts) else starts
        meters = [self.meters.meter_at(start) for start in heard]
        return frozenset(f"{meter.numerator}/{meter.denominator}" for meter in meters)


def frame_of(composition: Composition, card: ModelCard, extend_bars: int = 0) -> Frame:
    """The frame of a composition, ``extend_bars`` longer than its melody.

    Raises `MusicError` for an empty or a far too long melody.
    """
    if not composition.melody.notes:
        raise MusicError("There is no melody yet: play one, or open a MIDI file that has one.")
    meters = meter_map(composition)
    end = meters.bar_end(composition.melody.end)
    if extend_bars:
        end = meters.bar_start(meters.position_at(end).bar + extend_bars)
    plain = StepGrid(composition.ticks_per_quarter, card.steps_per_beat)
    if plain.nearest_step(end) > MAX_STEPS:
        raise MusicError(
            f"The melody is {meters.position_at(end - 1).bar} bars long, which is more than a "
            "model can accompany; cut it into shorter pieces."
        )
    grid = replace(plain, origin=_origin(meters, end, plain, card))
    steps = max(1, _steps_until(grid, end))
    padding = card.step_multiple if steps <= longest_run(card) else longest_run(card)
    until = grid.tick_at(steps + padding)
    bars, beats = _lines(meters, grid, until)
    return Frame(grid, meters, steps, end, bars, beats)


def _steps_until(grid: StepGrid, end: int) -> int:
    """How many steps begin before ``end``."""
    step = grid.nearest_step(end)
    while grid.tick_at(step) < end:
        step += 1
    while step > 0 and grid.tick_at(step - 1) >= end:
        step -= 1
    return step


def _origin(meters: MeterMap, end: int, grid: StepGrid, card: ModelCard) -> int:
    """The tick of step 0, such that bar lines fall on multiples of the model's step multiple.

    After a pick-up, step 0 is where its bar would have begun. Otherwise it is chosen for as many
    bar lines as can be, the first bar line winning a tie. A model of several meters is told where
    bars start: for it they fall on whole quarters, and the music is given as it is.
    """
    starts = meters.bar_starts(end)
    if has_pick_up(meters, starts):
        return starts[1] - meters.bar_ticks_at(starts[1])
    multiple = card.step_multiple if len(card.meters) == 1 else grid.steps_per_quarter
    unit = multiple * grid.ticks_per_quarter
    phases = Counter(start * grid.steps_per_quarter % unit for start in starts)
    phase = phases.most_common(1)[0][0]
    line = next(start for start in starts if start * grid.steps_per_quarter % unit == phase)
    multiples = -(-line * grid.steps_per_quarter // unit)
    return line - grid.tick_at(multiples * multiple)


def has_pick_up(meters: MeterMap, starts: list[int]) -> bool:
    """Whether the first bar is shorter than the second, in a meter of its own."""
    if len(starts) < 2 or meters.meter_at(starts[1]).tick != starts[1]:
        return False
    return starts[1] - starts[0] < meters.bar_ticks_at(starts[1])


def _lines(meters: MeterMap, grid: StepGrid, until: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The steps where bars and beats start, from step 0 on; the bars before tick 0 are imagined."""
    starts = meters.bar_starts(until)
    if has_pick_up(meters, starts):
        starts = starts[1:]
    early, _beats = meters.imagined(starts[0], grid.origin)
    bars = [*early, *starts]
    lengths = [
        beat_steps(meters.meter_at(max(bar, starts[0])), grid.steps_per_quarter) for bar in bars
    ]
    steps = [grid.nearest_step(bar) for bar in bars]
    beats = {
        beat
        for (first, after), length in zip(
            pairwise([*steps, grid.nearest_step(until)]), lengths, strict=True
        )
        for beat in range(first, max(after, first + 1), length)
    }
    return _ordered(steps), _ordered(beats)


def beat_steps(meter: MeterChange, steps_per_quarter: int) -> int:
    """How many steps the beat has that is felt: a dotted quarter in compound meters."""
    if is_compound(meter) and steps_per_quarter % 2 == 0:
        return 3 * steps_per_quarter // 2
    return steps_per_quarter


def is_compound(meter: MeterChange) -> bool:
    """Whether eighths go in groups of three: 6/8, 9/8, 12/8."""
    return meter.denominator == 8 and meter.numerator % 3 == 0 and meter.numerator > 3


def _ordered(steps: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(steps)))
