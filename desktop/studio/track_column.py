"""The column of track heads beside the lanes, each as high as its lane."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget

from desktop import theme
from desktop.theme import track_role
from desktop.widgets.master_strip import HEIGHT as MASTER_HEIGHT
from desktop.widgets.master_strip import MasterStrip
from desktop.widgets.menus import take_away
from desktop.widgets.track_header import TrackHeader
from engine.generation.balance import usual_volume
from engine.music.composition import Composition
from engine.music.track import DEFAULT_VOLUME

WIDTH = 236
CHORDS_STYLE = """
QToolButton { min-height: 22px; max-height: 22px; padding: 0 4px; font-size: 12px; }
QToolButton::menu-indicator { image: none; width: 0; }
"""


class TrackColumn(QWidget):
    """Places the heads where the lanes are; passes on what they ask for with the track's number."""

    moved = Signal(int, str, int)
    settled = Signal(int, str, int)
    switched = Signal(int, str, bool)
    instruments_asked = Signal(int, QPoint)
    rename_asked = Signal(int)
    melody_asked = Signal(int)
    remove_asked = Signal(int)
    selected = Signal(int)
    dragged = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self._headers: list[TrackHeader] = []
        self._clip = QWidget(self)
        self.chords = QToolButton(self)
        self.chords.setText("Chords ▾")
        self.chords.setProperty("kind", "flat")
        self.chords.setAccessibleName("Chords")
        self.chords.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.chords.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.chords.setStyleSheet(CHORDS_STYLE)
        self.chords.hide()
        self.master = MasterStrip(self)

    @property
    def headers(self) -> tuple[TrackHeader, ...]:
        """The heads, the melody's first."""
        return tuple(self._headers)

    def show_tracks(self, composition: Composition, can_lock: bool, waiting: int = 0) -> None:
        """Show a composition's tracks; the melody is the user's own and has no lock.

        The last ``waiting`` of them are parts that are being played for the first time: there is
        nothing yet that their heads could change.
        """
        self.master.show_volume(composition.volume)
        while len(self._headers) > len(composition.tracks):
            take_away(self._headers.pop())
        while len(self._headers) < len(composition.tracks):
            self._headers.append(self._make(len(self._headers)))
        for index, (header, track) in enumerate(
            zip(self._headers, composition.tracks, strict=True)
        ):
            role = track_role(index, track.name, track.program, track.is_drum)
            usual = usual_volume(track) if index else DEFAULT_VOLUME
            header.show_track(track, role, can_lock and index > 0, usual, is_melody=index == 0)
            header.setEnabled(index < len(composition.tracks) - waiting)

    def _make(self, index: int) -> TrackHeader:
        header = TrackHeader(self._clip)
        header.moved.connect(lambda name, value: self.moved.emit(index, name, value))
        header.settled.connect(lambda name, value: self.settled.emit(index, name, value))
        header.switched.connect(lambda name, on: self.switched.emit(index, name, on))
        header.instruments_asked.connect(lambda at: self.instruments_asked.emit(index, at))
        header.renamed.connect(lambda: self.rename_asked.emit(index))
        header.melody_asked.connect(lambda: self.melody_asked.emit(index))
        header.removed.connect(lambda: self.remove_asked.emit(index))
        header.selected.connect(lambda: self.selected.emit(index))
        header.dragged.connect(lambda: self.dragged.emit(index))
        header.show()
        return header

    def follow_by_tab(self, before: QWidget) -> None:
        """The Tab key comes from ``before`` to the heads, of which some are made late."""
        controls = (header.controls for header in self._headers)
        for group in (self.master.controls, *controls):
            for control in group:
                QWidget.setTabOrder(before, control)
                before = control

    def place(self, top: int, rows: Sequence[tuple[int, int]], chords: bool) -> None:
        """Put the heads beside their lanes.

        ``top`` is the ruler's height, ``rows`` the y (from the lanes' top, scrolled) and height of
        each lane without its gap; ``chords`` whether the ruler has a row of chords.
        """
        self._clip.setGeometry(QRect(0, top, self.width(), max(0, self.height() - top)))
        for header, (y, height) in zip(self._headers, rows, strict=False):
            header.setVisible(height > 0)
            header.setGeometry(0, y, self.width(), max(0, height))
        self.master.setGeometry(0, max(0, (top - MASTER_HEIGHT) // 4), self.width(), MASTER_HEIGHT)
        self.chords.setVisible(chords)
        self.chords.adjustSize()
        self.chords.move(14, top - self.chords.height())

    def set_levels(self, levels: dict[int, float]) -> None:
        """One frame: the peak of each track by its number; others are silent."""
        for index, header in enumerate(self._headers):
            header.set_level(levels.get(index, 0.0))

    @property
    def is_still(self) -> bool:
        """Whether every level has fallen to its end."""
        return self.master.is_still and all(header.is_still for header in self._headers)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground below the last head."""
        QPainter(self).fillRect(self.rect(), theme.colour("window"))
