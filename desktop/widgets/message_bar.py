"""Sentences for the user, floating over the foot of the window until they are read."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.messages import Level, Message, MessageAction
from desktop.widgets.free_place import controls_over, covered_area, free_place
from desktop.widgets.icons import icon

MOST_SHOWN = 3
MARGIN = 16
GAP = 8
WIDEST, NARROWEST = 640, 280
ROUNDING = 2
LOOK_MS = 400
"""Between two looks at what has come to lie below."""
FIRST_READ_MS, LETTER_MS = 4_000, 60
"""A sentence is seen in the one and read by the other a letter."""
ICON_SIZE = QSize(18, 18)
STAYS_MS: dict[Level, int] = {"info": 5_000, "good": 5_000, "warning": 9_000, "error": 0}
"""How long a message stays; 0 is until it is closed."""
WITH_ACTION_MS = 10_000
LEVEL_ICONS: dict[Level, tuple[str, str]] = {
    "info": ("information-outline", "quiet"),
    "good": ("check-circle-outline", "good"),
    "warning": ("alert-outline", "warning"),
    "error": ("alert-circle-outline", "record"),
}


def reading_ms(sentence: str) -> int:
    """How long a sentence takes to be noticed and read."""
    return FIRST_READ_MS + LETTER_MS * len(sentence)


class MessageBar(QWidget):
    """Stacks the latest messages over the foot of a page, where nothing can be pressed.

    An error is never lost and never long in the way: it stays where it stands free until it is
    closed or its page is left. Where it cannot but cover something, it stays until it was read.
    Then it is `put_away`.
    """

    put_away = Signal(object)
    """A `Message` that must be seen left before anybody closed it."""

    def __init__(self, parent: QWidget, over: QWidget | None = None) -> None:
        """``over`` is the part of ``parent`` that may be covered; all of it where it is None."""
        super().__init__(parent)
        self.setAccessibleName("Messages")
        self._within, self._over = parent, over or parent
        self._page = ""
        self._cards: list[MessageCard] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP)
        self._looking = QTimer(self)
        self._looking.setInterval(LOOK_MS)
        self._looking.timeout.connect(self._look)
        parent.installEventFilter(self)
        self.hide()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What stands there now, oldest first."""
        return tuple(card.message.sentence for card in self._cards)

    @Slot(object)
    def show_message(self, message: Message) -> None:
        """Show one more: the same sentence stands once, and the oldest makes room."""
        for card in [card for card in self._cards if card.message.sentence == message.sentence]:
            self._remove(card)
        for card in self._cards[: max(0, len(self._cards) - MOST_SHOWN + 1)]:
            self._go(card)
        card = MessageCard(message, self)
        card.closed.connect(self.remove)
        card.gone.connect(self._go)
        self._cards.append(card)
        self._column.addWidget(card)
        self._place()

    @Slot(object)
    def remove(self, card: "MessageCard") -> None:
        """Take a message away, which was read."""
        self._remove(card)
        self._place()

    @Slot(str)
    def withdraw(self, sentence: str) -> None:
        """Take a sentence away that is no longer true."""
        for card in [card for card in self._cards if card.message.sentence == sentence]:
            self.remove(card)

    @Slot(object)
    def _go(self, card: "MessageCard") -> None:
        """Take a message away that nobody closed."""
        self._remove(card)
        self._place()
        if card.message.lasts or card.message.level == "warning":
            self.put_away.emit(card.message)

    @Slot(str)
    def leave_page(self, page: str) -> None:
        """Another page is shown: what was told on the one before goes once it was read."""
        if page != self._page:
            for card in tuple(self._cards) if self._page else ():
                card.go_when_read()
        self._page = page
        self._place()

    def _remove(self, card: "MessageCard") -> None:
        if card in self._cards:
            self._cards.remove(card)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()

    # Where they stand

    def _place(self) -> None:
        if not self._cards:
            self._looking.stop()
            self.hide()
            return
        # First, or it would appear elsewhere, and be said to be under a pointer that is there.
        self.setGeometry(free_place(self._wanted_size(), self._room(), self._controls()))
        self._looking.start()
        self.show()
        self.raise_()

    def _wanted_size(self) -> QSize:
        widest = max(card.wanted_width() for card in self._cards)
        width = min(widest, WIDEST, self._room().width())
        heights = (
            max(card.heightForWidth(width), card.minimumSizeHint().height()) for card in self._cards
        )
        return QSize(width, sum(heights) + GAP * (len(self._cards) - 1))

    def _room(self) -> QRect:
        ground = QRect(self._over.mapTo(self._within, QPoint(0, 0)), self._over.size())
        return ground.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)

    def _controls(self) -> list[QRect]:
        return controls_over(self._over, self._within, self)

    @Slot()
    def _look(self) -> None:
        """Go elsewhere where a button has come to be below; not from under the pointer."""
        if self.underMouse():
            return
        controls = self._controls()
        if covered_area(self.geometry(), controls):
            self.setGeometry(free_place(self.size(), self._room(), controls))
        if covered_area(self.geometry(), controls):
            for card in tuple(self._cards):
                card.go_when_read()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the window."""
        if event.type() == QEvent.Type.Resize and self._cards:
            self._place()
        return super().eventFilter(watched, event)


class MessageCard(QFrame):
    """One message: its sign, its sentence, what can be done about it, and a way to close it."""

    closed = Signal(object)
    """It was read."""
    gone = Signal(object)
    """Its time is over."""

    def __init__(self, message: Message, parent: QWidget) -> None:
        super().__init__(parent)
        self.message = message
        self.setProperty("kind", "toast")
        self.setAccessibleName(message.sentence)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(12)
        row.addWidget(self._sign(), 0, Qt.AlignmentFlag.AlignTop)
        self._words = self._sentence()
        row.addWidget(self._words, 1)
        if message.action is not None:
            row.addWidget(self._action(message.action), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._close_button(), 0, Qt.AlignmentFlag.AlignTop)
        self._go_by_itself()

    def _go_by_itself(self) -> None:
        self._goes = False
        self._reading = QTimer(self)
        self._reading.setSingleShot(True)
        self._reading.timeout.connect(self._was_read)
        stays = STAYS_MS[self.message.level]
        if stays and self.message.action is not None:
            stays = WITH_ACTION_MS
        if stays and not self.message.stays:
            QTimer.singleShot(stays, self, self._go)
        else:
            self._reading.start(reading_ms(self.message.sentence))

    def wanted_width(self) -> int:
        """The width that shows the sentence in one line, logical pixels."""
        line = self._words.fontMetrics().horizontalAdvance(self.message.sentence) + ROUNDING
        beside = self.sizeHint().width() - self._words.sizeHint().width()
        return max(NARROWEST, line + beside)

    def go_when_read(self) -> None:
        """Go now where there was time to read it, else as soon as there was."""
        self._goes = True
        if self.message.lasts and not self._reading.isActive():
            self._was_read()

    @Slot()
    def _was_read(self) -> None:
        """There was time to read it; nobody reads in a window that is not in front."""
        looked_at = self.window().isActiveWindow()
        if not looked_at or (self._goes and self.underMouse()):
            self._reading.start(reading_ms(self.message.sentence))
        elif self._goes:
            self._go()

    @Slot()
    def _go(self) -> None:
        self.gone.emit(self)

    def _sign(self) -> QLabel:
        name, role = LEVEL_ICONS[self.message.level]
        label = QLabel()
        label.setPixmap(icon(name, role).pixmap(ICON_SIZE))
        label.setFixedHeight(28)
        return label

    def _sentence(self) -> QLabel:
        label = QLabel(self.message.sentence)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setMinimumHeight(28)
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    def _action(self, action: MessageAction) -> QPushButton:
        button = QPushButton(action.text)
        button.clicked.connect(self._act)
        return button

    def _close_button(self) -> QToolButton:
        button = QToolButton()
        button.setProperty("kind", "flat")
        button.setIcon(icon("close", "quiet"))
        button.setToolTip("Close")
        button.setAccessibleName("Close message")
        button.clicked.connect(self.close_message)
        return button

    @Slot()
    def _act(self) -> None:
        if self.message.action is not None:
            self.close_message()
            self.message.action.act()

    @Slot()
    def close_message(self) -> None:
        """Ask the bar to take this message away."""
        self.closed.emit(self)
