"""Gestures in the velocity lane of an open lane."""

from PySide6.QtCore import QLine, QPointF

from desktop.roll.edits import Selection
from desktop.roll.gestures import Modifiers, Stage, selected_columns
from desktop.roll.lane import VELOCITY_HEIGHT, Lane
from desktop.roll.open_painter import velocity_at, velocity_stem
from engine.music.note import Note
from engine.music.note_columns import louder, with_velocities

VERB = "Change velocity of"
Point = tuple[float, int]
"""A tick and a velocity."""
_REACH = 3
"""Pixels around a stem in which it is drawn."""


class DragVelocity:
    """Drags the head of a stem: all selected notes become louder or softer by as much."""

    def __init__(self, stage: Stage, lane: Lane, grabbed: Note) -> None:
        self._stage, self._lane, self._grabbed = stage, lane, grabbed
        self._notes = selected_columns(stage, lane)

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        """Give the stem the pointer's height."""
        change = velocity_at(self._lane, point.y()) - self._grabbed.velocity
        self._stage.editor.carry(louder(self._notes, change))

    def finish(self) -> None:
        """Ask for the new velocities."""
        self._stage.editor.drop(VERB)

    def cancel(self) -> None:
        """Leave the velocities as they were."""
        self._stage.editor.abandon()


class DrawVelocities:
    """Draws velocities: stems that the pointer passes take its height; with Shift a straight line.

    Where notes are selected only they are drawn.
    """

    def __init__(self, stage: Stage, lane: Lane, point: QPointF) -> None:
        self._stage, self._lane = stage, lane
        chosen, table = stage.editor.selection, lane.table
        own = chosen.of(lane.index)
        self._only = bool(own)
        notes = own or frozenset(table.notes)
        self._place = Selection(lane.index, notes)
        self._before = table.columns.take(table.marked(notes))
        self._drawn = self._before
        self._from = self._last = self._at(point)
        self._reach = _REACH / stage.axis.pixels_per_tick
        self._draw(self._from, self._from)

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        """Draw on to the pointer."""
        here = self._at(point)
        if modifiers & Modifiers.ShiftModifier:
            self._drawn = self._before
            self._draw(self._from, here)
            self._show_line(point)
        else:
            self._stage.show_line(None)
            self._draw(self._last, here)
        self._last = here

    def _at(self, point: QPointF) -> Point:
        return self._stage.axis.tick_at(point.x()), velocity_at(self._lane, point.y())

    def _draw(self, first: Point, last: Point) -> None:
        # A stem is met a little before and behind its tick.
        reach = self._reach if first[0] <= last[0] else -self._reach
        begin, end = (first[0] - reach, first[1]), (last[0] + reach, last[1])
        if first[0] == last[0]:
            begin = (begin[0], last[1])
        self._drawn = with_velocities(self._drawn, begin, end)
        self._stage.editor.carry(self._drawn, self._place, chosen=self._only)

    def _show_line(self, point: QPointF) -> None:
        lane = self._lane
        floor = lane.velocity_top + VELOCITY_HEIGHT
        x, y = self._stage.axis.x_at(self._from[0]), floor - velocity_stem(self._from[1])
        self._stage.show_line(QLine(x, y, round(point.x()), round(point.y())))

    def finish(self) -> None:
        """Ask for the drawn velocities."""
        self._stage.show_line(None)
        self._stage.editor.drop(VERB)

    def cancel(self) -> None:
        """Leave the velocities as they were."""
        self._stage.show_line(None)
        self._stage.editor.abandon()
