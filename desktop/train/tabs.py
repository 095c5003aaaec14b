"""The row of tabs over the right part of the Train page."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget


class Tabs(QWidget):
    """One of several is shown."""

    chosen = Signal(str)

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 6)
        row.setSpacing(4)
        for name in names:
            button = QToolButton()
            button.setText(name)
            button.setProperty("kind", "flat")
            button.setCheckable(True)
            button.setMinimumWidth(72)
            button.clicked.connect(lambda _on=False, name=name: self.chosen.emit(name))
            self._group.addButton(button)
            self._buttons[name] = button
            row.addWidget(button)
        row.addStretch(1)

    def show_tab(self, name: str) -> None:
        """Light a tab without telling of it."""
        self._buttons[name].setChecked(True)
