"""The Passes card: every pass of a loop that was recorded; one of them sounds, or all."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.widgets.floating_card import FloatingCard, card_buttons

WIDTH = 280
MOST_HEIGHT = 260
ROW_HEIGHT = 28


class PassesCard(FloatingCard):
    """What is chosen is heard at once; Use makes it one step."""

    chosen = Signal(object)
    """tuple[int, ...]: the passes that are to sound."""
    applied = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__("Passes", over, WIDTH)
        self.buttons: list[QRadioButton] = []
        self._group = QButtonGroup(self)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self.column.addWidget(self._area)
        self.apply = QPushButton("Use this one")
        cancel = QPushButton("Cancel")
        cancel.clicked.connect(self.dismiss)
        self.apply.clicked.connect(self.applied)
        self.column.addLayout(card_buttons(self.apply, cancel))

    def offer(self, passes: Sequence[str], sounding: tuple[int, ...]) -> None:
        """The passes by name, in the order in which they were played."""
        rows = QWidget()
        column = QVBoxLayout(rows)
        column.setContentsMargins(2, 0, 0, 0)
        column.setSpacing(0)
        everything = tuple(range(len(passes)))
        self.buttons = []
        self._group = QButtonGroup(self)
        for number, name in enumerate(passes):
            column.addWidget(self._button(name, (number,), sounding))
        column.addWidget(self._button("All of them together", everything, sounding))
        column.addStretch(1)
        self._area.setWidget(rows)
        rows.setAutoFillBackground(False)
        self._area.viewport().setAutoFillBackground(False)
        self._area.setFixedHeight(min(MOST_HEIGHT, ROW_HEIGHT * len(self.buttons) + 4))

    def _button(self, name: str, numbers: tuple[int, ...], sounding: tuple[int, ...]) -> QWidget:
        button = QRadioButton(name)
        button.setFixedHeight(ROW_HEIGHT)
        button.setChecked(numbers == sounding)
        button.clicked.connect(partial(self.chosen.emit, numbers))
        self._group.addButton(button)
        self.buttons.append(button)
        return button
