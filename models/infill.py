"""Learning to fill in: hide some cells of an arrangement, ask the generator for them.

A cell is one beat of one track, the chord line being a track of its own. Hiding any subset at
random teaches every order of filling (Huang et al., Counterpoint by Convolution, ISMIR 2017), so
one network accompanies from nothing, around locked tracks, or between bars that stay.
"""

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from engine.music.harmony import PITCH_CLASSES, QUALITIES
from models.beat_unet import Heard, Logits
from models.key_frame import FARTHEST_DOWN, FARTHEST_UP, KeyFrame
from models.layout import REGISTERS, STEPS_PER_BEAT, Layout
from models.windows import Batch

STRAY_KEY = (
    0.15  # share of windows moved off C, so that modulations and misread keys are not strange
)
CHORD_WEIGHT, DURATION_WEIGHT, VELOCITY_WEIGHT, SOUNDING_WEIGHT = 12.0, 1.0, 0.3, 0.5
REST_WEIGHT = 4.0
LEAST_SPREAD, MOST_SPREAD = 0.01, 0.25  # of velocities from 0 to 1


class Cells(NamedTuple):
    """Which cells are known: ``tracks`` (batch, track, beat), ``chords`` (batch, beat), bool."""

    tracks: Tensor
    chords: Tensor


def in_c(batch: Batch, frame: KeyFrame, rng: torch.Generator) -> Batch:
    """The same windows moved to C major or A minor; a few of them elsewhere."""
    size = batch.melody.shape[0]
    shift = frame.shift_to_c(batch.melody)
    stray = torch.rand(size, generator=rng) < STRAY_KEY
    other = torch.randint(FARTHEST_DOWN, FARTHEST_UP + 1, (size,), generator=rng)
    shift = torch.where(stray, other, shift)
    qualities = len(QUALITIES)
    root = (batch.chords // qualities + shift[:, None]) % PITCH_CLASSES
    chords = root * qualities + batch.chords % qualities
    return batch._replace(
        melody=frame.moved(batch.melody, shift),
        rolls=frame.moved_tracks(batch.rolls, shift),
        lengths=frame.moved_tracks(batch.lengths.float(), shift).long(),
        chords=torch.where(batch.chords < 0, batch.chords, chords),
    )


def draw_cells(size: int, tracks: int, beats: int, rng: torch.Generator) -> Cells:
    """Random subsets of known cells, few and many, scattered, whole tracks and whole stretches."""
    share = torch.rand(size, 1, 1, generator=rng) * torch.rand(size, 1, 1, generator=rng).sqrt()
    known = torch.rand(size, tracks, beats, generator=rng) < share
    whole = torch.rand(size, tracks, 1, generator=rng)
    use_whole = torch.rand(size, 1, 1, generator=rng) < 0.5
    known = torch.where(use_whole, torch.where(whole < 0.35, True, known & (whole < 0.7)), known)
    first = torch.rand(size, 1, 1, generator=rng) * beats
    inside = (torch.arange(beats) - first).remainder(beats) < beats * torch.rand(
        size, 1, 1, generator=rng
    )
    region = torch.rand(size, 1, 1, generator=rng) < 0.15
    known = torch.where(region, inside.expand_as(known), known)
    nothing = torch.rand(size, 1, 1, generator=rng) < 0.1
    known = known & ~nothing
    # Music is decoded chords first, so the chord line is mostly all known or all to be found.
    kind = torch.rand(size, 1, generator=rng)
    scattered = torch.rand(size, beats, generator=rng) < torch.rand(size, 1, generator=rng)
    chords = torch.where(kind < 0.5, True, torch.where(kind < 0.75, scattered, False))
    return Cells(known, chords)


def heard(batch: Batch, cells: Cells, chord_features: Tensor, rng: torch.Generator) -> Heard:
    """What the network is given of a batch when ``cells`` are known."""
    keep = cells.tracks.float().repeat_interleave(STEPS_PER_BEAT, 2)
    chords_known = (cells.chords & (batch.chords >= 0)).float()
    told = torch.rand(batch.density.shape, generator=rng) < 0.3
    return Heard(
        melody=batch.melody,
        known=batch.rolls * keep[:, :, None, :, None],
        keep=keep,
        chords=chord_features[batch.chords.clamp(min=0)],
        chords_known=chords_known,
        position=batch.position,
        density=torch.where(told, batch.density, -1.0),
    )


def same_bar(position: Tensor) -> Tensor:
    """1 where two beats lie in one bar, (batch, beat, beat), from ``position`` (batch, 2, step)."""
    bar = position[:, 0, ::STEPS_PER_BEAT].cumsum(1)
    return (bar[:, :, None] == bar[:, None, :]).to(position.dtype)


def spread_of(logits: Tensor) -> Tensor:
    """Mean distance of velocities from their expected value, 0 to 1."""
    return LEAST_SPREAD + (MOST_SPREAD - LEAST_SPREAD) * torch.sigmoid(logits)


def losses(logits: Logits, batch: Batch, cells: Cells, layout: Layout) -> dict[str, Tensor]:
    """Mean losses of the hidden cells, each a scalar, and their weighted sum as ``total``.

    ``onset`` and ``sounding`` are nats a cell (binary cross-entropy, summed over its steps and
    pitches), ``duration``, ``chord`` and ``rest`` nats a choice, ``velocity`` those of a Laplace
    distribution. A part that a song does not have is not asked for.
    """
    hidden = (~cells.tracks).float() * batch.present[:, :, None]
    count = hidden.sum().clamp(min=1)
    per_step = hidden.repeat_interleave(STEPS_PER_BEAT, 2)
    found = {
        "onset": _roll_loss(logits.onset, batch.rolls[:, :, 0], per_step) / count,
        "sounding": _roll_loss(logits.sounding, batch.rolls[:, :, 1], per_step) / count,
        "duration": _duration_loss(logits.duration, batch, per_step, layout),
        "velocity": _velocity_loss(logits, batch, per_step),
        "chord": _chord_loss(logits.chord, batch, cells),
        "rest": _rest_loss(logits.rest, batch, cells) / count,
    }
    found["total"] = (
        found["onset"]
        + SOUNDING_WEIGHT * found["sounding"]
        + DURATION_WEIGHT * found["duration"]
        + VELOCITY_WEIGHT * found["velocity"]
        + CHORD_WEIGHT / STEPS_PER_BEAT * found["chord"]
        + REST_WEIGHT * found["rest"]
    )
    return found


def _roll_loss(logits: Tensor, target: Tensor, per_step: Tensor) -> Tensor:
    every = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    return (every.sum(-1) * per_step).sum()


def _duration_loss(logits: Tensor, batch: Batch, per_step: Tensor, layout: Layout) -> Tensor:
    wanted = (batch.rolls[:, :, 0] * per_step[..., None]) > 0
    place = wanted.nonzero(as_tuple=True)  # batch, track, step, pitch
    register = place[3] * REGISTERS // layout.pitches
    chosen = logits[place[0], place[1], place[2], register]
    if not len(chosen):
        return logits.sum() * 0
    return functional.cross_entropy(chosen, batch.lengths[place])


def _velocity_loss(logits: Logits, batch: Batch, per_step: Tensor) -> Tensor:
    struck = (batch.velocity > 0).float() * per_step
    error = (torch.sigmoid(logits.velocity) - batch.velocity[..., None]).abs()
    spread = spread_of(logits.spread)
    surprise = (error / spread + torch.log(2 * spread)).mean(-1)
    return (surprise * struck).sum() / struck.sum().clamp(min=1)


def _rest_loss(logits: Tensor, batch: Batch, cells: Cells) -> Tensor:
    """Whether a part is silent in the whole bar; asked of bars of which nothing is known."""
    sounds = batch.rolls[:, :, 1].amax(-1).unflatten(2, (-1, STEPS_PER_BEAT)).amax(-1)
    bars = same_bar(batch.position)
    silent = (sounds @ bars == 0).float()
    asked = (cells.tracks.float() @ bars == 0).float() * batch.present[:, :, None]
    every = functional.binary_cross_entropy_with_logits(logits, silent, reduction="none")
    return (every * asked).sum()


def _chord_loss(logits: Tensor, batch: Batch, cells: Cells) -> Tensor:
    target = torch.where(cells.chords, -1, batch.chords)
    if not (target >= 0).any():
        return logits.sum() * 0
    return functional.cross_entropy(logits.flatten(0, 1), target.flatten(), ignore_index=-1)


def filled(logits: Logits, batch: Batch, cells: Cells, rng: torch.Generator) -> Tensor:
    """Onsets (batch, track, step, pitch), hidden cells drawn by the network, straight through.

    Forward a note is there or not, as it will be decoded; backward the slope is that of the binary
    concrete relaxation (Maddison et al., ICLR 2017).
    """
    uniform = torch.rand(logits.onset.shape, generator=rng).clamp(1e-6, 1 - 1e-6)
    uniform = uniform.to(logits.onset.device)
    soft = torch.sigmoid(logits.onset + torch.logit(uniform))
    drawn = (soft > 0.5).float() + soft - soft.detach()
    known = cells.tracks.float().repeat_interleave(STEPS_PER_BEAT, 2)[..., None]
    return known * batch.rolls[:, :, 0] + (1 - known) * drawn
