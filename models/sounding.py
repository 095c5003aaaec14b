"""How long notes sound: lengths in steps to cells, by doubling, so that it runs in the graph."""

import torch
from torch import Tensor
from torch.nn import functional

from models.habits import Habits
from models.layout import DURATIONS

UNHEARD = 64.0  # steps, beyond any length
NOTE_STEPS = (1, 2, 4, 8)  # doubled each time: as far as the longest note of all
# A single voice's notes end where the next begins: people's lengths are heeded so much there. More
# of it made basses dry.
OF_ONE_VOICE = 1 / 3
HELD_STEPS = (*NOTE_STEPS, 16, 32)  # as far as a voice may be held


def lengths_of(habits: Habits, one_voice: Tensor) -> Tensor:
    """What is added to the logits of lengths (track, class); ``one_voice`` (track,) bool."""
    lengths = torch.tensor(habits.lengths)
    return torch.where(one_voice[:, None], OF_ONE_VOICE * lengths, lengths)


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
