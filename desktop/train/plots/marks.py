"""How curves are told apart: by a colour and a mark each, for colour alone tells some nothing."""

import math
from collections.abc import Sequence
from functools import cache

from PySide6.QtGui import QPainterPath

from desktop.theme import TRACK_ROLES
from engine.store.curves import CurveKind

ROLES: dict[str, str] = {
    "generator": "melody",
    "total": "melody",
    "critic": "bass",
    "penalty": "chords",
    "distance": "drums",
    "similarity": "chords",
}
MARKS = ("disc", "square", "triangle", "diamond", "cross", "drop", "star", "bar")
_CORNERS: dict[str, tuple[tuple[float, float], ...]] = {
    "square": ((-0.42, -0.42), (0.42, -0.42), (0.42, 0.42), (-0.42, 0.42)),
    "triangle": ((0, -0.52), (0.52, 0.4), (-0.52, 0.4)),
    "diamond": ((0, -0.58), (0.48, 0), (0, 0.58), (-0.48, 0)),
    "drop": ((0, 0.52), (0.52, -0.4), (-0.52, -0.4)),
    "bar": ((-0.5, -0.2), (0.5, -0.2), (0.5, 0.2), (-0.5, 0.2)),
}


def roles_of(kinds: Sequence[CurveKind]) -> dict[str, str]:
    """A colour role for each curve's name: the usual one, or one that few others have."""
    found = {kind.name: ROLES[kind.name] for kind in kinds if kind.name in ROLES}
    turns = sorted(TRACK_ROLES, key=lambda role: role in found.values())
    others = [kind.name for kind in kinds if kind.name not in found]
    return found | {name: turns[index % len(turns)] for index, name in enumerate(others)}


def mark_at(index: int) -> str:
    """The mark of the curve at a place in the run's order."""
    return MARKS[index % len(MARKS)]


@cache
def mark_path(mark: str) -> QPainterPath:
    """A mark's outline around 0, about 1 wide."""
    path = QPainterPath()
    if mark == "disc":
        path.addEllipse(-0.45, -0.45, 0.9, 0.9)
        return path
    corners = _CORNERS.get(mark) or (_star() if mark == "star" else _cross())
    path.moveTo(*corners[0])
    for corner in corners[1:]:
        path.lineTo(*corner)
    path.closeSubpath()
    return path


def _star() -> tuple[tuple[float, float], ...]:
    return tuple(
        (radius * math.sin(index * math.pi / 5), -radius * math.cos(index * math.pi / 5))
        for index in range(10)
        for radius in (0.6 if index % 2 == 0 else 0.26,)
    )


def _cross() -> tuple[tuple[float, float], ...]:
    a, b = 0.16, 0.5
    quarter = ((a, -b), (a, -a), (b, -a))
    return tuple(
        (x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn))
        for turn in (0, math.pi / 2, math.pi, 3 * math.pi / 2)
        for x, y in quarter
    )
