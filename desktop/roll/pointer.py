"""Which gesture a press begins, and what the cursor says before it."""

from dataclasses import replace

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QCursor

from desktop.roll.brush import drawn_length, hit_length
from desktop.roll.edits import Selection
from desktop.roll.gestures import (
    Gesture,
    Modifiers,
    MoveNotes,
    Pan,
    SelectInBand,
    Stage,
    StretchNotes,
)
from desktop.roll.hit import Hit, Part, in_velocities, lane_at, note_at, stem_at
from desktop.roll.lane import Lane, LaneSize
from desktop.roll.ruler import LOOP_HEIGHT, TEMPO_TOP
from desktop.roll.ruler_gestures import DragBarLine, DragLoop, Seek
from desktop.roll.tool_gestures import (
    CutNotes,
    DrawHits,
    DrawNote,
    EraseNotes,
    drawn_velocity,
)
from desktop.roll.tools import Tool, cursor_of
from desktop.roll.velocity_gestures import DragVelocity, DrawVelocities
from engine.music.note import Note

_MORE = Modifiers.ShiftModifier | Modifiers.ControlModifier


class Pointer:
    """Holds the gesture that is going on, if any. Points are the view's."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._gesture: Gesture | None = None
        self.tool = Tool.SELECT
        """What a press in an open lane does; elsewhere it selects."""

    @property
    def active(self) -> bool:
        """Whether a gesture is going on."""
        return self._gesture is not None

    @property
    def scrolls(self) -> bool:
        """Whether the view should follow the gesture beyond its edges."""
        return not isinstance(self._gesture, Pan | Seek | DragLoop | None)

    @property
    def holds_notes(self) -> bool:
        """Whether the gesture works on the notes of lanes that it began on."""
        return not isinstance(self._gesture, Pan | Seek | DragLoop | DragBarLine | None)

    def press(self, point: QPointF, button: Qt.MouseButton, modifiers: Modifiers) -> None:
        """Begin the gesture that the place, the button and the keys ask for."""
        if self._gesture is not None:
            return
        if button is Qt.MouseButton.MiddleButton:
            self._gesture = Pan(self._stage, self._stage.lane_point(point))
        elif button is Qt.MouseButton.LeftButton:
            in_ruler = point.y() < self._stage.ruler_height()
            begin = self._press_ruler if in_ruler else self._press_lanes
            line = self._stage.bar_line_at(point)
            loose = None if line is None else DragBarLine(self._stage, line)
            self._gesture = loose or begin(point, modifiers)
        elif button is Qt.MouseButton.RightButton and self.erases(point):
            place = self._stage.lane_point(point)
            lane = lane_at(self._stage.lanes, place.y())
            if lane is not None:
                self._gesture = EraseNotes(self._stage, lane, place)

    def erases(self, point: QPointF) -> bool:
        """Whether the right button erases at a point, so that it opens no menu."""
        if point.y() < self._stage.ruler_height() or self.tool is not Tool.PENCIL:
            return False
        place = self._stage.lane_point(point)
        lane = lane_at(self._stage.lanes, place.y())
        return lane is not None and lane.size is LaneSize.OPEN and self._takes_notes(lane, place)

    def move(self, point: QPointF, modifiers: Modifiers) -> None:
        """Go on with the gesture."""
        if self._gesture is not None:
            self._gesture.move(self._stage.lane_point(point), modifiers)

    def release(self) -> None:
        """End the gesture: now its edit goes out."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.finish()

    def cancel(self) -> bool:
        """Break the gesture off; whether there was one."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.cancel()
        return gesture is not None

    def choose_under(self, point: QPointF) -> None:
        """Select the note under the pointer, unless it is among those that are."""
        place = self._stage.lane_point(point)
        lane = lane_at(self._stage.lanes, place.y())
        if lane is not None and self._takes_notes(lane, place):
            hit = note_at(lane, self._stage.axis, place)
            if hit is not None:
                self._take(lane, hit.note)

    def double_click(self, point: QPointF, modifiers: Modifiers) -> None:
        """Open a lane; in an open one add or delete a note; in the row of chords write one."""
        if point.y() < self._stage.ruler_height():
            if point.y() >= self._stage.chords_top():
                self.cancel()
                self._stage.ask_chord(point)
            elif point.y() >= TEMPO_TOP:
                self.cancel()
                self._stage.ask_tempo(round(self._stage.axis.tick_at(point.x())))
            return
        place = self._stage.lane_point(point)
        lane = lane_at(self._stage.lanes, place.y())
        if lane is None:
            return
        if lane.size is not LaneSize.OPEN:
            self.cancel()
            self._stage.open_at(lane.index, place)
        elif self.tool is not Tool.SELECT or in_velocities(lane, place.y()):
            self.press(point, Qt.MouseButton.LeftButton, modifiers)
        elif self._takes_notes(lane, place):
            self.cancel()
            self._add_or_delete(lane, place, modifiers)

    def cursor(self, point: QPointF, modifiers: Modifiers) -> QCursor:
        """The cursor that tells what a press would do."""
        return QCursor(self._shape(point, modifiers)) if self._plain(point) else self._tool_cursor()

    def _plain(self, point: QPointF) -> bool:
        """Whether the system's own cursors tell what a press would do, no tool."""
        if self.tool is Tool.SELECT or point.y() < self._stage.ruler_height():
            return True
        if self._stage.bar_line_at(point) is not None:
            return True
        place = self._stage.lane_point(point)
        lane = lane_at(self._stage.lanes, place.y())
        if lane is None or lane.size is not LaneSize.OPEN or not self._takes_notes(lane, place):
            return True
        return self.tool is Tool.PENCIL and note_at(lane, self._stage.axis, place) is not None

    def _tool_cursor(self) -> QCursor:
        return cursor_of(self.tool)

    def _shape(self, point: QPointF, modifiers: Modifiers) -> Qt.CursorShape:
        if point.y() < LOOP_HEIGHT:
            return Qt.CursorShape.SizeHorCursor
        if self._stage.bar_line_at(point) is not None:
            return Qt.CursorShape.SplitHCursor
        if point.y() < self._stage.ruler_height():
            writes = point.y() >= self._stage.chords_top()
            return Qt.CursorShape.IBeamCursor if writes else Qt.CursorShape.PointingHandCursor
        place = self._stage.lane_point(point)
        lane = lane_at(self._stage.lanes, place.y())
        if lane is None or not self._stage.may_edit(lane) or lane.size is LaneSize.FOLDED:
            return Qt.CursorShape.ArrowCursor
        if in_velocities(lane, place.y()):
            grabs = stem_at(lane, self._stage.axis, place) is not None
            return Qt.CursorShape.SizeVerCursor if grabs else Qt.CursorShape.CrossCursor
        hit = note_at(lane, self._stage.axis, place)
        if hit is not None and hit.part is Part.BODY and modifiers & Modifiers.ControlModifier:
            return Qt.CursorShape.DragCopyCursor
        return _CURSORS[hit.part] if hit else Qt.CursorShape.ArrowCursor

    def _press_ruler(self, point: QPointF, modifiers: Modifiers) -> Gesture | None:
        if point.y() < LOOP_HEIGHT:
            return DragLoop(self._stage, point, self._stage.loop)
        mark = self._stage.tempo_mark_at(point)
        if mark is not None:
            self._stage.ask_tempo(mark.tick)
            return None
        return Seek(self._stage, point, modifiers)

    def _press_lanes(self, point: QPointF, modifiers: Modifiers) -> Gesture | None:
        stage = self._stage
        place = stage.lane_point(point)
        lane = lane_at(stage.lanes, place.y())
        if lane is None:
            stage.editor.choose(Selection(stage.editor.selection.track))
            return None
        stage.choose_track(lane.index)
        if not stage.may_edit(lane) or lane.size is LaneSize.FOLDED:
            return None
        if in_velocities(lane, place.y()):
            return self._press_velocities(lane, place, modifiers)
        if lane.size is LaneSize.OPEN and self.tool is Tool.ERASER:
            return EraseNotes(stage, lane, place)
        if lane.size is LaneSize.OPEN and self.tool is Tool.KNIFE:
            return CutNotes(stage, lane, place, modifiers)
        hit = note_at(lane, stage.axis, place)
        if hit is not None:
            return self._press_note(lane, hit, place, modifiers)
        if lane.size is LaneSize.OPEN and self.tool is Tool.PENCIL:
            return self._press_pencil(lane, place, modifiers)
        return SelectInBand(stage, lane, place, keep=bool(modifiers & _MORE))

    def _press_pencil(self, lane: Lane, place: QPointF, modifiers: Modifiers) -> Gesture:
        if lane.track.is_drum:
            return DrawHits(self._stage, lane, place, modifiers)
        return DrawNote(self._stage, lane, place, modifiers)

    def _press_note(
        self, lane: Lane, hit: Hit, place: QPointF, modifiers: Modifiers
    ) -> Gesture | None:
        editor, stage = self._stage.editor, self._stage
        if modifiers & Modifiers.ShiftModifier:
            editor.toggle(lane.index, hit.note)
            return None
        copies = bool(modifiers & Modifiers.ControlModifier)
        if copies:
            return self._press_copy(lane, hit, place)
        self._take(lane, hit.note)
        stage.audition(lane.index, hit.note.pitch, hit.note.velocity)
        if hit.part is Part.BODY:
            return MoveNotes(stage, lane, hit.note, place)
        return StretchNotes(stage, lane, hit.note, hit.part, place)

    def _press_copy(self, lane: Lane, hit: Hit, place: QPointF) -> Gesture | None:
        """With Ctrl a drag copies what is selected; a click adds a note, or takes it out."""
        editor = self._stage.editor
        selection = editor.selection.at(lane.index)
        stays = hit.note not in selection.notes
        editor.choose(replace(selection, notes=selection.notes | {hit.note}))
        return MoveNotes(self._stage, lane, hit.note, place, copies=True, stays=stays)

    def _press_velocities(self, lane: Lane, place: QPointF, modifiers: Modifiers) -> Gesture:
        note = stem_at(lane, self._stage.axis, place)
        if note is None or modifiers & Modifiers.ShiftModifier:
            return DrawVelocities(self._stage, lane, place)
        self._take(lane, note)
        return DragVelocity(self._stage, lane, note)

    def _take(self, lane: Lane, note: Note) -> None:
        editor = self._stage.editor
        among = note in editor.selection.of(lane.index)
        editor.choose(
            editor.selection.at(lane.index) if among else Selection(lane.index, frozenset({note}))
        )
        editor.take_after(note)

    def _add_or_delete(self, lane: Lane, place: QPointF, modifiers: Modifiers) -> None:
        stage = self._stage
        hit = note_at(lane, stage.axis, place)
        if hit is not None:
            stage.editor.exchange(lane.index, [hit.note], [], "Delete")
            return
        start = stage.grid(modifiers).before(stage.axis.tick_at(place.x()))
        grid = stage.grid(modifiers)
        drawn = drawn_length(stage.editor.brush, grid, start)
        length = hit_length(grid, start) if lane.track.is_drum else drawn
        note = Note(start, lane.axis.pitch_at(place.y()), length, drawn_velocity(stage))
        stage.audition(lane.index, note.pitch, note.velocity)
        stage.editor.put(lane.index, [note], "Add")

    def _takes_notes(self, lane: Lane, place: QPointF) -> bool:
        shown = lane.size is not LaneSize.FOLDED and not in_velocities(lane, place.y())
        return shown and self._stage.may_edit(lane)


_CURSORS = {
    Part.BEGINNING: Qt.CursorShape.SizeHorCursor,
    Part.BODY: Qt.CursorShape.OpenHandCursor,
    Part.END: Qt.CursorShape.SizeHorCursor,
}
