"""Playing on the computer's own keys, wherever in the window the focus is."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from desktop.widgets.key_layout import pitch_of_letter

LEAST_OCTAVE, MOST_OCTAVE = -1, 9
_DEFAULT_OCTAVE = 4
_WRITING = (QLineEdit, QAbstractSpinBox, QTextEdit, QPlainTextEdit)


class ComputerKeys(QObject):
    """Turns A W S E D F T G Y H U J K into notes, Z and X into octave shifts.

    It watches only the widget that has the focus (an event filter on the whole application would
    run for every event), and none where text is written. A repeat of a held key is no new note.
    """

    pressed = Signal(int)
    released = Signal(int)
    octave_changed = Signal(int)

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self._connected = False
        self._listening = False
        self._watched: list[QWidget] = []
        self._held: dict[int, int] = {}
        self.octave = _DEFAULT_OCTAVE

    def start(self) -> None:
        """Listen; called when the owner is shown."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            if not self._connected:
                # Never taken back: the application may be gone when the owner is hidden.
                app.focusChanged.connect(self._focus_changed)
                self._connected = True
            self._listening = True
            self._watch(app.focusWidget())

    def stop(self) -> None:
        """Listen no more and let all keys go; called when the owner is hidden."""
        # The filters stay: the owner may be hidden by its window's own destruction.
        self._listening = False
        self.release_all()

    def shift(self, octaves: int) -> None:
        """Play higher or lower from now on; held keys are let go."""
        octave = min(max(self.octave + octaves, LEAST_OCTAVE), MOST_OCTAVE)
        if octave != self.octave:
            self.release_all()
            self.octave = octave
            self.octave_changed.emit(octave)

    def release_all(self) -> None:
        """Let every held key go."""
        held, self._held = self._held, {}
        for pitch in held.values():
            self.released.emit(pitch)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys that are ours before shortcuts and the focused widget see them."""
        if event.type() is QEvent.Type.WindowDeactivate:
            self.release_all()
        if not self._listening or not isinstance(event, QKeyEvent) or not self._is_ours(event):
            return False
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
        elif not event.isAutoRepeat():
            self._turn(event)
        return True

    def _is_ours(self, event: QKeyEvent) -> bool:
        if event.type() is QEvent.Type.KeyRelease and event.key() in self._held:
            return True
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        letter = _letter(event)
        return plain and (letter in ("Z", "X") or pitch_of_letter(letter, 0) is not None)

    def _turn(self, event: QKeyEvent) -> None:
        if event.type() is QEvent.Type.KeyRelease:
            pitch = self._held.pop(event.key(), None)
            if pitch is not None:
                self.released.emit(pitch)
            return
        letter = _letter(event)
        pitch = pitch_of_letter(letter, self.octave)
        if letter in ("Z", "X"):
            self.shift(-1 if letter == "Z" else 1)
        elif pitch is not None and event.key() not in self._held:
            self._held[event.key()] = pitch
            self.pressed.emit(pitch)

    @Slot(QWidget, QWidget)
    def _focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if self._listening:
            self._watch(new)

    def _watch(self, focused: QWidget | None) -> None:
        self._unwatch()
        if _writes(focused):
            self.release_all()
            return
        window = self._owner.window()
        # Without a focused widget the window itself gets the keys.
        self._watched = [window]
        if focused is not None and focused is not window and focused.window() is window:
            self._watched.append(focused)
        for widget in self._watched:
            widget.installEventFilter(self)

    def _unwatch(self) -> None:
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._watched = []


def _writes(widget: QWidget | None) -> bool:
    return isinstance(widget, _WRITING) or (isinstance(widget, QComboBox) and widget.isEditable())


def _letter(event: QKeyEvent) -> str:
    return QKeySequence(event.key()).toString()
