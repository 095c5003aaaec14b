"""Bars in which a part is to be heard at all: that nothing was struck in them is bad luck.

Whether a part rests in a bar is decided once; onsets are drawn a beat at a time, each beat seldom.
"""

import torch
from torch import Tensor

from models.axes import split_axis
from models.layout import STEPS_PER_BEAT

# A pick-up is shorter, and may stand alone.
FEWEST_BEATS = 2
UNLIKELY = -1e9  # a logit


def silent_bars(sounds: Tensor, bars: Tensor) -> Tensor:
    """1 at steps (batch, track, step) of bars in which nothing ``sounds`` (batch, track, step).

    ``bars`` (batch, beat, beat) as of `same_bar`; those of fewer than `FEWEST_BEATS` are left out.
    """
    beats = split_axis(sounds, 2, (-1, STEPS_PER_BEAT)).amax(-1)
    silent = (beats @ bars < 1) & (bars.sum(1, keepdim=True) >= FEWEST_BEATS)
    return silent.to(sounds.dtype).repeat_interleave(STEPS_PER_BEAT, 2)


def with_likeliest(onsets: Tensor, logits: Tensor, asked: Tensor, bars: Tensor) -> Tensor:
    """Onsets (batch, track, step, pitch), with the likeliest one of each bar that has none.

    Of the bars ``asked`` for, 1 at their steps (batch, track, step); others as of `silent_bars`.
    """
    beats = split_axis(logits.amax(-1), 2, (-1, STEPS_PER_BEAT)).amax(-1)
    highest = torch.where(bars[:, None] > 0, beats[:, :, None], UNLIKELY).amax(-1)
    struck = split_axis(onsets.amax(-1), 2, (-1, STEPS_PER_BEAT)).amax(-1) @ bars
    missing = (struck < 1).to(onsets.dtype).repeat_interleave(STEPS_PER_BEAT, 2) * asked
    likeliest = logits >= highest.repeat_interleave(STEPS_PER_BEAT, 2)[..., None]
    return onsets + missing[..., None] * likeliest.to(onsets.dtype)
