"""The measures on held-out songs: a card each, with people's own value as the line to reach."""

from PySide6.QtCore import QEvent, QSize, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop import theme
from desktop.train.plots.measure_kinds import MEASURES, SIGNS, VERDICT_WORDS, MeasureKind
from desktop.train.plots.sparkline import Sparkline
from engine.store.curves import Curves

FIRST = 6
"""Cards that are always there; the others come where a row has room for them."""
NARROWEST, COMFORTABLE, GAP = 132, 165, 8
VALUE_SIZE = 18
UNKNOWN = "–"


class MeasureCard(QFrame):
    """One measure: value, course, people's value."""

    def __init__(self, kind: MeasureKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "section")
        self.kind = kind
        self._title = QLabel(kind.label)
        self._title.setProperty("kind", "quiet")
        self._value = QLabel(UNKNOWN)
        self._people = QLabel()
        self._course = Sparkline()
        self._build()
        self._tell(None, None)

    def _build(self) -> None:
        self._value.setFont(theme.tabular_font(VALUE_SIZE, bold=True))
        self._people.setFont(theme.tabular_font(theme.CAPTION_SIZE))
        middle = QHBoxLayout()
        middle.setSpacing(8)
        middle.addWidget(self._value)
        middle.addWidget(self._course, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 10, 8)
        column.setSpacing(2)
        column.addWidget(self._title)
        column.addLayout(middle)
        column.addWidget(self._people)

    @property
    def value_words(self) -> str:
        """The value that is shown."""
        return self._value.text()

    @property
    def people_words(self) -> str:
        """What is said of people."""
        return self._people.text()

    def show_curves(self, curves: Curves) -> None:
        """Show the measure of a run."""
        epochs, told = curves.measure(self.kind.name)
        values = 100 * (1 - told) if self.kind.flipped else told
        human = curves.references.get("human", {}).get(self.kind.name)
        people = None if human is None else self.kind.shown(human)
        self._course.show_values(epochs, values, people)
        self._tell(float(values[-1]) if len(values) else None, people)

    def _tell(self, value: float | None, people: float | None) -> None:
        kind = self.kind
        said = UNKNOWN if value is None else kind.in_words(value)
        near = UNKNOWN if people is None else kind.in_words(people)
        verdict = None if value is None or people is None else kind.verdict(value, people)
        sign = SIGNS[verdict] if verdict else ""
        self._value.setText(said)
        self._people.setText(f"people: {near} {sign}".rstrip())
        self._say_kind({None: "quiet", "near": "good"}.get(verdict, "warning"))
        words = VERDICT_WORDS[verdict] if verdict else ""
        self.setToolTip(f"<p>{kind.explained}</p><p>Now {said}, people {near}. {words}</p>")
        self.setAccessibleName(f"{kind.label}: {said}, people {near}. {words}".strip())
        self.setAccessibleDescription(kind.explained)

    def _say_kind(self, kind: str) -> None:
        if self._people.property("kind") != kind:
            self._people.setProperty("kind", kind)
            self._people.style().unpolish(self._people)
            self._people.style().polish(self._people)

    def minimumSizeHint(self) -> QSize:
        """No narrower than this."""
        return QSize(NARROWEST, super().minimumSizeHint().height())


class MeasureCards(QWidget):
    """A row of cards: value, its course over the epochs, the people's value, near or far."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curves = Curves()
        self._version = -1
        self._columns = 0
        self.cards = tuple(MeasureCard(kind, self) for kind in MEASURES)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        # Narrower than a row of cards is allowed: they stand in two rows then.
        self._grid.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Measures on held-out songs")
        self._arrange(FIRST)

    @property
    def shown(self) -> tuple[MeasureCard, ...]:
        """The cards that are seen."""
        return tuple(card for card in self.cards if not card.isHidden())

    def set_curves(self, curves: Curves) -> None:
        """Show a run; the same object may be fed further, `refresh` shows what came."""
        self._curves = curves
        self._version = -1
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what came since the last time."""
        told = len(self._curves.measures), self._curves.cuts, id(self._curves.started)
        if hash(told) == self._version:
            return
        self._version = hash(told)
        for card in self.cards:
            card.show_curves(self._curves)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many cards in a row as fit; six in two rows where they do not."""
        fits = (self.width() + GAP) // (NARROWEST + GAP)
        well = (self.width() + GAP) // (COMFORTABLE + GAP)
        self._arrange(min(max(FIRST, well), len(self.cards)) if fits >= FIRST else FIRST // 2)
        super().resizeEvent(event)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for card in self.cards:
            self._grid.removeWidget(card)
        for index, card in enumerate(self.cards):
            card.setVisible(index < max(FIRST, columns))
            if index < max(FIRST, columns):
                self._grid.addWidget(card, index // columns, index % columns)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def changeEvent(self, event: QEvent) -> None:
        """Another theme: the courses are drawn anew."""
        if event.type() == QEvent.Type.StyleChange:
            self.update()
        super().changeEvent(event)

    def minimumSizeHint(self) -> QSize:
        """Three cards beside one another."""
        return QSize(3 * NARROWEST + 2 * GAP, super().minimumSizeHint().height())
