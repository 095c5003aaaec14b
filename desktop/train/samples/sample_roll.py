"""The chosen sample as a large piano roll, with the playhead while it is heard."""

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.roll.names import pitch_name
from desktop.theme import colour
from desktop.train.samples.film import NOTHING
from desktop.train.samples.painting import Frame, paint_sheet
from desktop.train.samples.sheet import Extent, Sheet

LOWEST, WANTED = 96, 190
REACH = 2
"""Pixels around the pointer within which a note is found."""


class SampleRoll(QWidget):
    """Paints once; the playhead is drawn over the kept picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet: Sheet | None = None
        self._extent = NOTHING
        self._words = ""
        self._position: float | None = None
        self._picture = QPixmap()
        self.setMinimumHeight(LOWEST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Piano roll of the chosen epoch")
        self.installEventFilter(self)

    @property
    def words(self) -> str:
        """What stands in place of the notes; empty while there are some."""
        return "" if self._sheet is not None else self._words

    def show_sheet(self, sheet: Sheet | None, extent: Extent, words: str = "") -> None:
        """Show a sample in the room of ``extent``; without one, ``words`` stand there."""
        if (sheet, extent, words) != (self._sheet, self._extent, self._words):
            self._sheet, self._extent, self._words = sheet, extent, words
            self._forget()

    def set_position(self, tick: float | None) -> None:
        """Where the music is heard; None while it is not."""
        if tick != self._position:
            self._position = tick
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as its panel."""
        return QSize(700, WANTED)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            self._forget()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The kept picture, and the playhead."""
        scale = self.devicePixelRatioF()
        if self._picture.size() != self.size() * scale:
            self._picture = self._painted(scale)
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._picture)
            if self._position is not None and self._sheet is not None:
                x = self._frame().time_axis.x_at(self._position)
                painter.fillRect(QRect(x, 0, 2, self.height()), colour("accent"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Say which note lies under the pointer."""
        is_tip = event.type() == QEvent.Type.ToolTip
        if watched is self and is_tip and isinstance(event, QHelpEvent):
            words = self._note_at(event.pos().x(), event.pos().y())
            if words:
                QToolTip.showText(event.globalPos(), words, self)
            else:
                QToolTip.hideText()
            return True
        return super().eventFilter(watched, event)

    def _frame(self) -> Frame:
        return Frame(self.rect(), self._extent, detailed=True, rounded=True)

    def _forget(self) -> None:
        self._picture = QPixmap()
        self.update()

    def _painted(self, scale: float) -> QPixmap:
        picture = QPixmap(self.size() * scale)
        picture.setDevicePixelRatio(scale)
        picture.fill(colour("window"))
        with QPainter(picture) as painter:
            if self._sheet is not None:
                paint_sheet(painter, self._sheet, self._frame(), scale)
            else:
                painter.setPen(colour("quiet"))
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._words)
        return picture

    def _note_at(self, x: int, y: int) -> str:
        """What the note under a point is called; the melody's goes before others."""
        if self._sheet is None:
            return ""
        frame = self._frame()
        axis, pitches = frame.time_axis, frame.pitch_axis(self._sheet)
        first, last = axis.tick_at(x - REACH), axis.tick_at(x + REACH)
        pitch = pitches.pitch_at(y)
        for part in self._sheet.parts:
            if part.is_drum:
                continue
            for index in part.table.between(first, last).tolist():
                if part.table.notes[index].pitch == pitch:
                    return f"{part.name} · {pitch_name(pitch)}"
        return ""
