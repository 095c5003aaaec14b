"""The music that the lanes show: the document's, or a preview of another accompaniment."""

from collections.abc import Mapping, Sequence

from desktop.roll.grid import Grid, grid_of
from desktop.roll.lane import Lane, LaneSize, PitchView, arrange
from desktop.roll.note_table import NoteTable
from desktop.roll.pedal import PedalSpans, pedal_spans
from engine.music.composition import Composition
from engine.music.note_grid import GridStep, NoteGrid
from engine.music.ticks import MeterMap, meter_map
from engine.music.track import Track

LEAST_BARS, FIT_BARS, SPARE_BARS = 8, 16, 4


class ShownMusic:
    """A composition with what painting needs of it, made anew only where it differs."""

    def __init__(self) -> None:
        self.document = Composition()
        self.preview: tuple[Track, ...] | None = None
        self.composition = self.document
        self.meters: MeterMap = meter_map(self.document)
        self.step = GridStep.SIXTEENTH
        self.tables: tuple[NoteTable, ...] = ()
        self.pedals: tuple[PedalSpans, ...] = ()
        """Where the pedal of each track is down."""
        self.grid = Grid((), (), ())
        self._grid_until = 0
        self._refresh()

    def load(self, document: Composition, preview: tuple[Track, ...] | None) -> bool:
        """Show other music; whether the accompaniment's notes are others than before."""
        before = self.tables[1:]
        self.document, self.preview = document, preview
        self._refresh()
        after = self.tables[1:]
        return len(before) != len(after) or any(
            old is not new for old, new in zip(before, after, strict=True)
        )

    def lanes(
        self,
        sizes: Mapping[int, LaneSize],
        live_pitches: Sequence[int],
        available: int,
        view: PitchView,
    ) -> tuple[Lane, ...]:
        """The lanes, sharing the available height."""
        return arrange(self.composition, self.tables, sizes, live_pitches, available, view)

    def set_step(self, step: GridStep) -> None:
        """Draw edits to another grid, and show its lines."""
        self.step = step
        self._grid_until = 0

    def note_grid(self, step: GridStep | None = None) -> NoteGrid:
        """The grid of edits, or another one over the same bars."""
        quarter = self.composition.ticks_per_quarter
        return NoteGrid(self.meters, quarter, self.step if step is None else step)

    def fit_ticks(self) -> int:
        """The span that a fitted view shows: all bars, but no fewer than 8 and no more than 16."""
        bars = self._bars()
        return self.meters.bar_start(min(max(bars, LEAST_BARS), FIT_BARS) + 1)

    def end_tick(self, position: float) -> int:
        """The furthest tick that the view can show, with room to go on where it does not fit."""
        bars = max(LEAST_BARS, self._bars(), self.meters.position_at(max(0, int(position))).bar)
        return self.meters.bar_start(bars + 1 if bars <= FIT_BARS else bars + 1 + SPARE_BARS)

    def grow_grid(self, until: int) -> Grid:
        """The grid, reaching at least to ``until``."""
        if until > self._grid_until:
            self._grid_until = max(2 * until, self.end_tick(0))
            off = self.step is GridStep.OFF
            notes = self.note_grid(GridStep.SIXTEENTH if off else None)
            self.grid = grid_of(self.composition, self.meters, self._grid_until, notes)
        return self.grid

    def bar_span(self, first: float, last: float, *, beats: bool) -> tuple[int, int]:
        """The bars (or beats) that two ticks touch, as their first tick and the one after."""
        start = self.meters.position_at(max(0, int(first)))
        if beats:
            step = self.meters.beat_ticks_at(max(0, int(first)))
            origin = self.meters.bar_start(start.bar)
            begin = origin + (start.beat - 1) * step
            count = max(1, -(-(max(0, int(last)) - begin) // step))
            return begin, begin + count * step
        begin = self.meters.bar_start(start.bar)
        return begin, self.meters.bar_end(max(int(last), begin + 1))

    def _bars(self) -> int:
        end = max((table.end for table in self.tables), default=0)
        return self.meters.position_at(max(0, end - 1)).bar

    def _refresh(self) -> None:
        shown = self.document
        if self.preview is not None:
            shown = shown.with_accompaniment(self.preview, shown.origin)
        if (shown.meters, shown.ticks_per_quarter) != (
            self.composition.meters,
            self.composition.ticks_per_quarter,
        ):
            self._grid_until = 0
        held = zip(self.composition.tracks, self.pedals, strict=False)
        stood = {id(track.controls): spans for track, spans in held}
        self.pedals = tuple(
            stood[id(track.controls)] if id(track.controls) in stood else pedal_spans(track)
            for track in shown.tracks
        )
        self.composition = shown
        self.meters = meter_map(shown)
        known = {id(table.notes): table for table in self.tables}
        self.tables = tuple(
            known.get(id(track.notes)) or NoteTable(track.notes) for track in shown.tracks
        )
