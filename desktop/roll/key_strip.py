"""The piano's keys, or the drums' names, at the left of an open lane: each beside its row."""

from PySide6.QtCore import QPoint, QRect, Qt, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop.roll.edits import Selection
from desktop.roll.lane import Lane
from desktop.roll.lanes import LanesView
from desktop.roll.names import drum_name, is_black, pitch_name
from desktop.theme import body_font, colour
from engine.music.note_edits import of_pitches

_KEYS_WIDTH, _DRUMS_WIDTH = 52, 132
_BLACK_SHARE = 0.6
_ALL_NAMED = 14
"""From this height of a row on, every white key is named."""
_TIP = "Click to hear; with Ctrl select all notes of it"


class KeyStrip(QWidget):
    """Shows which row is which; a press is heard, with Ctrl it selects the row's notes."""

    def __init__(self, lanes: LanesView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._pressed: int | None = None
        self.setToolTip(_TIP)
        self.setAccessibleName("Keys of the open track")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        lanes.rows_changed.connect(self.update)
        lanes.opened_changed.connect(self._show_opened)
        lanes.lane_geometry_changed.connect(self.update)
        self.hide()

    @Slot(int)
    def _show_opened(self, index: int) -> None:
        lane = self._lane()
        self.setVisible(lane is not None)
        if lane is not None:
            self.setFixedWidth(_DRUMS_WIDTH if lane.track.is_drum else _KEYS_WIDTH)
        self.update()

    def _lane(self) -> Lane | None:
        opened = self._lanes.opened
        return None if opened is None else self._lanes.lanes[opened]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the keys of the rows in view."""
        lane = self._lane()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), colour("window"))
            if lane is None:
                return
            top = self._lanes.ruler_height()
            rows = QRect(0, top + lane.top, self.width(), lane.velocity_top - lane.top)
            painter.setClipRect(rows)
            painter.translate(0, top)
            paint = self._paint_drums if lane.track.is_drum else self._paint_keys
            paint(painter, lane)
            painter.translate(0, -top)
            painter.setClipping(False)
            self._paint_velocity_scale(painter, lane, top)

    def _seen(self, lane: Lane) -> list[tuple[int, int, int]]:
        """Pitch, top and height of the rows in view."""
        rows = zip(lane.axis.pitches, lane.row_boxes, strict=True)
        return [(p, top, h) for p, (top, h) in rows if top + h > lane.top and top < lane.bottom]

    def _paint_keys(self, painter: QPainter, lane: Lane) -> None:
        seen, width = self._seen(lane), self.width() - 1
        painter.fillRect(0, lane.top, width, lane.height, colour("white_key"))
        for pitch, top, height in seen:
            if pitch % 12 in (0, 5):
                painter.fillRect(0, top + height - 1, width, 1, colour("key_gap"))
            if is_black(pitch):
                # White keys meet in the middle of the black one between them.
                painter.fillRect(0, top + height // 2, width, 1, colour("white_key_low"))
                black = QRect(0, top, round(width * _BLACK_SHARE), height)
                painter.fillRect(black, colour("black_key"))
            if pitch == self._pressed:
                painter.fillRect(0, top, width, height, colour(lane.role, 0.75))
        self._name_keys(painter, seen, width)

    def _name_keys(self, painter: QPainter, seen: list[tuple[int, int, int]], width: int) -> None:
        painter.setPen(colour("key_label"))
        for pitch, top, height in seen:
            if pitch % 12 == 0 or (height >= _ALL_NAMED and not is_black(pitch)):
                painter.setFont(body_font(min(11, max(8, height - 2)), bold=pitch % 12 == 0))
                box = QRect(0, top, width - 4, height)
                right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(box, right, pitch_name(pitch))

    def _paint_drums(self, painter: QPainter, lane: Lane) -> None:
        width = self.width()
        painter.fillRect(0, lane.top, width, lane.height, colour("surface"))
        used = frozenset(lane.table.used_pitches)
        for row, (pitch, box) in enumerate(zip(lane.axis.pitches, lane.row_boxes, strict=True)):
            top, height = box
            if row % 2 == 0:
                painter.fillRect(0, top, width, height, colour("black_row"))
            if pitch == self._pressed:
                painter.fillRect(0, top, width, height, colour(lane.role, 0.4))
            painter.setFont(body_font(min(11, max(8, height - 1)), bold=False))
            painter.setPen(colour("text" if pitch in used else "quiet"))
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRect(8, top, width - 10, height), left, drum_name(pitch))

    def _paint_velocity_scale(self, painter: QPainter, lane: Lane, top: int) -> None:
        area = QRect(0, top + lane.velocity_top, self.width(), lane.bottom - lane.velocity_top - 2)
        painter.fillRect(area, colour("surface"))
        painter.fillRect(area.left(), area.top(), area.width(), 1, colour("bar_line"))
        painter.setFont(body_font(10))
        painter.setPen(colour("quiet"))
        inside = area.adjusted(0, 6, -6, -2)
        right = Qt.AlignmentFlag.AlignRight
        painter.drawText(inside, right | Qt.AlignmentFlag.AlignTop, "127")
        painter.drawText(inside, right | Qt.AlignmentFlag.AlignVCenter, "64")
        painter.drawText(inside, right | Qt.AlignmentFlag.AlignBottom, "1")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let the key be heard; with Ctrl select all its notes, with Shift beside the others."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        pitch = self._pitch_at(event.position().toPoint())
        if pitch is not None and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._select(pitch, keep=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        self._press(pitch)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Slide over the keys."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            pitch = self._pitch_at(event.position().toPoint())
            if pitch != self._pressed:
                self._press(pitch)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the key go."""
        self._pressed = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the rows."""
        QApplication.sendEvent(self._lanes, event)

    def _pitch_at(self, point: QPoint) -> int | None:
        lane = self._lane()
        y = point.y() - self._lanes.ruler_height()
        if lane is None or not lane.top <= y < lane.velocity_top:
            return None
        return lane.axis.pitch_at(y)

    def _press(self, pitch: int | None) -> None:
        self._pressed = pitch
        lane = self._lane()
        if pitch is not None and lane is not None:
            self._lanes.audition(lane.index, pitch, 90)
        self.update()

    def _select(self, pitch: int, *, keep: bool) -> None:
        lane = self._lane()
        if lane is None or not self._lanes.may_edit(lane):
            return
        editor = self._lanes.editor
        before = editor.selection.of(lane.index) if keep else frozenset()
        editor.choose(Selection(lane.index, before | of_pitches(lane.track.notes, {pitch})))
