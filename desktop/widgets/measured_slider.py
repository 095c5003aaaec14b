"""A slider on one line, between its name and its value in figures."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from desktop import theme

NAME_WIDTH, VALUE_WIDTH = 84, 56


class MeasuredSlider(QWidget):
    """A whole number from ``low`` to ``high``, told by ``words``."""

    changed = Signal()

    def __init__(
        self,
        name: str,
        low: int,
        high: int,
        tip: str,
        words: Callable[[int], str] = lambda value: f"{value} %",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words = words
        self._told = QLabel()
        self._told.setFont(theme.tabular_font(12))
        self._told.setFixedWidth(VALUE_WIDTH)
        self._told.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._title = QLabel(name)
        self._title.setFixedWidth(NAME_WIDTH)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(low, high)
        self.slider.setAccessibleName(name)
        self.slider.setAccessibleDescription(tip)
        self.setToolTip(tip)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._title)
        row.addWidget(self.slider, 1)
        row.addWidget(self._told)
        self.slider.valueChanged.connect(self._change)
        self._change(low)

    @property
    def value(self) -> int:
        """The number."""
        return self.slider.value()

    def set_value(self, value: int) -> None:
        """Show a number; tells of it like a hand's change."""
        self.slider.setValue(value)

    @Slot(int)
    def _change(self, value: int) -> None:
        self._told.setText(self._words(value))
        self.changed.emit()
