"""What a step of the past costs in memory: only what its new value does not share with the old."""

from dataclasses import fields, is_dataclass
from itertools import zip_longest
from typing import Any

POINTER = 8
OBJECT, NUMBER = 32, 32
"""Bytes of a small object without its fields, and of a number; of the smallest there is one."""
SMALLEST = range(-5, 257)
CHUNK = 128
FEW = 64
"""Up to so many things in a tuple are looked at one by one: the tracks of a song."""


def weight_beside(new: Any, old: Any) -> int:
    """Bytes that a value takes beside an old one which is kept as well; an estimate.

    Values are made of dataclasses, tuples and what is smaller. What both hold is counted once:
    a tuple costs its places, and of its things those between the first and the last that differ.
    """
    if new is old or new is None or isinstance(new, bool):
        return 0
    if isinstance(new, tuple):
        return POINTER * len(new) + _things(new, old if isinstance(old, tuple) else ())
    if is_dataclass(new):
        names = [field.name for field in fields(new)]
        own = sum(weight_beside(getattr(new, name), getattr(old, name, None)) for name in names)
        return OBJECT + POINTER * len(names) + own
    return 0 if isinstance(new, int) and new in SMALLEST else NUMBER


def _things(new: tuple[Any, ...], old: tuple[Any, ...]) -> int:
    if len(new) <= FEW:
        pairs = zip_longest(new, old[: len(new)])
        return sum(weight_beside(thing, before) for thing, before in pairs)
    return _differing(new, old) * weight_beside(new[0], None)


def _differing(new: tuple[Any, ...], old: tuple[Any, ...]) -> int:
    """How many things stand between the first and the last that are not the same, by chunks."""
    both = min(len(new), len(old))
    first = next((at for at in range(0, both, CHUNK) if not _same(new, old, at, at)), both)
    ends = range(len(new), len(new) - both + first, -CHUNK)
    moved = len(old) - len(new)
    last = next(
        (end for end in ends if not _same(new, old, end - CHUNK, end - CHUNK + moved)), first
    )
    return max(0, last - first)


def _same(new: tuple[Any, ...], old: tuple[Any, ...], at: int, there: int) -> bool:
    """Whether a chunk holds the same things; the first tells whether they are also as old."""
    mine, other = new[max(0, at) : at + CHUNK], old[max(0, there) : there + CHUNK]
    return mine == other and mine[0] is other[0]
