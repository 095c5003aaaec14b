"""What the place under the pointer is, or does."""

from PySide6.QtCore import QPointF

from desktop.roll.hit import in_velocities, lane_at, note_at, stem_at
from desktop.roll.lane import LaneSize
from desktop.roll.names import describe, drum_name, pitch_name
from desktop.roll.pedal import pedal_at
from desktop.roll.ruler import LOOP_HEIGHT, TEMPO_TOP
from desktop.roll.stage import LaneStage

_LOOP_TIP = "Drag to mark bars for the loop, with Shift beats; the right button marks sections"
_CHORD_TIP = "Double-click to write a chord; the right button has more"
_SEEK_TIP = "Click or drag to move the playhead"
_TEMPO_TIP = "Double-click for the tempo and the meter of a bar"
_BAR_LINE_TIP = "Drag the bar line to where the bar begins"
_PEDAL_TIP = "The sustain pedal is down"
_VELOCITY_TIP = "Draw how hard notes are struck; with Shift a straight line"


def tip_at(stage: LaneStage, point: QPointF) -> str:
    """The hover tip for a point of the view, empty where nothing is to be said."""
    if point.y() < stage.ruler_height():
        return _ruler_tip(stage, point)
    if stage.bar_line_at(point) is not None:
        return _BAR_LINE_TIP
    place = stage.lane_point(point)
    lane = lane_at(stage.lanes, place.y())
    if lane is None:
        return ""
    tick = stage.axis.tick_at(place.x())
    if pedal_at(lane, stage.music.pedals[lane.index], tick, place.y()) is not None:
        return _PEDAL_TIP
    if in_velocities(lane, place.y()):
        note = stem_at(lane, stage.axis, place)
        if note is None:
            return _VELOCITY_TIP
    else:
        hit = note_at(lane, stage.axis, place)
        note = None if hit is None else hit.note
    music = stage.music
    if note is not None:
        quarter = music.composition.ticks_per_quarter
        return describe(note, music.meters, quarter, is_drum=lane.track.is_drum)
    if lane.size is not LaneSize.OPEN:
        return ""
    pitch = lane.axis.pitch_at(place.y())
    at = music.meters.position_at(stage.grid().before(stage.axis.tick_at(place.x())))
    name = drum_name(pitch) if lane.track.is_drum else pitch_name(pitch)
    return f"{name} · bar {at.bar}.{at.beat}"


def _tempo_tip(stage: LaneStage, point: QPointF) -> str:
    mark = stage.tempo_mark_at(point)
    if mark is None:
        return _TEMPO_TIP
    at = stage.music.meters.position_at(mark.tick)
    where = f"bar {at.bar}" if at.beat == 1 else f"bar {at.bar}.{at.beat}"
    return f"{mark.text.replace('  ', ', ')} from {where} on: click to change it"


def _ruler_tip(stage: LaneStage, point: QPointF) -> str:
    if point.y() < LOOP_HEIGHT:
        return _LOOP_TIP
    if stage.bar_line_at(point) is not None:
        return _BAR_LINE_TIP
    if TEMPO_TOP <= point.y() < stage.chords_top():
        return _tempo_tip(stage, point)
    if point.y() < TEMPO_TOP or stage.chords is None:
        return _SEEK_TIP
    own = stage.chords.own_at(stage.axis.tick_at(point.x()))
    return f"{own.symbol}: your chord. {_CHORD_TIP}" if own else _CHORD_TIP
