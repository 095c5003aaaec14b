"""Which gesture a press begins, and what the cursor says before it."""

from PySide6.QtCore import QPointF, Qt

from desktop.roll.edits import Selection
from desktop.roll.gestures import (
    DragVelocity,
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
from desktop.roll.ruler import CHORDS_TOP, LOOP_HEIGHT
from desktop.roll.ruler_gestures import DragLoop, Seek
from desktop.roll.transform import snapped_down
from engine.music.note import Note

_MORE = Modifiers.ShiftModifier | Modifiers.ControlModifier


class Pointer:
    """Holds the gesture that is going on, if any. Points are the view's."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._gesture: Gesture | None = None

    @property
    def active(self) -> bool:
        """Whether a gesture is going on."""
        return self._gesture is not None

    def press(self, point: QPointF, button: Qt.MouseButton, modifiers: Modifiers) -> None:
        """Begin the gesture that the place, the button and the keys ask for."""
        if self._gesture is not None:
            return
        if button is Qt.MouseButton.MiddleButton:
            self._gesture = Pan(self._stage, self._stage.lane_point(point))
        elif button is Qt.MouseButton.LeftButton:
            in_ruler = point.y() < self._stage.ruler_height()
            begin = self._press_ruler if in_ruler else self._press_lanes
            self._gesture = begin(point, modifiers)

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

    def double_click(self, point: QPointF, modifiers: Modifiers) -> None:
        """Add a note where there is none; in the row of chords write one."""
        if point.y() < self._stage.ruler_height():
            if point.y() >= CHORDS_TOP:
                self.cancel()
                self._stage.ask_chord(point)
            return
        place = self._stage.lane_point(point)
        lane = lane_at(self._stage.lanes, place.y())
        if lane is None or not _takes_notes(self._stage, lane, place):
            return
        if note_at(lane, self._stage.axis, place) is None:
            self.cancel()
            self._add(lane, place, modifiers)

    def cursor(self, point: QPointF) -> Qt.CursorShape:
        """The cursor that tells what a press would do."""
        if point.y() < LOOP_HEIGHT:
            return Qt.CursorShape.SizeHorCursor
        if point.y() < self._stage.ruler_height():
            writes = point.y() >= CHORDS_TOP
            return Qt.CursorShape.IBeamCursor if writes else Qt.CursorShape.PointingHandCursor
        place = self._stage.lane_point(point)
        lane = lane_at(self._stage.lanes, place.y())
        if lane is None or not self._stage.may_edit(lane) or lane.size is LaneSize.FOLDED:
            return Qt.CursorShape.ArrowCursor
        if in_velocities(lane, place.y()):
            return Qt.CursorShape.SizeVerCursor
        hit = note_at(lane, self._stage.axis, place)
        return _CURSORS[hit.part] if hit else Qt.CursorShape.ArrowCursor

    def _press_ruler(self, point: QPointF, modifiers: Modifiers) -> Gesture:
        if point.y() < LOOP_HEIGHT:
            return DragLoop(self._stage, point, self._stage.loop)
        return Seek(self._stage, point, modifiers)

    def _press_lanes(self, point: QPointF, modifiers: Modifiers) -> Gesture | None:
        place = self._stage.lane_point(point)
        lane = lane_at(self._stage.lanes, place.y())
        if lane is None:
            self._stage.editor.choose(Selection())
            return None
        self._stage.choose_track(lane.index)
        if not self._stage.may_edit(lane) or lane.size is LaneSize.FOLDED:
            return None
        if in_velocities(lane, place.y()):
            return self._press_stem(lane, place)
        hit = note_at(lane, self._stage.axis, place)
        if hit is None:
            return SelectInBand(self._stage, lane, place, keep=bool(modifiers & _MORE))
        return self._press_note(lane, hit, place, modifiers)

    def _press_note(
        self, lane: Lane, hit: Hit, place: QPointF, modifiers: Modifiers
    ) -> Gesture | None:
        editor = self._stage.editor
        if modifiers & _MORE:
            editor.toggle(lane.index, hit.note)
            return None
        self._take(lane, hit.note)
        self._stage.audition(lane.index, hit.note.pitch, hit.note.velocity)
        if hit.part is Part.BODY:
            return MoveNotes(self._stage, lane, hit.note, place)
        return StretchNotes(self._stage, hit.note, hit.part, place)

    def _press_stem(self, lane: Lane, place: QPointF) -> Gesture | None:
        note = stem_at(lane, self._stage.axis, place.x())
        if note is None:
            return None
        self._take(lane, note)
        return DragVelocity(self._stage, lane, note)

    def _take(self, lane: Lane, note: Note) -> None:
        editor = self._stage.editor
        if editor.selection.track != lane.index or note not in editor.selection.notes:
            editor.choose(Selection(lane.index, frozenset({note})))
        editor.last_duration = note.duration

    def _add(self, lane: Lane, place: QPointF, modifiers: Modifiers) -> None:
        stage = self._stage
        quarter = stage.editor.composition.ticks_per_quarter
        start = snapped_down(stage.axis.tick_at(place.x()), stage.snap_ticks(modifiers))
        length = stage.editor.last_duration or max(1, quarter // 2)
        note = Note(start, lane.axis.pitch_at(place.y()), length)
        stage.audition(lane.index, note.pitch, note.velocity)
        stage.editor.add(lane.index, note)


def _takes_notes(stage: Stage, lane: Lane, place: QPointF) -> bool:
    shown = lane.size is not LaneSize.FOLDED and not in_velocities(lane, place.y())
    return shown and stage.may_edit(lane)


_CURSORS = {
    Part.BEGINNING: Qt.CursorShape.SizeHorCursor,
    Part.BODY: Qt.CursorShape.OpenHandCursor,
    Part.END: Qt.CursorShape.SizeHorCursor,
}
