"""The card that fits bars to free playing: what was found, and how to put it right."""

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QWidget,
)

from desktop import theme
from desktop.widgets.beat_strip import HEIGHT, BeatStrip, Played
from desktop.widgets.floating_card import FloatingCard, card_buttons
from desktop.widgets.icons import icon
from desktop.widgets.meter_choice import COUNTED, MeterChoice
from engine.music.beats import Beats, doubled, halved, with_bars_moved, with_meter

WIDTH = 640
FASTEST, SLOWEST = 320.0, 25.0
HOW = "Drag the bar lines, here or in the lanes, to where your bars begin."


class FitCard(FloatingCard):
    """Every change is seen and heard at once; Apply makes it one step."""

    changed = Signal()
    applied = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__("Fit bars to my playing", over, WIDTH)
        self.strip = BeatStrip()
        self.tempo = QLabel()
        self.meter = MeterChoice(COUNTED)
        self.half = QPushButton("Half")
        self.double = QPushButton("Double")
        self.earlier = QToolButton()
        self.later = QToolButton()
        self.kind = QComboBox()
        self.to_grid = QCheckBox("Draw the notes to the grid")
        self.apply = QPushButton("Use these bars")
        self._build()
        self._connect()

    @property
    def beats(self) -> Beats:
        """The beats as they are corrected so far."""
        assert self.strip.beats is not None
        return self.strip.beats

    @property
    def steady(self) -> bool:
        """Whether the tempo is evened out."""
        return bool(self.kind.currentData())

    def _build(self) -> None:
        how = QLabel(HOW)
        how.setProperty("kind", "quiet")
        self.column.addWidget(how)
        area = QScrollArea()
        area.setWidget(self.strip)
        area.setWidgetResizable(True)
        area.setFixedHeight(HEIGHT + 12)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.column.addWidget(area)
        self.column.addLayout(self._first_row())
        self.column.addLayout(self._second_row())
        cancel = QPushButton("Cancel")
        cancel.clicked.connect(self.dismiss)
        self.column.addLayout(card_buttons(self.apply, cancel))

    def _first_row(self) -> QHBoxLayout:
        self.tempo.setFont(theme.tabular_font(14, bold=True))
        self.tempo.setMinimumWidth(64)
        self.half.setToolTip("What was taken for two beats is one")
        self.double.setToolTip("What was taken for one beat is two")
        for button, name, tip in (
            (self.earlier, "chevron-left", "All bar lines a beat earlier"),
            (self.later, "chevron-right", "All bar lines a beat later"),
        ):
            button.setIcon(icon(name))
            button.setToolTip(tip)
            button.setAccessibleName(tip)
        row = QHBoxLayout()
        for widget in (self.tempo, self.half, self.double):
            row.addWidget(widget)
        row.addSpacing(16)
        row.addWidget(QLabel("Meter"))
        row.addWidget(self.meter)
        row.addSpacing(16)
        for each in (QLabel("Bar lines"), self.earlier, self.later):
            row.addWidget(each)
        row.addStretch(1)
        return row

    def _second_row(self) -> QHBoxLayout:
        self.kind.addItem("One steady tempo", True)
        self.kind.addItem("The tempo follows my playing", False)
        self.kind.setAccessibleName("Tempo")
        self.to_grid.setChecked(True)
        self.to_grid.setToolTip("As Rhythm assist does; what was played is kept, too")
        row = QHBoxLayout()
        row.addWidget(self.kind)
        row.addSpacing(16)
        row.addWidget(self.to_grid)
        row.addStretch(1)
        return row

    def _connect(self) -> None:
        self.strip.dragged.connect(self.show_beats)
        self.half.clicked.connect(lambda: self.show_beats(halved(self.beats)))
        self.double.clicked.connect(lambda: self.show_beats(doubled(self.beats)))
        self.earlier.clicked.connect(partial(self._move_bars, -1))
        self.later.clicked.connect(partial(self._move_bars, 1))
        self.meter.activated.connect(self._choose_meter)
        self.kind.activated.connect(self.changed)
        self.to_grid.toggled.connect(self.changed)
        self.apply.clicked.connect(self.applied)

    def show_notes(self, notes: list[Played]) -> None:
        """What was played, in seconds."""
        self.strip.show_notes(notes)

    @Slot(object)
    def show_beats(self, beats: Beats) -> None:
        """Other beats, by hand or as they were found."""
        self.strip.show_beats(beats)
        minute = 60 / beats.seconds_per_beat
        sign = "♩." if beats.compound else "♩"
        self.tempo.setText(f"{sign} = {round(minute)}")
        self.double.setEnabled(2 * minute <= FASTEST)
        self.half.setEnabled(minute / 2 >= SLOWEST)
        self.meter.show_meter(beats.meter)
        self.changed.emit()

    def _move_bars(self, by: int) -> None:
        self.show_beats(with_bars_moved(self.beats, by))

    @Slot()
    def _choose_meter(self) -> None:
        above, below = self.meter.meter
        compound = below == 8
        in_bar = above // 3 if compound else above
        self.show_beats(with_meter(self.beats, in_bar, compound=compound))
