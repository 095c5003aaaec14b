"""The picture of all lanes, and what it depends on."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPixmap

from desktop.roll.edits import Selection
from desktop.roll.grid import Grid
from desktop.roll.lane import Lane, LaneSize
from desktop.roll.note_painter import paint_notes
from desktop.roll.open_painter import (
    STRIP_DETAILED,
    Look,
    in_rows,
    is_dense,
    paint_ghosts,
    paint_open_ground,
    paint_velocities,
)
from desktop.roll.painter import MAX_OPEN_DOT, paint_ground
from desktop.roll.pedal import PedalSpans, paint_pedal
from desktop.roll.scrolling import PaintSpan, ScrollingPicture
from desktop.roll.transform import TimeAxis
from desktop.theme import colour
from engine.music.note_columns import NoteColumns


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Everything that the picture of the lanes depends on."""

    lanes: tuple[Lane, ...]
    placed: object
    """Another one when the lanes differ by more than the scrolling of the open one's rows."""
    rows_scroll: int
    axis: TimeAxis
    grid: Grid
    scroll_y: int
    size: QSize
    hidden: Selection
    """Notes left out, since a gesture carries them."""
    look: Look
    theme: str
    pedals: tuple[PedalSpans, ...] = ()
    """Of each lane; others come with other lanes."""

    def same_but_for_place(self, other: "Scene") -> bool:
        """Whether the other shows the same lanes at the same scale, perhaps scrolled.

        Notes in the hand make no difference: they are no part of what lies under the notes.
        """
        return (
            self.placed is other.placed
            and self.grid is other.grid
            and self.axis.pixels_per_tick == other.axis.pixels_per_tick
            and self.scroll_y == other.scroll_y
            and self.size == other.size
            and self.look == other.look
            and self.theme == other.theme
        )


class LaneLayer:
    """Keeps the last picture of the lanes and brings it up to date.

    What lies under the lanes' own notes is kept apart, since most of the work is there: when a
    gesture takes notes into the hand, only those that stay are painted anew.
    """

    def __init__(self) -> None:
        self._ground = ScrollingPicture()
        self._whole = ScrollingPicture()
        self._shown: Scene | None = None

    def picture(self, scene: Scene, scale: float) -> QPixmap:
        """The picture of ``scene`` at a device pixel ratio."""
        before, self._shown = self._shown, scene
        same = before is not None and before.same_but_for_place(scene)
        same_hand = before is not None and before.hidden is scene.hidden

        def paint_ground(painter: QPainter, span: QRect) -> None:
            _paint_ground(painter, scene, span, scale)

        ground = _shown(self._ground, scene, scale, paint_ground, anew=not same)

        def paint_whole(painter: QPainter, span: QRect) -> None:
            painter.drawPixmap(0, 0, ground)
            _paint_notes(painter, scene, span, scale)

        return _shown(self._whole, scene, scale, paint_whole, anew=not (same and same_hand))

    def copy(self) -> QPixmap:
        """The picture as it stands, for a cross-fade."""
        return self._whole.copy()

    def forget(self) -> None:
        """Paint everything anew next time."""
        self._shown = None


def _shown(
    kept: ScrollingPicture, scene: Scene, scale: float, paint: PaintSpan, *, anew: bool
) -> QPixmap:
    opened = next((lane for lane in scene.lanes if lane.size is LaneSize.OPEN), None)
    return kept.shown(
        scene.axis.offset,
        scene.size,
        scale,
        paint,
        anew=anew,
        down=scene.rows_scroll,
        rows=0 if opened is None else opened.velocity_top,
    )


def _seen_lanes(scene: Scene) -> list[Lane]:
    return [
        lane
        for lane in scene.lanes
        if lane.shown
        and lane.bottom > scene.scroll_y
        and lane.top < scene.scroll_y + scene.size.height()
    ]


def _paint_ground(painter: QPainter, scene: Scene, span: QRect, scale: float) -> None:
    """All that lies under the lanes' own notes: rows, lines, and the notes of others."""
    painter.fillRect(span, colour("window"))
    painter.translate(0, -scene.scroll_y)
    lanes = _seen_lanes(scene)
    closed = [lane for lane in lanes if lane.size is not LaneSize.OPEN]
    paint_ground(painter, closed, scene.axis, scene.grid, span)
    for lane in lanes:
        if lane.size is not LaneSize.OPEN:
            continue
        paint_open_ground(painter, lane, scene.axis, scene.grid, span, scene.look)
        if scene.look.ghosts and not lane.track.is_drum:
            painter.save()
            painter.setClipRect(_rows(lane, span))
            wide = scene.size.width()
            paint_ghosts(painter, lane, scene.lanes, scene.axis, span, wide, scale)
            painter.restore()


def _paint_notes(painter: QPainter, scene: Scene, span: QRect, scale: float) -> None:
    """The lanes' own notes, and an open lane's velocities, but for what is in the hand."""
    painter.translate(0, -scene.scroll_y)
    for lane in _seen_lanes(scene):
        notes = _visible(scene, lane, span)
        if lane.size is not LaneSize.OPEN:
            _paint_own(painter, scene, lane, notes, span, scale)
            continue
        painter.save()
        painter.setClipRect(_rows(lane, span))
        _paint_own(painter, scene, lane, notes, span, scale)
        painter.restore()
        if span.bottom() >= lane.velocity_top:
            paint_velocities(painter, lane, scene.axis, notes)


def _rows(lane: Lane, span: QRect) -> QRect:
    """Of a span, the rows: what is scrolled out of them must not reach the velocities."""
    rows = QRect(span.left(), lane.top, span.width(), lane.velocity_top - lane.top)
    return rows.intersected(span)


def _paint_own(
    painter: QPainter, scene: Scene, lane: Lane, notes: NoteColumns, span: QRect, scale: float
) -> None:
    raster = is_dense(lane, scene.axis, scene.size.width()) or len(notes) > STRIP_DETAILED
    shown = in_rows(lane, notes, span)
    paint_notes(painter, lane, scene.axis, span, shown, raster=raster, scale=scale)
    if lane.index < len(scene.pedals):
        paint_pedal(painter, lane, scene.axis, scene.pedals[lane.index], span)


def _visible(scene: Scene, lane: Lane, span: QRect) -> NoteColumns:
    """The notes that a span shows, but for those in the hand."""
    first = scene.axis.tick_at(span.left() - 2 * MAX_OPEN_DOT)
    last = scene.axis.tick_at(span.right() + 1 + MAX_OPEN_DOT)
    table = lane.table
    # A dot is wider than its note may be long.
    places = table.begun_places(first, last) if lane.track.is_drum else table.places(first, last)
    hidden = scene.hidden.of(lane.index)
    if not hidden:
        return table.columns.at(places)
    stays = np.flatnonzero(~table.marked(hidden)[places])
    return table.columns.at(places).take(stays)
