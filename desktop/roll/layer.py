"""The picture of all lanes, and what it depends on."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPixmap

from desktop.roll.edits import Selection
from desktop.roll.grid import Grid
from desktop.roll.lane import Lane, LaneSize
from desktop.roll.note_table import IntArray
from desktop.roll.painter import (
    DETAILED,
    MAX_DOT,
    paint_ground,
    paint_notes,
    paint_velocities,
)
from desktop.roll.scrolling import ScrollingPicture
from desktop.roll.transform import TimeAxis
from desktop.theme import colour

# In a very dense passage even a strip is painted as a raster.
_STRIP_DETAILED = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Everything that the picture of the lanes depends on."""

    lanes: tuple[Lane, ...]
    axis: TimeAxis
    grid: Grid
    scroll_y: int
    size: QSize
    hidden: Selection
    """Notes left out, since a gesture carries them."""
    chosen: Selection
    theme: str

    def same_but_for_time(self, other: "Scene") -> bool:
        """Whether the other shows the same lanes at the same scale, perhaps scrolled."""
        return (
            self.lanes is other.lanes
            and self.grid is other.grid
            and self.axis.pixels_per_tick == other.axis.pixels_per_tick
            and self.scroll_y == other.scroll_y
            and self.size == other.size
            and self.hidden is other.hidden
            and self.theme == other.theme
            and (self.chosen is other.chosen or not self._shows_velocities())
        )

    def _shows_velocities(self) -> bool:
        return any(lane.size is LaneSize.OPEN for lane in self.lanes)


class LaneLayer:
    """Keeps the last picture of the lanes and brings it up to date."""

    def __init__(self) -> None:
        self._kept = ScrollingPicture()
        self._shown: Scene | None = None

    def picture(self, scene: Scene, scale: float) -> QPixmap:
        """The picture of ``scene`` at a device pixel ratio."""
        same = self._shown is not None and self._shown.same_but_for_time(scene)
        self._shown = scene

        def paint(painter: QPainter, span: QRect) -> None:
            _paint_lanes(painter, scene, span, scale)

        return self._kept.shown(scene.axis.offset, scene.size, scale, paint, anew=not same)

    def copy(self) -> QPixmap:
        """The picture as it stands, for a cross-fade."""
        return self._kept.copy()

    def forget(self) -> None:
        """Paint everything anew next time."""
        self._shown = None


def _paint_lanes(painter: QPainter, scene: Scene, span: QRect, scale: float) -> None:
    painter.fillRect(span, colour("window"))
    painter.translate(0, -scene.scroll_y)
    for lane in scene.lanes:
        if lane.bottom > scene.scroll_y and lane.top < scene.scroll_y + scene.size.height():
            _paint_lane(painter, scene, lane, span, scale)


def _paint_lane(painter: QPainter, scene: Scene, lane: Lane, span: QRect, scale: float) -> None:
    paint_ground(painter, lane, scene.axis, scene.grid, span)
    indices = _visible(scene, lane, span)
    raster = _is_dense(scene, lane) or len(indices) > _STRIP_DETAILED
    paint_notes(painter, lane, scene.axis, span, indices, raster=raster, scale=scale)
    if lane.size is LaneSize.OPEN:
        chosen = indices_of(lane, scene.chosen)
        paint_velocities(painter, lane, scene.axis, indices, frozenset(chosen.tolist()))


def _visible(scene: Scene, lane: Lane, span: QRect) -> IntArray:
    first = scene.axis.tick_at(span.left() - 2 * MAX_DOT)
    last = scene.axis.tick_at(span.right() + 1 + MAX_DOT)
    if lane.track.is_drum:
        # A dot is wider than its note may be long.
        indices = lane.table.begun_from(first, last)
    else:
        indices = lane.table.between(first, last)
    hidden = indices_of(lane, scene.hidden)
    return indices[~np.isin(indices, hidden)] if len(hidden) else indices


def _is_dense(scene: Scene, lane: Lane) -> bool:
    """By the whole track's density, so that a scrolled strip is painted as its neighbours were."""
    seen = scene.size.width() / scene.axis.pixels_per_tick
    return len(lane.table) * seen > DETAILED * max(seen, lane.table.end)


def indices_of(lane: Lane, selection: Selection) -> IntArray:
    """Where a selection's notes stand in a lane's table; none for another lane."""
    if selection.track != lane.index or not selection.notes:
        return np.zeros(0, dtype=np.int64)
    found = (lane.table.index_of(note) for note in selection.notes)
    return np.array(sorted(i for i in found if i is not None), dtype=np.int64)
