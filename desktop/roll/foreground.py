"""What is painted over the lanes' picture in every frame: all that moves or is in the hand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QLine, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPen

from desktop.roll.editor import Carried, NoteEditor
from desktop.roll.ink import ink_for, level_of
from desktop.roll.lane import LANE_GAP, Lane, LaneSize
from desktop.roll.motion import Motion
from desktop.roll.note_painter import DETAILED, paint_notes
from desktop.roll.open_painter import paint_velocities
from desktop.roll.painter import columns, dot_size, note_box, note_height, paint_bar
from desktop.roll.transform import TimeAxis
from desktop.theme import colour, current_theme, mixed
from engine.music.note_columns import NoteColumns

_FINE, _OUTLINED = 60, 200
"""More notes than this are not outlined one by one."""
_THICK = 9
"""A note of so many pixels has room for an outline within it."""


class LiveNote(NamedTuple):
    """A note that is being recorded, in ticks; without an ``end`` it is still held."""

    start: float
    pitch: int
    velocity: int
    end: float | None = None


def live_note(values: Sequence[float | None]) -> LiveNote:
    """A note out of (start tick, pitch, velocity[, end tick]); an end of None is still held."""
    start, pitch, velocity, *end = values
    if start is None or pitch is None or velocity is None:
        raise ValueError("A live note needs a start, a pitch and a velocity.")
    return LiveNote(start, int(pitch), int(velocity), end[0] if end else None)


@dataclass(frozen=True, slots=True)
class Foreground:
    """All that lies over the lanes' picture; ``position`` in ticks, ``width`` in pixels."""

    lanes: tuple[Lane, ...]
    axis: TimeAxis
    width: int
    editor: NoteEditor
    motion: Motion
    live: tuple[LiveNote, ...]
    position: float
    loop: tuple[int, int] | None
    band: QRect | None
    line: QLine | None = None
    """A line that a tool draws: where the knife cuts, how velocities rise."""
    loose_bars: tuple[int, ...] = ()
    """Ticks of the bar lines that may be dragged."""


def paint_foreground(painter: QPainter, front: Foreground) -> None:
    """Paint it all, in lane coordinates."""
    if front.loop is not None:
        paint_loop_ends(painter, front.axis, front.loop, front.lanes[-1].bottom, front.width)
    for tick in front.loose_bars:
        painter.fillRect(front.axis.x_at(tick), 0, 1, front.lanes[-1].bottom, colour("accent", 0.7))
    for lane in front.lanes:
        if lane.shown:
            painter.save()
            painter.setClipRect(0, lane.top, front.width, _rows_bottom(lane) - lane.top)
            selected = selected_in(lane, front.editor, front.axis, front.width)
            _paint_over(painter, front, lane, selected)
            painter.restore()
            paint_hand_stems(painter, lane, front, selected)
    if front.band is not None:
        paint_band(painter, front.band)
    if front.line is not None:
        paint_tool_line(painter, front.line)


def _rows_bottom(lane: Lane) -> int:
    return lane.velocity_top if lane.size is LaneSize.OPEN else lane.bottom


def _paint_over(
    painter: QPainter, front: Foreground, lane: Lane, selected: NoteColumns | None
) -> None:
    """What lies over the rows of one lane."""
    if lane.index in front.motion.busy:
        paint_shimmer(painter, lane, front.width, front.motion.shimmer_phase())
    carried = front.editor.carried
    if selected is not None:
        paint_selected(painter, lane, front.axis, front.width, selected)
    if carried is not None:
        paint_carried(painter, lane, front.axis, front.width, carried)
    if lane.index == 0:
        paint_live(painter, lane, front.axis, front.live, front.position)
    paint_glows(painter, lane, front.axis, front.motion)


def selected_in(lane: Lane, editor: NoteEditor, axis: TimeAxis, width: int) -> NoteColumns | None:
    """The notes in view that are selected, or touched by a rubber band; None where none are."""
    notes = editor.selection.of(lane.index)
    touched = None if editor.touched is None else editor.touched.get(lane.index)
    if (editor.carried and editor.carried.chosen) or not (notes or touched is not None):
        return None
    table = lane.table
    places = table.places(axis.tick_at(-20), axis.tick_at(width + 4))
    marked = table.marked(notes)[places]
    if touched is not None:
        under = np.zeros(len(table), dtype=np.bool_)
        under[touched] = True
        marked = marked | under[places]
    hidden = editor.hidden.of(lane.index)
    if hidden:
        marked = marked & ~table.marked(hidden)[places]
    return table.columns.at(places).take(np.flatnonzero(marked))


def paint_shimmer(painter: QPainter, lane: Lane, width: int, phase: float) -> None:
    """A light of the lane's colour on its way across the lane."""
    box = QRect(0, lane.top, width, lane.height - LANE_GAP)
    painter.fillRect(box, colour(lane.role, 0.05))
    reach = max(160.0, width * 0.35)
    middle = -reach + phase * (width + 2 * reach)
    light = QLinearGradient(QPointF(middle - reach, 0), QPointF(middle + reach, 0))
    for at, alpha in ((0.0, 0.0), (0.5, 0.17), (1.0, 0.0)):
        clear = colour(lane.role)
        clear.setAlphaF(alpha)
        light.setColorAt(at, clear)
    lit = QRect(round(middle - reach), box.top(), round(2 * reach), box.height())
    painter.fillRect(lit.intersected(box), light)


def paint_live(
    painter: QPainter, lane: Lane, axis: TimeAxis, notes: Iterable[LiveNote], now: float
) -> None:
    """Notes that are being recorded; those still held reach to the playhead."""
    scale = painter.device().devicePixelRatioF()
    ink = ink_for(lane.role, note_height(lane), dimmed=False, scale=scale)
    for note in notes:
        end = now if note.end is None else note.end
        box = note_box(lane, axis, note.start, max(note.start, end), note.pitch)
        paint_bar(painter, box, ink, level_of(note.velocity))
        if note.end is None:
            _outline(painter, box, colour("record"), 1.5)


def paint_glows(painter: QPainter, lane: Lane, axis: TimeAxis, motion: Motion) -> None:
    """The light of a lane's notes that were just played."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    for glow in motion.glows:
        if glow.lane != lane.index:
            continue
        note = lane.table.notes[glow.note]
        box = QRectF(note_box(lane, axis, note.start, note.end, note.pitch))
        share = motion.glow_share(glow)
        radius = box.height() / 2 if lane.track.is_drum else 2.0
        for spread, ink in (
            (4.0, colour(lane.role, 0.16 * share)),
            (2.0, colour(lane.role, 0.28 * share)),
            (0.0, _core(lane.role, share)),
        ):
            painter.setBrush(ink)
            around = box.adjusted(-spread, -spread, spread, spread)
            painter.drawRoundedRect(around, radius + spread, radius + spread)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _core(role: str, share: float) -> QColor:
    """The heart of a glow: nearly white at night, the colour itself, deeper, by day."""
    ink = mixed(role, "selected", 0.75 if current_theme().name == "dark" else 0.3)
    ink.setAlphaF(share)
    return ink


def glow_box(lane: Lane, axis: TimeAxis, index: int) -> QRect:
    """What a glow may paint on."""
    note = lane.table.notes[index]
    return note_box(lane, axis, note.start, note.end, note.pitch).adjusted(-6, -6, 6, 6)


def paint_selected(
    painter: QPainter, lane: Lane, axis: TimeAxis, width: int, notes: NoteColumns
) -> None:
    """Outlines of notes in view; very many are filled instead."""
    if len(notes) > _OUTLINED:
        _fill(painter, lane, axis, width, notes)
        return
    _outline_all(painter, _boxes(lane, axis, notes))


def paint_carried(
    painter: QPainter, lane: Lane, axis: TimeAxis, width: int, carried: Carried
) -> None:
    """The notes in the hand, where they would land."""
    scale = painter.device().devicePixelRatioF()
    notes = carried.hand.of(lane.index)
    if notes is None:
        return
    first, last = axis.tick_at(-20), axis.tick_at(width + 4)
    seen = notes.take((notes.ends > first) & (notes.starts < last))
    if len(seen) > _OUTLINED and carried.chosen:
        _fill(painter, lane, axis, width, seen)
        return
    span = QRect(0, max(0, lane.top), width, lane.height)
    awake = replace(lane, dimmed=False)
    paint_notes(painter, awake, axis, span, seen, raster=len(seen) > DETAILED, scale=scale)
    if not carried.chosen:
        return
    _outline_all(painter, _boxes(lane, axis, seen))


def _outline_all(painter: QPainter, boxes: list[QRect]) -> None:
    """A fine outline around few notes, a plain one around many: antialiasing is dear."""
    if len(boxes) <= _FINE:
        for box in boxes:
            _outline(painter, box, colour("selected"), 1.5)
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour("selected"), 1))
    # Around a thin note, as `_outline` does it.
    painter.drawRects(
        [
            box.adjusted(0, 0, -1, -1) if box.height() >= _THICK else box.adjusted(-1, -1, 0, 0)
            for box in boxes
        ]
    )


def _fill(painter: QPainter, lane: Lane, axis: TimeAxis, width: int, notes: NoteColumns) -> None:
    scale = painter.device().devicePixelRatioF()
    tall = dot_size(lane) if lane.track.is_drum else note_height(lane)
    ink = ink_for("selected", tall, dimmed=False, scale=scale)
    span = QRect(0, max(0, lane.top), width, lane.height)
    raster = len(notes) > DETAILED
    paint_notes(painter, lane, axis, span, notes, raster=raster, scale=scale, ink=ink, named=False)


def _boxes(lane: Lane, axis: TimeAxis, notes: NoteColumns) -> list[QRect]:
    """`note_box` of many notes."""
    like = {pitch: note_box(lane, axis, 0, 0, pitch) for pitch in set(notes.pitches.tolist())}
    lefts = columns(notes.starts, axis)
    widths = np.maximum(columns(notes.ends, axis) - lefts - 1, 2)
    if lane.track.is_drum:
        widths = np.full(len(notes), dot_size(lane))
    rows = zip(lefts.tolist(), widths.tolist(), notes.pitches.tolist(), strict=True)
    return [QRect(x, like[pitch].top(), wide, like[pitch].height()) for x, wide, pitch in rows]


def paint_hand_stems(
    painter: QPainter, lane: Lane, front: Foreground, selected: NoteColumns | None
) -> None:
    """The stems of what is selected, or in the hand, in an open lane's velocity lane."""
    if lane.size is not LaneSize.OPEN:
        return
    carried = front.editor.carried
    notes = None if carried is None else carried.hand.of(lane.index)
    if carried is not None and notes is not None:
        first, last = front.axis.tick_at(-4), front.axis.tick_at(front.width + 4)
        hand = notes.take((notes.starts > first) & (notes.starts < last))
        paint_velocities(painter, lane, front.axis, hand, "selected" if carried.chosen else "")
    if selected is not None:
        paint_velocities(painter, lane, front.axis, selected, "selected")


def paint_tool_line(painter: QPainter, line: QLine) -> None:
    """The line that a tool draws."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour("accent"), 1.5))
    painter.drawLine(line)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def paint_band(painter: QPainter, band: QRect) -> None:
    """A rubber band."""
    painter.fillRect(band, colour("accent", 0.12))
    painter.setPen(QPen(colour("accent"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(band)


def paint_loop_ends(
    painter: QPainter, axis: TimeAxis, loop: tuple[int, int], height: int, width: int
) -> None:
    """Where the loop begins and ends, through all lanes; what lies outside is shaded."""
    left, right = axis.x_at(loop[0]), axis.x_at(loop[1])
    shade = colour("window", 0.28)
    painter.fillRect(0, 0, max(0, left), height, shade)
    painter.fillRect(right, 0, max(0, width - right), height, shade)
    for x in (left, right):
        painter.fillRect(x, 0, 1, height, colour("accent", 0.4))


def _outline(painter: QPainter, box: QRect, ink: QColor, width: float) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink, width))
    # Around a thin note, not within it: its colour must still be seen.
    edge = width / 2 if box.height() >= _THICK else -width / 2
    painter.drawRoundedRect(QRectF(box).adjusted(edge, edge, -edge, -edge), 2, 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
