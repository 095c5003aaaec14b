"""A card that floats over a part of the window while the music goes on under it."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from desktop import theme
from desktop.widgets.icons import icon

MARGIN = 12
TITLE_HEIGHT = 44
"""Pixels by which a card can be taken and dragged."""


class FloatingCard(QFrame):
    """Stands in the upper right of ``over``; Escape and the cross close it.

    Closed, it gives the focus back to where it was: the keys go on working there.
    What it covers is seen when it is dragged aside by its title; it opens in its corner again.

    The window's shortcuts stay in force: Space plays, Ctrl+Z takes back.
    """

    closed = Signal()
    """By the user, without applying anything."""

    def __init__(self, title: str, over: QWidget, width: int) -> None:
        ground = over.parentWidget() or over  # the card may be higher than what is below it
        super().__init__(ground)
        self._ground = ground
        self.setProperty("kind", "section")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(title)
        self.setFixedWidth(width)
        self._over = over
        self._grip: QPoint | None = None
        self._put = False
        self._came_from: QWidget | None = None
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 8, 16, 12)
        self.column.setSpacing(6)
        self.column.addLayout(self._title_row(title))
        over.installEventFilter(self)
        self.installEventFilter(self)
        self.hide()

    def _title_row(self, title: str) -> QHBoxLayout:
        heading = QLabel(title)
        heading.setFont(theme.body_font(15, bold=True))
        cross = QToolButton()
        cross.setProperty("kind", "flat")
        cross.setIcon(icon("close", "quiet"))
        cross.setToolTip("Close and leave everything as it was (Esc)")
        cross.setAccessibleName("Close")
        cross.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        cross.clicked.connect(self.dismiss)
        row = QHBoxLayout()
        row.addWidget(heading)
        row.addStretch(1)
        row.addWidget(cross)
        return row

    def open(self) -> None:
        """Show it, with the focus in it, in the place of another that is open there."""
        if not self.isVisible():
            self.make_room()
            self._put = False
            self._came_from = self.window().focusWidget()
        self.show()
        self.place()
        self.raise_()
        self.setFocus()
        self.focusNextChild()

    def setVisible(self, visible: bool) -> None:
        """Give the focus back when it goes."""
        goes = self.isVisible() and not visible
        held = goes and self.isAncestorOf(self.window().focusWidget())
        super().setVisible(visible)
        if held and self._came_from is not None and isValid(self._came_from):
            self._came_from.setFocus()

    def make_room(self) -> None:
        """Close what is open there: two hide each other, and each tries out music of its own."""
        for card in self._ground.findChildren(FloatingCard):
            if card.isVisible():
                card.dismiss()

    def place(self) -> None:
        """Into the corner, unless it was dragged elsewhere; as high as its content."""
        self.adjustSize()
        if self._put:
            self._move_to(self.pos())
            return
        left = max(0, self._over.width() - self.width() - MARGIN)
        self.move(self._over.mapTo(self._ground, QPoint(left, MARGIN)))

    def _move_to(self, corner: QPoint) -> None:
        """As near as it stays whole within the window."""
        room = self._ground.size() - self.size()
        x = max(0, min(corner.x(), room.width()))
        self.move(x, max(0, min(corner.y(), room.height())))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take it by its title."""
        point = event.position().toPoint()
        if event.button() is Qt.MouseButton.LeftButton and point.y() < TITLE_HEIGHT:
            self._grip = point
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it along."""
        if self._grip is not None:
            self._put = True
            self._move_to(self.mapToParent(event.position().toPoint()) - self._grip)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let it stand there."""
        self._grip = None
        self.unsetCursor()

    def dismiss(self) -> None:
        """Close it; nothing is applied."""
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of what is below; Escape closes the card before it stops the music."""
        if watched is self._over and event.type() is QEvent.Type.Resize and self.isVisible():
            self.place()
        override = watched is self and event.type() is QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().eventFilter(watched, event)


def card_buttons(apply: QPushButton, cancel: QPushButton) -> QHBoxLayout:
    """The foot of a card: Cancel, and what it is for."""
    apply.setStyleSheet("min-height: 30px; font-size: 13px;")
    apply.setProperty("kind", "primary")
    row = QHBoxLayout()
    row.setContentsMargins(0, 8, 0, 0)
    row.addStretch(1)
    row.addWidget(cancel)
    row.addWidget(apply)
    return row
