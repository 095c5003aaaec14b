"""Parallel fifths and octaves: which pitches would make one, as far as can be seen.

A voice that strikes a pitch moves in parallel with another one if both move the same way and were
a fifth or octave apart, and are again. Looked at from the note before and to the beat after.
"""

import torch
from torch import Tensor
from torch.nn import functional

from models.layout import STEPS_PER_BEAT

SILENT = -1.0
NOWHERE = -500.0  # no pitch
OCTAVE, FIFTH = 12, 7


def lines_of(sounding: Tensor) -> Tensor:
    """The highest pitch of each voice (batch, voice, step), `SILENT` where there is none."""
    place = torch.arange(1, sounding.shape[3] + 1, device=sounding.device)
    return (sounding * place.to(sounding.dtype)).amax(-1) - 1.0


def parallels(melody: Tensor, sounding: Tensor) -> Tensor:
    """1 and more for each (batch, track, step, pitch) that would make parallels, else 0.

    ``melody`` (batch, step) as of `lines_of`; ``sounding`` (batch, track, step, pitch), zero where
    nothing stands yet.
    """
    own = lines_of(sounding)
    voices = torch.cat([melody[:, None], own], 1)
    tracks = own.shape[1]
    other = 1 - functional.pad(torch.eye(tracks, device=own.device, dtype=own.dtype), (1, 0))
    before = functional.pad(voices, (1, -1), value=SILENT)
    # (batch, track, voice, step): each track against each voice.
    moves = _moves(voices, before)[:, None]
    apart = _perfect(before[:, 1:], before) * other[None, :, :, None]
    after_note = _target(before[:, 1:, None] + moves, apart * (moves != 0))
    again = _perfect(own, voices) * other[None, :, :, None]
    reaching = _target(own[:, :, None] - moves, again * (moves != 0))
    next_beat = functional.pad(reaching[..., ::STEPS_PER_BEAT], (-1, 1), value=NOWHERE)
    before_beat = next_beat.repeat_interleave(STEPS_PER_BEAT, 3)
    place = torch.arange(sounding.shape[3], device=own.device).to(own.dtype)
    hits = (after_note[..., None] == place) | (before_beat[..., None] == place)
    return hits.to(own.dtype).sum(2)


def _moves(voices: Tensor, before: Tensor) -> Tensor:
    """Semitones from the step before; 0 where either is silent."""
    heard = (voices > SILENT).to(voices.dtype) * (before > SILENT).to(voices.dtype)
    return (voices - before) * heard


def _perfect(own: Tensor, voices: Tensor) -> Tensor:
    """1 where a track (batch, track, step) is a fifth or octave from a voice (batch, voice, step).

    (batch, track, voice, step); 0 where either is silent.
    """
    both = (own > SILENT)[:, :, None] & (voices > SILENT)[:, None]
    interval = torch.remainder((own[:, :, None] - voices[:, None]).abs(), OCTAVE)
    return (both & ((interval == 0) | (interval == FIFTH))).to(own.dtype)


def _target(pitch: Tensor, counts: Tensor) -> Tensor:
    return torch.where(counts > 0, pitch, NOWHERE)
