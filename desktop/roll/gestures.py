"""What the pointer does in the lanes: one small class a gesture, one edit out when it ends.

Points are in lane coordinates. A gesture begins in its constructor; then come any number of `move`
and one `finish` or `cancel`.
"""

from typing import Protocol

from PySide6.QtCore import QPointF, QRect, Qt

from desktop.roll.editor import NoteEditor
from desktop.roll.edits import Selection, begun_later, lengthened, louder, moved
from desktop.roll.hit import Part, notes_in
from desktop.roll.lane import Lane
from desktop.roll.painter import velocity_at
from desktop.roll.transform import TimeAxis, snapped
from engine.music.note import Note

Modifiers = Qt.KeyboardModifier
_THRESHOLD = 4
"""Pixels that the pointer must travel before a press becomes a drag."""


class Stage(Protocol):
    """What a gesture sees of the view."""

    editor: NoteEditor
    lanes: tuple[Lane, ...]
    loop: tuple[int, int] | None

    @property
    def axis(self) -> TimeAxis:
        """Ticks to x."""

    def ruler_height(self) -> int:
        """Pixels above the first lane."""

    def lane_point(self, point: QPointF) -> QPointF:
        """Lane coordinates of a point of the view."""

    def may_edit(self, lane: Lane) -> bool:
        """Whether the lane shows what the document holds."""

    def choose_track(self, index: int) -> None:
        """Tell that a track was pressed."""

    def snap_ticks(self, modifiers: Modifiers) -> int:
        """The grid that notes are drawn to; 1 while Alt is held or Snap is off."""

    def audition(self, track: int, pitch: int, velocity: int) -> None:
        """Let a note be heard."""

    def show_band(self, band: QRect | None) -> None:
        """Show a rubber band, or none."""

    def scroll_by(self, across: int, down: int) -> int:
        """Scroll by pixels; returns by how many it went down."""

    def seek_to(self, tick: int) -> None:
        """Ask for another position."""

    def bar_span(self, first: float, last: float, modifiers: Modifiers) -> tuple[int, int]:
        """The bars (with Shift: beats) that two ticks span."""

    def show_loop(self, start: int, end: int | None) -> None:
        """Show a loop before it is asked for."""

    def ask_loop(self, start: int, end: int) -> None:
        """Ask for a loop."""

    def ask_chord(self, point: QPointF) -> None:
        """Ask to write a chord at a point of the row of chords."""


class Gesture(Protocol):
    """A press that goes on."""

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        """The pointer is somewhere else."""

    def finish(self) -> None:
        """The button was let go."""

    def cancel(self) -> None:
        """Escape, or the button's release went elsewhere."""


class MoveNotes:
    """Drags the selected notes in time and pitch; the grabbed one lands on the grid."""

    def __init__(self, stage: Stage, lane: Lane, grabbed: Note, point: QPointF) -> None:
        self._stage, self._lane, self._grabbed, self._from = stage, lane, grabbed, point
        self._notes = stage.editor.selection.notes
        self._started = False
        self._pitch = grabbed.pitch
        self._from_pitch = lane.axis.pitch_at(point.y())

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        """Carry the notes to the pointer."""
        if not self._started and _near(point, self._from):
            return
        self._started = True
        stage = self._stage
        wanted = self._grabbed.start + (point.x() - self._from.x()) / stage.axis.pixels_per_tick
        ticks = snapped(wanted, stage.snap_ticks(modifiers)) - self._grabbed.start
        if abs(point.x() - self._from.x()) < _THRESHOLD:
            ticks = 0
        semitones = self._lane.axis.pitch_at(point.y()) - self._from_pitch
        stage.editor.carry(moved(self._notes, ticks, semitones))
        self._hear(self._grabbed.pitch + semitones)

    def _hear(self, pitch: int) -> None:
        if pitch != self._pitch and 0 <= pitch <= 127:
            self._pitch = pitch
            self._stage.audition(self._lane.index, pitch, self._grabbed.velocity)

    def finish(self) -> None:
        """Ask for the move."""
        self._stage.editor.drop("Move")

    def cancel(self) -> None:
        """Leave the notes where they were."""
        self._stage.editor.abandon()


class StretchNotes:
    """Drags the end, or the beginning, of the selected notes."""

    def __init__(self, stage: Stage, grabbed: Note, part: Part, point: QPointF) -> None:
        self._stage, self._grabbed, self._part, self._from = stage, grabbed, part, point
        self._notes = stage.editor.selection.notes

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        """Draw the ends to the pointer."""
        stage = self._stage
        grid = stage.snap_ticks(modifiers)
        change = (point.x() - self._from.x()) / stage.axis.pixels_per_tick
        if self._part is Part.END:
            ticks = snapped(self._grabbed.end + change, grid) - self._grabbed.end
            carried = lengthened(self._notes, ticks, grid)
        else:
            ticks = snapped(self._grabbed.start + change, grid) - self._grabbed.start
            carried = begun_later(self._notes, ticks, grid)
        if not _near(point, self._from):
            stage.editor.carry(carried)

    def finish(self) -> None:
        """Ask for the new lengths."""
        self._stage.editor.drop("Stretch")

    def cancel(self) -> None:
        """Leave the notes as they were."""
        self._stage.editor.abandon()


class SelectInBand:
    """Draws a rubber band and selects what it touches; with Shift or Ctrl, beside the rest."""

    def __init__(self, stage: Stage, lane: Lane, point: QPointF, *, keep: bool) -> None:
        self._stage, self._lane, self._from = stage, lane, point
        self._before = stage.editor.selection
        same = self._before.track == lane.index
        self._kept = self._before.notes if keep and same else frozenset()
        stage.editor.choose(Selection(lane.index, self._kept))

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        """Stretch the band to the pointer."""
        if _near(point, self._from):
            return
        band = QRect(self._from.toPoint(), point.toPoint()).normalized()
        self._stage.show_band(band)
        touched = notes_in(self._lane, self._stage.axis, band)
        self._stage.editor.choose(Selection(self._lane.index, self._kept | touched))

    def finish(self) -> None:
        """Take the band away; the notes stay selected."""
        self._stage.show_band(None)

    def cancel(self) -> None:
        """Select what was selected before."""
        self._stage.show_band(None)
        self._stage.editor.choose(self._before)


class DragVelocity:
    """Drags the stem of a note: all selected notes become louder or softer by as much."""

    def __init__(self, stage: Stage, lane: Lane, grabbed: Note) -> None:
        self._stage, self._lane, self._grabbed = stage, lane, grabbed
        self._notes = stage.editor.selection.notes

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        """Give the stem the pointer's height."""
        change = velocity_at(self._lane, point.y()) - self._grabbed.velocity
        self._stage.editor.carry(louder(self._notes, change))

    def finish(self) -> None:
        """Ask for the new velocities."""
        self._stage.editor.drop("Change velocity of")

    def cancel(self) -> None:
        """Leave the velocities as they were."""
        self._stage.editor.abandon()


class Pan:
    """Drags the whole view with the middle button."""

    def __init__(self, stage: Stage, point: QPointF) -> None:
        self._stage, self._at = stage, point

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        """Scroll by what the pointer has travelled."""
        travelled = (self._at - point).toPoint()
        # The lanes move under the pointer, and lane coordinates with them.
        down = self._stage.scroll_by(travelled.x(), travelled.y())
        self._at = QPointF(point.x(), point.y() + down)

    def finish(self) -> None:
        """Nothing is left to do."""

    def cancel(self) -> None:
        """Nothing is left to do."""


def _near(point: QPointF, other: QPointF) -> bool:
    return (point - other).manhattanLength() < _THRESHOLD
