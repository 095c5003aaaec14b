"""What the lanes show before there is any music."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.icons import icon
from desktop.widgets.menus import tell_tip
from engine.files.melodies import sample_melodies

COLUMNS = 3
NO_KEYBOARD = "No MIDI keyboard yet. Plug one in, or play with the keys A to K."


class EmptyState(QWidget):
    """An invitation: play, draw, or open a sample or a file."""

    sample_asked = Signal(object)
    """The path of a sample melody."""
    open_asked = Signal()
    draw_asked = Signal()
    """A melody is to be drawn with the mouse."""
    first_song_asked = Signal()
    """A melody that plays at once, with a band that comes in."""

    def __init__(self, capture: QAction, parent: QWidget | None = None) -> None:
        """``capture`` keeps what was just played; its button is there while it can be used."""
        super().__init__(parent)
        self._capture = QPushButton(capture.icon(), capture.text())
        tell_tip(self._capture, capture)
        self._capture.clicked.connect(capture.trigger)
        capture.enabledChanged.connect(self._capture.setVisible)
        self._capture.setVisible(capture.isEnabled())
        title = QLabel("Play something, draw it, or open a sample")
        title.setProperty("kind", "title")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._told = QLabel()
        self._told.setProperty("kind", "quiet")
        self._told.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._told.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(title)
        column.addWidget(self._told)
        column.addWidget(self._first_song(), 0, Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._capture, 0, Qt.AlignmentFlag.AlignCenter)
        column.addSpacing(8)
        column.addLayout(self._samples())
        column.addLayout(self._open_row())
        column.addStretch(2)
        self.tell_keyboard(None)

    def _first_song(self) -> QPushButton:
        button = QPushButton("Hear a melody and its band")
        button.setIcon(icon("play", "window"))
        button.setProperty("kind", "primary")
        button.setToolTip("“Ode to Joy” plays at once; the band comes in when it is ready")
        button.clicked.connect(self.first_song_asked)
        return button

    def _samples(self) -> QHBoxLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        for index, sample in enumerate(sample_melodies()):
            button = QPushButton(sample.name)
            button.setIcon(icon("music-note-eighth", "melody"))
            button.setProperty("kind", "chip")
            button.clicked.connect(lambda _=False, path=sample.path: self.sample_asked.emit(path))
            grid.addWidget(button, index // COLUMNS, index % COLUMNS)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addLayout(grid)
        row.addStretch(1)
        return row

    def _open_row(self) -> QHBoxLayout:
        draw = _link("Draw a melody", "pencil-outline")
        draw.setToolTip("Opens the piano roll with the pencil")
        draw.clicked.connect(self.draw_asked)
        button = _link("Open a MIDI file…", "folder-open-outline")
        button.clicked.connect(self.open_asked)
        told = QLabel("or drop one here")
        told.setProperty("kind", "quiet")
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(draw)
        row.addSpacing(16)
        row.addWidget(button)
        row.addWidget(told)
        row.addStretch(1)
        return row

    def tell_keyboard(self, name: str | None) -> None:
        """Which keyboard is heard, None for none."""
        if name is None:
            self._told.setText(NO_KEYBOARD)
        else:
            self._told.setText(
                f"{name} is ready: press R and play. What you play without it can be kept, too."
            )

    def paintEvent(self, event: QPaintEvent) -> None:
        """The lanes behind stay visible as a calm ground."""
        QPainter(self).fillRect(self.rect(), theme.colour("window", 0.9))


def _link(text: str, name: str) -> QPushButton:
    button = QPushButton(text)
    button.setIcon(icon(name, "quiet"))
    button.setProperty("kind", "flat")
    return button
