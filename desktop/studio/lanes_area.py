"""Track heads, lanes and the empty state: the middle of the page."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QAction, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.roll.chord_row import Chord, OwnChord
from desktop.roll.editor_bar import EditorBar
from desktop.roll.key_strip import KeyStrip
from desktop.roll.lane import LANE_GAP
from desktop.roll.lanes import LanesView
from desktop.studio.empty_state import EmptyState
from desktop.studio.track_column import TrackColumn
from engine.generation.model_card import ModelCard
from engine.music.composition import Composition
from engine.music.track import Track


class LanesArea(QWidget):
    """Keeps the heads beside their lanes, and lays the empty state over them."""

    def __init__(self, capture: QAction, parent: QWidget | None = None) -> None:
        """``capture`` is the action that keeps what was just played."""
        super().__init__(parent)
        self.column = TrackColumn()
        self.lanes = LanesView()
        self.empty = EmptyState(capture, self)
        self._has_chords = False
        self._is_empty = False
        self.bar = EditorBar(self.lanes)
        self.strip = KeyStrip(self.lanes)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.column)
        row.addWidget(self.strip)
        row.addWidget(self.lanes, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.bar)
        rows.addLayout(row, 1)
        self.lanes.lane_geometry_changed.connect(self.place)
        self.lanes.opened_changed.connect(self._show_opened)
        self.column.installEventFilter(self)

    def show_music(
        self, composition: Composition, ghosts: tuple[Track, ...] | None, can_lock: bool
    ) -> None:
        """Show a composition's lanes and heads; ``ghosts`` are empty lanes that wait for notes."""
        self.lanes.set_composition(composition)
        self.lanes.set_preview(ghosts)
        seen = composition if ghosts is None else composition.with_accompaniment(ghosts)
        heads = len(self.column.headers)
        self.column.show_tracks(seen, can_lock, waiting=len(ghosts or ()))
        if len(self.column.headers) > heads:
            self.column.follow_by_tab(self.lanes)
        self.place()
        self.bar.refresh()

    def show_empty(self, empty: bool) -> None:
        """Whether the invitation is shown; an open lane has no need of one."""
        self._is_empty = empty
        self.empty.setVisible(empty and self.lanes.opened is None)
        self.empty.raise_()

    @Slot(int)
    def _show_opened(self, _index: int) -> None:
        self.show_empty(self._is_empty)
        self.place()

    @Slot()
    def place(self) -> None:
        """Put heads and empty state where they belong."""
        ruler = self.lanes.ruler_height()
        rows = [(top - ruler, height - LANE_GAP) for top, height in self.lanes.lane_geometry()]
        self.column.place(ruler, rows, self._has_chords)
        top = min(ruler, self.height())
        left = self.column.width()
        self.empty.setGeometry(left, top, self.width() - left, self.height() - top)

    def show_chords(self, chords: Sequence[Chord] | None, own: Sequence[OwnChord] = ()) -> None:
        """The chords that the music implies and those of the user; None takes the row away."""
        self._has_chords = chords is not None
        self.lanes.set_chords(chords, own)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The empty state covers all."""
        super().resizeEvent(event)
        self.place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wheel over the heads scrolls the lanes."""
        if watched is self.column and isinstance(event, QWheelEvent):
            self.lanes.wheelEvent(event)
            return True
        return super().eventFilter(watched, event)


def ghost_tracks(composition: Composition, card: ModelCard | None) -> tuple[Track, ...] | None:
    """Empty lanes for the parts that are being played for the first time, None where none are."""
    if card is None or composition.accompaniment:
        return None
    return tuple(Track(part.name, part.program, is_drum=part.is_drum) for part in card.tracks)
