"""Where a folder of the user's own MIDI files comes in: dropped, or chosen."""

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

HEIGHT = 72
WORDS = "Drop a folder of MIDI files here"
NO_FOLDER = "That is no folder. Drop the folder in which the MIDI files lie."


class DropArea(QWidget):
    """A dashed field that takes a folder."""

    dropped = Signal(object)
    """Path"""
    choose_asked = Signal()
    refused = Signal(str)
    """Why what was dropped is of no use."""

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
        self.choose.clicked.connect(self.choose_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(12)
        row.addStretch(1)
        row.addWidget(sign)
        row.addWidget(words)
        row.addWidget(self.choose)
        row.addStretch(1)

    def light(self, over: bool) -> None:
        """Whether something that it would take is held over it."""
        if over != self._over:
            self._over = over
            self.update()

    def take(self, mime: QMimeData) -> None:
        """Take what was dropped."""
        self.light(False)
        folder = dropped_folder(mime)
        if folder is None:
            self.refused.emit(NO_FOLDER)
        else:
            self.dropped.emit(folder)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if has_files(event.mimeData()):
            self.light(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They are gone again."""
        self.light(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the folder."""
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


def has_files(mime: QMimeData) -> bool:
    """Whether files or folders of this machine are held."""
    return any(url.isLocalFile() for url in mime.urls())


def dropped_folder(mime: QMimeData) -> Path | None:
    """The folder that was dropped; of files, the one in which they all lie."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    folders = [path for path in paths if path.is_dir()]
    return folders[0] if len(folders) == 1 and len(paths) == 1 else None
