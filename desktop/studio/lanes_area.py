"""Track heads, lanes and the empty state: the middle of the page."""

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.roll.lanes import LanesView
from desktop.studio.empty_state import EmptyState
from desktop.studio.track_column import TrackColumn
from engine.generation.model_card import ModelCard
from engine.music.composition import Composition
from engine.music.track import Track


class LanesArea(QWidget):
    """Keeps the heads beside their lanes, and lays the empty state over them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = TrackColumn()
        self.lanes = LanesView()
        self.empty = EmptyState(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.column)
        row.addWidget(self.lanes, 1)
        self.lanes.lane_geometry_changed.connect(self.place)
        self.column.installEventFilter(self)

    def show_composition(self, composition: Composition, can_lock: bool) -> None:
        """Show a composition's lanes and heads."""
        self.lanes.set_composition(composition)
        self.column.show_tracks(composition, can_lock)
        self.place()

    def show_empty(self, empty: bool) -> None:
        """Whether the invitation is shown."""
        self.empty.setVisible(empty)
        self.empty.raise_()

    @Slot()
    def place(self) -> None:
        """Put heads and empty state where they belong."""
        raise NotImplementedError

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The empty state covers all."""
        super().resizeEvent(event)
        self.place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wheel over the heads scrolls the lanes."""
        if watched is self.column and event.type() == QEvent.Type.Wheel:
            self.lanes.wheelEvent(event)
            return True
        return super().eventFilter(watched, event)


def with_ghosts(composition: Composition, card: ModelCard | None) -> Composition:
    """The composition with empty lanes for the parts that are being played for the first time."""
    if card is None or composition.accompaniment:
        return composition
    ghosts = (Track(part.name, part.program, is_drum=part.is_drum) for part in card.tracks)
    return composition.with_accompaniment(tuple(ghosts))
