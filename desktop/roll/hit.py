"""What lies under the pointer."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from math import ceil

import numpy as np
from PySide6.QtCore import QPointF, QRect

from desktop.roll.lane import VELOCITY_HEIGHT, Lane, LaneSize
from desktop.roll.open_painter import velocity_stem
from desktop.roll.painter import MAX_OPEN_DOT, columns, dot_size, note_box, note_height
from desktop.roll.transform import TimeAxis
from engine.music.note import Note
from engine.music.note_columns import BoolArray, IntArray

_REACH = 4
"""Pixels around a note that still belong to it."""
_EDGE = 6
_STEM_REACH = 7
_LOOKED_AT = 200
"""Notes under a few pixels that are looked at one by one."""


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
    first, last = axis.tick_at(x - _REACH - MAX_OPEN_DOT), axis.tick_at(x + _REACH + 1)
    for index in lane.table.between(first, last)[-_LOOKED_AT:].tolist():
        note = lane.table.notes[index]
        box = note_box(lane, axis, note.start, note.end, note.pitch)
        distance = _distance(box, x, y)
        if distance <= min(best, _REACH):
            nearest, best = (note, box), distance
    if nearest is None:
        return None
    return Hit(nearest[0], _part(nearest[1], x, is_drum=lane.track.is_drum))


def stem_at(lane: Lane, axis: TimeAxis, point: QPointF) -> Note | None:
    """The note whose velocity stem's head is under the pointer; of those at one place the last."""
    x, y = point.x(), point.y()
    first, last = axis.tick_at(x - _STEM_REACH), axis.tick_at(x + _STEM_REACH)
    indices = lane.table.begun_from(first, last)
    floor = lane.velocity_top + VELOCITY_HEIGHT
    nearest, best = None, float(_STEM_REACH)
    for index in indices[-_LOOKED_AT:].tolist():
        note = lane.table.notes[index]
        across = abs(axis.exact_x_at(note.start) - x)
        along = abs(floor - velocity_stem(note.velocity) - y)
        if max(across, along) <= best:
            nearest, best = note, max(across, along)
    return nearest


def touched_in(lanes: Iterable[Lane], axis: TimeAxis, band: QRect) -> dict[int, IntArray]:
    """Places of the notes that a rubber band touches, by track; in lanes that it reaches."""
    return {
        lane.index: touched_by(lane, axis, band)
        for lane in lanes
        if lane.shown and lane.top <= band.bottom() and band.top() < lane.bottom
    }


def touched_by(lane: Lane, axis: TimeAxis, band: QRect) -> IntArray:
    """Places of the notes that a rubber band touches, in order."""
    table = lane.table
    first = axis.tick_at(band.left() - MAX_OPEN_DOT)
    places = table.places(first, axis.tick_at(band.right() + 1))
    notes = table.columns.at(places)
    touched = _reached_pitches(lane, band).take(notes.pitches, mode="clip")
    # What begins in the band is touched; only what began before it may have ended before it.
    before = slice(0, int(np.searchsorted(notes.starts, ceil(axis.tick_at(band.left() + 1)))))
    lefts = columns(notes.starts[before], axis)
    rights = np.maximum(columns(notes.ends[before], axis) - 1, lefts + 2)
    if lane.track.is_drum:
        rights = lefts + dot_size(lane)
    touched[before] &= rights > band.left()
    found = np.flatnonzero(touched)
    return found + places.start if isinstance(places, slice) else places[found]


def _reached_pitches(lane: Lane, band: QRect) -> BoolArray:
    """For every pitch whether a rubber band reaches its notes."""
    tall = dot_size(lane) if lane.track.is_drum else note_height(lane)
    reached = np.zeros(len(lane.rows), dtype=np.bool_)
    for pitch in lane.table.used_pitches:
        top, height = lane.row_boxes[lane.rows[pitch]]
        first = top + (height - tall) // 2
        reached[pitch] = first + tall > band.top() and first <= band.bottom()
    return reached


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
