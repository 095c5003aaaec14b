"""What was played, in seconds, with the bar lines that were found: they can be dragged."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.theme import colour, tabular_font
from engine.music.beats import Beats, numbers, with_bar_line_at

HEIGHT, TOP = 132, 20
PIXELS_PER_BEAT = 30.0
MARGIN = 14
CATCH = 7
"""Pixels around a bar line in which it is taken."""
NUDGE = 0.01
"""Seconds."""
WIDEST = 30_000

Played = tuple[float, float, int, int]


class BeatStrip(QWidget):
    """Notes as small bars under numbered bar lines; asks for other beats by a signal."""

    dragged = Signal(object)
    """The `Beats` with a bar line elsewhere."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Bar lines over your playing")
        self.setToolTip(
            "Drag a bar line to where the bar begins. By keys: Left and Right choose one, "
            "with Ctrl they nudge it."
        )
        self._notes: Sequence[Played] = ()
        self.beats: Beats | None = None
        self._first, self._scale = 0.0, 60.0
        self._held: int | None = None
        self._chosen = 0

    def show_notes(self, notes: Sequence[Played]) -> None:
        """Other notes: (start, end, pitch, velocity), seconds."""
        self._notes = notes
        self._chosen = 0

    def show_beats(self, beats: Beats) -> None:
        """Other beats. The scale stays while one of their bar lines is in the hand."""
        self.beats = beats
        if self._held is None:
            first = min([beats.times[0], *(note[0] for note in self._notes)])
            last = max([beats.times[-1], *(note[1] for note in self._notes)])
            self._first = first
            self._scale = PIXELS_PER_BEAT / beats.seconds_per_beat
            self.setFixedWidth(min(WIDEST, round((last - first) * self._scale) + 2 * MARGIN))
        self.update()

    def sizeHint(self) -> QSize:
        """As high as a small roll."""
        return QSize(600, HEIGHT)

    def x_of(self, seconds: float) -> float:
        """Where a moment lies."""
        return MARGIN + (seconds - self._first) * self._scale

    def _seconds_at(self, x: float) -> float:
        return self._first + (x - MARGIN) / self._scale

    def _line_at(self, x: float) -> int | None:
        if self.beats is None:
            return None
        lines = self.beats.bar_lines
        near = [(abs(self.x_of(self.beats.times[line]) - x), line) for line in lines]
        distance, line = min(near, default=(CATCH + 1.0, 0))
        return line if distance <= CATCH else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the bar line under the pointer."""
        self._held = self._line_at(event.position().x())
        if self._held is not None and self.beats is not None:
            self._chosen = self.beats.bar_lines.index(self._held)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it along."""
        x = event.position().x()
        if self._held is not None and self.beats is not None:
            self.dragged.emit(with_bar_line_at(self.beats, self._held, self._seconds_at(x)))
            return
        near = self._line_at(x) is not None
        self.setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let it go."""
        self._held = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a bar line, or nudge the chosen one by a hundredth of a second."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or self.beats is None:
            super().keyPressEvent(event)
            return
        lines = self.beats.bar_lines
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            line = lines[min(self._chosen, len(lines) - 1)]
            at = self.beats.times[line] + step * NUDGE
            self.dragged.emit(with_bar_line_at(self.beats, line, at))
        else:
            self._chosen = min(max(0, self._chosen + step), len(lines) - 1)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Beats, notes, bar lines with their numbers."""
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), colour("window"))
            self._paint_beats(painter)
            self._paint_notes(painter)
            self._paint_bars(painter)

    def _paint_beats(self, painter: QPainter) -> None:
        painter.setPen(colour("bar_line"))
        for time in self.beats.times if self.beats else ():
            x = self.x_of(time)
            painter.drawLine(QPointF(x, TOP + 4), QPointF(x, self.height()))

    def _paint_notes(self, painter: QPainter) -> None:
        if not self._notes:
            return
        low = min(note[2] for note in self._notes)
        span = max(12, max(note[2] for note in self._notes) - low + 1)
        room = self.height() - TOP - 14
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("melody"))
        for start, end, pitch, _ in self._notes:
            y = TOP + 6 + room * (1 - (pitch - low + 1) / span)
            wide = max(3.0, (end - start) * self._scale - 1)
            painter.drawRoundedRect(QRectF(self.x_of(start), y, wide, 5), 2, 2)

    def _paint_bars(self, painter: QPainter) -> None:
        if self.beats is None:
            return
        painter.setFont(tabular_font(11))
        for index, (time, number) in enumerate(numbers(self.beats)):
            x = self.x_of(time)
            chosen = index == self._chosen and self.hasFocus()
            painter.fillRect(QRectF(x - 1, 0, 3 if chosen else 2, self.height()), colour("accent"))
            painter.setPen(colour("text"))
            painter.drawText(QPointF(x + 5, 13), str(number))
