"""Volume, pan and sends: controls whose drag is one edit."""

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from desktop import theme
from engine.music.track import CENTRE_PAN

SETTLE_MS = 400
DIAL_STEP = 4
DIAL_KEYS = {
    Qt.Key.Key_Left: -DIAL_STEP,
    Qt.Key.Key_Down: -DIAL_STEP,
    Qt.Key.Key_Right: DIAL_STEP,
    Qt.Key.Key_Up: DIAL_STEP,
}
RESET_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class MixSlider(QSlider):
    """A slider that tells the steps of a drag from its end, so that a drag is one edit."""

    moved = Signal(int)
    settled = Signal(int)

    def __init__(self, name: str, low: int, high: int, usual: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(low, high)
        self._usual = usual
        self._title = name.capitalize()
        self._quiet = False
        self._settling = 0
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumWidth(60)
        self.setToolTip(self._title)
        self.valueChanged.connect(self._change)
        self.sliderReleased.connect(self._settle)

    @property
    def usual(self) -> int:
        """What a double click goes back to."""
        return self._usual

    def set_usual(self, value: int) -> None:
        """Another value for a double click to go back to."""
        self._usual = value

    def set_role(self, role: str) -> None:
        """The colour role of what is filled."""
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)

    def show_value(self, value: int) -> None:
        """Show a value without telling anybody; not in the middle of a drag."""
        if not self.isSliderDown() and not self._settling:
            self._quiet = True
            self.setValue(value)
            self._quiet = False
            self._tell_value(value)

    @Slot(int)
    def _change(self, value: int) -> None:
        if self._quiet:
            return
        self._tell_value(value)
        self.moved.emit(value)
        if not self.isSliderDown():
            if self._settling:
                self.killTimer(self._settling)
            self._settling = self.startTimer(SETTLE_MS)

    def _tell_value(self, value: int) -> None:
        self.setToolTip(f"{self._title} {value}")

    @Slot()
    def _settle(self) -> None:
        if self._settling:
            self.killTimer(self._settling)
            self._settling = 0
        self.settled.emit(self.value())

    def timerEvent(self, event: object) -> None:
        """Steps of the wheel or of the arrow keys are one edit once they pause."""
        self._settle()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Back to the usual value."""
        self.setValue(self._usual)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete goes back to the usual value; the rest is a slider's."""
        if event.key() in RESET_KEYS:
            self.setValue(self._usual)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The knob comes to the pointer at once and can be dragged from there."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event.position().x())
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The knob follows the pointer."""
        if self.isSliderDown():
            self._follow(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The end of the drag: one edit."""
        if self.isSliderDown():
            self.setSliderDown(False)

    def _follow(self, x: float) -> None:
        share = (x - 6) / max(1, self.width() - 12)
        span = self.maximum() - self.minimum()
        self.setValue(round(self.minimum() + min(1.0, max(0.0, share)) * span))


class MixDial(QWidget):
    """A value of 0 to 127 as a dial, dragged sideways or up and down; a drag is one edit.

    A double click and the Delete key go back to the usual value.
    """

    moved = Signal(int)
    settled = Signal(int)

    def __init__(self, name: str, usual: int, letter: str = "") -> None:
        """``letter`` stands in the ring and tells the dial from its neighbours."""
        super().__init__()
        self.setFixedSize(24, 20)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self._name = name.capitalize()
        self._letter = letter
        self._usual = self._value = usual
        self._pressed_at: QPoint | None = None
        self._pressed_value = usual
        self._settling = 0
        self._tell()

    @property
    def value(self) -> int:
        """0 to 127."""
        return self._value

    @property
    def usual(self) -> int:
        """What a double click goes back to."""
        return self._usual

    def set_usual(self, value: int) -> None:
        """Another value for a double click to go back to."""
        self._usual = value

    def show_value(self, value: int) -> None:
        """Show a value; not in the middle of a drag."""
        if self._pressed_at is None and not self._settling:
            self._value = value
            self._tell()

    def words(self) -> str:
        """The value as a musician says it."""
        return str(self._value)

    def _tell(self) -> None:
        self.setToolTip(f"{self._name}: {self.words()} (double-click for the usual)")
        self.setAccessibleDescription(self.words())
        self.update()

    def _move_to(self, value: int) -> None:
        value = min(127, max(0, value))
        if value != self._value:
            self._value = value
            self._tell()
            self.moved.emit(value)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the dial."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position().toPoint()
            self._pressed_value = self._value
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Turn it: a pixel is a step."""
        if self._pressed_at is not None:
            away = event.position().toPoint() - self._pressed_at
            self._move_to(self._pressed_value + away.x() - away.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go: one edit."""
        if self._pressed_at is None:
            return
        self._pressed_at = None
        if self._value != self._pressed_value:
            self.settled.emit(self._value)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """To the usual value."""
        self._pressed_at = event.position().toPoint()
        self._pressed_value = self._value
        self._move_to(self._usual)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A notch is four steps; a pause makes them one edit."""
        self._step(DIAL_STEP if event.angleDelta().y() > 0 else -DIAL_STEP)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow keys turn it; a pause makes their steps one edit."""
        step = DIAL_KEYS.get(Qt.Key(event.key()))
        if step is not None:
            self._step(step)
        elif event.key() in RESET_KEYS:
            self._step(self._usual - self._value)
        else:
            super().keyPressEvent(event)

    def _step(self, step: int) -> None:
        self._move_to(self._value + step)
        if self._settling:
            self.killTimer(self._settling)
        self._settling = self.startTimer(SETTLE_MS)

    def timerEvent(self, event: object) -> None:
        """The wheel or the keys have paused."""
        self.killTimer(self._settling)
        self._settling = 0
        self.settled.emit(self._value)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A ring, what of it is turned, and the letter."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = self.rect().adjusted(4, 2, -4, -2)
        pen = painter.pen()
        pen.setWidth(3)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setColor(theme.colour("bar_line"))
        painter.setPen(pen)
        painter.drawArc(ring, -45 * 16, 270 * 16)
        pen.setColor(theme.colour("accent" if self.hasFocus() else "text"))
        painter.setPen(pen)
        painter.drawArc(ring, *self._turned())
        if self._letter:
            painter.setFont(theme.body_font(9, bold=True))
            painter.setPen(theme.colour("quiet"))
            painter.drawText(ring, Qt.AlignmentFlag.AlignCenter, self._letter)

    def _turned(self) -> tuple[int, int]:
        """Where the turned part begins and how far it goes, in sixteenths of degrees."""
        return 225 * 16, round(-self._value / 127 * 270 * 16)


class PanDial(MixDial):
    """Where a track stands between left (0) and right (127)."""

    def __init__(self) -> None:
        super().__init__("pan", CENTRE_PAN)

    def words(self) -> str:
        """How far to which side."""
        away = self._value - CENTRE_PAN
        return "middle" if not away else f"{abs(away)} {'right' if away > 0 else 'left'}"

    def _turned(self) -> tuple[int, int]:
        turn = (self._value - CENTRE_PAN) / 64 * 135
        if abs(turn) < 4:
            return 86 * 16, 8 * 16
        return 90 * 16, round(-turn * 16)
