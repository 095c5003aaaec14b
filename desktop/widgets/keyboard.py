"""The on-screen keyboard: lights up what sounds, plays by mouse, fingers and computer keys."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QEventPoint,
    QHideEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import body_font, colour
from desktop.widgets.computer_keys import ComputerKeys
from desktop.widgets.key_layout import (
    COMPUTER_KEYS,
    KeyBox,
    layout_for,
    pitch_of_letter,
    velocity_at,
)
from desktop.widgets.octave_switch import OctaveSwitch

_KEY_VELOCITY = 84
_MOUSE = -1
"""The pointer's number beside those of fingers."""
_OWN_ROLE = "melody"
_LETTERS_MIN_WIDTH, _LETTERS_MIN_HEIGHT = 11, 52
_NAMES_MIN_HEIGHT = 56
_LETTER_ROLES = {False: "key_label", True: "black_key_label"}


class OnScreenKeyboard(QWidget):
    """Keys from C, as many octaves as suit the width; asks for notes, shows what sounds."""

    note_pressed = Signal(int, int)
    """Pitch and velocity (louder towards a key's lower end)."""
    note_released = Signal(int)
    octave_changed = Signal(int)
    """The octave of the computer key A changed; 4 is middle C's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Keyboard")
        self.setMouseTracking(False)
        self._sounding: dict[int, str] = {}
        self._held: dict[int, int] = {}
        """Pitches by finger, the mouse or (negative below −1) a computer key."""
        self._keys = ComputerKeys(self)
        self._keys.pressed.connect(self._key_pressed)
        self._keys.released.connect(self._key_released)
        self._keys.octave_changed.connect(self._octave_changed)
        self._switch = OctaveSwitch(self)
        self._switch.shifted.connect(self._keys.shift)
        self._layout = layout_for(600, 120, self._keys.octave)
        self._octave_changed(self._keys.octave)
        self.installEventFilter(self)

    @property
    def octave(self) -> int:
        """The octave of the computer key A; 4 is middle C's."""
        return self._keys.octave

    def set_sounding(self, sounding: Mapping[int, str]) -> None:
        """Light up pitches, each in a colour role (`desktop.theme`)."""
        before, self._sounding = self._sounding, dict(sounding)
        for pitch in before.keys() | self._sounding.keys():
            if before.get(pitch) != self._sounding.get(pitch):
                self._update_key(pitch)

    def release_all(self) -> None:
        """Let every key go."""
        self._keys.release_all()
        for source in list(self._held):
            self._release(source)

    def sizeHint(self) -> QSize:
        """Five octaves at ease."""
        return QSize(1096, 196)

    def minimumSizeHint(self) -> QSize:
        """Two octaves, low."""
        return QSize(360, 72)

    # Playing

    def _press(self, source: int, pitch: int, velocity: int) -> None:
        if self._held.get(source) == pitch:
            return
        self._release(source)
        sounds_already = pitch in self._held.values()
        self._held[source] = pitch
        self._update_key(pitch)
        if not sounds_already:
            self.note_pressed.emit(pitch, velocity)

    def _release(self, source: int) -> None:
        pitch = self._held.pop(source, None)
        if pitch is not None and pitch not in self._held.values():
            self._update_key(pitch)
            self.note_released.emit(pitch)

    def _point(self, source: int, point: QPointF) -> None:
        """A finger or the mouse is at a point: sound its key, or none beside the keys."""
        place = point - self._origin()
        key = self._layout.key_at(place.x(), place.y())
        if key is None:
            self._release(source)
        else:
            self._press(source, key.pitch, velocity_at(place.y(), key.height))

    @Slot(int)
    def _key_pressed(self, pitch: int) -> None:
        self._press(-2 - pitch, pitch, _KEY_VELOCITY)

    @Slot(int)
    def _key_released(self, pitch: int) -> None:
        self._release(-2 - pitch)

    @Slot(int)
    def _octave_changed(self, octave: int) -> None:
        self._switch.show_octave(octave)
        self._lay_out()
        self.octave_changed.emit(octave)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Press the key under the pointer."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._point(_MOUSE, event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Glide from key to key."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._point(_MOUSE, event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the key go."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._release(_MOUSE)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A quick second press is a press."""
        self.mousePressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Play by several fingers at once; the rest as usual."""
        if watched is self and isinstance(event, QTouchEvent):
            self._touch(event)
            return True
        return super().eventFilter(watched, event)

    def _touch(self, event: QTouchEvent) -> None:
        lifted = event.type() in (QEvent.Type.TouchEnd, QEvent.Type.TouchCancel)
        for point in event.points():
            if lifted or point.state() is QEventPoint.State.Released:
                self._release(point.id())
            elif point.state() is not QEventPoint.State.Stationary:
                self._point(point.id(), point.position())
        event.accept()

    def showEvent(self, event: QShowEvent) -> None:
        """Listen to the computer keys."""
        self._keys.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let everything go and listen no more."""
        self._keys.stop()
        self.release_all()

    # Picture

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the keys out anew."""
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        """Let go where the window loses the focus; follow the theme."""
        if event.type() is QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.release_all()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        switch = self._switch.sizeHint().width()
        room = max(1, self.width() - switch - 8)
        self._layout = layout_for(room, max(1, self.height()), self._keys.octave)
        self._switch.setGeometry(self.width() - switch, 0, switch, self.height())
        self.update()

    @staticmethod
    def _origin() -> QPointF:
        return QPointF(0, 0)

    def _update_key(self, pitch: int) -> None:
        for key in (*self._layout.whites, *self._layout.blacks):
            if key.pitch == pitch:
                box = QRectF(key.left, 0, key.width, key.height)
                self.update(box.toAlignedRect().adjusted(-1, 0, 1, 0))

    def _role(self, pitch: int) -> str | None:
        if pitch in self._held.values():
            return self._sounding.get(pitch, _OWN_ROLE)
        return self._sounding.get(pitch)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the keys that the event asks for."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            area = QRectF(event.rect())
            letters = self._letters()
            for key in (*self._layout.whites, *self._layout.blacks):
                if area.intersects(QRectF(key.left - 1, 0, key.width + 2, key.height)):
                    paint_key(painter, key, self._role(key.pitch), letters.get(key.pitch, ""))

    def _letters(self) -> dict[int, str]:
        """The computer keys' letters by the pitch that they play now."""
        pitches = {pitch_of_letter(letter, self._keys.octave): letter for letter in COMPUTER_KEYS}
        return {pitch: letter for pitch, letter in pitches.items() if pitch is not None}


def paint_key(painter: QPainter, key: KeyBox, role: str | None, letter: str) -> None:
    """One key, lit in a colour role or not, with the letter that plays it."""
    gap = 0.0 if key.black else 1.0
    box = QRectF(key.left + gap / 2, -6, key.width - gap, key.height + 6)
    path = QPainterPath()
    radius = 3.0 if key.black else 5.0
    path.addRoundedRect(box, radius, radius)
    painter.save()
    painter.setClipRect(QRectF(key.left - 1, 0, key.width + 2, key.height + 1))
    painter.setPen(QPen(colour("key_gap"), 1.0))
    painter.setBrush(_ground(key, role))
    painter.drawPath(path)
    if key.black and role is None:
        # The slope of the key's front catches the light.
        front = QRectF(box.left() + 2.5, key.height - 12, box.width() - 5, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("black_key_top"))
        painter.drawRoundedRect(front, 2, 2)
    painter.restore()
    _paint_labels(painter, key, role, letter)


def _ground(key: KeyBox, role: str | None) -> QColor | QLinearGradient:
    if role is not None:
        return colour(role)
    if key.black:
        return colour("black_key")
    light = QLinearGradient(0, key.height * 0.7, 0, key.height)
    light.setColorAt(0.0, colour("white_key"))
    light.setColorAt(1.0, colour("white_key_low"))
    return light


def _paint_labels(painter: QPainter, key: KeyBox, role: str | None, letter: str) -> None:
    lit = role is not None
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
    box = QRectF(key.left, 0, key.width, key.height - 8)
    if not key.black and key.pitch % 12 == 0 and key.height >= _NAMES_MIN_HEIGHT:
        painter.setFont(body_font(10, bold=True))
        painter.setPen(colour("on_accent" if lit else "key_label"))
        painter.drawText(box, flags, f"C{key.pitch // 12 - 1}")
    if letter and key.width >= _LETTERS_MIN_WIDTH and (key.height >= _LETTERS_MIN_HEIGHT):
        painter.setFont(body_font(10))
        painter.setPen(colour("on_accent" if lit else _LETTER_ROLES[key.black]))
        lift = 16 if not key.black else 10
        painter.drawText(box.adjusted(0, 0, 0, -lift), flags, letter)
