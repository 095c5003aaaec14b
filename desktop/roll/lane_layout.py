"""Where the lanes of all tracks lie: their sizes, what is seen, the rows of an open one."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.roll.chord_row import ChordRow
from desktop.roll.foreground import LiveNote
from desktop.roll.lane import Lane, LaneSize, PitchView, open_height, scrolled
from desktop.roll.lane_button import LaneButton
from desktop.roll.music import ShownMusic
from desktop.roll.ruler import chords_top, ruler_height
from desktop.roll.tempo_row import TempoMark
from desktop.roll.transform import TimeAxis
from desktop.roll.viewport import BAR_THICKNESS, Viewport


class LaneLayout(QWidget):
    """Lays out the lanes of the shown music below the ruler.

    `lane_geometry` tells where they lie, so that headers can stand beside them; it is told anew by
    `lane_geometry_changed` (the window grew, a lane was opened, the lanes scrolled).
    """

    lane_geometry_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.music = ShownMusic()
        self.lanes: tuple[Lane, ...] = ()
        self.chords: ChordRow | None = None
        self.tempo_marks: tuple[TempoMark, ...] = ()
        self._sizes: dict[int, LaneSize] = {}
        self._pitches = PitchView()
        self._placed = object()
        self._live: tuple[LiveNote, ...] = ()
        self._position = 0.0
        self.viewport = Viewport(self)
        self._button = LaneButton(self)

    def set_lane_size(self, index: int, size: LaneSize) -> None:
        """Fold a lane to a strip, open it into an editor (alone in the view), or bring it back."""
        before = self.opened
        if before is not None and size is LaneSize.OPEN:
            self._sizes[before] = LaneSize.NORMAL
        self._sizes[index] = size
        self._rebuild()
        self._button.hide()

    @property
    def opened(self) -> int | None:
        """The track whose lane is open as an editor."""
        sizes = self._sizes.items()
        return next((index for index, size in sizes if size is LaneSize.OPEN), None)

    def lane_size(self, index: int) -> LaneSize:
        """How a lane stands."""
        return self._sizes.get(index, LaneSize.NORMAL)

    def lane_heights(self) -> tuple[int, ...]:
        """The heights of all lanes in pixels, the gap below each included."""
        return tuple(lane.height for lane in self.lanes)

    def lane_geometry(self) -> tuple[tuple[int, int], ...]:
        """Top (in this widget, scrolled) and height of every lane."""
        shift = self.ruler_height() - self.viewport.scroll_y
        return tuple((lane.top + shift, lane.height) for lane in self.lanes)

    def ruler_height(self) -> int:
        """Pixels above the first lane."""
        return ruler_height(chords=self.chords is not None, tempos=bool(self.tempo_marks))

    def chords_top(self) -> int:
        """Pixels above the row of chords."""
        return chords_top(tempos=bool(self.tempo_marks))

    def zoom_to_fit(self) -> None:
        """Show all bars (8 to 16 of them), now and as the music or the window grows."""
        self.viewport.fit()

    def zoom(self, factor: float) -> None:
        """Scale the time axis about the middle of the view; above 1 comes nearer."""
        self.viewport.zoom(factor, self.width() / 2)

    def sizeHint(self) -> QSize:
        """A size at which eight bars and five lanes are at ease."""
        return QSize(900, 560)

    def minimumSizeHint(self) -> QSize:
        """Room for the ruler and a lane."""
        return QSize(240, 160)

    @property
    def position(self) -> float:
        """The playhead's tick."""
        return self._position

    @property
    def axis(self) -> TimeAxis:
        """Ticks to x."""
        return self.viewport.axis

    def _rebuild(self) -> None:
        music = self.music
        count = len(music.composition.tracks)
        self._sizes = {i: size for i, size in self._sizes.items() if i < count}
        quarter = music.composition.ticks_per_quarter
        self.viewport.set_music(music.fit_ticks(), music.end_tick(self._position), quarter)
        self._lay_out()

    def _lay_out(self, *, rows_lead: bool = False) -> None:
        """Place lanes and bars; the bar follows the open lane's rows, or (else) they the bar."""
        view, ruler = self.viewport, self.ruler_height()
        height = max(1, self.height() - ruler - BAR_THICKNESS)
        before = self.lane_geometry()
        self.lanes, self._placed = self._arranged(height), object()
        opened = self.opened
        view.lanes_stand = opened is not None
        view.set_lanes_height(self._height_of_lanes())
        view.resize(self.width(), height)
        if opened is not None and view.down.value() != self._pitches.scroll:
            if rows_lead:
                view.down.blockSignals(True)
                view.down.setValue(self._pitches.scroll)
                view.down.blockSignals(False)
            self._scroll_rows()
        bar = BAR_THICKNESS
        view.across.setGeometry(0, self.height() - bar, self.width(), bar)
        view.down.setGeometry(self.width() - bar, ruler, bar, height)
        if self.lane_geometry() != before:
            self.lane_geometry_changed.emit()

    def _arranged(self, height: int) -> tuple[Lane, ...]:
        live = sorted(self._live_pitches())
        return self.music.lanes(self._sizes, live, height, self._pitches)

    def _height_of_lanes(self) -> int:
        """Pixels of all lanes, or of the open one's rows with its velocities."""
        if self.opened is None:
            return self.lanes[-1].bottom
        rows = len(self.lanes[self.opened].axis.pitches)
        return open_height(rows, self._pitches.row_height)

    def _scroll_rows(self) -> None:
        """Bring the open lane's rows to where the bar stands."""
        before, scroll = self._pitches, self.viewport.down.value()
        self._pitches = PitchView(before.row_height, scroll)
        self.lanes = scrolled(self.lanes, scroll - before.scroll)

    def _live_pitches(self) -> set[int]:
        return {note.pitch for note in self._live}

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the lanes out anew."""
        self._lay_out()
