"""How long notes sound: lengths in steps to cells, by doubling, so that it runs in the graph."""

import torch
from torch import Tensor
from torch.nn import functional

from models.layout import DURATIONS

UNHEARD = 64.0  # steps, beyond any length
NOTE_STEPS = (1, 2, 4, 8)  # doubled each time: as far as the longest note of all
HELD_STEPS = (*NOTE_STEPS, 16, 32)  # as far as a voice may be held


def steps_left(sounding: Tensor) -> Tensor:
    """For how many steps (at most 16) each cell's note goes on, itself included.

    ``sounding`` (…, step, pitch).
    """
    left = torch.where(sounding > 0, UNHEARD, 0.0)
    for step in NOTE_STEPS:
        left = torch.minimum(left, _earlier(left, step, 0.0) + step)
    return left.clamp(max=DURATIONS[-1])


def steps_until(begins: Tensor, steps: tuple[int, ...]) -> Tensor:
    """How many steps after each cell (…, step, pitch) the next note begins; 1 is the next step.

    Looks ``steps``, all of them together, ahead; beyond it answers `UNHEARD`.
    """
    until = torch.where(_earlier(begins, 1, 0.0) > 0, 1.0, UNHEARD)
    until = functional.pad(until, (0, 0, 0, sum(steps)), value=UNHEARD)
    for step in steps:
        until = torch.minimum(until[..., :-step, :], until[..., step:, :] + step)
    return until


def lasting(left: Tensor, steps: tuple[int, ...]) -> Tensor:
    """1 where a note sounds, 0 elsewhere; ``left`` (…, step, pitch) is its length at its onset.

    Lengths are whole, and at most one more than ``steps`` together.
    """
    left = functional.pad(left, (0, 0, sum(steps), 0))
    for step in steps:
        left = torch.maximum(left[..., step:, :], left[..., :-step, :] - step)
    return left.clamp(0.0, 1.0)


def _earlier(x: Tensor, steps: int, fill: float) -> Tensor:
    """(…, step, pitch) moved ``steps`` earlier."""
    return functional.pad(x[..., steps:, :], (0, 0, 0, steps), value=fill)
