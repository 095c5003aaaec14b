"""What the pencil, the eraser and the knife do in an open lane."""

from PySide6.QtCore import QLine, QPointF, QRect

from desktop.roll.brush import drawn_length, hit_length
from desktop.roll.editor import DRAWN_VELOCITY
from desktop.roll.edits import Selection
from desktop.roll.gestures import Modifiers, Stage, near
from desktop.roll.hit import touched_by
from desktop.roll.lane import Lane
from engine.music.note import Note
from engine.music.note_columns import columns_of
from engine.music.note_edits import split_at

_CUT_REACH = 3


class DrawNote:
    """Draws a note from where the press was: drag for its length, up and down for its pitch."""

    def __init__(self, stage: Stage, lane: Lane, point: QPointF, modifiers: Modifiers) -> None:
        self._stage, self._index, self._from = stage, lane.index, point
        grid = stage.grid(modifiers)
        self._start = grid.before(stage.axis.tick_at(point.x()))
        self._length = drawn_length(stage.editor.brush, grid, self._start)
        self._velocity = drawn_velocity(stage)
        self._pitch = -1
        self._dragged = False
        self._show(lane.axis.pitch_at(point.y()), self._length)

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        """Draw the note's end to the pointer."""
        if not self._dragged and near(point, self._from):
            return
        stage = self._stage
        tick = stage.axis.tick_at(point.x())
        if abs(point.x() - self._from.x()) >= _CUT_REACH or self._dragged:
            self._dragged = True
            grid = stage.grid(modifiers)
            least = grid.length_at(self._start)
            self._length = max(least, grid.nearest(tick) - self._start)
        self._show(stage.lanes[self._index].axis.pitch_at(point.y()), self._length)

    def _show(self, pitch: int, length: int) -> None:
        if pitch != self._pitch:
            self._pitch = pitch
            self._stage.audition(self._index, pitch, self._velocity)
        note = Note(self._start, pitch, length, self._velocity)
        self._stage.editor.carry(columns_of([note]), Selection(self._index))

    def finish(self) -> None:
        """Ask for the note."""
        self._stage.editor.drop("Add")

    def cancel(self) -> None:
        """Leave no note."""
        self._stage.editor.abandon()


class DrawHits:
    """Draws a hit of one drum on every line of the grid that the pointer passes."""

    def __init__(self, stage: Stage, lane: Lane, point: QPointF, modifiers: Modifiers) -> None:
        self._stage, self._index = stage, lane.index
        self._pitch = lane.axis.pitch_at(point.y())
        self._velocity = drawn_velocity(stage)
        self._hits: dict[int, Note] = {}
        self._taken = {note.start for note in lane.track.notes if note.pitch == self._pitch}
        self._last = stage.axis.tick_at(point.x())
        stage.audition(lane.index, self._pitch, self._velocity)
        self.move(point, modifiers)

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        """Draw on to the pointer."""
        grid, here = self._stage.grid(modifiers), self._stage.axis.tick_at(point.x())
        # Without a grid each place where the pointer was told is one.
        first = here if modifiers & Modifiers.AltModifier else min(self._last, here)
        tick, end = grid.before(first), grid.before(max(first, self._last, here))
        while tick <= end:
            length = hit_length(grid, tick)
            if tick not in self._taken:
                self._hits[tick] = Note(tick, self._pitch, length, self._velocity)
            tick = grid.after(tick) if grid.length_at(tick) > 1 else end + 1
        self._last = here
        self._stage.editor.carry(columns_of(self._hits.values()), Selection(self._index))

    def finish(self) -> None:
        """Ask for the hits."""
        self._stage.editor.drop("Add")

    def cancel(self) -> None:
        """Leave no hits."""
        self._stage.editor.abandon()


class EraseNotes:
    """Wipes away the notes that the pointer passes."""

    def __init__(self, stage: Stage, lane: Lane, point: QPointF) -> None:
        self._stage, self._index = stage, lane.index
        self._last = point
        self._gone: frozenset[Note] = frozenset()
        self.move(point, Modifiers.NoModifier)

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        """Wipe on to the pointer."""
        lane = self._stage.lanes[self._index]
        steps = max(1, round((point - self._last).manhattanLength() / _CUT_REACH))
        found = self._gone
        for step in range(1, steps + 1):
            at = (self._last + (point - self._last) * step / steps).toPoint()
            band = QRect(at.x(), at.y(), 1, 1)
            found = found | lane.table.chosen(touched_by(lane, self._stage.axis, band))
        self._last = point
        if found != self._gone:
            self._gone = found
            place = Selection(self._index, found)
            self._stage.editor.carry(columns_of(()), place, chosen=False)

    def finish(self) -> None:
        """Ask for them to go."""
        self._stage.editor.drop("Erase")

    def cancel(self) -> None:
        """Bring them back."""
        self._stage.editor.abandon()


class CutNotes:
    """Cuts the notes that a line up or down from the press meets, all at one place."""

    def __init__(self, stage: Stage, lane: Lane, point: QPointF, modifiers: Modifiers) -> None:
        self._stage, self._index, self._from = stage, lane.index, point
        self._tick = 0
        self._notes: frozenset[Note] = frozenset()
        self._first_pitch = lane.axis.pitch_at(point.y())
        self.move(point, modifiers)

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        """Draw the line to the pointer."""
        stage = self._stage
        lane = stage.lanes[self._index]
        self._tick = stage.grid(modifiers).nearest(stage.axis.tick_at(self._from.x()))
        low, high = sorted((self._first_pitch, lane.axis.pitch_at(point.y())))
        found = lane.table.chosen(lane.table.between(self._tick, self._tick + 1))
        self._notes = frozenset(
            note for note in found if low <= note.pitch <= high and note.start < self._tick
        )
        top = lane.row_boxes[lane.rows[high]][0]
        foot = sum(lane.row_boxes[lane.rows[low]])
        x = stage.axis.x_at(self._tick)
        stage.show_line(QLine(x, top, x, foot))

    def finish(self) -> None:
        """Ask for the cut; a cut through a selected note goes through all that are selected."""
        self._stage.show_line(None)
        editor = self._stage.editor
        chosen = editor.selection
        if self._notes & chosen.of(self._index):
            sounding = (n for n in chosen.of(self._index) if n.start < self._tick < n.end)
            self._notes = self._notes | frozenset(sounding)
        editor.exchange(self._index, self._notes, split_at(self._notes, self._tick), "Split")

    def cancel(self) -> None:
        """Cut nothing."""
        self._stage.show_line(None)


def drawn_velocity(stage: Stage) -> int:
    """As loud as the last note that was touched."""
    brush = stage.editor.brush
    return DRAWN_VELOCITY if brush is None else brush.velocity
