"""The picture of all lanes: what is shown, and its painting."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QLine, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from desktop.roll.bar_lines import loose_lines
from desktop.roll.chord_row import Chord, ChordRow, OwnChord
from desktop.roll.editor import NoteEditor
from desktop.roll.foreground import Foreground, glow_box, live_note, paint_foreground
from desktop.roll.grid import Grid
from desktop.roll.lane import LaneSize
from desktop.roll.lane_layout import LaneLayout
from desktop.roll.layer import LaneLayer, Scene
from desktop.roll.motion import Motion
from desktop.roll.open_painter import Look
from desktop.roll.playhead import Playhead
from desktop.roll.ruler import LOOP_HEIGHT, Ruler
from desktop.roll.tempo_row import tempo_marks
from desktop.roll.viewport import BAR_THICKNESS
from desktop.theme import colour, current_theme
from engine.music.composition import Composition
from engine.music.sections import Section
from engine.music.track import Track

_PAGE_SHARE = 0.92


class LaneCanvas(LaneLayout):
    """Shows a composition, a preview, live notes, the loop and the playhead."""

    rows_changed = Signal()
    """The rows of the open lane were scrolled or zoomed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.loop: tuple[int, int] | None = None
        self.editor = NoteEditor(self.update, self._ask_edit)
        self.motion = Motion(self)
        self.motion.frame.connect(self._repaint_moving)
        self.look = Look()
        self._layer = LaneLayer()
        self._ruler = Ruler()
        self._sections: tuple[Section, ...] = ()
        self._loose_bars: int | None = None
        self._band: QRect | None = None
        self._line: QLine | None = None
        self._follows = True
        self._asking = False
        self._glow_area: list[QRect] = []
        self._shimmering: frozenset[int] = frozenset()
        self.viewport.changed.connect(self._viewport_changed)
        self.viewport.down.valueChanged.connect(self._scrolled_down)
        self._playhead = Playhead(self)
        self._button.raise_()
        self._rebuild()

    # What the pages ask for

    def set_composition(self, composition: Composition) -> None:
        """Show the document's composition; the selection stays on notes that it still has."""
        self._show(composition, self.music.preview)

    def set_preview(self, tracks: Sequence[Track] | None) -> None:
        """Show another accompaniment in place of the document's, or the document's again.

        Tracks without notes make empty lanes: so lanes can shimmer before anything is there.
        """
        self._show(self.music.document, None if tracks is None else tuple(tracks))

    def set_position(self, tick: float) -> None:
        """Put the playhead; what it passes glows, and the view turns the page with it."""
        before, self._position = self._position, tick
        advance = tick - before
        if 0 < advance < self.music.composition.ticks_per_quarter:
            self._glow(before, tick)
        self._follow(jumped=not 0 <= advance < 4 * self.music.composition.ticks_per_quarter)
        self._place_playhead()

    def set_loop(self, start: int, end: int | None) -> None:
        """Show the loop; None (or an empty one) shows none."""
        self.loop = None if end is None or end <= start else (start, end)
        self.editor.tell()
        self.update()

    def set_chords(self, chords: Sequence[Chord] | None, own: Sequence[OwnChord] = ()) -> None:
        """Show implied and own chords under the bar numbers; None takes the row away."""
        had = self.chords is not None
        self.chords = None if chords is None else ChordRow(tuple(chords), tuple(own))
        if had != (self.chords is not None):
            self._lay_out()
        self.update()

    def set_loose_bars(self, until: int | None) -> None:
        """Let the bar lines up to a tick be dragged; None: no longer."""
        self._loose_bars = until
        self.update()

    def set_sections(self, sections: Sequence[Section]) -> None:
        """Show the sections of the song in the strip above the bar numbers."""
        if tuple(sections) != self._sections:
            self._sections = tuple(sections)
            self.update()

    def set_busy(self, tracks: Collection[int]) -> None:
        """Let the lanes of these tracks shimmer; empty ends it."""
        self.motion.shimmer(frozenset(tracks))

    def set_live_notes(self, notes: Sequence[Sequence[float | None]]) -> None:
        """Show notes being recorded into the melody, as (start tick, pitch, velocity[, end tick]).

        Without an end, or with None, a note is still held and grows with the playhead.
        """
        ended = bool(self._live) and not notes
        self._live = tuple(live_note(note) for note in notes)
        if ended or self._live_pitches() - set(self.lanes[0].axis.pitches):
            self._rebuild()
        self._update_lane(0)

    # Music and layout

    def _show(self, document: Composition, preview: tuple[Track, ...] | None) -> None:
        if document is self.music.document and preview == self.music.preview:
            return
        picture = self._layer.copy()
        other_band = self.music.load(document, preview)
        self.motion.glows.clear()
        self.tempo_marks = tempo_marks(document.tempos, document.meters)
        self._rebuild()
        self.editor.load(self.music.composition)
        if other_band and not self._asking and self.isVisible() and not picture.isNull():
            self.motion.fade_from(picture)
        self.update()

    @Slot()
    def _viewport_changed(self) -> None:
        self.motion.stop_fading()
        self._place_playhead()
        self.update()

    @Slot()
    def _scrolled_down(self) -> None:
        self._button.hide()
        if self.opened is not None:
            self._scroll_rows()
            self.rows_changed.emit()
            self.update()
            return
        self.lane_geometry_changed.emit()

    def _ask_edit(self, composition: Composition, name: str, held: bool) -> None:
        """An edit was made by hand; the canvas alone takes none."""

    def _in_hand(self) -> bool:
        """Whether a gesture is going on, so that the view must stay."""
        return False

    def _glow(self, before: float, now: float) -> None:
        for lane in self.lanes:
            if lane.shown and not lane.dimmed and lane.size is not LaneSize.FOLDED:
                played = lane.table.begun_from(before, now).tolist()
                if played:
                    self.motion.glow(lane.index, played)

    def _follow(self, *, jumped: bool) -> None:
        x = self.axis.exact_x_at(self._position)
        share = x / max(1, self.width())
        if 0 <= share < _PAGE_SHARE:
            self._follows = True
        elif (self._follows or jumped) and not self._in_hand():
            music = self.music
            quarter = music.composition.ticks_per_quarter
            end = music.end_tick(self._position)
            self.viewport.set_music(music.fit_ticks(), end, quarter)
            self.viewport.show_tick(self._position)

    def _place_playhead(self) -> None:
        x = self.axis.exact_x_at(self._position)
        self._playhead.place(x, LOOP_HEIGHT, self.height() - BAR_THICKNESS)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what the event asks for: the lanes from their picture, what moves, the ruler."""
        with QPainter(self) as painter:
            ruler = self.ruler_height()
            if event.rect().bottom() >= ruler:
                painter.save()
                foot = ruler + self.viewport.height
                painter.fillRect(0, foot, self.width(), self.height() - foot, colour("window"))
                painter.setClipRect(QRect(0, ruler, self.width(), self.viewport.height))
                painter.translate(0, ruler)
                self._paint_lanes(painter)
                painter.restore()
            if event.rect().top() < ruler:
                painter.drawPixmap(0, 0, self._ruler_picture(painter.device().devicePixelRatioF()))

    def _ruler_picture(self, scale: float) -> QPixmap:
        grid, chords = self._grid(), self.chords
        return self._ruler.picture(
            self.axis,
            grid,
            chords,
            self.loop,
            self.width(),
            scale,
            self._sections,
            self.tempo_marks,
        )

    def _grid(self) -> Grid:
        return self.music.grow_grid(int(self.axis.tick_at(self.width())) + 1)

    def _scene(self) -> Scene:
        view, editor = self.viewport, self.editor
        size = QSize(view.width, view.height)
        return Scene(
            self.lanes,
            self._placed,
            0 if self.opened is None else self._pitches.scroll,
            view.axis,
            self._grid(),
            view.scroll_y,
            size,
            editor.hidden,
            self.look,
            current_theme().name,
            self.music.pedals,
        )

    def _paint_lanes(self, painter: QPainter) -> None:
        picture = self._layer.picture(self._scene(), painter.device().devicePixelRatioF())
        if self.motion.fading is not None:
            painter.drawPixmap(0, 0, self.motion.fading)
            painter.setOpacity(self.motion.fade_share())
        painter.drawPixmap(0, 0, picture)
        painter.setOpacity(1.0)
        painter.translate(0, -self.viewport.scroll_y)
        paint_foreground(painter, self._foreground())

    def _foreground(self) -> Foreground:
        return Foreground(
            self.lanes,
            self.axis,
            self.width(),
            self.editor,
            self.motion,
            self._live,
            self._position,
            self.loop,
            self._band,
            self._line,
            self._loose_lines(),
        )

    def _loose_lines(self) -> tuple[int, ...]:
        """The bar lines in view that may be dragged."""
        if self._loose_bars is None:
            return ()
        return loose_lines(self._grid(), self.axis, self.width(), self._loose_bars)

    def _update_lane(self, index: int) -> None:
        top, height = self.lane_geometry()[index]
        self.update(0, top, self.width(), height)

    @Slot()
    def _repaint_moving(self) -> None:
        if self.motion.fading is not None:
            self.update()
            return
        down = self.ruler_height() - self.viewport.scroll_y
        boxes = [
            glow_box(self.lanes[glow.lane], self.axis, glow.note).translated(0, down)
            for glow in self.motion.glows
        ]
        for box in (*boxes, *self._glow_area):
            self.update(box)
        self._glow_area = boxes
        for index in self._shimmering | self.motion.busy:
            if index < len(self.lanes):
                self._update_lane(index)
        self._shimmering = self.motion.busy

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            self._layer.forget()
            self._ruler.forget()
            self.update()
        super().changeEvent(event)
