"""Where the phrases of a melody begin and end, as far as it tells, and the loudness of that."""

import torch
from torch import Tensor
from torch.nn import functional

from models.layout import STEPS_PER_BEAT
from models.voice_leading import SILENT

# What is added to velocities of 0 to 1: on a bar's first step, on other beats, between beats, under
# the note that ends a phrase, and for each semitone that the melody's line is above its wider mean.
BAR, BEAT, BETWEEN, END, SEMITONE = 0.05, 0.0, -0.03, -0.05, 0.008
MOST = 0.06  # by the line
LINE_REACH, WIDE_REACH = 2, 16  # beats either way


def entries(melody: Tensor) -> Tensor:
    """1 at steps (batch, step) at which a melody, as of `lines_of`, begins after silence."""
    before = functional.pad(melody, (1, -1), value=SILENT)
    return ((melody > SILENT) & (before <= SILENT)).to(melody.dtype)


def phrase_ends(melody: Tensor) -> Tensor:
    """1 at steps (batch, step) at which a note of two beats or more, or the last before a rest,
    begins; ``melody`` as of `lines_of`.
    """
    begins = (melody > SILENT) & (melody != functional.pad(melody, (1, -1), value=SILENT))
    stays = (melody == _ahead(melody, 1, SILENT)).to(melody.dtype)
    for steps in (1, 2, 3):  # three equal steps, five, eight
        stays = stays * _ahead(stays, steps, 0.0)
    rests = (_ahead(melody, STEPS_PER_BEAT, SILENT) <= SILENT).to(melody.dtype)
    return begins.to(melody.dtype) * torch.maximum(stays, rests)


def before_ends(melody: Tensor) -> Tensor:
    """1 for each beat (batch, beat) before one on which a phrase's last note begins."""
    return _ahead(phrase_ends(melody), STEPS_PER_BEAT, 0.0)[:, ::STEPS_PER_BEAT]


def swell(melody: Tensor, position: Tensor) -> Tensor:
    """What is added to velocities (batch, step) where the data tells nothing of loudness.

    Bars and beats are accented, the parts rise and fall with the melody's line and give way under
    the note that ends a phrase. ``position`` (batch, 2, step).
    """
    beats = melody[:, ::STEPS_PER_BEAT]
    sung = (beats > SILENT).to(melody.dtype)
    near, wide = (_mean_near(beats, sung, reach) for reach in (LINE_REACH, WIDE_REACH))
    line = (SEMITONE * (near - wide)).clamp(-MOST, MOST)
    ends = phrase_ends(melody)[:, ::STEPS_PER_BEAT]
    phrase = (line + END * ends).repeat_interleave(STEPS_PER_BEAT, 1)
    return phrase + BETWEEN + (BEAT - BETWEEN) * position[:, 1] + (BAR - BEAT) * position[:, 0]


def _mean_near(line: Tensor, sung: Tensor, reach: int) -> Tensor:
    """The line's mean over so many beats either way, of those that are sung; 0 where none is."""
    place = torch.arange(line.shape[1], device=line.device)
    near = ((place[:, None] - place[None, :]).abs() <= reach).to(line.dtype)
    return (line * sung) @ near / (sung @ near).clamp(min=1.0)


def _ahead(x: Tensor, steps: int, fill: float) -> Tensor:
    """(batch, step) moved ``steps`` earlier."""
    return functional.pad(x[:, steps:], (0, steps), value=fill)
