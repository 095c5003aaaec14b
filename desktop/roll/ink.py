"""The colours and small pictures that notes are painted with, made once per lane and theme."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from desktop.theme import colour, current_theme, mixed

LEVELS = 8
"""Steps of brightness that a velocity is shown in."""
CAP = 4
"""Width in pixels of a note's rounded beginning and end."""
NOTE_RADIUS = 2.0
_SOFTEST, _DIMMED, _GHOST = 0.5, 0.45, 0.24
_EDGE, _GHOST_EDGE = 0.42, 0.12
"""How dark a note's beginning is; a ghost's must not stand out from it."""


Pixels = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Stamps:
    """The columns of pixels that notes are put together from, by code; code 0 is empty.

    Of their lines only those that differ are kept: ``pixels`` (line kept, code), premultiplied,
    and which of them each line of a note is.
    """

    pixels: Pixels
    lines: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class NoteInk:
    """What a lane's notes of one height are painted with, by level of brightness."""

    bodies: tuple[QColor, ...]
    edges: tuple[QColor, ...]
    begins: tuple[QPixmap, ...]
    ends: tuple[QPixmap, ...]
    dots: tuple[QPixmap, ...]
    packed: Pixels
    """Level + 1 to a premultiplied pixel; 0 is no note."""
    bar_columns: Stamps
    dot_columns: Stamps


def level_of(velocity: int) -> int:
    """Brightness level, 0 to 7, of a velocity from 1 to 127."""
    return min(LEVELS - 1, velocity * LEVELS // 128)


def note_colour(role: str, level: int, *, dimmed: bool) -> QColor:
    """A note's colour: brighter the louder it is, nearly gone where its track is silent."""
    share = _SOFTEST + (1.0 - _SOFTEST) * (level + 1) / LEVELS
    return mixed("surface", role, share * (_DIMMED if dimmed else 1.0))


def ghost_colour(role: str, level: int) -> QColor:
    """The colour of a note that belongs to another track than the one that is edited."""
    return mixed("surface", role, _GHOST * (1.0 + 0.25 * level / LEVELS))


def ink_for(role: str, height: int, *, dimmed: bool, scale: float, ghost: bool = False) -> NoteInk:
    """The ink of a colour role for notes ``height`` pixels tall at a device pixel ratio."""
    return _ink(current_theme().name, role, height, dimmed, ghost, scale)


@lru_cache(maxsize=96)  # each holds two dozen small pictures
def _ink(theme: str, role: str, height: int, dimmed: bool, ghost: bool, scale: float) -> NoteInk:
    bodies = tuple(
        ghost_colour(role, level) if ghost else note_colour(role, level, dimmed=dimmed)
        for level in range(LEVELS)
    )
    edges = tuple(_darker(body, _GHOST_EDGE if ghost else _EDGE) for body in bodies)
    pairs = tuple(zip(bodies, edges, strict=True))
    begins = tuple(_cap(body, edge, height, scale, begins=True) for body, edge in pairs)
    ends = tuple(_cap(body, edge, height, scale, begins=False) for body, edge in pairs)
    dots = tuple(_dot(body, height, scale) for body in bodies)
    packed = np.array([0, *(body.rgba() for body in bodies)], dtype=np.uint32)
    dark = np.array([edge.rgba() for edge in edges], dtype=np.uint32)
    tall = max(1, round(height * scale))
    plain = np.tile(np.concatenate([packed, dark]), (tall, 1))
    caps = [_pixels(each) for each in (*begins, *ends)]
    bars = _stamps(np.concatenate([plain, *caps], axis=1))
    empty = np.zeros((tall, 1), dtype=np.uint32)
    round_ones = _stamps(np.concatenate([empty, *(_pixels(dot) for dot in dots)], axis=1))
    return NoteInk(bodies, edges, begins, ends, dots, packed, bars, round_ones)


def _pixels(pixmap: QPixmap) -> Pixels:
    """A small picture as premultiplied pixels (line, column)."""
    kind = QImage.Format.Format_ARGB32_Premultiplied
    image = pixmap.toImage().convertToFormat(kind)
    lines = np.frombuffer(image.constBits(), dtype=np.uint32).reshape(image.height(), -1)
    return lines[:, : image.width()].copy()


def _stamps(columns: Pixels) -> Stamps:
    kept, lines = np.unique(columns, axis=0, return_inverse=True)
    return Stamps(np.ascontiguousarray(kept), lines.reshape(-1))


def _darker(body: QColor, share: float) -> QColor:
    ground = colour("text" if current_theme().name == "light" else "window")
    return QColor.fromRgbF(
        body.redF() + (ground.redF() - body.redF()) * share,
        body.greenF() + (ground.greenF() - body.greenF()) * share,
        body.blueF() + (ground.blueF() - body.blueF()) * share,
    )


def _canvas(width: int, height: int, scale: float) -> QPixmap:
    pixmap = QPixmap(max(1, round(width * scale)), max(1, round(height * scale)))
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def _cap(body: QColor, edge: QColor, height: int, scale: float, *, begins: bool) -> QPixmap:
    pixmap = _canvas(CAP, height, scale)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        left = 0.0 if begins else -4.0
        painter.setBrush(body)
        painter.drawRoundedRect(QRectF(left, 0, CAP + 4.0, height), NOTE_RADIUS, NOTE_RADIUS)
        if begins:
            painter.setClipRect(QRectF(0, 0, 2, height))
            painter.setBrush(edge)
            painter.drawRoundedRect(QRectF(0, 0, CAP + 4.0, height), NOTE_RADIUS, NOTE_RADIUS)
    return pixmap


def _dot(body: QColor, height: int, scale: float) -> QPixmap:
    pixmap = _canvas(height, height, scale)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(body)
        painter.drawEllipse(QRectF(0, 0, height, height))
    return pixmap
