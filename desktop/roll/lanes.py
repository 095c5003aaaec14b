"""The lanes of all tracks under one ruler, as an instrument: pointer, wheel, fingers and keys."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QToolTip, QWidget

from desktop.roll import keys
from desktop.roll.chord_row import slot_at
from desktop.roll.gestures import Modifiers
from desktop.roll.hit import lane_at, note_at
from desktop.roll.lane import Lane, LaneSize
from desktop.roll.lane_canvas import LaneCanvas
from desktop.roll.names import describe
from desktop.roll.pointer import Pointer
from desktop.roll.ruler import CHORDS_TOP, LOOP_HEIGHT
from desktop.roll.viewport import BAR_THICKNESS
from engine.music.composition import Composition

_LOOP_TIP = "Drag to set the loop, in bars; with Shift in beats"
_CHORD_TIP = "Double-click to write a chord; the right button has more"
_SEEK_TIP = "Click or drag to move the playhead"
_WHEEL_ZOOM = 1.2
_WHEEL_NOTCH = 120.0
_WHEEL_PIXELS = 90


class LanesView(LaneCanvas):
    """Asks for edits, seeks and loops by signals; never changes the music itself."""

    seek_requested = Signal(int)
    """Ticks."""
    loop_changed = Signal(int, int)
    """The first tick of the loop and the one after it."""
    edit_requested = Signal(object, str)
    """A `Composition` and the edit's name for the Undo menu."""
    track_selected = Signal(int)
    audition_requested = Signal(int, int, int)
    """Track, pitch, velocity of a note that was touched and should be heard for a moment."""

    chord_requested = Signal(int)
    """The tick of a place for a chord: one is to be written there."""
    ruler_menu_requested = Signal(int, QPoint)
    """The tick of such a place, and where on the screen the menu should open."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Lanes of all tracks")
        self.grabGesture(Qt.GestureType.PinchGesture)
        self._pointer = Pointer(self)
        self._snap = 4

    def set_snap(self, steps_per_quarter: int | None) -> None:
        """The grid of edits and of seeking (4: sixteenths); None lets notes lie anywhere."""
        self._snap = steps_per_quarter or 0

    # What gestures see (the protocol Stage)

    def snap_ticks(self, modifiers: Modifiers) -> int:
        """The grid that notes are drawn to; 1 while Alt is held or Snap is off."""
        if not self._snap or modifiers & Modifiers.AltModifier:
            return 1
        return max(1, self.music.composition.ticks_per_quarter // self._snap)

    def lane_point(self, point: QPointF) -> QPointF:
        """Lane coordinates of a point of the view."""
        return point - QPointF(0, self.ruler_height() - self.viewport.scroll_y)

    def may_edit(self, lane: Lane) -> bool:
        """Whether the lane shows what the document holds."""
        return self.music.preview is None or lane.index == 0

    def choose_track(self, index: int) -> None:
        """Tell that a track was pressed."""
        self.track_selected.emit(index)

    def audition(self, track: int, pitch: int, velocity: int) -> None:
        """Let a note be heard."""
        self.audition_requested.emit(track, pitch, velocity)

    def show_band(self, band: QRect | None) -> None:
        """Show a rubber band, or none."""
        self._band = band
        self.update()

    def scroll_by(self, across: int, down: int) -> int:
        """Scroll by pixels; returns by how many it went down."""
        self._follows = False
        return self.viewport.scroll_by(across, down)

    def seek_to(self, tick: int) -> None:
        """Ask for another position."""
        self.seek_requested.emit(tick)

    def bar_span(self, first: float, last: float, modifiers: Modifiers) -> tuple[int, int]:
        """The bars (with Shift: beats) that two ticks span."""
        beats = bool(modifiers & Modifiers.ShiftModifier)
        return self.music.bar_span(first, last, beats=beats)

    def show_loop(self, start: int, end: int | None) -> None:
        """Show a loop before it is asked for."""
        self.set_loop(start, end)

    def ask_loop(self, start: int, end: int) -> None:
        """Ask for a loop."""
        self.loop_changed.emit(start, end)

    def ask_chord(self, point: QPointF) -> None:
        """Ask to write a chord where an own one begins, or on the beat, half bar or bar."""
        self.chord_requested.emit(self.chord_place(self.axis.tick_at(point.x())))

    def chord_place(self, tick: float) -> int:
        """Where the place for a chord begins that holds a tick."""
        return slot_at(self.music.meters, max(0.0, tick), self.axis.pixels_per_tick)

    def _in_hand(self) -> bool:
        return self._pointer.active

    def _ask_edit(self, composition: Composition, name: str) -> None:
        if self.music.preview is not None:
            # Only the melody can be edited under a preview; the document's band goes along.
            composition = self.music.document.with_track(0, composition.melody)
        self._asking = True
        self.edit_requested.emit(composition, name)
        self._asking = False

    # Pointer, wheel, fingers and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a gesture."""
        self._pointer.press(event.position(), event.button(), event.modifiers())
        self._show_cursor(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the gesture, or show what a press would do."""
        if self._pointer.active:
            self._pointer.move(event.position(), event.modifiers())
            return
        self._show_cursor(event.position())
        lane = lane_at(self.lanes, self.lane_point(event.position()).y())
        in_lanes = event.position().y() >= self.ruler_height()
        if lane is None or not in_lanes or lane.size is LaneSize.FOLDED:
            self._button.stand_in(None, 0, 0)
        else:
            right = self.width() - (BAR_THICKNESS if self.viewport.down.isVisible() else 0)
            self._button.stand_in(lane, right, self.lane_geometry()[lane.index][0])

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the gesture."""
        self._pointer.release()
        self._show_cursor(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Add a note."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._pointer.double_click(event.position(), event.modifiers())

    def leaveEvent(self, event: QEvent) -> None:
        """Take the lane's button away, unless the pointer went to it."""
        if not self._button.underMouse():
            self._button.hide()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl zoom to the pointer; with Shift scroll in time."""
        turn, pixels = event.angleDelta(), event.pixelDelta()
        if event.modifiers() & Modifiers.ControlModifier:
            factor = _WHEEL_ZOOM ** (turn.y() / _WHEEL_NOTCH)
            self.viewport.zoom(factor, event.position().x())
            event.accept()
            return
        if pixels.isNull():
            pixels = turn * _WHEEL_PIXELS / _WHEEL_NOTCH
        sideways = bool(event.modifiers() & Modifiers.ShiftModifier)
        if sideways or (not self.viewport.down.isVisible() and pixels.x() == 0):
            self.scroll_by(-(pixels.x() or pixels.y()), 0)
        else:
            self.scroll_by(-pixels.x(), -pixels.y())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Edit the selected notes, or break a gesture off."""
        if event.key() == Qt.Key.Key_Escape and self._pointer.cancel():
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.chords is not None:
            self.chord_requested.emit(self.chord_place(self._position))
            return
        grid = self.snap_ticks(Modifiers.NoModifier)
        if (self.music.preview is not None and self.editor.selection.track != 0) or not keys.press(
            self.editor, event, grid, round(self._position)
        ):
            event.ignore()

    def event(self, event: QEvent) -> bool:
        """Hover tips, keys that are shortcuts elsewhere, pinches; the rest as usual."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            self._show_tip(event)
            return True
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            if keys.wants(self.editor, event):
                event.accept()
                return True
        elif isinstance(event, QNativeGestureEvent):
            if event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
                self.viewport.zoom(1.0 + event.value(), event.position().x())
                return True
        elif isinstance(event, QGestureEvent):
            return self._pinch(event)
        return super().event(event)

    def _pinch(self, event: QGestureEvent) -> bool:
        pinch = event.gesture(Qt.GestureType.PinchGesture)
        if isinstance(pinch, QPinchGesture):
            self._pointer.cancel()
            middle = self.mapFromGlobal(pinch.centerPoint().toPoint())
            self.viewport.zoom(pinch.scaleFactor(), middle.x())
        return pinch is not None

    def _show_tip(self, event: QHelpEvent) -> None:
        text = self._tip_at(QPointF(event.pos()))
        if text:
            QToolTip.showText(event.globalPos(), text, self)
        else:
            QToolTip.hideText()

    def _tip_at(self, point: QPointF) -> str:
        """What the place under the pointer is, or does."""
        if point.y() < self.ruler_height():
            return self._ruler_tip(point)
        place = self.lane_point(point)
        lane = lane_at(self.lanes, place.y())
        hit = note_at(lane, self.axis, place) if lane is not None else None
        if lane is None or hit is None:
            return ""
        music = self.music
        quarter = music.composition.ticks_per_quarter
        return describe(hit.note, music.meters, quarter, is_drum=lane.track.is_drum)

    def _ruler_tip(self, point: QPointF) -> str:
        if point.y() < LOOP_HEIGHT:
            return _LOOP_TIP
        if point.y() < CHORDS_TOP or self.chords is None:
            return _SEEK_TIP
        own = self.chords.own_at(self.axis.tick_at(point.x()))
        return f"{own.symbol}: your chord. {_CHORD_TIP}" if own else _CHORD_TIP

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The right button in the ruler asks for its menu."""
        if event.pos().y() < self.ruler_height():
            place = self.chord_place(self.axis.tick_at(event.pos().x()))
            self.ruler_menu_requested.emit(place, event.globalPos())

    def _show_cursor(self, point: QPointF) -> None:
        if not self._pointer.active:
            self.setCursor(self._pointer.cursor(point))

    def hideEvent(self, event: QHideEvent) -> None:
        """Break off what the pointer was doing."""
        self._pointer.cancel()
