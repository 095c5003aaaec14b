"""What the pointer does in the ruler: seek below, loop in the upper strip; bar lines."""

from PySide6.QtCore import QLine, QPointF

from desktop.roll.gestures import Modifiers, Stage
from desktop.roll.transform import TimeAxis

_THRESHOLD = 4
_EDGE = 8


class Seek:
    """Puts the playhead under the pointer, at once and while it is dragged."""

    def __init__(self, stage: Stage, point: QPointF, modifiers: Modifiers) -> None:
        self._stage = stage
        self.move(point, modifiers)

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        """Ask for the position under the pointer."""
        tick = self._stage.axis.tick_at(point.x())
        self._stage.seek_to(self._stage.grid(modifiers).nearest(tick))

    def finish(self) -> None:
        """Nothing is left to do."""

    def cancel(self) -> None:
        """Nothing is left to do."""


class DragLoop:
    """Sets the loop from where the press was to the pointer, in whole bars.

    A press on an end of the loop that is there drags this end.
    """

    def __init__(self, stage: Stage, point: QPointF, before: tuple[int, int] | None) -> None:
        self._stage, self._from, self._before = stage, point, before
        self._anchor = _anchor(stage.axis, point, before)
        self._span: tuple[int, int] | None = None

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        """Show the loop that would be asked for."""
        if self._span is None and abs(point.x() - self._from.x()) < _THRESHOLD:
            return
        first, last = sorted((self._anchor, self._stage.axis.tick_at(point.x())))
        self._span = self._stage.bar_span(first, last, modifiers)
        self._stage.show_loop(*self._span)

    def finish(self) -> None:
        """Ask for the loop; a click alone asks for nothing."""
        if self._span is not None:
            self._stage.ask_loop(*self._span)

    def cancel(self) -> None:
        """Show the loop that was."""
        self._stage.show_loop(*(self._before or (0, None)))


class DragBarLine:
    """Drags a bar line of free playing; the music stays until it is let go.

    With Alt it falls exactly where it is let go, else on a note that begins nearby.
    """

    def __init__(self, stage: Stage, tick: int) -> None:
        self._stage, self._tick = stage, tick
        self._to: int | None = None
        self._exact = False

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        """Show where the bar would begin."""
        x = point.x()
        if self._to is None and abs(x - self._stage.axis.x_at(self._tick)) < _THRESHOLD:
            return
        self._to = max(0, round(self._stage.axis.tick_at(x)))
        self._exact = bool(modifiers & Modifiers.AltModifier)
        self._stage.show_line(QLine(round(x), 0, round(x), self._stage.lanes[-1].bottom))

    def finish(self) -> None:
        """Ask for it; a click alone asks for nothing."""
        self._stage.show_line(None)
        if self._to is not None:
            self._stage.ask_bar_line(self._tick, self._to, exact=self._exact)

    def cancel(self) -> None:
        """Leave it where it was."""
        self._stage.show_line(None)


def _anchor(axis: TimeAxis, point: QPointF, loop: tuple[int, int] | None) -> float:
    """The tick that stays while the other end is dragged."""
    for end, other in (loop, loop[::-1]) if loop else ():
        if abs(axis.x_at(end) - point.x()) <= _EDGE:
            return float(other)
    return axis.tick_at(point.x())
