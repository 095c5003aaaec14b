"""Chooses the octave of the computer keys."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from desktop.widgets.icons import icon

_WIDTH = 40


class OctaveSwitch(QWidget):
    """Two small buttons and the octave between them."""

    shifted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QLabel("C4", self)
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._label.setProperty("kind", "caption")
        self._label.setToolTip("The computer key A plays this C; Z and X shift it by an octave")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addStretch()
        layout.addWidget(self._button("chevron-up", "Octave up (X)", self._up))
        layout.addWidget(self._label)
        layout.addWidget(self._button("chevron-down", "Octave down (Z)", self._down))
        layout.addStretch()

    def show_octave(self, octave: int) -> None:
        """Name the octave."""
        self._label.setText(f"C{octave}")

    def sizeHint(self) -> QSize:
        """A narrow column."""
        return QSize(_WIDTH, 100)

    def _button(self, name: str, tip: str, act: object) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icon(name, "quiet"))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setProperty("kind", "flat")
        button.setFixedSize(_WIDTH, 28)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(act)
        return button

    @Slot()
    def _up(self) -> None:
        self.shifted.emit(1)

    @Slot()
    def _down(self) -> None:
        self.shifted.emit(-1)
