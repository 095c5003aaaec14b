"""The takes of one request beside one another, and the way to those of other requests."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.widgets.elided_label import ElidedLabel
from desktop.widgets.icons import icon
from desktop.widgets.menus import take_away
from desktop.widgets.take_card import TakeCard


class TakesList(QWidget):
    """Shows the cards of a round and its name; asks by signals, with the card's number."""

    listen_asked = Signal(int)
    keep_asked = Signal(int)
    more_asked = Signal(int)
    """More takes like this one."""
    between_asked = Signal(int, int)
    """The takes on the way from this one to another."""
    round_asked = Signal(int)
    """−1 for the round before, 1 for the one after."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel()
        self.title.setProperty("kind", "quiet")
        self.earlier = _turn("chevron-left", "Takes of the request before")
        self.later = _turn("chevron-right", "Takes of the request after")
        self.earlier.clicked.connect(lambda: self.round_asked.emit(-1))
        self.later.clicked.connect(lambda: self.round_asked.emit(1))
        self._cards: list[TakeCard] = []
        self._compact = False
        self._build()
        self.show_round("", 0, 0)

    def _build(self) -> None:
        heading = QHBoxLayout()
        heading.setSpacing(2)
        heading.addWidget(self.title, 1)
        heading.addWidget(self.earlier)
        heading.addWidget(self.later)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(heading)
        column.addWidget(self._area(), 1)

    def _area(self) -> QScrollArea:
        inside = QWidget()
        inside.setObjectName("takes")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self._scroll = area
        return area

    @property
    def cards(self) -> tuple[TakeCard, ...]:
        """The cards, first take first."""
        return tuple(self._cards)

    def show_round(self, words: str, number: int, count: int) -> None:
        """Which of how many rounds is listed, counted from 1, and what it was."""
        several = count > 1
        self.title.setText(f"{number} of {count} · {words}" if several else words)
        self.title.setToolTip(f"Request {number} of {count} of this song: {words}")
        for button, possible in ((self.earlier, number > 1), (self.later, number < count)):
            button.setVisible(several)
            button.setEnabled(possible)

    def show_takes(self, cards: Sequence[TakeCard]) -> None:
        """Replace the cards."""
        for card in self._cards:
            self._column.removeWidget(card)
            take_away(card)
        self._cards = list(cards)
        names = [card.objectName() for card in cards]
        for index, card in enumerate(self._cards):
            self._column.insertWidget(index, card)
            self._connect(index, card, names)
        self.set_compact(self._compact)
        self._scroll.verticalScrollBar().setValue(0)

    def _connect(self, index: int, card: TakeCard, names: Sequence[str]) -> None:
        card.listen_asked.connect(lambda: self.listen_asked.emit(index))
        card.keep_asked.connect(lambda: self.keep_asked.emit(index))
        card.more_asked.connect(lambda: self.more_asked.emit(index))
        card.between_asked.connect(lambda other: self.between_asked.emit(index, other))
        card.set_others([(i, name) for i, name in enumerate(names) if i != index])

    def set_compact(self, compact: bool) -> None:
        """Lower cards in a low window."""
        self._compact = compact
        for card in self._cards:
            card.set_compact(compact)


def _turn(name: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setProperty("kind", "flat")
    button.setIcon(icon(name, "quiet"))
    button.setIconSize(QSize(18, 18))
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setStyleSheet("min-height: 20px; max-height: 20px; padding: 0 2px;")
    return button
