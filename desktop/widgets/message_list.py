"""What was told, to be read again: a list below the bell."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.messages import Kept, Message
from desktop.widgets.icons import icon
from desktop.widgets.message_bar import ICON_SIZE, LEVEL_ICONS

SIZE = QSize(440, 420)
NOTHING = "Nothing was told yet. Errors and news come here, and stay to be read."
EDGE = 8
SIDES, HEAD = 26, 60
"""What surrounds the rows, logical pixels."""


class MessageList(QFrame):
    """A popover: newest first, with what can still be done about it."""

    forget_asked = Signal()

    def __init__(self, kept: Sequence[Kept], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("kind", "toast")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("Messages")
        self._kept = tuple(kept)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 8, 12)
        column.setSpacing(8)
        column.addLayout(self._head())
        self._column = QVBoxLayout()
        self._area = self._rows() if self._kept else None
        column.addWidget(self._area or nothing_told(), 1)

    def show_below(self, button: QWidget) -> None:
        """Open below a button, with its right edge, on the screen."""
        self._fit()
        corner = button.mapToGlobal(QPoint(button.width(), button.height() + EDGE // 2))
        place = QRect(corner - QPoint(self.width(), 0), self.size())
        room = button.screen().availableGeometry()
        place.moveRight(min(place.right(), room.right() - EDGE))
        self.move(place.topLeft())
        self.show()

    def _fit(self) -> None:
        """As high as what is told, in the dress that it is shown in."""
        for widget in self.findChildren(QWidget):
            widget.ensurePolished()
        if self._area is not None:
            self._column.invalidate()
            wanted = self._column.totalHeightForWidth(SIZE.width() - SIDES)
            self._area.setFixedHeight(min(wanted, SIZE.height() - HEAD))
        self.setFixedWidth(SIZE.width())
        self.adjustSize()

    def text(self) -> str:
        """All of it, a line each, for a mail or a forum."""
        return "\n".join(f"{when(kept)}  {kept.message.sentence}" for kept in reversed(self._kept))

    def _head(self) -> QHBoxLayout:
        title = QLabel("Messages")
        title.setProperty("kind", "heading")
        copy = flat("Copy all", "Puts all of them into the clipboard", self._copy)
        clear = flat("Clear", "Forgets all that was told so far", self._clear)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(title, 1)
        for button in (copy, clear) if self._kept else ():
            row.addWidget(button)
        return row

    def _rows(self) -> QScrollArea:
        within = QWidget()
        within.setLayout(self._column)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(12)
        for kept in reversed(self._kept):
            self._column.addLayout(self._row(kept))
        self._column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(within)
        within.setAutoFillBackground(False)
        area.viewport().setAutoFillBackground(False)
        return area

    def _row(self, kept: Kept) -> QHBoxLayout:
        sentence = QLabel(kept.message.sentence)
        sentence.setTextFormat(Qt.TextFormat.PlainText)
        sentence.setWordWrap(True)
        sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        caption = QLabel(when(kept))
        caption.setProperty("kind", "caption")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(sentence)
        words.addLayout(self._foot(kept, caption))
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(sign_of(kept.message), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return row

    def _foot(self, kept: Kept, caption: QLabel) -> QHBoxLayout:
        """When it was told, and what can still be done; a way back that was offered is over."""
        foot = QHBoxLayout()
        foot.addWidget(caption, 1)
        if kept.message.action is not None and kept.message.lasts:
            foot.addWidget(self._action(kept.message))
        return foot

    def _action(self, message: Message) -> QPushButton:
        action = message.action
        assert action is not None

        def act() -> None:
            self.close()
            action.act()

        return flat(action.text, "", act)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())

    @Slot()
    def _clear(self) -> None:
        self.forget_asked.emit()
        self.close()


def when(kept: Kept) -> str:
    """The time of day, and how often in a row."""
    times = f", {kept.times} times" if kept.times > 1 else ""
    return f"{kept.at:%H:%M}{times}"


def nothing_told() -> QLabel:
    """What stands in place of an empty list."""
    label = QLabel(NOTHING)
    label.setProperty("kind", "quiet")
    label.setWordWrap(True)
    return label


def sign_of(message: Message) -> QLabel:
    """The sign of a level."""
    name, role = LEVEL_ICONS[message.level]
    label = QLabel()
    label.setPixmap(icon(name, role).pixmap(ICON_SIZE))
    return label


def flat(text: str, tip: str, act: Callable[[], None]) -> QPushButton:
    """A button without a ground."""
    button = QPushButton(text)
    button.setProperty("kind", "flat")
    button.setToolTip(tip)
    button.clicked.connect(act)
    return button
