"""The transport's numbers: where the playhead stands, and the tempo."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QWidget

from desktop import theme

DOT = "\u2009.\u2009"
"""A point between two thin spaces."""
# `NoButtons` under a style sheet leaves the text one pixel of room (Qt 6.11).
WITHOUT_BUTTONS = """
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; border: none; }
QAbstractSpinBox::up-arrow, QAbstractSpinBox::down-arrow { image: none; width: 0; height: 0; }
"""
VALUE_STYLE = """
{kind} {{ background: transparent; border: 1px solid transparent; border-radius: 4px;
    padding: 0 4px; min-height: 20px; max-height: 20px; }}
{kind}:hover {{ background: palette(button); }}
{kind}:focus {{ border-color: palette(highlight); }}
QLineEdit {{ background: transparent; border: none; padding: 0; min-height: 0; }}
"""


class PositionLabel(QLabel):
    """Bar, beat and tick in large digits of one width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(theme.tabular_font(22, bold=True))
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance(f"888{DOT}8{DOT}888") + 2)
        self.setToolTip("Bar, beat and tick of the playhead")
        self._role = "text"
        self.set_position(1, 1, 0)

    def set_position(self, bar: int, beat: int, tick: int) -> None:
        """Where the playhead stands; all count as musicians do."""
        self._colour("text")
        self.setText(f"{bar}{DOT}{beat}{DOT}{tick:03d}")

    def set_count_down(self, beats: int) -> None:
        """Beats that are left of the count-in."""
        self._colour("record_text")
        self.setText(f"− {beats}")

    def _colour(self, role: str) -> None:
        """Digits in a colour role, changed only where it differs: this comes with every frame."""
        if self._role != role:
            self._role = role
            self.setProperty("kind", {"record_text": "record"}.get(role, ""))
            self.style().unpolish(self)
            self.style().polish(self)


class TempoField(QDoubleSpinBox):
    """Quarter notes a minute, by typing, wheel and arrow keys."""

    chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(20.0, 300.0)
        self.setDecimals(1)
        self.setKeyboardTracking(False)
        self.setFont(theme.tabular_font(14, bold=True))
        self.setStyleSheet(VALUE_STYLE.format(kind="QDoubleSpinBox") + WITHOUT_BUTTONS)
        self.setFixedWidth(56)
        self.setToolTip("Quarter notes a minute: type, or turn the wheel")
        self.setAccessibleName("Tempo")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._shown = 0.0
        self.editingFinished.connect(self._finish)

    def textFromValue(self, value: float) -> str:
        """Whole tempos are written without a decimal."""
        return f"{value:.1f}".removesuffix(".0")

    def show_tempo(self, beats_per_minute: float) -> None:
        """Show a tempo, unless the user is typing one."""
        if self.hasFocus() or abs(beats_per_minute - self._shown) < 0.05:
            return
        self._shown = beats_per_minute
        self.setValue(beats_per_minute)

    @Slot()
    def _finish(self) -> None:
        if abs(self.value() - self._shown) >= 0.05:
            self._shown = self.value()
            self.chosen.emit(self.value())
        self.clearFocus()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A notch is one beat a minute, ten with Ctrl."""
        step = 10 if event.modifiers() & Qt.KeyboardModifier.ControlModifier else 1
        self.setValue(round(self.value()) + (step if event.angleDelta().y() > 0 else -step))
        self._finish()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves the tempo as it was."""
        if event.key() == Qt.Key.Key_Escape:
            self.setValue(self._shown)
            self.clearFocus()
            return
        super().keyPressEvent(event)
