"""The lanes of all tracks under one ruler, as an instrument: pointer, wheel, fingers and keys."""

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt, Signal
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

from desktop.roll.commands import BY_ID
from desktop.roll.edge_scroll import EdgeScroll
from desktop.roll.edits import Selection
from desktop.roll.gestures import Modifiers
from desktop.roll.hit import lane_at
from desktop.roll.keys import KeyTable
from desktop.roll.lane import LaneSize
from desktop.roll.pointer import Pointer
from desktop.roll.stage import LaneStage
from desktop.roll.tips import tip_at
from desktop.roll.tools import Tool
from desktop.roll.viewport import BAR_THICKNESS
from engine.music.composition import Composition
from engine.music.track import Track

_WHEEL_ZOOM = 1.2
_WHEEL_NOTCH = 120.0
_WHEEL_PIXELS = 90
_HELD = Modifiers.ShiftModifier | Modifiers.ControlModifier


class LanesView(LaneStage):
    """The lanes under the hand. Turns events into gestures, scrolling, tools and commands."""

    tool_changed = Signal(object)
    """The `Tool` that is in the hand from now on."""
    notes_menu_requested = Signal(QPoint)
    """Where on the screen a menu of what can be done with notes should open."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Lanes of all tracks")
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.keys = KeyTable()
        self._pointer = Pointer(self)
        self._edge = EdgeScroll(self._scroll_on, self)
        self._last = (QPointF(), Modifiers.NoModifier)
        self.installEventFilter(self)

    @property
    def tool(self) -> Tool:
        """What a press in the open lane does."""
        return self._pointer.tool

    def set_tool(self, tool: Tool) -> None:
        """Take another tool in the hand."""
        if tool is not self._pointer.tool:
            self._pointer.cancel()
            self._pointer.tool = tool
            self.tool_changed.emit(tool)

    def command(self, command_id: str) -> None:
        """Do what a menu asks for, with the notes that the document holds."""
        if self._may_work():
            BY_ID[command_id].act(self)

    def zoom_to_selection(self) -> None:
        """Let the selected notes (else all of the open lane's) fill the view."""
        track = self.opened if self.opened is not None else self.editor.selection.track
        chosen = self.editor.selection.every() or self.editor.composition.tracks[track].notes
        if chosen:
            first, last = min(n.start for n in chosen), max(n.end for n in chosen)
            self.viewport.show_span(first, last)
            self.fit_pitches({note.pitch for note in chosen})

    def open_track(self, index: int) -> None:
        """Open the lane of a track in place of the open one."""
        self.set_lane_size(index, LaneSize.OPEN)
        self.editor.choose(Selection(index))

    def show_neighbour(self, steps: int) -> None:
        """Open the lane of the next track (the one before for -1) in place of the open one."""
        if self.opened is not None:
            self.open_track((self.opened + steps) % len(self.lanes))

    def _may_work(self) -> bool:
        """Whether the track that is worked on shows what the document holds."""
        return self.music.preview is None or self.editor.selection.track == 0

    def _in_hand(self) -> bool:
        return self._pointer.active

    def _show(self, document: Composition, preview: tuple[Track, ...] | None) -> None:
        # Other music than the gesture made: its notes, and its lane, may be gone.
        changes = document is not self.music.document or preview != self.music.preview
        if changes and self._pointer.holds_notes and not self._asking:
            self._edge.stop()
            self._pointer.cancel()
        super()._show(document, preview)

    # The pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a gesture."""
        self._last = (event.position(), event.modifiers())
        self._pointer.press(event.position(), event.button(), event.modifiers())
        self._show_cursor(event.position(), event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the gesture, or show what a press would do."""
        self._last = (event.position(), event.modifiers())
        if self._pointer.active:
            if self._pointer.scrolls:
                self._edge.follow(event.position(), self._edges())
            self._pointer.move(event.position(), event.modifiers())
            return
        self._show_cursor(event.position(), event.modifiers())
        lane = lane_at(self.lanes, self.lane_point(event.position()).y())
        in_lanes = event.position().y() >= self.ruler_height()
        if lane is None or not in_lanes or lane.size is not LaneSize.NORMAL:
            self._button.stand_in(None, 0, 0)
        else:
            right = self.width() - (BAR_THICKNESS if self.viewport.down.isVisible() else 0)
            self._button.stand_in(lane, right, self.lane_geometry()[lane.index][0])

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the gesture."""
        self._edge.stop()
        self._pointer.release()
        self._show_cursor(event.position(), event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open a lane, or add a note."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._pointer.double_click(event.position(), event.modifiers())

    def leaveEvent(self, event: QEvent) -> None:
        """Take the lane's button away, unless the pointer went to it."""
        if not self._button.underMouse():
            self._button.hide()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The right button asks for the menu of the ruler, or of the notes."""
        if event.pos().y() < self.ruler_height():
            place = self.chord_place(self.axis.tick_at(event.pos().x()))
            self.ruler_menu_requested.emit(place, event.globalPos())
        elif not self._pointer.erases(QPointF(event.pos())):
            self._pointer.choose_under(QPointF(event.pos()))
            self.notes_menu_requested.emit(event.globalPos())

    def _edges(self) -> QRectF:
        top = self.ruler_height()
        # Sideways at the very edge only: a note that begins there must not run away.
        return QRectF(-16, top - 16, self.width() + 32, self.viewport.height + 32)

    def _scroll_on(self, across: int, down: int) -> None:
        if self._pointer.active:
            self.scroll_by(across, down)
            self._pointer.move(*self._last)
        else:
            self._edge.stop()

    def _show_cursor(self, point: QPointF, modifiers: Modifiers) -> None:
        if not self._pointer.active:
            self.setCursor(self._pointer.cursor(point, modifiers))

    def hideEvent(self, event: QHideEvent) -> None:
        """Break off what the pointer was doing."""
        self._edge.stop()
        self._pointer.cancel()

    # Wheel, fingers and keys

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl zoom to the pointer (and Shift: the rows); with Shift in time."""
        turn, pixels = event.angleDelta(), event.pixelDelta()
        held = event.modifiers() & _HELD
        factor = _WHEEL_ZOOM ** ((turn.y() or turn.x()) / _WHEEL_NOTCH)
        event.accept()
        if held == _HELD:
            if self.opened is not None:
                self.zoom_pitches(factor, self.lane_point(event.position()).y())
            return
        if held & Modifiers.ControlModifier:
            self.viewport.zoom(factor, event.position().x())
            return
        if pixels.isNull():
            pixels = turn * _WHEEL_PIXELS / _WHEEL_NOTCH
        sideways = bool(held & Modifiers.ShiftModifier)
        if sideways or (not self.viewport.down.isVisible() and pixels.x() == 0):
            self.scroll_by(-(pixels.x() or pixels.y()), 0)
        else:
            self.scroll_by(-pixels.x(), -pixels.y())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Edit the selected notes, break a gesture off, or close the open lane."""
        if event.key() == Qt.Key.Key_Escape and self._pointer.cancel():
            self._edge.stop()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.chords is not None:
            self.chord_requested.emit(self.chord_place(self._position))
            return
        opened = self.opened is not None
        if self._may_work() and self.keys.press(self, event, opened=opened):
            return
        if not (opened and self._press_in_open(event)):
            event.ignore()

    def _press_in_open(self, event: QKeyEvent) -> bool:
        """Keys that only an open lane has: tools, tracks, rows, and the way back."""
        key = Qt.Key(event.key())
        if key in _NEIGHBOURS:
            self.show_neighbour(_NEIGHBOURS[key])
        elif event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        elif (tool := self.keys.tool(event)) is not None:
            self.set_tool(tool)
        elif key == Qt.Key.Key_B:
            self.set_tool(Tool.SELECT if self.tool is Tool.PENCIL else Tool.PENCIL)
        elif key in _ROWS:
            self.scroll_by(0, _ROWS[key] * 2 * self._pitches.row_height)
        elif key == Qt.Key.Key_Escape:
            self.close_lane()
        else:
            return False
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hover tips, keys that are shortcuts elsewhere, pinches; the rest as usual."""
        if watched is not self:
            return super().eventFilter(watched, event)
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            self._show_tip(event)
            return True
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            if self._wants(event):
                event.accept()
                return True
        elif isinstance(event, QNativeGestureEvent):
            if event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
                self.viewport.zoom(1.0 + event.value(), event.position().x())
                return True
        elif isinstance(event, QGestureEvent):
            return self._pinch(event)
        return False

    def _wants(self, event: QKeyEvent) -> bool:
        opened = self.opened is not None
        back = opened and event.key() == Qt.Key.Key_Escape
        return back or self._pointer.active or self.keys.wants(self, event, opened=opened)

    def _pinch(self, event: QGestureEvent) -> bool:
        pinch = event.gesture(Qt.GestureType.PinchGesture)
        if isinstance(pinch, QPinchGesture):
            self._pointer.cancel()
            middle = self.mapFromGlobal(pinch.centerPoint().toPoint())
            self.viewport.zoom(pinch.scaleFactor(), middle.x())
        return pinch is not None

    def _show_tip(self, event: QHelpEvent) -> None:
        text = tip_at(self, QPointF(event.pos()))
        if text:
            QToolTip.showText(event.globalPos(), text, self)
        else:
            QToolTip.hideText()


_NEIGHBOURS = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
_ROWS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
