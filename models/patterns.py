"""How parts come back to their pattern: what was struck in other bars of a phrase draws its like.

The first bars that are drawn decide, each with luck of its own; those that follow lean on them. So
bars are alike without a whole phrase resting on one throw. Drums lean on all bars of a phrase,
chords on those four apart, and the other parts on those under the same chord or two apart.
"""

import torch
from torch import Tensor

from engine.music.harmony import PITCH_CLASSES
from models.axes import split_axis
from models.layout import STEPS_PER_BEAT

PATTERN_BARS = 8  # of a phrase
TWO, FOUR = 2, 4  # bars, after which figures and phrases begin alike
DIFFERENT = 0.5  # of the classes in which two chords differ


def same_in_phrase(bars: Tensor) -> Tensor:
    """1 where two beats (batch, beat, beat) stand at the same place in bars of one phrase.

    Phrases are of `PATTERN_BARS` bars; ``bars`` (batch, beat, beat) as of `same_bar`.
    """
    since, number = _places(bars)
    return _equal(since) * _equal(torch.floor(number / PATTERN_BARS))


def bars_apart(bars: Tensor, count: int) -> Tensor:
    """1 where two beats of `same_in_phrase` are apart by a multiple of ``count`` bars."""
    _, number = _places(bars)
    return same_in_phrase(bars) * _equal(torch.remainder(number, float(count)))


def same_chord(chords: Tensor) -> Tensor:
    """1 where two beats (batch, beat, beat) have the same chord; ``chords`` (batch, beat, 24)."""
    size = chords.sum(2)
    apart = size[:, :, None] + size[:, None, :] - 2 * chords @ chords.transpose(1, 2)
    return (apart < DIFFERENT).to(chords.dtype)


def leaning(bars: Tensor, chords: Tensor, drums: Tensor) -> Tensor:
    """1 for beats that lean on each other (batch, track, beat, beat).

    ``bars`` (batch, beat, beat) as of `same_bar`, ``chords`` (batch, beat, 24), ``drums``
    (1, track, 1, 1): 1 for parts that play drum keys.
    """
    phrase = same_in_phrase(bars)[:, None]
    pitched = torch.maximum(phrase * same_chord(chords)[:, None], bars_apart(bars, TWO)[:, None])
    return torch.where(drums > 0, phrase, pitched)


def pattern_votes(onset: Tensor, keep: Tensor, together: Tensor) -> Tensor:
    """From −1, never struck, to 1, always: each step and pitch in the bars that are compared.

    ``onset`` (batch, track, step, pitch), ``keep`` (batch, track, step): what stands; ``together``
    (batch, track, beat, beat): 1 for the beats that lean on each other. Few bars count for less:
    one of them for half.
    """
    cells = (together.shape[2], STEPS_PER_BEAT)
    struck = split_axis(onset, 2, cells).flatten(3)
    stands = split_axis(keep, 2, cells).amax(3)
    count = together @ stands[..., None]
    votes = (2 * (together @ struck) - count) / (count + 1)
    return votes.reshape(onset.shape)


def chord_votes(chords: Tensor, known: Tensor, again: Tensor, table: Tensor) -> Tensor:
    """From 0 to 1: how like each chord (batch, beat, chord) are those that stand at such a place.

    Half for the root, half for the notes. ``chords`` (batch, beat, 24) and ``known`` (batch, beat)
    are what stands, ``again`` (batch, beat, beat) 1 for beats that lean on each other, ``table``
    (chord, 24) the chords there are.
    """
    found = again @ chords
    roots = found[..., :PITCH_CLASSES] @ table[:, :PITCH_CLASSES].T
    notes = table[:, PITCH_CLASSES:]
    shared = found[..., PITCH_CLASSES:] @ notes.T / notes.sum(1)
    return 0.5 * (roots + shared) / (again @ known[..., None]).clamp(min=1)


def _places(bars: Tensor) -> tuple[Tensor, Tensor]:
    """Beats since the bar began, and the bar's number from 0 on (batch, beat)."""
    place = torch.arange(bars.shape[1], device=bars.device)
    since = (bars * (place[:, None] > place[None, :])).sum(2)
    return since, (since < 1).to(bars.dtype).cumsum(1) - 1


def _equal(values: Tensor) -> Tensor:
    """1 where two of them (batch, beat) are equal, (batch, beat, beat)."""
    return (values[:, :, None] == values[:, None, :]).to(values.dtype)
