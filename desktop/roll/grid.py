"""Bar lines, beat lines and bar numbers: which of them a view shows at its scale."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desktop.roll.transform import TimeAxis, label_stride
from engine.music.composition import Composition
from engine.music.note_grid import NoteGrid
from engine.music.ticks import MeterMap

LINE_ROLES = ("beat_line", "line", "bar_line")
"""Colour roles of lines, faintest first."""
_BEAT_MIN, _BAR_MIN, _STEP_MIN = 7, 12, 10
_BEAT_LABEL_MIN = 64
_LABEL_MARGIN, _DIGIT_WIDTH = 10, 8


@dataclass(frozen=True, slots=True)
class Grid:
    """The ticks of the bars, written beats and finer steps of a composition, ascending."""

    bars: Sequence[int]
    beats: Sequence[int]
    steps: Sequence[int]

    def lines(self, axis: TimeAxis, left: int, right: int) -> Iterator[tuple[int, str]]:
        """X and colour role of the lines from ``left`` to before ``right``, faintest first."""
        bar_width = self._width(self.bars, axis)
        stride = label_stride(bar_width, _BAR_MIN)
        strong = self._width(self.steps, axis) >= _STEP_MIN
        if strong:
            yield from ((x, "beat_line") for _, x in self._seen(self.steps, axis, left, right))
        if self._width(self.beats, axis) >= _BEAT_MIN:
            role = "line" if strong else "beat_line"
            yield from ((x, role) for _, x in self._seen(self.beats, axis, left, right))
        yield from ((x, "bar_line") for _, x in self._seen(self.bars, axis, left, right, stride))

    def labels(self, axis: TimeAxis, left: int, right: int) -> Iterator[tuple[int, str, bool]]:
        """x, text and whether it is a bar's number; beats are named where there is room."""
        stride = label_stride(self._width(self.bars, axis))
        # A number reaches to the right of its line, so begin further left.
        for index, x in self._seen(self.bars, axis, left - 80, right, stride):
            if self._has_room(index, index + stride, axis):
                yield x, str(index + 1), True
        if self._width(self.beats, axis) >= _BEAT_LABEL_MIN:
            yield from self._beat_labels(axis, left - 80, right)

    def _has_room(self, index: int, following: int, axis: TimeAxis) -> bool:
        """Whether a bar's number ends before the next begins; an upbeat may be too narrow."""
        if following >= len(self.bars):
            return True
        room = axis.x_at(self.bars[following]) - axis.x_at(self.bars[index])
        return room >= _LABEL_MARGIN + _DIGIT_WIDTH * len(str(index + 1))

    def _beat_labels(
        self, axis: TimeAxis, left: int, right: int
    ) -> Iterator[tuple[int, str, bool]]:
        for index, x in self._seen(self.beats, axis, left, right):
            tick = self.beats[index]
            bar = bisect_left(self.bars, tick + 1) - 1
            if self.bars[bar] == tick:
                continue
            beat = index - bisect_left(self.beats, self.bars[bar]) + 1
            yield x, f"{bar + 1}.{beat}", False

    @staticmethod
    def _width(ticks: Sequence[int], axis: TimeAxis) -> float:
        if len(ticks) < 2:
            return 0.0
        return (ticks[-1] - ticks[0]) / (len(ticks) - 1) * axis.pixels_per_tick

    @staticmethod
    def _seen(
        ticks: Sequence[int], axis: TimeAxis, left: int, right: int, stride: int = 1
    ) -> Iterator[tuple[int, int]]:
        first = bisect_left(ticks, axis.tick_at(left))
        for index in range(-(-first // stride) * stride, len(ticks), stride):
            x = axis.x_at(ticks[index])
            if x >= right:
                return
            if x >= left:
                yield index, x


def grid_of(
    composition: Composition, meters: MeterMap, until: int, notes: NoteGrid | None = None
) -> Grid:
    """The grid of a composition's bars up to the tick ``until``, with the lines that edits use.

    Without ``notes`` the finest lines are sixteenths.
    """
    step = max(1, composition.ticks_per_quarter // 4)
    steps = range(0, until, step) if notes is None else notes.lines(until)
    return Grid(meters.bar_starts(until), meters.beat_starts(until), steps)
