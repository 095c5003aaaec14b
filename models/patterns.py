"""How drums come back to their pattern: what was struck in other bars of a phrase draws its like.

The first bars that are drawn decide, each with luck of its own; those that follow lean on them. So
bars are alike without a whole phrase resting on one throw.
"""

import torch
from torch import Tensor

from models.axes import split_axis
from models.layout import STEPS_PER_BEAT

PATTERN_BARS = 8  # of a phrase


def same_in_phrase(bars: Tensor) -> Tensor:
    """1 where two beats (batch, beat, beat) stand at the same place in bars of one phrase.

    Phrases are of `PATTERN_BARS` bars; ``bars`` (batch, beat, beat) as of `same_bar`.
    """
    place = torch.arange(bars.shape[1], device=bars.device)
    since = (bars * (place[:, None] > place[None, :])).sum(2)  # beats since the bar began
    phrase = torch.floor(((since < 1).to(bars.dtype).cumsum(1) - 1) / PATTERN_BARS)
    alike = (since[:, :, None] == since[:, None, :]) & (phrase[:, :, None] == phrase[:, None, :])
    return alike.to(bars.dtype)


def pattern_votes(onset: Tensor, keep: Tensor, bars: Tensor) -> Tensor:
    """From −1, never struck, to 1, always: each step's and key's place in a phrase's other bars.

    ``onset`` (batch, track, step, pitch), ``keep`` (batch, track, step): what stands. Few bars
    count for less: one of them for half.
    """
    beats = bars.shape[1]
    together = same_in_phrase(bars)[:, None]
    struck = split_axis(onset, 2, (beats, STEPS_PER_BEAT)).flatten(3)
    stands = split_axis(keep, 2, (beats, STEPS_PER_BEAT)).amax(3)
    count = together @ stands[..., None]
    votes = (2 * (together @ struck) - count) / (count + 1)
    return votes.reshape(onset.shape)
