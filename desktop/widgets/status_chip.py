"""A state in few words: a sign, a text, and the whole story as tooltip."""

from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from desktop.theme import colour

ChipState = Literal["good", "busy", "warning", "absent"]

HEIGHT = 28
SIDE = 12
SIGN = 8
GAP = 8
LIVE_MS = 120
STATE_ROLES: dict[ChipState, str] = {
    "good": "good",
    "busy": "quiet",
    "warning": "warning",
    "absent": "quiet",
}


class StatusChip(QAbstractButton):
    """Shows one state; a click asks for the page where it can be changed.

    The sign has a shape of its own for each state, so colour is not alone: good is a disc, busy a
    half disc, warning a triangle, absent a ring.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._state: ChipState = "busy"
        self._live = False
        self._live_timer = QTimer(self)
        self._live_timer.setSingleShot(True)
        self._live_timer.setInterval(LIVE_MS)
        self._live_timer.timeout.connect(self._rest)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def state(self) -> ChipState:
        """The state that the sign shows."""
        return self._state

    @property
    def live(self) -> bool:
        """Whether the sign is lit up."""
        return self._live

    def show_state(self, state: ChipState, text: str, story: str) -> None:
        """Show a state; ``story`` is the tooltip: the reason, and what can be done."""
        self._state = state
        self.setText(text)
        self.setToolTip(story)
        self.setAccessibleName(f"{self._name}: {text}")
        self.setAccessibleDescription(story)
        self.updateGeometry()
        self.update()

    @Slot()
    def blink(self) -> None:
        """Light the sign up for a moment: something came in."""
        self._live = True
        self._live_timer.start()
        self.update()

    @Slot()
    def _rest(self) -> None:
        self._live = False
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the text."""
        width = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(width + 2 * SIDE + SIGN + GAP + 2, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Room for the sign and a few letters; the rest is elided."""
        return QSize(min(96, self.sizeHint().width()), HEIGHT)

    def changeEvent(self, event: QEvent) -> None:
        """Another font needs another width."""
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, sign, text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(colour("accent"), 1) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(colour("hover" if self.underMouse() else "raised"))
        painter.drawRoundedRect(ground, HEIGHT / 2, HEIGHT / 2)
        self._paint_sign(painter)
        left = SIDE + SIGN + GAP
        room = self.width() - left - SIDE
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.setPen(colour("text" if self._state == "good" else "quiet"))
        painter.drawText(
            QRectF(left, 0, room + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, text
        )

    def _paint_sign(self, painter: QPainter) -> None:
        place = QRectF(SIDE, (self.height() - SIGN) / 2, SIGN, SIGN)
        sign = colour(STATE_ROLES[self._state])
        painter.setPen(Qt.PenStyle.NoPen)
        if self._live:
            painter.setBrush(colour("good", 0.35))
            painter.drawEllipse(place.adjusted(-4, -4, 4, 4))
        painter.setBrush(sign)
        if self._state == "absent":
            painter.setPen(QPen(sign, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._state == "warning":
            top = QPointF(place.center().x(), place.top())
            painter.drawPolygon([top, place.bottomRight(), place.bottomLeft()])
        elif self._state == "busy":
            painter.drawPie(place, 90 * 16, 180 * 16)
        else:
            painter.drawEllipse(place)
