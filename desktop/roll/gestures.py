"""What the pointer does in the lanes: one small class a gesture, one edit out when it ends.

Points are in lane coordinates. A gesture begins in its constructor; then come any number of `move`
and one `finish` or `cancel`. The view may scroll under it: what must stay is kept in ticks and
pitches, not in pixels.
"""

from typing import Protocol

from PySide6.QtCore import QLine, QPointF, QRect, Qt

from desktop.roll.editor import NoteEditor
from desktop.roll.edits import Selection
from desktop.roll.gathered import Gathered, gathered
from desktop.roll.hit import Part, touched_in
from desktop.roll.lane import Lane, LaneSize
from desktop.roll.tempo_row import TempoMark
from desktop.roll.transform import TimeAxis
from engine.music.note import Note
from engine.music.note_columns import NoteColumns, begun_later, lengthened, moved
from engine.music.note_grid import NoteGrid

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

    def chords_top(self) -> int:
        """Pixels above the row of chords."""

    def tempo_mark_at(self, point: QPointF) -> TempoMark | None:
        """The mark of tempo or meter under a point of the view."""

    def ask_tempo(self, tick: int) -> None:
        """Ask for the tempo and the meter of a bar."""

    def bar_line_at(self, point: QPointF) -> int | None:
        """The bar line under a point of the view that may be dragged."""

    def ask_bar_line(self, tick: int, to_tick: int, *, exact: bool) -> None:
        """Ask for a bar line elsewhere."""

    def lane_point(self, point: QPointF) -> QPointF:
        """Lane coordinates of a point of the view."""

    def may_edit(self, lane: Lane) -> bool:
        """Whether the lane shows what the document holds."""

    def choose_track(self, index: int) -> None:
        """Tell that a track was pressed."""

    def open_at(self, index: int, point: QPointF) -> None:
        """Open a lane into an editor, at a point of it."""

    def grid(self, modifiers: Modifiers = Modifiers.NoModifier) -> NoteGrid:
        """The grid that notes are drawn to; every tick while Alt is held."""

    def audition(self, track: int, pitch: int, velocity: int) -> None:
        """Let a note be heard."""

    def show_band(self, band: QRect | None) -> None:
        """Show a rubber band, or none."""

    def show_line(self, line: QLine | None) -> None:
        """Show the line that a tool draws, or none."""

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
    """Drags the selected notes in time and pitch; the grabbed one lands on the grid.

    With Shift only in time or only in pitch, whichever is further. With ``copies`` the notes stay
    and their copies are dragged; a press that goes nowhere takes the note out of the selection,
    unless it ``stays`` since the press put it there.
    """

    def __init__(
        self,
        stage: Stage,
        lane: Lane,
        grabbed: Note,
        point: QPointF,
        *,
        copies: bool = False,
        stays: bool = False,
    ) -> None:
        self._stage, self._index, self._grabbed, self._from = stage, lane.index, grabbed, point
        self._copies, self._stays = copies, stays
        self._nothing = Selection(lane.index)
        self._hand = selected_in_hand(stage)
        self._started = False
        self._pitch = grabbed.pitch
        self._from_tick = stage.axis.tick_at(point.x())
        self._from_pitch = lane.axis.pitch_at(point.y())

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        """Carry the notes to the pointer."""
        if not self._started and near(point, self._from):
            return
        self._started = True
        ticks, semitones = self._travelled(point, modifiers)
        editor = self._stage.editor
        place = self._nothing if self._copies else editor.selection
        editor.carry_all(self._hand.after(lambda each: moved(each, ticks, semitones)), place)
        self._hear(self._grabbed.pitch + semitones)

    def _travelled(self, point: QPointF, modifiers: Modifiers) -> tuple[int, int]:
        stage, grabbed = self._stage, self._grabbed
        change = stage.axis.tick_at(point.x()) - self._from_tick
        across = abs(change) * stage.axis.pixels_per_tick
        lane = stage.lanes[self._index]
        semitones = lane.axis.pitch_at(point.y()) - self._from_pitch
        if lane.track.is_drum and self._hand.unpitched is not None:
            semitones = 0
        ticks = stage.grid(modifiers).nearest(grabbed.start + change) - grabbed.start
        if across < _THRESHOLD:
            ticks = 0
        if modifiers & Modifiers.ShiftModifier:
            if across >= abs(semitones) * lane.axis.row_height:
                semitones = 0
            else:
                ticks = 0
        return ticks, semitones

    def _hear(self, pitch: int) -> None:
        if pitch != self._pitch and 0 <= pitch <= 127:
            self._pitch = pitch
            self._stage.audition(self._index, pitch, self._grabbed.velocity)

    def finish(self) -> None:
        """Ask for the move."""
        editor = self._stage.editor
        if self._copies and not self._started and not self._stays:
            editor.toggle(self._index, self._grabbed)
        editor.drop("Copy" if self._copies else "Move")

    def cancel(self) -> None:
        """Leave the notes where they were."""
        self._stage.editor.abandon()


class StretchNotes:
    """Drags the end, or the beginning, of the selected notes."""

    def __init__(self, stage: Stage, lane: Lane, grabbed: Note, part: Part, point: QPointF) -> None:
        self._stage, self._grabbed, self._part, self._from = stage, grabbed, part, point
        self._hand = selected_in_hand(stage)
        self._from_tick = stage.axis.tick_at(point.x())

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        """Draw the ends to the pointer."""
        if near(point, self._from):
            return
        stage, grabbed = self._stage, self._grabbed
        grid = stage.grid(modifiers)
        change = stage.axis.tick_at(point.x()) - self._from_tick
        least = grid.length_at(grabbed.start)
        if self._part is Part.END:
            ticks = grid.nearest(grabbed.end + change) - grabbed.end
            hand = self._hand.after(lambda each: lengthened(each, ticks, least))
        else:
            ticks = grid.nearest(grabbed.start + change) - grabbed.start
            hand = self._hand.after(lambda each: begun_later(each, ticks, least))
        stage.editor.carry_all(hand, stage.editor.selection)

    def finish(self) -> None:
        """Ask for the new lengths."""
        self._stage.editor.drop("Stretch")

    def cancel(self) -> None:
        """Leave the notes as they were."""
        self._stage.editor.abandon()


class SelectInBand:
    """Draws a rubber band and selects what it touches; with Shift or Ctrl, beside the rest.

    It reaches over as many lanes as the pointer does, but for those that are folded away.
    """

    def __init__(self, stage: Stage, lane: Lane, point: QPointF, *, keep: bool) -> None:
        self._stage, self._index, self._from = stage, lane.index, point
        self._tick = stage.axis.tick_at(point.x())
        self._depth = point.y() - lane.axis.top
        self._before = stage.editor.selection
        self._kept = self._before.at(lane.index) if keep else Selection(lane.index)
        self._started = False
        stage.editor.choose(self._kept)

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        """Stretch the band to the pointer."""
        if not self._started and near(point, self._from):
            return
        self._started = True
        stage = self._stage
        lane = stage.lanes[self._index]
        corner = QPointF(stage.axis.exact_x_at(self._tick), lane.axis.top + self._depth)
        band = QRect(corner.toPoint(), point.toPoint()).normalized()
        stage.show_band(band)
        stage.editor.touch(touched_in(self._reached(), stage.axis, band))

    def _reached(self) -> list[Lane]:
        return [
            lane
            for lane in self._stage.lanes
            if lane.size is not LaneSize.FOLDED and self._stage.may_edit(lane)
        ]

    def finish(self) -> None:
        """Take the band away; the notes stay selected."""
        editor = self._stage.editor
        touched = editor.touched
        self._stage.show_band(None)
        editor.touch(None)
        if touched is not None:
            lanes, parts = self._stage.lanes, self._kept.parts()
            for index, places in touched.items():
                parts[index] = parts.get(index, frozenset()) | lanes[index].table.chosen(places)
            editor.choose(Selection.of_parts(self._index, parts))

    def cancel(self) -> None:
        """Select what was selected before."""
        self._stage.show_band(None)
        self._stage.editor.touch(None)
        self._stage.editor.choose(self._before)


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


def selected_columns(stage: Stage, lane: Lane) -> NoteColumns:
    """The selected notes of a lane as columns."""
    return lane.table.columns.take(lane.table.marked(stage.editor.selection.of(lane.index)))


def selected_in_hand(stage: Stage) -> Gathered:
    """The selected notes of all lanes as one."""
    parts = {i: selected_columns(stage, stage.lanes[i]) for i in stage.editor.selection.parts()}
    return gathered(parts, stage.editor.composition)


def near(point: QPointF, other: QPointF) -> bool:
    """Whether the pointer only trembled."""
    return (point - other).manhattanLength() < _THRESHOLD
