"""What is painted over the lanes' picture in every frame: all that moves or is in the hand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPen

from desktop.roll.editor import NoteEditor
from desktop.roll.edits import Selection
from desktop.roll.ink import ink_for, level_of
from desktop.roll.lane import LANE_GAP, Lane, LaneSize
from desktop.roll.motion import Motion
from desktop.roll.painter import (
    dot_size,
    note_box,
    note_height,
    paint_bar,
    paint_row_names,
    velocity_stem,
)
from desktop.roll.transform import TimeAxis
from desktop.theme import colour, current_theme, mixed
from engine.music.note import Note


class LiveNote(NamedTuple):
    """A note that is being recorded, in ticks; without an ``end`` it is still held."""

    start: float
    pitch: int
    velocity: int
    end: float | None = None


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


def paint_foreground(painter: QPainter, front: Foreground) -> None:
    """Paint it all, in lane coordinates."""
    if front.loop is not None:
        paint_loop_ends(painter, front.axis, front.loop, front.lanes[-1].bottom, front.width)
    phase = front.motion.shimmer_phase()
    for lane in front.lanes:
        if lane.size is LaneSize.OPEN:
            paint_row_names(painter, lane)
        if lane.index in front.motion.busy:
            paint_shimmer(painter, lane, front.width, phase)
        if front.editor.hidden and front.editor.hidden.track == lane.index:
            paint_carried(painter, lane, front.axis, front.editor.carried)
        elif front.editor.selection.track == lane.index:
            paint_selection(painter, lane, front.axis, front.editor.selection, front.width)
    paint_live(painter, front.lanes[0], front.axis, front.live, front.position)
    paint_glows(painter, front.lanes, front.axis, front.motion)
    if front.band is not None:
        paint_band(painter, front.band)


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
    painter.fillRect(box, light)


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


def paint_glows(painter: QPainter, lanes: Sequence[Lane], axis: TimeAxis, motion: Motion) -> None:
    """The light of notes that were just played."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    for glow in motion.glows:
        lane = lanes[glow.lane]
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


def paint_selection(
    painter: QPainter, lane: Lane, axis: TimeAxis, selection: Selection, width: int
) -> None:
    """The outlines of selected notes that are in view."""
    first, last = axis.tick_at(-4), axis.tick_at(width + 4)
    seen = [note for note in selection.notes if note.end > first and note.start < last]
    for note in seen:
        box = note_box(lane, axis, note.start, note.end, note.pitch)
        _outline(painter, box, colour("selected"), 1.5)


def paint_carried(painter: QPainter, lane: Lane, axis: TimeAxis, notes: Iterable[Note]) -> None:
    """The notes in the hand, where they would land."""
    scale = painter.device().devicePixelRatioF()
    tall = dot_size(lane) if lane.track.is_drum else note_height(lane)
    ink = ink_for(lane.role, tall, dimmed=False, scale=scale)
    for note in notes:
        box = note_box(lane, axis, note.start, note.end, note.pitch)
        if lane.track.is_drum:
            painter.drawPixmap(box.topLeft(), ink.dots[level_of(note.velocity)])
        else:
            paint_bar(painter, box, ink, level_of(note.velocity))
        _outline(painter, box, colour("selected"), 1.5)
        if lane.velocity_top < lane.bottom - LANE_GAP:
            tall = velocity_stem(note.velocity)
            painter.fillRect(box.left(), lane.bottom - LANE_GAP - tall, 3, tall, colour("selected"))


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
    edge = width / 2 if box.height() >= 9 else -width / 2
    painter.drawRoundedRect(QRectF(box).adjusted(edge, edge, -edge, -edge), 2, 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
