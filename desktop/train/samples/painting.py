"""Painting of a sample's piano roll at any size: all parts in one picture, pitch by height."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

from desktop.roll.grid import LINE_ROLES
from desktop.roll.ink import LEVELS, ink_for, level_of, note_colour
from desktop.roll.names import is_black
from desktop.roll.painter import paint_bar
from desktop.roll.raster import rasterized
from desktop.roll.transform import PitchAxis, TimeAxis
from desktop.theme import colour, current_theme
from desktop.train.samples.sheet import Extent, Part, Sheet
from engine.music.note_columns import IntArray

DETAILED = 1500
"""More notes than this are painted as a raster: an untrained network plays thousands."""
LEAST_NOTE, MOST_NOTE = 2, 9
DRUM_SHARE = 0.16
ROWS_FROM = 3.0
"""Height of a row from which on black keys' rows are shown."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a picture lies, and what it has room for."""

    box: QRect
    extent: Extent
    detailed: bool = False
    """With black keys' rows and beats: for a picture that has the room."""
    rounded: bool = False
    """Notes as in the Studio. On the GUI thread only: they are made of pixmaps."""

    @property
    def time_axis(self) -> TimeAxis:
        """Ticks to x within the painter's coordinates."""
        return TimeAxis(self.box.width() / max(1, self.extent.end), -self.box.left())

    def pitch_axis(self, sheet: Sheet) -> PitchAxis:
        """Pitches to y; drums, where there are any, take the foot."""
        foot = self.box.height() * DRUM_SHARE if sheet.has_drums else 0.0
        room = max(1.0, self.box.height() - foot - 2)
        return PitchAxis(range(self.extent.low, self.extent.high + 1), self.box.top() + 1, room)

    def note_height(self, sheet: Sheet) -> int:
        """Height in pixels of a note."""
        row = self.pitch_axis(sheet).row_height
        return max(LEAST_NOTE + self.rounded, min(MOST_NOTE, int(row)))


def paint_sheet(painter: QPainter, sheet: Sheet, frame: Frame, scale: float = 1.0) -> None:
    """Ground, lines and notes; the melody over all others. ``scale`` is the device pixel ratio."""
    painter.save()
    painter.setClipRect(frame.box)
    _paint_ground(painter, sheet, frame)
    axis = frame.time_axis
    for part in (*sheet.parts[1:], *sheet.parts[:1]):
        if not len(part.table):
            continue
        if part.is_drum:
            _paint_drums(painter, part, frame, axis)
        elif sheet.notes > DETAILED:
            _paint_raster(painter, sheet, part, frame, axis)
        else:
            _paint_bars(painter, sheet, part, frame, axis, scale)
    painter.restore()


def _paint_ground(painter: QPainter, sheet: Sheet, frame: Frame) -> None:
    box = frame.box
    painter.fillRect(box, colour("window"))
    axis = frame.pitch_axis(sheet)
    if frame.detailed and axis.row_height >= ROWS_FROM:
        painter.fillRect(box, colour("surface"))
        dark = colour("black_row")
        for row, pitch in enumerate(axis.pitches):
            if is_black(pitch):
                top, height = axis.row_box(row)
                painter.fillRect(box.left(), top, box.width(), height, dark)
    _paint_lines(painter, sheet, frame)


def _paint_lines(painter: QPainter, sheet: Sheet, frame: Frame) -> None:
    box, axis = frame.box, frame.time_axis
    if frame.detailed:
        inks = {role: colour(role) for role in LINE_ROLES}
        for x, role in sheet.grid.lines(axis, box.left(), box.right() + 1):
            painter.fillRect(x, box.top(), 1, box.height(), inks[role])
        return
    faint = colour("beat_line")
    for tick in sheet.grid.bars[1:]:
        painter.fillRect(axis.x_at(tick), box.top(), 1, box.height(), faint)


def _columns(ticks: IntArray, axis: TimeAxis) -> IntArray:
    columns: IntArray = np.floor(ticks * axis.pixels_per_tick).astype(np.int64)
    return columns - axis.offset


def _paint_bars(
    painter: QPainter, sheet: Sheet, part: Part, frame: Frame, axis: TimeAxis, scale: float
) -> None:
    tall, pitches, table = frame.note_height(sheet), frame.pitch_axis(sheet), part.table
    bodies = _bodies(current_theme().name, part.role)
    ink = ink_for(part.role, tall, dimmed=False, scale=scale) if frame.rounded else None
    lefts = _columns(table.starts, axis)
    widths = np.maximum(_columns(table.ends, axis) - lefts - 1, 2)
    tops = {pitch: _note_top(pitches, pitch, tall) for pitch in table.used_pitches}
    for left, width, pitch, velocity in zip(
        lefts.tolist(),
        widths.tolist(),
        table.pitches.tolist(),
        table.velocities.tolist(),
        strict=True,
    ):
        box, level = QRect(left, tops[pitch], width, tall), level_of(velocity)
        if ink is not None:
            paint_bar(painter, box, ink, level)
        else:
            painter.fillRect(box, bodies[level])


@lru_cache(maxsize=32)
def _bodies(theme: str, role: str) -> tuple[QColor, ...]:
    """A role's colours by level of brightness."""
    return tuple(note_colour(role, level, dimmed=False) for level in range(LEVELS))


def _note_top(axis: PitchAxis, pitch: int, tall: int) -> int:
    row = min(max(pitch, axis.pitches[0]), axis.pitches[-1]) - axis.pitches[0]
    top, height = axis.row_box(row)
    return top + (height - tall) // 2


def _paint_drums(painter: QPainter, part: Part, frame: Frame, axis: TimeAxis) -> None:
    """One row for each instrument in use, along the foot."""
    foot = frame.box.height() * DRUM_SHARE
    rows = {pitch: row for row, pitch in enumerate(part.table.used_pitches)}
    step = max(1.0, (foot - 2) / max(1, len(rows)))
    size = max(2, min(5, int(step)))
    body = colour(part.role)
    for start, pitch in zip(
        _columns(part.table.starts, axis).tolist(), part.table.pitches.tolist(), strict=True
    ):
        top = frame.box.bottom() - round((rows[pitch] + 1) * step)
        painter.fillRect(start, top, size, size, body)


def _paint_raster(
    painter: QPainter, sheet: Sheet, part: Part, frame: Frame, axis: TimeAxis
) -> None:
    box, pitches, table = frame.box, frame.pitch_axis(sheet), part.table
    tall = frame.note_height(sheet)
    tops = np.zeros(128, dtype=np.int64)
    for pitch in table.used_pitches:
        tops[pitch] = _note_top(pitches, pitch, tall) - box.top()
    rows = np.clip(tops[table.pitches], 0, box.height() - 1)
    lefts = _columns(table.starts, axis) - box.left()
    rights = _columns(table.ends, axis) - box.left()
    levels = rasterized(lefts, rights, rows, table.velocities, (box.height(), box.width()))
    thick = levels.copy()
    for line in range(1, tall):
        thick[line:] = np.maximum(thick[line:], levels[:-line])
    bodies = _bodies(current_theme().name, part.role)
    packed = np.array([0, *(body.rgba() for body in bodies)], dtype=np.uint32)
    pixels = np.ascontiguousarray(packed[thick])
    kind = QImage.Format.Format_ARGB32_Premultiplied
    painter.drawImage(
        box.topLeft(), QImage(pixels.data, box.width(), box.height(), box.width() * 4, kind)
    )
