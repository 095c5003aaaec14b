"""Where a melody changes its key: the best way through the keys of its bars (Viterbi).

Each bar says how well a key fits it and its neighbours; a change costs a fixed amount. What is best
up to a bar and from it on is a chain of (max, +) products, which a graph of any length multiplies
by doubling. Where the best way stays in one key, what fits the whole melody counts, too.
"""

import torch
from torch import Tensor
from torch.nn import functional

# In units of a bar's correlation. Chosen on training songs by how much of people's accompaniment
# lies in the scale that is read (one key, changing keys): 318 stretches of 64 bars of POP909 93.8,
# 95.5 %; 168 of rock bands 85.3, 85.7; 377 of 32 bars of songs with piano 82.8, 83.9; 1,112 of
# eight bars of folk tunes 95.7, 95.7, in none of which the key changes.
CHANGE_COSTS = 4.0
OF_THE_WHOLE = 16.0  # what the whole melody's correlation counts for, where no key changes
REACH = 1.0  # bars, the deviation of the bell over a bar and those around it
DOUBLINGS = 9  # as far as 512 beats
NEVER = -1e4


def around(begins: Tensor) -> Tensor:
    """How much each beat (batch, beat, beat) counts for the bar of another.

    ``begins`` (batch, beat) is 1 where a bar begins.
    """
    number = begins.cumsum(1)
    return torch.exp(-0.5 * ((number[:, :, None] - number[:, None, :]) / REACH) ** 2)


def keys_by_bar(whole: Tensor, local: Tensor, begins: Tensor) -> Tensor:
    """The key of each beat (batch, beat), an index; the same in all beats of a bar.

    ``whole`` (batch, key) says how well each key fits the melody, ``local`` (batch, beat, key) how
    well around the bar of each beat, ``begins`` (batch, beat) is 1 where a bar begins.
    """
    first = torch.cat([torch.ones_like(begins[:, :1]), begins[:, 1:]], 1)[..., None]
    fits = local * first
    # Backwards, a bar is left where forwards it begins.
    back = functional.pad(first.flip(1), (0, 0, 1, 0))[:, : first.shape[1]]
    forwards, backwards = _best_up_to(fits, first), _best_up_to(fits.flip(1), back).flip(1)
    way = (forwards + backwards - fits).argmax(-1)
    changes = (way != way[:, :1]).to(fits.dtype).amax(1, keepdim=True)
    one = (fits.sum(1) + OF_THE_WHOLE * whole).argmax(-1)[:, None]
    return torch.where(changes > 0, way, one.expand(-1, way.shape[1]))


def _best_up_to(fits: Tensor, may_change: Tensor) -> Tensor:
    """What the best way to each key (batch, beat, key) is worth, that beat included."""
    keys = fits.shape[-1]
    stays = torch.eye(keys, dtype=fits.dtype, device=fits.device)
    leaves = torch.where(may_change > 0, -CHANGE_COSTS, NEVER)[..., None]
    steps = (1 - stays) * leaves + fits[:, :, None, :]  # (batch, beat, from, to)
    nothing = (1 - stays) * NEVER
    for doubling in range(DOUBLINGS):
        before = functional.pad(steps - nothing, (0, 0, 0, 0, 2**doubling, 0))
        before = before[:, : steps.shape[1]] + nothing
        steps = (before[..., None] + steps[:, :, None]).amax(3)
    return steps.amax(2)
