"""The Timing card: grid, strength and swing, lengths, looseness, transposition."""

from collections.abc import Sequence
from dataclasses import replace
from random import randrange

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.theme import TEXT_MARGIN
from desktop.widgets.floating_card import FloatingCard, card_buttons
from desktop.widgets.icons import icon
from desktop.widgets.measured_slider import NAME_WIDTH, MeasuredSlider
from engine.music.reworking import Length, Reworking
from engine.music.rhythm import MOST_SWING, NAMES, STRAIGHT, Rhythm
from engine.music.scope import Scopes

WIDTH = 344
USUAL = Reworking()
LENGTHS: tuple[tuple[str, Length, float], ...] = (
    ("as they are", "kept", 0.0),
    ("legato: up to the next note", "legato", 0.0),
    ("staccato: half", "staccato", 0.5),
    ("staccato: a quarter", "staccato", 0.25),
    ("1/4 each", "fixed", 1.0),
    ("1/8 each", "fixed", 0.5),
    ("1/16 each", "fixed", 0.25),
    ("1/32 each", "fixed", 0.125),
)
MOST_OCTAVES, MOST_SEMITONES, MOST_DEGREES = 4, 11, 6


class TimingCard(FloatingCard):
    """What is chosen is heard and seen at once; Apply makes it one step."""

    changed = Signal()
    """Another scope, or something else to be done with it."""
    applied = Signal()
    assist_asked = Signal()
    as_played_asked = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__("Timing", over, WIDTH)
        self._seed = 1
        self._offered: tuple[Scopes, ...] = ()
        self.scope_choice = QComboBox()
        self.grid = QComboBox()
        self.strength = MeasuredSlider("Strength", 0, 100, "How far notes are drawn to the grid.")
        self.swing = MeasuredSlider(
            "Swing", STRAIGHT, MOST_SWING, "What the first of two steps takes: 67 % is a triplet."
        )
        self.ends = QCheckBox("Their ends, too")
        self.length = QComboBox()
        self.looseness = MeasuredSlider(
            "Loosen", 0, 100, "How far notes stray from their place and loudness, as people's do."
        )
        self.octaves = _spin("Octaves", MOST_OCTAVES)
        self.semitones = _spin("Semitones", MOST_SEMITONES)
        self.degrees = _spin("Steps of the key", MOST_DEGREES)
        self.degrees_name = QLabel("In the key")
        self.told = QLabel()
        self.apply = QPushButton("Apply")
        self.assist = QPushButton("Rhythm assist")
        self.as_played = QPushButton("As played")
        self._build()
        self._connect()

    def _build(self) -> None:
        self.scope_choice.setAccessibleName("Which notes")
        self.column.addWidget(self.scope_choice)
        self.column.addLayout(self._quick())
        self._fill()
        self.column.addLayout(_named("Grid", self.grid))
        for widget in (self.strength, self.swing):
            self.column.addWidget(widget)
        self.column.addLayout(_named("", self.ends))
        self.column.addLayout(_named("Lengths", self.length))
        self.column.addLayout(self._loosen())
        self.column.addLayout(self._transposition())
        self.told.setProperty("kind", "quiet")
        self.told.setWordWrap(True)
        self.column.addWidget(self.told)
        cancel = QPushButton("Cancel")
        cancel.clicked.connect(self.dismiss)
        self.column.addLayout(card_buttons(self.apply, cancel))

    def _quick(self) -> QHBoxLayout:
        self.assist.setToolTip("Find the grid that was meant, and draw the notes to it")
        self.as_played.setToolTip("Take everything back to how it was played")
        row = QHBoxLayout()
        row.addWidget(self.assist, 1)
        row.addWidget(self.as_played, 1)
        return row

    def _fill(self) -> None:
        for name, steps in NAMES:
            self.grid.addItem(name, steps)
        for text, length, amount in LENGTHS:
            self.length.addItem(text, (length, amount))
        self.grid.setAccessibleName("Grid")
        self.length.setAccessibleName("Lengths")
        self.ends.setToolTip("Draw the ends of the notes to the grid, not only where they begin")

    def _loosen(self) -> QHBoxLayout:
        dice = QToolButton()
        dice.setProperty("kind", "flat")
        dice.setIcon(icon("dice-5-outline"))
        dice.setToolTip("Let them stray in another way")
        dice.setAccessibleName("Loosen in another way")
        dice.clicked.connect(self._roll)
        row = QHBoxLayout()
        row.addWidget(self.looseness, 1)
        row.addWidget(dice)
        return row

    def _transposition(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        captions = (QLabel("Octaves"), QLabel("Semitones"), self.degrees_name)
        for caption, spin in zip(
            captions, (self.octaves, self.semitones, self.degrees), strict=True
        ):
            caption.setProperty("kind", "caption")
            column = QVBoxLayout()
            column.setSpacing(2)
            column.addWidget(caption)
            column.addWidget(spin)
            row.addLayout(column, 1)
        return row

    def _connect(self) -> None:
        for combo in (self.scope_choice, self.grid, self.length):
            combo.currentIndexChanged.connect(self._change)
        for slider in (self.strength, self.swing, self.looseness):
            slider.changed.connect(self._change)
        for spin in (self.octaves, self.semitones, self.degrees):
            spin.valueChanged.connect(self._change)
        self.ends.toggled.connect(self._change)
        self.apply.clicked.connect(self.applied)
        self.assist.clicked.connect(self.assist_asked)
        self.as_played.clicked.connect(self.as_played_asked)

    def offer(self, offered: Sequence[tuple[str, Scopes]], chosen: int = 0) -> None:
        """The notes that can be chosen from, by name; some are of several tracks."""
        self._offered = tuple(scopes for _, scopes in offered)
        self.scope_choice.blockSignals(True)
        self.scope_choice.clear()
        self.scope_choice.addItems([text for text, _ in offered])
        self.scope_choice.setCurrentIndex(chosen)
        self.scope_choice.blockSignals(False)

    def name_key(self, key: str) -> None:
        """The key whose steps are counted; empty: there is none."""
        self.degrees_name.setText(f"In {key}" if key else "In the key")
        self.degrees.setEnabled(bool(key))

    @property
    def scopes(self) -> Scopes:
        """The chosen notes, track by track."""
        return self._offered[self.scope_choice.currentIndex()]

    @property
    def reworking(self) -> Reworking:
        """What is to be done with them."""
        length, amount = self.length.currentData()
        work = Reworking(
            Rhythm(int(self.grid.currentData()), self.swing.value),
            self.strength.value / 100,
            self.ends.isChecked(),
            length,
            looseness=self.looseness.value / 100,
            seed=self._seed,
            semitones=12 * self.octaves.value() + self.semitones.value(),
            degrees=self.degrees.value(),
        )
        if length == "staccato":
            return replace(work, share=amount)
        return replace(work, fixed=amount) if length == "fixed" else work

    def show_reworking(self, work: Reworking) -> None:
        """Show grid, strength and swing of this, everything else as it usually is; tells once."""
        self.blockSignals(True)
        self.grid.setCurrentIndex(self.grid.findData(work.rhythm.steps_per_quarter))
        self.swing.set_value(work.rhythm.swing)
        self.strength.set_value(round(100 * work.strength))
        self.ends.setChecked(work.ends)
        self.length.setCurrentIndex(0)
        self.looseness.set_value(round(100 * work.looseness))
        for spin in (self.octaves, self.semitones, self.degrees):
            spin.setValue(0)
        self.blockSignals(False)
        self._change()

    @Slot()
    def _roll(self) -> None:
        self._seed = randrange(1, 1_000_000)
        if not self.looseness.value:
            self.looseness.set_value(40)
        self._change()

    @Slot()
    def _change(self) -> None:
        steps = int(self.grid.currentData() or 4)
        self.swing.setEnabled(steps % 3 != 0)
        self.changed.emit()


def _spin(name: str, most: int) -> QSpinBox:
    spin = QSpinBox()
    spin.lineEdit().setTextMargins(TEXT_MARGIN, 0, 0, 0)
    spin.setRange(-most, most)
    spin.setAccessibleName(name)
    return spin


def _named(name: str, widget: QWidget) -> QHBoxLayout:
    label = QLabel(name)
    label.setFixedWidth(NAME_WIDTH)
    row = QHBoxLayout()
    row.addWidget(label)
    row.addWidget(widget, 1)
    return row
