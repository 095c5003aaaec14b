"""What gestures, keys and commands see of the lanes, and the signals by which they ask."""

from PySide6.QtCore import QLine, QPoint, QPointF, QRect, Signal

from desktop.roll.bar_lines import bar_line_at
from desktop.roll.chord_row import slot_at
from desktop.roll.gestures import Modifiers
from desktop.roll.lane import Lane, LaneSize
from desktop.roll.open_lane import OpenLane
from desktop.roll.ruler import LOOP_HEIGHT, TEMPO_TOP
from desktop.roll.tempo_row import TempoMark, mark_at
from engine.music.composition import Composition
from engine.music.note_grid import GridStep, NoteGrid


class LaneStage(OpenLane):
    """Asks for edits, seeks and loops by signals; never changes the music itself."""

    seek_requested = Signal(int)
    """Ticks."""
    loop_changed = Signal(int, int)
    """The first tick of the loop and the one after it."""
    edit_requested = Signal(object, str)
    """A `Composition` and the edit's name for the Undo menu."""
    edit_continued = Signal(object, str)
    """The same, for an edit that makes one step with the one before it: a key is held."""
    track_selected = Signal(int)
    audition_requested = Signal(int, int, int)
    """Track, pitch, velocity of a note that was touched and should be heard for a moment."""

    chord_requested = Signal(int)
    """The tick of a place for a chord: one is to be written there."""
    ruler_menu_requested = Signal(int, QPoint)
    """The tick of such a place, and where on the screen the menu should open."""

    tempo_requested = Signal(int)
    """A tick: the tempo and the meter of its bar are to be seen and changed."""
    bar_line_moved = Signal(int, int, bool)
    """The tick of a bar line, where it is wanted, and whether exactly there."""

    def set_grid_step(self, step: GridStep) -> None:
        """The grid of edits and of seeking."""
        self.music.set_step(step)
        self.update()

    def grid(self, modifiers: Modifiers = Modifiers.NoModifier) -> NoteGrid:
        """The grid that notes are drawn to; every tick while Alt is held."""
        free = bool(modifiers & Modifiers.AltModifier)
        return self.music.note_grid(GridStep.OFF if free else None)

    def playhead(self) -> int:
        """The playhead's tick."""
        return max(0, round(self._position))

    def lane_point(self, point: QPointF) -> QPointF:
        """Lane coordinates of a point of the view."""
        return point - QPointF(0, self.ruler_height() - self.viewport.scroll_y)

    def may_edit(self, lane: Lane) -> bool:
        """Whether the lane shows what the document holds."""
        return self.music.preview is None or lane.index == 0

    def at_hand(self) -> tuple[int, ...]:
        """The tracks that are seen and can be edited: the open lane's, else all that may be."""
        if self.opened is not None:
            return (self.opened,)
        return tuple(lane.index for lane in self.lanes if self.may_edit(lane))

    def choose_track(self, index: int) -> None:
        """Tell that a track was pressed."""
        self.track_selected.emit(index)

    def open_at(self, index: int, point: QPointF) -> None:
        """Open a lane into an editor, the pitch at a point of it in the middle."""
        pitch = self.lanes[index].axis.pitch_at(point.y())
        self.set_lane_size(index, LaneSize.OPEN)
        self.show_pitches([pitch])

    def audition(self, track: int, pitch: int, velocity: int) -> None:
        """Let a note be heard."""
        self.audition_requested.emit(track, pitch, velocity)

    def show_band(self, band: QRect | None) -> None:
        """Show a rubber band, or none."""
        self._band = band
        self.update()

    def show_line(self, line: QLine | None) -> None:
        """Show the line that a tool draws, or none."""
        self._line = line
        self.update()

    def scroll_by(self, across: int, down: int) -> int:
        """Scroll by pixels; returns by how many it went down."""
        self._follows = False
        return self.viewport.scroll_by(across, down)

    def seek_to(self, tick: int) -> None:
        """Ask for another position."""
        self.seek_requested.emit(tick)

    def bar_span(self, first: float, last: float, modifiers: Modifiers) -> tuple[int, int]:
        """The bars (with Shift: beats) that two ticks span."""
        beats = bool(modifiers & Modifiers.ShiftModifier)
        return self.music.bar_span(first, last, beats=beats)

    def show_loop(self, start: int, end: int | None) -> None:
        """Show a loop before it is asked for."""
        self.set_loop(start, end)

    def ask_loop(self, start: int, end: int) -> None:
        """Ask for a loop."""
        self.loop_changed.emit(start, end)

    def tempo_mark_at(self, point: QPointF) -> TempoMark | None:
        """The mark of tempo or meter under a point of the view."""
        if not TEMPO_TOP <= point.y() < self.chords_top():
            return None
        return mark_at(self.tempo_marks, self.axis, point.x())

    def ask_tempo(self, tick: int) -> None:
        """Ask for the tempo and the meter of a bar."""
        self.tempo_requested.emit(tick)

    def bar_line_at(self, point: QPointF) -> int | None:
        """The bar line under a point of the view, while bar lines may be dragged."""
        if self._loose_bars is None or point.y() < LOOP_HEIGHT:
            return None
        return bar_line_at(self.music.grid, self.axis, point.x(), self._loose_bars)

    def ask_bar_line(self, tick: int, to_tick: int, *, exact: bool) -> None:
        """Ask for a bar line elsewhere."""
        self.bar_line_moved.emit(tick, to_tick, exact)

    def ask_chord(self, point: QPointF) -> None:
        """Ask to write a chord where an own one begins, or on the beat, half bar or bar."""
        self.chord_requested.emit(self.chord_place(self.axis.tick_at(point.x())))

    def chord_place(self, tick: float) -> int:
        """Where the place for a chord begins that holds a tick."""
        return slot_at(self.music.meters, max(0.0, tick), self.axis.pixels_per_tick)

    def _ask_edit(self, composition: Composition, name: str, held: bool) -> None:
        if self.music.preview is not None:
            # Only the melody can be edited under a preview; the document's band goes along.
            composition = self.music.document.with_track(0, composition.melody)
        self._asking = True
        (self.edit_continued if held else self.edit_requested).emit(composition, name)
        self._asking = False
