"""How the melody that sounds draws chords and notes towards itself.

A chord gains by the share of the melody's sounding time that it holds, over half a bar; a note of
the chord gains by the share of its beat in which the melody has its pitch class, but the melody's
own pitch does not, for that would double it in unison. Where harmony was given, by chord hints or
by parts that stay, nothing is drawn.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.music.harmony import NO_CHORD, PITCH_CLASSES
from models.axes import split_axis
from models.habits import DecodeSettings
from models.infill import same_bar
from models.layout import STEPS_PER_BEAT, Layout
from models.windows import chord_table

HALF_BAR = 2  # beats
UNSUNG = 1e-6  # steps


class MelodyPull(nn.Module):
    """What is added to the logits of chords and of onsets."""

    fold: Tensor
    members: Tensor

    def __init__(self, layout: Layout, settings: DecodeSettings) -> None:
        super().__init__()
        self.settings = settings
        classes = (torch.arange(layout.pitches) + layout.pitch_low) % PITCH_CLASSES
        members = chord_table()[:NO_CHORD, PITCH_CLASSES:].T
        fold = functional.one_hot(classes, PITCH_CLASSES).float()
        self.register_buffer("fold", fold, persistent=False)
        self.register_buffer("members", members, persistent=False)

    def sung(self, melody: Tensor, chords: Tensor, keep: Tensor) -> Tensor:
        """Steps of each pitch (batch, beat, pitch) of the melody, where no harmony was given.

        ``melody`` (batch, plane, step, pitch), ``chords`` (batch, beat, 24) as they were told,
        ``keep`` (batch, track, step).
        """
        beats = chords.shape[1]
        steps = split_axis(melody[:, 1], 1, (beats, STEPS_PER_BEAT)).sum(2)
        return steps * self.untold(chords, keep)

    def untold(self, chords: Tensor, keep: Tensor) -> Tensor:
        """1 for beats (batch, beat, 1) where no harmony was given; as of `sung`."""
        told = chords.amax((1, 2), keepdim=True)
        kept = split_axis(keep.amax(1), 1, (chords.shape[1], STEPS_PER_BEAT)).amax(2)
        return (1 - told) * (1 - kept)[..., None]

    def of_chords(self, sung: Tensor, position: Tensor) -> Tensor:
        """What each chord gains (batch, beat, chord); ``position`` (batch, 2, step)."""
        bars = same_bar(position)
        place = torch.arange(sung.shape[1], device=sung.device).to(sung.dtype)
        since = (bars * (place[:, None] > place[None, :])).sum(2)
        half = torch.floor(since / HALF_BAR)
        together = bars * (half[:, :, None] == half[:, None, :]).to(sung.dtype)
        return self.settings.chord_pull * _shares(together @ sung @ self.fold) @ self.members

    def of_notes(self, sung: Tensor, chords: Tensor) -> Tensor:
        """What each onset gains (batch, step, pitch) under ``chords`` (batch, beat, 24)."""
        heard = sung @ self.fold
        # A pitch class that is most of the whole melody, as in one repeated note, tells little.
        telling = (2 * (1 - _shares(heard.sum(1, keepdim=True)))).clamp(max=1)
        agreeing = _shares(heard) * telling * chords[..., PITCH_CLASSES:]
        gain = agreeing @ self.fold.T * (1 - sung.clamp(max=1))
        return self.settings.note_pull * gain.repeat_interleave(STEPS_PER_BEAT, 1)


def pulled_parts(layout: Layout) -> tuple[int, ...]:
    """Tracks whose notes are drawn: no drums, nor single voices: a second voice is no echo."""
    return tuple(
        track
        for track, single in enumerate(layout.one_voice)
        if not single and track not in layout.drums
    )


def levelled(logits: Tensor, gain: Tensor, temperature: Tensor) -> Tensor:
    """Logits (…, pitch) with what they gain, so that each step has about as many onsets as before.

    So the pull changes what is struck, not when.
    """
    shares = torch.softmax(logits / temperature, -1)
    more = (shares * torch.exp(gain / temperature)).sum(-1, keepdim=True)
    return logits + gain - temperature * torch.log(more)


def _shares(steps: Tensor) -> Tensor:
    return steps / steps.sum(-1, keepdim=True).clamp(min=UNSUNG)
