"""The sustain pedal along the foot of a lane: where it is down."""

from bisect import bisect_right

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from desktop.roll.lane import LANE_GAP, Lane, LaneSize
from desktop.roll.transform import TimeAxis
from desktop.theme import colour
from engine.music.track import SUSTAIN, Track

DOWN, FOR_EVER = 64, 1 << 40
PEDAL_HEIGHT = 3
_REACH = 7
"""Pixels above the foot of a lane in which the pointer is at the pedal."""
PedalSpans = tuple[tuple[int, int], ...]
"""First tick and end of each time that the pedal is down."""


def pedal_spans(track: Track) -> PedalSpans:
    """Where a track's pedal is down; one that is never let go stays so for ever."""
    spans: list[tuple[int, int]] = []
    pressed: int | None = None
    for event in track.controls:
        if event.kind != "control" or event.number != SUSTAIN:
            continue
        if event.value >= DOWN and pressed is None:
            pressed = event.tick
        elif event.value < DOWN and pressed is not None:
            spans.append((pressed, event.tick))
            pressed = None
    if pressed is not None:
        spans.append((pressed, FOR_EVER))
    return tuple(spans)


def pedal_foot(lane: Lane) -> int:
    """The y below the line of the pedal."""
    return lane.velocity_top if lane.size is LaneSize.OPEN else lane.bottom - LANE_GAP


def paint_pedal(
    painter: QPainter, lane: Lane, axis: TimeAxis, spans: PedalSpans, span: QRect
) -> None:
    """A line where it is down, with an upright where it is pressed, as far as ``span`` shows it."""
    if lane.size is LaneSize.FOLDED or not spans:
        return
    foot, ink = pedal_foot(lane), colour(lane.role, 0.35 if lane.dimmed else 0.75)
    first = max(0, bisect_right(spans, (axis.tick_at(span.left()),)) - 1)
    for start, end in spans[first:]:
        left, right = axis.x_at(start), min(axis.x_at(end), span.right() + 4)
        if left > span.right():
            break
        wide = max(2, right - left - 2)
        painter.fillRect(left, foot - PEDAL_HEIGHT, wide, PEDAL_HEIGHT, ink)
        painter.fillRect(left, foot - 2 * PEDAL_HEIGHT, 2, 2 * PEDAL_HEIGHT, ink)


def pedal_at(lane: Lane, spans: PedalSpans, tick: float, y: float) -> tuple[int, int] | None:
    """The time that the pedal is down under a point of the lanes."""
    if lane.size is LaneSize.FOLDED or not pedal_foot(lane) - _REACH <= y < pedal_foot(lane):
        return None
    return next(((start, end) for start, end in spans if start <= tick < end), None)
