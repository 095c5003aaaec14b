"""The noise of a take as a recipe: fresh, near another take's, or between two.

A recipe is a sum of fresh noises with weights. Turning from one noise towards another on the sphere
(slerp) gives such a sum again, so recipes stay short however often takes are varied, and the same
recipe gives the same noise on every machine.
"""

from collections.abc import Iterable, Iterator
from math import acos, isfinite, sin

import numpy as np
import numpy.typing as npt

from engine.errors import MusicError
from engine.generation.seeds import take_noise
from engine.music.composition import NoiseShare, Origin

Flavour = tuple[NoiseShare, ...]
NEAR = 0.2
"""How far "more like this" turns, as a share of the way to another take.

`python -m tests.benchmarks.variations` measures what it does.
"""
MOST_SHARES = 24
_PARALLEL = 1e-6


def fresh(seed: int, take: int) -> Flavour:
    """The noise that the model contract gives to a take of a seed."""
    return (NoiseShare(seed, take, 1.0),)


def flavour_of(origin: Origin) -> Flavour:
    """What a take was made with."""
    return origin.blend or fresh(origin.seed, origin.take)


def noise_of(flavour: Flavour, size: int) -> npt.NDArray[np.float32]:
    """The noise of a recipe, shape (size,). Raises `MusicError` for weights that are no numbers."""
    total = np.zeros(size, dtype=np.float64)
    for share in flavour:
        if not isfinite(share.weight):
            raise MusicError("A take's noise has a weight that is no number.")
        total += share.weight * take_noise(share.seed, share.take, size).astype(np.float64)
    return total.astype(np.float32)


def between(first: Flavour, second: Flavour, share: float, size: int) -> Flavour:
    """A share (0 to 1) of the way from the first noise to the second, on the sphere."""
    here, there = noise_of(first, size), noise_of(second, size)
    kept, taken = _slerp_weights(here, there, share)
    weights: dict[tuple[int, int], float] = {}
    for flavour, factor in ((first, kept), (second, taken)):
        for each in flavour:
            key = each.seed, each.take
            weights[key] = weights.get(key, 0.0) + factor * each.weight
    return _largest(NoiseShare(*key, weight) for key, weight in weights.items())


def _slerp_weights(
    here: npt.NDArray[np.float32], there: npt.NDArray[np.float32], share: float
) -> tuple[float, float]:
    """The factors of both: an even turn, and a length that goes evenly from one to the other."""
    first, second = float(np.linalg.norm(here)), float(np.linalg.norm(there))
    cosine = float(here @ there) / (first * second) if first and second else 1.0
    angle = acos(min(1.0, max(-1.0, cosine)))
    if sin(angle) < _PARALLEL:
        return 1.0 - share, share
    length = (1 - share) * first + share * second
    turns = sin((1 - share) * angle) / sin(angle), sin(share * angle) / sin(angle)
    return length / first * turns[0], length / second * turns[1]


def _largest(shares: Iterable[NoiseShare]) -> Flavour:
    """The weightiest of them, as many as a recipe holds."""
    ordered = sorted(shares, key=lambda each: (-abs(each.weight), each.seed, each.take))
    return tuple(ordered[:MOST_SHARES])


def near(
    flavour: Flavour, seed: int, takes: int, size: int, *, first: int = 0
) -> tuple[Flavour, ...]:
    """Noises around one, each turned a little towards a take of ``seed``, from ``first`` on."""
    towards = (fresh(seed, take) for take in range(first, first + takes))
    return tuple(between(flavour, each, NEAR, size) for each in towards)


def path(first: Flavour, second: Flavour, steps: int, size: int) -> Iterator[Flavour]:
    """So many noises between two, at even distances; neither end is among them."""
    for step in range(1, steps + 1):
        yield between(first, second, step / (steps + 1), size)
