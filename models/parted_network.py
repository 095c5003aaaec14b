"""A `BeatUNet` whose first and last layers are taken apart.

Music is filled in many passes. In each, only what has changed is heard anew, and only what is drawn
is said: the first layer is a sum over what is heard, the last one is cut to the heads in use.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.axes import split_axis
from models.beat_unet import BeatUNet
from models.layout import CHORD_FEATURES, DURATIONS, PLANES, REGISTERS, STEPS_PER_BEAT

POSITION_FLAGS = 2 * STEPS_PER_BEAT


class ChordLogits(NamedTuple):
    """``chord`` (batch, beat, class); ``rest`` (batch, track, beat), as of `Logits`."""

    chord: Tensor
    rest: Tensor


class NoteLogits(NamedTuple):
    """``onset``, ``duration``, ``velocity`` and ``spread`` as of `Logits`."""

    onset: Tensor
    duration: Tensor
    velocity: Tensor
    spread: Tensor


class PartedNetwork(nn.Module):
    """What each pass asks of the network; its weights are the network's own."""

    def __init__(self, network: BeatUNet) -> None:
        super().__init__()
        self.network = network
        self.layout = layout = network.layout
        cell = layout.cell
        self._rolls = PLANES * cell  # where the tracks' columns begin
        self._keep = self._rolls * (1 + layout.tracks)
        self._position = self._keep + layout.tracks * STEPS_PER_BEAT
        self._chords = self._position + POSITION_FLAGS
        self._density = self._chords + CHORD_FEATURES + 1

    def hear_request(self, melody: Tensor, position: Tensor, density: Tensor) -> Tensor:
        """What never changes, (batch, beat, width); shapes as of `Heard`."""
        beats = position.shape[2] // STEPS_PER_BEAT
        given = (density >= 0).to(density.dtype)
        told = torch.cat([density * given, given], 1)[:, None]
        return (
            functional.linear(_by_beat(melody, beats), self._columns(0, self._rolls))
            + functional.linear(_by_beat(position, beats), self._columns(*self._of_position))
            + functional.linear(told, self._columns(self._density, self.layout.inputs))
            + self.network.hear.bias
        )

    def hear_chords(self, chords: Tensor, known: Tensor) -> Tensor:
        """The chord line (batch, beat, 24), zero where it is not ``known`` (batch, beat)."""
        features = torch.cat([chords, known[..., None]], -1)
        return functional.linear(features, self._columns(self._chords, self._density))

    def hear_tracks(self, onset: Tensor, sounding: Tensor, keep: Tensor) -> Tensor:
        """What stands (batch, track, step, pitch), zero where ``keep`` (batch, track, step) is."""
        layout = self.layout
        beats = keep.shape[2] // STEPS_PER_BEAT
        rolls = self._columns(self._rolls, self._keep)
        planes = rolls.reshape(-1, layout.tracks, PLANES, layout.cell)
        return (
            functional.linear(_by_beat(onset, beats), planes[:, :, 0].flatten(1))
            + functional.linear(_by_beat(sounding, beats), planes[:, :, 1].flatten(1))
            + functional.linear(_by_beat(keep, beats), self._columns(self._keep, self._position))
        )

    def say_chords(self, heard: Tensor, biases: tuple[Tensor, ...]) -> ChordLogits:
        """Chords and rests, of what was heard (batch, beat, width)."""
        x = self.network.think(heard, biases)
        rolls, duration, velocity, chord, rest, _ = self.layout.outputs
        first = rolls + duration + velocity
        rows = slice(first, first + chord + rest)
        heads = self.network.heads
        said = functional.linear(x, heads.weight[rows], heads.bias[rows])
        chords, rests = said.split((chord, rest), -1)
        return ChordLogits(chords, rests.transpose(1, 2))

    def say_notes(self, heard: Tensor, biases: tuple[Tensor, ...]) -> NoteLogits:
        """Onsets, lengths and velocities, of what was heard (batch, beat, width)."""
        layout = self.layout
        x = self.network.think(heard, biases)
        heads = self.network.heads
        said = functional.linear(x, self._note_rows(heads.weight), self._note_rows(heads.bias))
        groups = layout.tracks * STEPS_PER_BEAT * REGISTERS
        sizes = (layout.tracks * layout.cell, groups * len(DURATIONS), groups, groups)
        onset, duration, velocity, spread = said.split(sizes, -1)
        group = (layout.tracks, STEPS_PER_BEAT, REGISTERS)
        return NoteLogits(
            onset=_by_step(split_axis(onset, 2, (*group[:2], layout.pitches))),
            duration=_by_step(split_axis(duration, 2, (*group, len(DURATIONS)))),
            velocity=_by_step(split_axis(velocity, 2, group)),
            spread=_by_step(split_axis(spread, 2, group)),
        )

    @property
    def _of_position(self) -> tuple[int, int]:
        return self._position, self._chords

    def _columns(self, first: int, last: int) -> Tensor:
        return self.network.hear.weight[:, first:last]

    def _note_rows(self, weights: Tensor) -> Tensor:
        """The rows of the last layer that tell of notes: no sounding planes, chords and rests."""
        layout = self.layout
        rolls, duration, velocity, *_, spread = layout.outputs
        planes = weights[:rolls].reshape(layout.tracks, PLANES, layout.cell, *weights.shape[1:])
        onset = planes[:, 0].flatten(0, 1)
        return torch.cat([onset, weights[rolls : rolls + duration + velocity], weights[-spread:]])


def _by_beat(x: Tensor, beats: int) -> Tensor:
    """(batch, row, step, …) to (batch, beat, all of its numbers)."""
    cells = split_axis(x, 2, (beats, STEPS_PER_BEAT)).transpose(1, 2)
    return cells.reshape(x.shape[0], beats, -1)


def _by_step(x: Tensor) -> Tensor:
    """(batch, beat, track, step, …) to (batch, track, step, …)."""
    return x.transpose(1, 2).flatten(2, 3)
