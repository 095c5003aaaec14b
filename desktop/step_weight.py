"""What a step of the past costs in memory: only what its new value does not share with the old."""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from itertools import zip_longest
from typing import Any

POINTER = 8
OBJECT, NUMBER = 32, 32
"""Bytes of a small object without its fields, and of a number; of the smallest there is one."""
SMALLEST = range(-5, 257)
FEW = 64
"""Up to so many things in a tuple are looked at one by one: the tracks of a song."""
LOOKED_AT = 128
"""Of more things, such as notes, about so many: all of 100,000 would take milliseconds an edit."""
GOLDEN = 0.6180339887498949
"""Multiples of it lie evenly spread between whole numbers, however many there are."""


def weight_beside(new: Any, old: Any) -> int:
    """Bytes that a value takes beside an old one which is kept as well; an estimate.

    Values are made of dataclasses, tuples and what is smaller. What both hold is counted once:
    a tuple costs its places, and of its things those that the old one has not; of a long tuple
    their share is judged by some of them.
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
    """About how many things the old tuple has not, where it would have them from either end."""
    places: Iterable[int] = range(len(new))
    if len(new) > LOOKED_AT:  # at no even distance: every other note may be another
        places = [int(len(new) * (GOLDEN * number % 1.0)) for number in range(LOOKED_AT)]
    later = len(old) - len(new)
    own = sum(not (_stands(new[at], old, at) or _stands(new[at], old, at + later)) for at in places)
    return round(own * len(new) / min(len(new), LOOKED_AT))


def _stands(thing: Any, old: tuple[Any, ...], at: int) -> bool:
    """Whether the old tuple holds this very thing at a place."""
    return 0 <= at < len(old) and old[at] is thing
