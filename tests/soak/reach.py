"""What the deeds of chance work with: the studio, its window, a hand, and files to open."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget

from desktop.app import App
from desktop.main_window import MainWindow
from desktop.pages.studio import StudioPage
from desktop.roll.lanes import LanesView
from desktop.roll.painter import note_box
from tests.soak.hand import Hand


@dataclass(frozen=True, slots=True)
class Reach:
    """``songs`` are files that can be opened, ``never`` ids of actions that are left alone.

    ``folder`` is where files may be written.
    """

    app: App
    window: MainWindow
    hand: Hand
    songs: list[Path]
    folder: Path
    never: frozenset[str]
    passing: bool = True
    """Whether to reach for what goes by itself, too: which time decides, and not the seed."""

    @property
    def page(self) -> StudioPage:
        """The Studio."""
        page = self.window.page_widget("Studio")
        assert isinstance(page, StudioPage)
        return page

    def seen(self, within: QWidget) -> list[QWidget]:
        """All that is seen in a widget."""
        told = self.window.message_bar
        seen = (each for each in within.findChildren(QWidget) if each.isVisible())
        return [each for each in seen if self.passing or not told.isAncestorOf(each)]

    @property
    def lanes(self) -> LanesView:
        """The lanes of the Studio."""
        return self.page.area.lanes

    def place_in_lanes(self) -> QPoint:
        """On a note as often as anywhere, sometimes in the ruler."""
        lanes, hand = self.lanes, self.hand
        if hand.likely(0.1):
            return hand.place_in(QRect(0, 0, lanes.width(), max(1, lanes.ruler_height())))
        on_note = self._place_on_note() if hand.likely(0.5) and lanes.lanes else None
        return on_note or hand.place_in(lanes.rect())

    def _place_on_note(self) -> QPoint | None:
        """On a note that is seen in a lane of chance; None where none is."""
        lanes, hand = self.lanes, self.hand
        lane = hand.one_of(lanes.lanes)
        start, end = lanes.axis.tick_at(0.0), lanes.axis.tick_at(float(lanes.width()))
        notes = [note for note in lane.track.notes if start <= note.start < end]
        if not notes:
            return None
        note = hand.one_of(notes[:200])
        box = note_box(lane, lanes.axis, note.start, note.end, note.pitch)
        box.translate(0, lanes.ruler_height() - lanes.viewport.scroll_y)
        place = hand.place_in(box)
        return place if lanes.rect().contains(place) else None
