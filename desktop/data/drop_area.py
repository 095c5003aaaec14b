"""Where the user's own MIDI files come in, one by one or by the folder: dropped, or chosen."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from desktop.theme import CARD_RADIUS, colour
from desktop.widgets.icons import icon
from engine.data.midi_folder import is_midi_file

HEIGHT = 72
WORDS = "Drop MIDI files here, or a folder of them"


class DropArea(QWidget):
    """A dashed field that takes MIDI files and folders."""

    dropped = Signal(object)
    """tuple[Path, ...]"""
    folder_asked = Signal()
    files_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.setMinimumHeight(HEIGHT)
        self.setAccessibleName(WORDS)
        self._over = False
        sign = QLabel()
        sign.setPixmap(icon("folder-music-outline", "quiet").pixmap(QSize(24, 24)))
        words = QLabel(WORDS)
        words.setProperty("kind", "quiet")
        self.choose = QPushButton("Add folder…")
        self.choose.clicked.connect(self.folder_asked)
        self.choose_files = QPushButton("Add files…")
        self.choose_files.clicked.connect(self.files_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(12)
        row.addStretch(1)
        row.addWidget(sign)
        row.addWidget(words)
        row.addWidget(self.choose)
        row.addWidget(self.choose_files)
        row.addStretch(1)

    def light(self, over: bool) -> None:
        """Whether something that it would take is held over it."""
        if over != self._over:
            self._over = over
            self.update()

    def take(self, mime: QMimeData) -> None:
        """Take what was dropped."""
        self.light(False)
        self.dropped.emit(songs_in(mime))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take songs; all else is for whoever stands behind."""
        if songs_in(event.mimeData()):
            self.light(True)
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They are gone again."""
        self.light(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the songs."""
        event.acceptProposedAction()
        self.take(event.mimeData())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The dashed edge."""
        pen = QPen(colour("accent" if self._over else "bar_line"), 1.5, Qt.PenStyle.DashLine)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(pen)
            painter.setBrush(colour("accent", 0.08) if self._over else Qt.BrushStyle.NoBrush)
            area = self.rect().toRectF().adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(area, CARD_RADIUS, CARD_RADIUS)


def songs_in(mime: QMimeData) -> tuple[Path, ...]:
    """The MIDI files and folders of this machine that are held; what else is held is left out."""
    paths = (Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile())
    return tuple(path for path in paths if path.is_dir() or is_midi_file(path))
