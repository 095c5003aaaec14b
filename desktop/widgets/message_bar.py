"""Sentences for the user, floating over the foot of the window until they are read."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal, Slot
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
from desktop.widgets.icons import icon

MOST_SHOWN = 3
MARGIN = 16
GAP = 8
WIDEST = 640
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


class MessageBar(QWidget):
    """Stacks the latest messages over the foot of ``parent`` and follows its size."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Messages")
        self._over = parent
        self._cards: list[MessageCard] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP)
        parent.installEventFilter(self)
        self.hide()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What stands there now, oldest first."""
        return tuple(card.message.sentence for card in self._cards)

    @Slot(object)
    def show_message(self, message: Message) -> None:
        """Show one more: the same sentence stands once, and the oldest makes room."""
        same = [card for card in self._cards if card.message.sentence == message.sentence]
        for card in same or self._cards[: max(0, len(self._cards) - MOST_SHOWN + 1)]:
            self._remove(card)
        card = MessageCard(message, self)
        card.closed.connect(self.remove)
        self._cards.append(card)
        self._column.addWidget(card)
        self._place()

    @Slot(object)
    def remove(self, card: "MessageCard") -> None:
        """Take a message away."""
        self._remove(card)
        self._place()

    def _remove(self, card: "MessageCard") -> None:
        if card in self._cards:
            self._cards.remove(card)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()

    def _place(self) -> None:
        self.setVisible(bool(self._cards))
        around = self._over.rect()
        width = min(WIDEST, around.width() - 2 * MARGIN)
        height = sum(
            max(card.heightForWidth(width), card.minimumSizeHint().height()) for card in self._cards
        ) + GAP * max(0, len(self._cards) - 1)
        left = (around.width() - width) // 2
        self.setGeometry(left, around.height() - height - MARGIN, width, height)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the window."""
        if event.type() == QEvent.Type.Resize and self._cards:
            self._place()
        return super().eventFilter(watched, event)


class MessageCard(QFrame):
    """One message: its sign, its sentence, what can be done about it, and a way to close it."""

    closed = Signal(object)

    def __init__(self, message: Message, parent: QWidget) -> None:
        super().__init__(parent)
        self.message = message
        self.setProperty("kind", "toast")
        self.setAccessibleName(message.sentence)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(12)
        row.addWidget(self._sign(), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._sentence(), 1)
        if message.action is not None:
            row.addWidget(self._action(message.action), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._close_button(), 0, Qt.AlignmentFlag.AlignTop)
        self._go_by_itself()

    def _go_by_itself(self) -> None:
        stays = STAYS_MS[self.message.level]
        if stays and self.message.action is not None:
            stays = WITH_ACTION_MS
        if stays and not self.message.stays:
            QTimer.singleShot(stays, self, self.close_message)

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
