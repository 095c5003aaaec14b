"""The bell in the top bar: how much was told that nobody has read, and all of it below."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget

from desktop.messages import Messages
from desktop.theme import body_font, colour
from desktop.widgets.icons import icon
from desktop.widgets.message_list import MessageList

MOST_COUNTED = 9
BADGE = 15
"""Height of the count, logical pixels."""
SIDE = 32


class MessageBell(QToolButton):
    """Shows a count until somebody looks; a click opens the list."""

    def __init__(self, messages: Messages, action: QAction, parent: QWidget | None = None) -> None:
        """``action`` opens the list, too, from menus and keys."""
        super().__init__(parent)
        self._messages = messages
        self._tip = action.toolTip()
        self.setProperty("kind", "flat")
        self.setIcon(icon("bell-outline", "quiet"))
        self.setIconSize(QSize(18, 18))
        self.setMinimumWidth(SIDE)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self.open_list)
        action.triggered.connect(self.open_list)
        messages.unread_changed.connect(self._show_count)
        self._show_count()

    @property
    def count(self) -> str:
        """What the bell shows, empty where all was read."""
        unread = len(self._messages.unread)
        return "" if not unread else str(unread) if unread <= MOST_COUNTED else f"{MOST_COUNTED}+"

    @Slot()
    def open_list(self) -> None:
        """Show what was told; all of it is read then."""
        there = MessageList(self._messages.kept, self)
        there.forget_asked.connect(self._messages.forget)
        there.show_below(self)
        self._messages.mark_read()

    @Slot()
    def _show_count(self) -> None:
        unread = len(self._messages.unread)
        told = f"{unread} not read" if unread else "all read"
        self.setAccessibleName(f"Messages: {told}")
        self.setToolTip(f"{told.capitalize()}. {self._tip}" if unread else self._tip)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, and the count at its upper right corner."""
        super().paintEvent(event)
        if not self.count:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = body_font(10, bold=True)
        painter.setFont(font)
        width = max(BADGE, painter.fontMetrics().horizontalAdvance(self.count) + 7)
        place = QRectF(self.width() - width - 1, 1, width, BADGE)
        worst = any(message.level == "error" for message in self._messages.unread)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("window"))
        painter.drawRoundedRect(place.adjusted(-1.5, -1.5, 1.5, 1.5), BADGE / 2, BADGE / 2)
        painter.setBrush(colour("record_text" if worst else "warning_text"))
        painter.drawRoundedRect(place, BADGE / 2, BADGE / 2)
        painter.setPen(colour("window"))
        painter.drawText(
            place.translated(QPointF(0, -0.5)), Qt.AlignmentFlag.AlignCenter, self.count
        )
