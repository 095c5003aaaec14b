"""How loud it is, in decibels below full scale: one bar or two, and a light that keeps a clip."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop import theme
from engine.live.levels import decibels

LOWEST_DB = -48.0
FALL_DB = 0.9
"""How far a bar falls in a frame of `FRAME_MS`, some 27 dB a second, where nothing holds it up."""
FRAME_MS = 33
HOT_DB = -3.0
NOTHING = -120.0


class LevelBar(QWidget):
    """A bar that leaps up and falls slowly; upright, or lying with the quiet end on the left."""

    def __init__(self, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._upright = orientation is Qt.Orientation.Vertical
        self._decibels = NOTHING
        self._role = "good"
        self.setToolTip(
            "Level as rendered a second time beside the sound, without reverb and chorus"
        )

    def set_role(self, role: str) -> None:
        """The colour role of the track."""
        self._role = role
        self.update()

    @property
    def decibels(self) -> float:
        """Where the bar stands, below full scale."""
        return self._decibels

    @property
    def is_still(self) -> bool:
        """Whether it has fallen to its end."""
        return self._decibels <= LOWEST_DB

    def set_level(self, level: float) -> None:
        """One frame: the peak since the one before; 1 is full scale."""
        before = self._decibels
        self._decibels = max(decibels(level), before - FALL_DB if before > LOWEST_DB else NOTHING)
        if self._decibels != before:
            self.update()

    def clear(self) -> None:
        """Nothing sounds and no frame will come to let the bar fall."""
        self._decibels = NOTHING
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground, and the bar on it; its loud end in another colour."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("line"))
        painter.fillRect(self._part(LOWEST_DB, self._decibels), theme.colour(self._role))
        if self._decibels > HOT_DB:
            role = "record" if self._decibels > 0 else "warning"
            painter.fillRect(self._part(HOT_DB, self._decibels), theme.colour(role))

    def _part(self, low: float, high: float) -> QRect:
        long = self.height() if self._upright else self.width()
        begin, end = (round(long * _share(value)) for value in (low, high))
        if self._upright:
            return QRect(0, long - end, self.width(), end - begin)
        return QRect(begin, 0, end - begin, self.height())


def _share(value: float) -> float:
    return min(1.0, max(0.0, 1 - value / LOWEST_DB))


class ClipLight(QWidget):
    """Lights when the sound went beyond full scale, and stays until it is clicked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(12, 12)
        self.setAccessibleName("Clipping")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._over = 0.0
        self._tell()

    @property
    def lit(self) -> bool:
        """Whether it has clipped since it was cleared."""
        return self._over > 0

    def look(self, levels: Sequence[float]) -> None:
        """One frame's peaks; 1 is full scale."""
        over = decibels(max(levels, default=0.0))
        if over > self._over:
            self._over = over
            self._tell()

    def clear(self) -> None:
        """It was seen."""
        self._over = 0.0
        self._tell()

    def _tell(self) -> None:
        told = "The sound has not clipped"
        if self.lit:
            told = (
                f"The sound went {self._over:.1f} dB beyond full scale and was cut off: turn the "
                "master down by as much. Click to clear"
            )
        self.setToolTip(told)
        self.setAccessibleDescription(told)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click clears it."""
        self.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The space bar and Enter clear it, too."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clear()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A round light; a ring while it is dark, so that the colour is not the only sign."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = painter.pen()
        pen.setWidth(2 if self.hasFocus() else 1)
        pen.setColor(theme.colour("accent" if self.hasFocus() else "bar_line"))
        painter.setPen(pen)
        if self.lit:
            painter.setBrush(theme.colour("record"))
        painter.drawEllipse(self.rect().adjusted(2, 2, -2, -2))
