"""The small field in which a chord is written, over its place in the ruler."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from desktop import theme
from engine.music.chord_symbols import LONGEST, symbol_of

LEAST_WIDTH = 92
_MOVES = {
    Qt.Key.Key_Tab: (1, True),
    Qt.Key.Key_Backtab: (-1, True),
    Qt.Key.Key_Space: (1, False),
}
"""Which way a key goes on, and whether by bars."""


class ChordField(QLineEdit):
    """Takes a chord's symbol; what is none is told beneath it, and the field stays.

    Enter takes it, Tab takes it and goes on to the next bar, Space to the next place, Shift+Tab a
    bar back, Escape leaves everything as it was. An empty text is no chord.
    """

    written = Signal(int, str)
    """The tick and the symbol, only where it has changed."""
    went_on = Signal(int, int, bool)
    """From which tick, which way (1 or -1), and whether by bars."""
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ground = parent
        self.setAccessibleName("Chord")
        self.setMaxLength(LONGEST)
        self.setFont(theme.body_font(theme.CAPTION_SIZE + 1, bold=True))
        self.setStyleSheet("QLineEdit { min-height: 0; padding: 0 4px; }")
        self._problem = QLabel(parent)
        self._problem.setProperty("kind", "warning")
        self._tick = 0
        self._before = ""
        self._open = False
        self.textEdited.connect(self._forget_problem)
        self.installEventFilter(self)
        self.hide()
        self._problem.hide()

    @property
    def tick(self) -> int:
        """Where the chord begins that is being written."""
        return self._tick

    @property
    def problem(self) -> str:
        """What is wrong with the text, empty where nothing was found."""
        return self._problem.text() if self._problem.isVisible() else ""

    def open_at(self, tick: int, symbol: str, place: QRect) -> None:
        """Write the chord at a tick; ``place`` is where it stands in the parent."""
        self._tick, self._before, self._open = tick, symbol, True
        self._forget_problem()
        self.setText(symbol)
        self.selectAll()
        wide = max(LEAST_WIDTH, place.width())
        left = max(0, min(place.left(), self._ground.width() - wide))
        self.setGeometry(left, place.top(), wide, place.height())
        self.show()
        self.raise_()
        self.setFocus()

    def take(self) -> bool:
        """Tell what was written; whether the text could be taken."""
        try:
            symbol = symbol_of(self.text())
        except ValueError as error:
            self._show_problem(str(error))
            return False
        if symbol != self._before:
            self._before = symbol
            self.written.emit(self._tick, symbol)
        return True

    def close_field(self) -> None:
        """Away with it."""
        if self._open:
            self._open = False
            self._forget_problem()
            self.hide()
            self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tab, which Qt would give to the focus, goes on to the next bar."""
        if watched is not self:
            return super().eventFilter(watched, event)
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            # Escape is Stop elsewhere in the window.
            if event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
        elif isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            move = _MOVES.get(Qt.Key(event.key()))
            if move is not None:
                if self.take():
                    self.went_on.emit(self._tick, *move)
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes, Escape leaves."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.take():
                self.close_field()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_field()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whoever clicks elsewhere has done; what is no chord is left out."""
        super().focusOutEvent(event)
        if self._open and event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.take()
            self.close_field()

    def _show_problem(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.setStyleSheet(
            f"background: {theme.colour('raised').name()}; padding: 4px 8px; border-radius: 6px;"
        )
        self._problem.adjustSize()
        room = self._ground.width() - self._problem.width()
        self._problem.move(max(0, min(self.x(), room)), self.geometry().bottom() + 4)
        self._problem.show()
        self._problem.raise_()
        self.setAccessibleDescription(sentence)

    @Slot()
    def _forget_problem(self) -> None:
        self._problem.hide()
        self.setAccessibleDescription("")
