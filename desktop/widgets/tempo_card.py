"""The card for a tempo and a meter from a bar on."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QFormLayout, QLabel, QPushButton, QWidget

from desktop.theme import TEXT_MARGIN
from desktop.widgets.floating_card import FloatingCard, card_buttons
from desktop.widgets.meter_choice import MeterChoice

WIDTH = 320
SLOWEST, FASTEST = 20.0, 300.0


class TempoCard(FloatingCard):
    """Tempo and meter as they are to be from a bar on."""

    applied = Signal()
    removed = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__("Tempo and meter", over, WIDTH)
        self.where = QLabel()
        self.where.setProperty("kind", "quiet")
        self.tempo = QDoubleSpinBox()
        self.tempo.lineEdit().setTextMargins(TEXT_MARGIN, 0, 0, 0)
        self.tempo.setRange(SLOWEST, FASTEST)
        self.tempo.setDecimals(1)
        self.tempo.setAccessibleName("Quarter notes a minute")
        self.meter = MeterChoice()
        self.remove = QPushButton("Take this change away")
        self.apply = QPushButton("Set")
        self._build()

    def _build(self) -> None:
        form = QFormLayout()
        form.addRow("Quarters a minute", self.tempo)
        form.addRow("Meter", self.meter)
        self.column.addWidget(self.where)
        self.column.addLayout(form)
        self.column.addWidget(self.remove)
        cancel = QPushButton("Cancel")
        cancel.clicked.connect(self.dismiss)
        self.apply.clicked.connect(self.applied)
        self.remove.clicked.connect(self.removed)
        self.column.addLayout(card_buttons(self.apply, cancel))

    def show_bar(self, bar: int, tempo: float, meter: tuple[int, int], *, changes: bool) -> None:
        """What holds in a bar; ``changes``: something begins there that could be taken away."""
        self.where.setText(f"From bar {bar} on, until the next change")
        self.tempo.setValue(tempo)
        self.meter.show_meter(meter)
        self.remove.setVisible(changes)
