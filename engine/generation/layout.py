"""Where the steps of a piece stand on a model's columns.

Step and column are the same as long as the model plays the piece's meters. A bar in another meter
is laid onto a bar of the model's own: it begins where that one begins, and columns without a step
fill it up. So bass and harmony still change at the piece's bar lines. The groups of a compound
meter (6/8) begin on the model's strong beats: three eighths stand on a half bar.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.generation.frame import Frame, beat_steps, has_pick_up, is_compound
from engine.generation.model_card import ModelCard
from engine.generation.windows import longest_run
from engine.music.composition import MeterChange
from engine.music.piano_roll import ONSET, SOUNDING, BoolArray

IntArray = npt.NDArray[np.intp]
USUAL_METER = "4/4"


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The columns of a piece's steps (step,); ``source`` (column,) is the way back.

    A column in a gap has the step before it as its source, and is marked in ``gaps`` (column,).
    ``bars`` and ``beats`` are the columns where one starts for the model, beyond the end too.
    """

    columns: IntArray
    source: IntArray
    gaps: BoolArray
    bars: tuple[int, ...]
    beats: tuple[int, ...]

    @property
    def length(self) -> int:
        """How many columns the piece takes."""
        return len(self.source)

    def spread_planes(self, planes: BoolArray) -> BoolArray:
        """Planes (…, plane, step, pitch) on columns; a note that lasts over a gap sounds in it."""
        spread = planes[..., self.source, :]
        after = np.minimum(self.source + 1, len(self.columns) - 1)
        lasting = planes[..., SOUNDING, after, :] & ~planes[..., ONSET, after, :]
        # Nothing lasts over the gap before the first step.
        lasting[..., : self.columns[0], :] = False
        gaps = self.gaps[:, None]
        spread[..., ONSET, :, :] &= ~gaps
        spread[..., SOUNDING, :, :] &= ~gaps | lasting
        return spread


def layout_of(frame: Frame, card: ModelCard) -> Layout:
    """The layout of a piece for a model."""
    if frame.used_meters() <= set(card.meters):
        steps = np.arange(frame.steps)
        no_gaps = np.zeros(frame.steps, dtype=np.bool_)
        return Layout(steps, steps, no_gaps, frame.bars, frame.beats)
    return _Laying(frame, card).layout()


class _Laying:
    """Lays bar after bar; ``unit`` is the length of the model's own bar.

    Multiples of it are counted from ``anchor``: where the last bar of another length ended that the
    model knows as well.
    """

    def __init__(self, frame: Frame, card: ModelCard) -> None:
        self._frame, self._card = frame, card
        meter = USUAL_METER if USUAL_METER in card.meters else card.meters[0]
        numerator, denominator = map(int, meter.split("/"))
        self._beat = beat_steps(MeterChange(0, numerator, denominator), card.steps_per_beat)
        self._unit = max(1, 4 * card.steps_per_beat * numerator // denominator)
        self._columns: list[int] = []
        self._bars: set[int] = set()
        self._beats: set[int] = set()
        self._next = 0
        self._anchor = 0
        starts = frame.meters.bar_starts(frame.end)
        self._pick_up = starts[1] if has_pick_up(frame.meters, starts) else None

    def layout(self) -> Layout:
        starts = [bar for bar in self._frame.bars if bar < self._frame.steps]
        lead = starts[0] if starts else self._frame.steps
        self._next = -lead % self._unit
        self._place(list(range(lead)), lead)
        for index, start in enumerate(starts):
            self._bar(index, start, min(self._following(index, starts), self._frame.steps))
        length = self._next
        self._mark(length, length + longest_run(self._card) + self._card.step_multiple)
        columns = np.array(self._columns, dtype=np.intp)
        source = np.maximum(np.searchsorted(columns, np.arange(length), side="right") - 1, 0)
        gaps = np.ones(length, dtype=np.bool_)
        gaps[columns] = False
        return Layout(columns, source, gaps, tuple(sorted(self._bars)), tuple(sorted(self._beats)))

    def _following(self, index: int, starts: Sequence[int]) -> int:
        return starts[index + 1] if index + 1 < len(starts) else self._frame.steps

    def _bar(self, index: int, start: int, end: int) -> None:
        meter = self._meter(index, start)
        size = end - start
        if f"{meter.numerator}/{meter.denominator}" in self._card.meters:
            self._align(size)
            first = self._next
            self._bars.add(first)
            self._beats |= {
                first + beat - start for beat in self._frame.beats if start <= beat < end
            }
            self._place(list(range(size)), size)
            if size % self._unit:
                self._anchor = self._next
            return
        offsets, used = self._offsets(meter, size)
        room = self._room(used)
        self._align(room)
        self._mark(self._next, self._next + room)
        self._place(offsets, room)

    def _meter(self, index: int, start: int) -> MeterChange:
        """The bar's meter; a pick-up belongs to the meter that follows it."""
        if index == 0 and self._pick_up is not None:
            return self._frame.meters.meter_at(self._pick_up)
        return self._frame.meters.meter_at(max(0, self._frame.grid.tick_at(start)))

    def _offsets(self, meter: MeterChange, size: int) -> tuple[list[int], int]:
        """Where a bar's steps stand within its room, and how much of it they use."""
        eighth = self._card.steps_per_beat // 2
        if not is_compound(meter) or self._card.steps_per_beat % 2:
            return list(range(size)), size
        group, room = 3 * eighth, 4 * eighth
        return [step // group * room + step % group for step in range(size)], -(
            -size // group
        ) * room

    def _room(self, used: int) -> int:
        """The columns for a bar: a half or a quarter of the model's bar, or whole ones."""
        for parts in (4, 2):
            if self._unit % parts == 0 and used <= self._unit // parts:
                return self._unit // parts
        return -(-used // self._unit) * self._unit

    def _align(self, room: int) -> None:
        """Begin on a multiple of the room, or of the model's bar."""
        multiple = room if self._unit % room == 0 else self._unit
        if self._unit % room == 0 or room % self._unit == 0:
            self._next += (self._anchor - self._next) % multiple

    def _mark(self, first: int, last: int) -> None:
        """Bars and beats as the model knows them."""
        for column in range(first, last):
            place = (column - self._anchor) % self._unit
            if place == 0:
                self._bars.add(column)
            if place % self._beat == 0:
                self._beats.add(column)

    def _place(self, offsets: Sequence[int], room: int) -> None:
        self._columns.extend(self._next + offset for offset in offsets)
        self._next += room
