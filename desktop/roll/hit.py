"""What lies under the pointer."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRect

from desktop.roll.lane import Lane, LaneSize
from desktop.roll.painter import note_box
from desktop.roll.transform import TimeAxis
from engine.music.note import Note

_REACH = 4
"""Pixels around a note that still belong to it."""
_EDGE = 6
_STEM_REACH = 7


class Part(Enum):
    """Where on a note the pointer is."""

    BEGINNING = "beginning"
    BODY = "body"
    END = "end"


@dataclass(frozen=True, slots=True)
class Hit:
    """A note under the pointer."""

    note: Note
    part: Part


def lane_at(lanes: Iterable[Lane], y: float) -> Lane | None:
    """The lane at ``y`` (lane coordinates)."""
    return next((lane for lane in lanes if lane.top <= y < lane.bottom), None)


def in_velocities(lane: Lane, y: float) -> bool:
    """Whether ``y`` lies in the lane's open velocity lane."""
    return lane.size is LaneSize.OPEN and y >= lane.velocity_top


def note_at(lane: Lane, axis: TimeAxis, point: QPointF) -> Hit | None:
    """The note nearest to the pointer, if one is near enough; of equals the last begun."""
    x, y = point.x(), point.y()
    nearest, best = None, float(_REACH + 1)
    first, last = axis.tick_at(x - _REACH - 8), axis.tick_at(x + _REACH + 1)
    for index in lane.table.between(first, last).tolist():
        note = lane.table.notes[index]
        box = note_box(lane, axis, note.start, note.end, note.pitch)
        distance = _distance(box, x, y)
        if distance <= min(best, _REACH):
            nearest, best = (note, box), distance
    if nearest is None:
        return None
    return Hit(nearest[0], _part(nearest[1], x, is_drum=lane.track.is_drum))


def stem_at(lane: Lane, axis: TimeAxis, x: float) -> Note | None:
    """The note whose velocity stem is nearest to ``x``."""
    first, last = axis.tick_at(x - _STEM_REACH), axis.tick_at(x + _STEM_REACH)
    indices = lane.table.begun_from(first, last).tolist()
    notes = [lane.table.notes[index] for index in indices]
    return min(notes, key=lambda note: abs(axis.exact_x_at(note.start) - x), default=None)


def notes_in(lane: Lane, axis: TimeAxis, band: QRect) -> frozenset[Note]:
    """The notes that a rubber band touches."""
    found = lane.table.between(axis.tick_at(band.left()), axis.tick_at(band.right()))
    notes = (lane.table.notes[index] for index in found.tolist())
    return frozenset(
        note
        for note in notes
        if band.intersects(note_box(lane, axis, note.start, note.end, note.pitch))
    )


def _distance(box: QRect, x: float, y: float) -> float:
    across = max(box.left() - x, x - box.right() - 1, 0.0)
    along = max(box.top() - y, y - box.bottom() - 1, 0.0)
    return max(across, along)


def _part(box: QRect, x: float, *, is_drum: bool) -> Part:
    edge = min(_EDGE, box.width() // 4)
    if is_drum:
        return Part.BODY
    if x >= box.right() + 1 - edge:
        return Part.END
    return Part.BEGINNING if x < box.left() + edge and box.width() >= 4 * _EDGE else Part.BODY
