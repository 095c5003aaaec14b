"""A slider that tells its value in words."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from desktop import theme

BACK = "Double-click the words, or press Delete, for the usual value."
MODELS_CHOICE = "as the model likes"
NAME_WIDTH, WORDS_WIDTH = 66, 98


class WordSlider(QWidget):
    """A slider whose value is told in words; a double click gives it back its usual value."""

    changed = Signal()
    """By hand."""

    def __init__(
        self,
        name: str,
        low: int,
        high: int,
        usual: int | None,
        words: Sequence[tuple[int, str]],
        tip: str,
        parent: QWidget | None = None,
        *,
        low_row: bool = False,
    ) -> None:
        """``usual`` None: until it is touched, the choice is left to the model.

        ``tip`` is a sentence about what it does; ``low_row`` puts everything on one line.
        """
        super().__init__(parent)
        self._usual = usual
        self._words = words
        self.value = usual
        self._told = QLabel()
        self._told.setProperty("kind", "caption")
        self.title_row = QHBoxLayout()
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(low, high)
        self._slider.setAccessibleName(name)
        self._slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._slider.setAccessibleDescription(tip)
        self.setToolTip(f"{tip} {BACK}")
        if low_row:
            self._build_low(name)
        else:
            self._build(name)
        self.set_value(usual)
        self._slider.valueChanged.connect(self._change)

    def _build(self, name: str) -> None:
        title = QLabel(name)
        title.setFont(theme.body_font(12, bold=True))
        self.title_row.addWidget(title)
        self.title_row.addStretch(1)
        self.title_row.addWidget(self._told)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self.title_row)
        column.addWidget(self._slider)

    def _build_low(self, name: str) -> None:
        title = QLabel(name)
        title.setFont(theme.body_font(12))
        title.setFixedWidth(NAME_WIDTH)
        self._told.setFixedWidth(WORDS_WIDTH)
        self._told.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.title_row = QHBoxLayout(self)
        self.title_row.setContentsMargins(0, 0, 0, 0)
        self.title_row.setSpacing(6)
        self.title_row.addWidget(title)
        self.title_row.addWidget(self._slider, 1)
        self.title_row.addWidget(self._told)

    def reset(self) -> None:
        """Back to the usual value, by hand."""
        self.set_value(self._usual)
        self.changed.emit()

    def set_role(self, role: str) -> None:
        """The colour role of what is filled."""
        self._slider.setProperty("role", role)

    def set_value(self, value: int | None, words: str = "") -> None:
        """Show a value, None for the model's choice; ``words`` stand in the value's place."""
        middle = (self._slider.minimum() + self._slider.maximum()) // 2
        self._slider.blockSignals(True)
        self._slider.setValue(middle if value is None else value)
        self._slider.blockSignals(False)
        self.value = value
        self._tell(words)

    @Slot(int)
    def _change(self, value: int) -> None:
        self.value = value
        self._tell()
        self.changed.emit()

    def _tell(self, words: str = "") -> None:
        neutral = self.value is None
        if self._slider.property("neutral") is not neutral:
            self._slider.setProperty("neutral", neutral)
            self._slider.style().unpolish(self._slider)
            self._slider.style().polish(self._slider)
        if words or self.value is None:
            self._told.setText(words or MODELS_CHOICE)
            return
        value = self.value
        self._told.setText(next(word for limit, word in self._words if value < limit))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete: the usual value."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.reset()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: object) -> None:
        """On the words: the usual value."""
        self.reset()
