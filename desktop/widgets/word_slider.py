"""A slider that tells its value in words."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from desktop import theme

BACK = "Double-click the words for the usual value."


class WordSlider(QWidget):
    """A slider whose value is told in words; a double click gives it back its usual value."""

    def __init__(
        self,
        name: str,
        low: int,
        high: int,
        usual: int | None,
        words: Sequence[tuple[int, str]],
        tip: str,
        parent: QWidget | None = None,
    ) -> None:
        """``usual`` None: until it is touched, the choice is left to the model.

        ``tip`` is a sentence about what it does.
        """
        super().__init__(parent)
        self._usual = usual
        self._words = words
        self.value = usual
        self._told = QLabel()
        self._told.setProperty("kind", "caption")
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(low, high)
        self._slider.setAccessibleName(name)
        self._slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._slider.setAccessibleDescription(tip)
        self.setToolTip(f"{tip} {BACK}")
        self._build(name)
        self.reset()
        self._slider.valueChanged.connect(self._change)

    def _build(self, name: str) -> None:
        title = QLabel(name)
        title.setFont(theme.body_font(12, bold=True))
        top = QHBoxLayout()
        top.addWidget(title)
        top.addStretch(1)
        top.addWidget(self._told)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._slider)

    def reset(self) -> None:
        """Back to the usual value."""
        middle = (self._slider.minimum() + self._slider.maximum()) // 2
        self._slider.setValue(middle if self._usual is None else self._usual)
        self.value = self._usual
        self._tell()

    @Slot(int)
    def _change(self, value: int) -> None:
        self.value = value
        self._tell()

    def _tell(self) -> None:
        if self.value is None:
            self._told.setText("the model's choice")
            return
        value = self.value
        self._told.setText(next(word for limit, word in self._words if value < limit))

    def mouseDoubleClickEvent(self, event: object) -> None:
        """On the words: the usual value."""
        self.reset()
