"""The rules of voices: parallel fifths and octaves, wide leaps, leading notes.

A voice that strikes a pitch moves in parallel with another one if both move the same way and were
a fifth or octave apart, and are again. A leading note lies a semitone below the root of a chord.
"""

import torch
from torch import Tensor
from torch.nn import functional

from engine.music.harmony import PITCH_CLASSES
from models.habits import VoiceRules
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

    Looked at from the note before and to the beat after.
    ``melody`` (batch, step) as of `lines_of`; ``sounding`` (batch, track, step, pitch), zero where
    nothing stands yet.
    """
    own = lines_of(sounding)
    voices = torch.cat([melody[:, None], own], 1)
    other = _others(own)
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


def parallel_steps(melody: Tensor, sounding: Tensor, above: bool = False) -> Tensor:
    """1 at steps (batch, track, step) at which a track moves in parallel with another voice.

    ``above``: with one that stands before it, the melody the first. Others as of `parallels`.
    """
    own = lines_of(sounding)
    voices = torch.cat([melody[:, None], own], 1)
    other = _others(own)
    if above:
        other = torch.tril(torch.ones_like(other))
    before = functional.pad(voices, (1, -1), value=SILENT)
    moves = _moves(voices, before)
    together = (moves[:, 1:, None] * moves[:, None] > 0).to(own.dtype)
    was, now = _interval(before[:, 1:], before), _interval(own, voices)
    again = _perfect(own, voices) * (was == now).to(own.dtype)
    return (together * again * other[None, :, :, None]).amax(2)


def rule_gain(
    melody: Tensor, sounding: Tensor, chords: Tensor, cadence: Tensor, rules: VoiceRules, low: int
) -> Tensor:
    """What each pitch (batch, track, step, pitch) gains or loses by leaps and leading notes.

    A voice on a leading note gains on the root above it; before the end of a phrase the leading
    note gains where no other voice has it, and loses where one does. ``chords`` (batch, beat, 24),
    ``cadence`` (batch, beat) as of `before_ends`, ``low`` the first pitch; others as of
    `parallels`.
    """
    own = lines_of(sounding)
    pitch = torch.arange(sounding.shape[3], device=own.device)
    fold = functional.one_hot((pitch + low) % PITCH_CLASSES, PITCH_CLASSES).to(own.dtype)
    place = pitch.to(own.dtype)
    root, tones = chords.split(PITCH_CLASSES, -1)
    below_next = functional.pad(root, (0, 0, -1, 1)).roll(-1, -1)
    leads = _by_pitch(below_next * tones * cadence[..., None], fold)[:, None]
    voices = torch.cat([melody[:, None], own], 1)
    has = ((voices[..., None] == place).to(own.dtype) * leads).sum(-1)
    doubled = (_others(own) @ has).clamp(max=1)[..., None]
    before = functional.pad(own, (1, -1), value=SILENT)[..., None]
    was = (before > SILENT).to(own.dtype)
    rises = (before + 1 == place).to(own.dtype) * _by_pitch(root, fold)[:, None] * was
    leaps = ((place - before).abs() > FIFTH).to(own.dtype) * was
    return rules.resolves * rises - rules.leaps * leaps + rules.leading * (1 - 2 * doubled) * leads


def _by_pitch(classes: Tensor, fold: Tensor) -> Tensor:
    """Pitch classes (batch, beat, 12) as (batch, step, pitch)."""
    return (classes @ fold.T).repeat_interleave(STEPS_PER_BEAT, 1)


def _others(own: Tensor) -> Tensor:
    """1 where a track (track, voice) and a voice, the melody the first, are not the same."""
    tracks = own.shape[1]
    return 1 - functional.pad(torch.eye(tracks, device=own.device, dtype=own.dtype), (1, 0))


def _interval(own: Tensor, voices: Tensor) -> Tensor:
    """Semitones, modulo the octave, of each track from each voice (batch, track, voice, step)."""
    return torch.remainder((own[:, :, None] - voices[:, None]).abs(), OCTAVE)


def _moves(voices: Tensor, before: Tensor) -> Tensor:
    """Semitones from the step before; 0 where either is silent."""
    heard = (voices > SILENT).to(voices.dtype) * (before > SILENT).to(voices.dtype)
    return (voices - before) * heard


def _perfect(own: Tensor, voices: Tensor) -> Tensor:
    """1 where a track (batch, track, step) is a fifth or octave from a voice (batch, voice, step).

    (batch, track, voice, step); 0 where either is silent.
    """
    both = (own > SILENT)[:, :, None] & (voices > SILENT)[:, None]
    interval = _interval(own, voices)
    return (both & ((interval == 0) | (interval == FIFTH))).to(own.dtype)


def _target(pitch: Tensor, counts: Tensor) -> Tensor:
    return torch.where(counts > 0, pitch, NOWHERE)
