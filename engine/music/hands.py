"""The two hands of a take: which notes the left one played, by where the hands can lie.

A line between the hands moves through the take: the notes on each side must fit a hand, lie away
from the line, and the line moves as little as it can.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from engine.music.note import Note

LINES = np.arange(36, 85)
"""Where the line may lie: just below this pitch."""
HAND = 14
"""Semitones that a hand spans with ease."""
TOO_WIDE = 0.6
"""What each semitone more costs."""
NEAR = 1.2
"""What a note costs that lies at the line."""
USUAL, USUAL_COST = 59.5, 1 / 900
"""Where the line lies most often, and what its distance, squared, costs."""
MOVES = 0.22
"""What each semitone costs that the line moves by."""
LINGERS = 0.5
"""Of a quarter note: so long a hand stays where it struck."""

FloatArray = npt.NDArray[np.float64]


def split_hands(
    notes: Iterable[Note], ticks_per_quarter: int
) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
    """The notes of the left and of the right hand, each in order; one may be empty."""
    groups = _groups(sorted(notes), round(LINGERS * ticks_per_quarter))
    if not groups:
        return (), ()
    lines = _best_lines(np.array([_costs([note.pitch for note in group]) for group in groups]))
    left, right = list[Note](), list[Note]()
    for group, line in zip(groups, lines, strict=True):
        for note in group:
            (left if note.pitch < line else right).append(note)
    return tuple(sorted(left)), tuple(sorted(right))


def _groups(notes: Sequence[Note], ticks: int) -> list[list[Note]]:
    """Notes that begin within some ticks of a first one: what the hands hold together."""
    groups: list[list[Note]] = []
    for note in notes:
        if groups and note.start - groups[-1][0].start < ticks:
            groups[-1].append(note)
        else:
            groups.append([note])
    return groups


def _costs(pitches: Sequence[int]) -> FloatArray:
    """What each line costs for notes that are played together."""
    high = np.array(sorted(pitches), np.float64)[None, :]
    line = LINES[:, None] - 0.5
    near = NEAR / (1 + np.abs(high - line))
    costs: FloatArray = near.sum(axis=1) + (LINES - USUAL) ** 2 * USUAL_COST
    for side in (high < line, high > line):
        top = np.where(side, high, -np.inf).max(axis=1)
        foot = np.where(side, high, np.inf).min(axis=1)
        costs = costs + TOO_WIDE * np.maximum(0, np.where(side.any(axis=1), top - foot, 0) - HAND)
    return costs


def _best_lines(costs: FloatArray) -> list[int]:
    """The cheapest way of the line through the groups (group, line)."""
    moves = MOVES * np.abs(LINES[:, None] - LINES[None, :])
    total = costs[0]
    came = []
    for row in costs[1:]:
        ways = total[None, :] + moves
        came.append(ways.argmin(axis=1))
        total = ways.min(axis=1) + row
    at = int(total.argmin())
    path = [at]
    for back in reversed(came):
        at = int(back[at])
        path.append(at)
    return [int(LINES[each]) for each in reversed(path)]
