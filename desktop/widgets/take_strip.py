"""A small picture of an accompaniment, for the card of a take."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import colour, track_role
from engine.music.track import Track

_MARGIN = 3
_LEAST_RANGE = 24
_DRUM_SHARE = 0.22


class TakeStrip(QWidget):
    """All tracks over one another, pitch by height, each in its colour; drums along the foot."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._tracks: tuple[Track, ...] = ()
        self._span = (0, 1)
        self._position: float | None = None
        self._picture = QPixmap()

    def set_tracks(self, tracks: Sequence[Track], start: int = 0, end: int | None = None) -> None:
        """Show an accompaniment from the tick ``start`` to ``end`` (None: its own end)."""
        self._tracks = tuple(tracks)
        last = max((track.end for track in tracks), default=1) if end is None else end
        self._span = (start, max(start + 1, last))
        self.setAccessibleName(", ".join(track.name for track in tracks))
        self._forget()

    def set_position(self, tick: float | None) -> None:
        """Show what is heard; None while nothing plays."""
        if tick != self._position:
            self._position = tick
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as its card."""
        return QSize(220, 44)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            self._forget()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the kept picture, and the position over it."""
        scale = self.devicePixelRatioF()
        if self._picture.size() != self.size() * scale:
            self._picture = self._painted(scale)
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._picture)
            if self._position is not None:
                x = self._x_at(self._position)
                painter.fillRect(QRectF(x - 0.5, 0, 1.5, self.height()), colour("accent"))

    def _forget(self) -> None:
        self._picture = QPixmap()
        self.update()

    def _x_at(self, tick: float) -> float:
        first, last = self._span
        return (tick - first) / (last - first) * (self.width() - 2)

    def _painted(self, scale: float) -> QPixmap:
        picture = QPixmap(self.size() * scale)
        picture.setDevicePixelRatio(scale)
        picture.fill(Qt.GlobalColor.transparent)
        with QPainter(picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            for index, track in enumerate(self._tracks, start=1):
                painter.setBrush(
                    colour(track_role(index, track.name, track.program, track.is_drum), 0.9)
                )
                for box in self._boxes(track):
                    painter.drawRoundedRect(box, 1, 1)
        return picture

    def _boxes(self, track: Track) -> list[QRectF]:
        low, high = self._pitch_range()
        foot = self.height() * (_DRUM_SHARE if self._has_drums() else 0.0)
        tall = self.height() - 2 * _MARGIN - foot
        boxes = []
        for note in track.notes:
            left = self._x_at(note.start)
            wide = max(2.0, self._x_at(note.end) - left - 1)
            if track.is_drum:
                y, wide = float(self.height() - _MARGIN - (2 if note.pitch < 40 else 6)), 2.0
            else:
                y = _MARGIN + (high - note.pitch) / (high - low) * (tall - 2)
            boxes.append(QRectF(left, y, wide, 2))
        return boxes

    def _has_drums(self) -> bool:
        return any(track.is_drum and track.notes for track in self._tracks)

    def _pitch_range(self) -> tuple[int, int]:
        pitches = [n.pitch for track in self._tracks if not track.is_drum for n in track.notes]
        low, high = min(pitches, default=48), max(pitches, default=72)
        missing = max(0, _LEAST_RANGE - (high - low))
        return low - missing // 2, high + (missing + 1) // 2
