"""From a request's noise to a number for every decision.

A fixed matrix of signs turns the noise into one normal number for each decision, linear in the
noise, so that near noises give near takes and a line between two noises a path between two takes.
The noise's size (root mean square, 1 for a standard normal) scales the temperature: a model reads
it as its daring.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from engine.music.harmony import NO_CHORD
from models.axes import split_axis
from models.habits import DecodeSettings
from models.infill import same_bar
from models.layout import DURATIONS, REGISTERS, STEPS_PER_BEAT, Layout
from models.patterns import same_in_phrase

NOISE_SIZE = 128
CHORD_PASSES = 4
# Parts rest and swell by phrases: those draws hang together over so many beats either way.
REST_REACH, SWELL_REACH = 6, 4
# So much of the variance of what drums draw is of their phrase's first bar. All of it would make a
# take one lucky throw.
PATTERN_SHARE = 0.6
EQUAL_PARTS = 0.5**0.5  # of the phrase and of each note, in what loudness is drawn from
# Two coprime cycles of signs: the draws of a song repeat after 61 · 59 beats, about 900 bars.
CYCLES = (61, 59)
LOGISTIC_PER_NORMAL = 1.702  # the logistic curve nearest to the normal one (Camilli, 1994)
SMALLEST = 1e-6
FAR_BEYOND = 1e6  # beats, beyond any song; a length would be fixed when the graph is traced


@dataclass(frozen=True, slots=True)
class Draws:
    """A number for every decision of one request.

    ``onset`` (batch, track, step, pitch) and ``strike`` (batch, track, step), one for all pitches,
    logistic; ``duration`` (batch, track, step, register,
    class) and ``chord`` (batch, beat, chord), Gumbel; ``rest`` (batch, track, beat), logistic,
    alike within a bar; ``loudness`` (batch, track, step), normal; ``rank`` (batch, 1 + track,
    beat): the pass before which a cell is put down, of those over the chords and then of those over
    the parts; ``daring`` (batch,): scale of the temperatures.
    """

    onset: Tensor
    strike: Tensor
    duration: Tensor
    chord: Tensor
    rest: Tensor
    loudness: Tensor
    rank: Tensor
    daring: Tensor


class NoiseField(nn.Module):
    """Noise (batch, `NOISE_SIZE`) to `Draws`."""

    signs: Tensor
    first_cycle: Tensor
    second_cycle: Tensor
    of_drums: Tensor

    def __init__(self, layout: Layout, settings: DecodeSettings) -> None:
        super().__init__()
        self.layout, self.settings = layout, settings
        groups = layout.tracks * STEPS_PER_BEAT * REGISTERS
        self.sizes = (
            layout.tracks * layout.cell,
            groups * len(DURATIONS),
            NO_CHORD,
            1 + layout.tracks,
            layout.tracks,
            layout.tracks,
            layout.tracks * STEPS_PER_BEAT,
        )
        self.register_buffer("of_drums", self._drum_draws(), persistent=False)
        rng = torch.Generator().manual_seed(909)
        self.register_buffer("signs", _signs(NOISE_SIZE, sum(self.sizes), rng), persistent=False)
        self.register_buffer("first_cycle", _signs(CYCLES[0], NOISE_SIZE, rng), persistent=False)
        self.register_buffer("second_cycle", _signs(CYCLES[1], NOISE_SIZE, rng), persistent=False)

    def forward(self, noise: Tensor, melody: Tensor, position: Tensor) -> Draws:
        """Draws for music as long as ``melody`` and ``position`` (batch, 2, step).

        Bars with the same melody get the same draws: what comes again is answered alike. Drums have
        more than half of theirs from the first bar of the phrase.
        """
        layout = self.layout
        size = noise.square().mean(1).sqrt().clamp(min=SMALLEST)
        direction = noise / size[:, None]
        source = first_alike(melody, position)
        alike = (source[:, :, None] == source[:, None, :]).to(direction.dtype)
        field = self._field(direction, source)
        if layout.drums:
            pattern = self._field(direction, first_of_phrase(position))
            share = PATTERN_SHARE * self.of_drums
            field = share.sqrt() * pattern + (1 - share).sqrt() * field
        onset, duration, chord, rank, rest, swell, touch = field.split(self.sizes, -1)
        cell = (layout.tracks, STEPS_PER_BEAT)
        onset = split_axis(onset, 2, (*cell, layout.pitches)).transpose(1, 2).flatten(2, 3)
        duration = split_axis(duration, 2, (*cell, REGISTERS, len(DURATIONS)))
        rest = by_bar(_phrased(rest, REST_REACH, alike), same_bar(position))
        return Draws(
            onset=LOGISTIC_PER_NORMAL * onset,
            strike=LOGISTIC_PER_NORMAL * layout.pitches**-0.5 * onset.sum(-1),
            duration=_gumbel(duration.transpose(1, 2).flatten(2, 3)),
            chord=_gumbel(chord),
            rest=LOGISTIC_PER_NORMAL * rest,
            loudness=_loudness(_phrased(swell, SWELL_REACH, alike), split_axis(touch, 2, cell)),
            rank=self._ranks(_uniform(rank).transpose(1, 2), position),
            daring=size.clamp(0.1, 3.0),
        )

    def _drum_draws(self) -> Tensor:
        """1 for each draw of drums' notes."""
        layout = self.layout
        tracks = torch.zeros(layout.tracks)
        tracks[list(layout.drums)] = 1
        groups = STEPS_PER_BEAT * REGISTERS * len(DURATIONS)
        notes = [tracks.repeat_interleave(layout.cell), tracks.repeat_interleave(groups)]
        return torch.cat([*notes, torch.zeros(sum(self.sizes[2:]))])

    def _field(self, direction: Tensor, source: Tensor) -> Tensor:
        """Normal numbers (batch, beat, decision); those of a beat are of its ``source``."""
        place = torch.arange(source.shape[1], device=direction.device)
        codes = self.first_cycle[place % CYCLES[0]] * self.second_cycle[place % CYCLES[1]]
        mixed = direction[:, None] * codes.to(direction.dtype)  # (batch, beat, noise)
        mixed = mixed.gather(1, source[:, :, None].expand(-1, -1, NOISE_SIZE))
        return mixed @ self.signs.to(direction.dtype) * NOISE_SIZE**-0.5

    def _ranks(self, uniform: Tensor, position: Tensor) -> Tensor:
        """The pass of each cell: chords of bar starts in two, others in two, then notes."""
        begins_bar = position[:, 0, ::STEPS_PER_BEAT]  # (batch, beat)
        chord = 2.0 * uniform[:, 0] + 2.0 * (1.0 - begins_bar)
        late = torch.linspace(0.0, 0.3, self.layout.tracks, device=uniform.device)
        notes = 0.7 * uniform[:, 1:] + late[None, :, None]
        return torch.cat([chord[:, None], self.settings.passes * notes], 1)


def _phrased(normal: Tensor, reach: int, alike: Tensor) -> Tensor:
    """Normal numbers (batch, beat, track) as such (batch, track, beat) that change slowly.

    ``alike`` (batch, beat, beat) is 1 where two beats have the same numbers, of which the sum
    strays farther.
    """
    place = torch.arange(normal.shape[1], device=normal.device)
    near = ((place[:, None] - place[None, :]).abs() <= reach).to(normal.dtype)
    variance = ((alike @ near) * near).sum(1, keepdim=True)
    return (normal.transpose(1, 2) @ near) * variance.rsqrt()


def by_bar(values: Tensor, bars: Tensor) -> Tensor:
    """Numbers (batch, track, beat) as their mean in each bar; ``bars`` as of `same_bar`."""
    return (values @ bars) / bars.sum(1, keepdim=True)


def _loudness(swell: Tensor, touch: Tensor) -> Tensor:
    """Normal numbers (batch, track, step) of phrases (batch, track, beat) and of each step."""
    phrases = swell.repeat_interleave(STEPS_PER_BEAT, 2)
    return EQUAL_PARTS * (phrases + touch.transpose(1, 2).flatten(2, 3))


def first_alike(melody: Tensor, position: Tensor) -> Tensor:
    """For every beat the same beat of the first bar with the same melody (batch, beat), int64.

    Bars without melody are like no other. ``melody`` (batch, plane, step, pitch).
    """
    beats = position.shape[2] // STEPS_PER_BEAT
    cells = split_axis(melody, 2, (beats, STEPS_PER_BEAT)).transpose(1, 2).flatten(2)
    notes = cells.sum(2)
    common = cells @ cells.transpose(1, 2)
    differ = notes[:, :, None] + notes[:, None, :] - 2 * common  # cells that one of two has
    place = torch.arange(beats, device=melody.device).to(melody.dtype)
    bars = same_bar(position)
    since = (bars * (place[:, None] > place[None, :])).sum(2)  # beats since the bar began
    same_place = (since[:, :, None] == since[:, None, :]).to(melody.dtype)
    apart = bars @ (differ * same_place) @ bars
    length = bars.sum(2)
    sung = (bars @ notes[:, :, None]).squeeze(2)
    alike = same_place * (apart < 0.5) * (length[:, :, None] == length[:, None, :])
    alike = alike * (sung > 0).to(melody.dtype)[:, :, None]
    found = torch.where(alike > 0, place[None, None, :], FAR_BEYOND).amin(2)
    return torch.minimum(found, place[None]).to(torch.int64)


def first_of_phrase(position: Tensor) -> Tensor:
    """For every beat the same beat of its phrase's first bar (batch, beat), int64.

    Phrases are of `PATTERN_BARS` bars; a beat that the first bar does not have is looked for in the
    next ones. ``position`` (batch, 2, step).
    """
    together = same_in_phrase(same_bar(position))
    place = torch.arange(together.shape[1], device=position.device).to(position.dtype)
    return torch.where(together > 0, place, FAR_BEYOND).amin(2).to(torch.int64)


def _signs(rows: int, columns: int, rng: torch.Generator) -> Tensor:
    return (torch.randint(0, 2, (rows, columns), generator=rng) * 2 - 1).to(torch.int8)


def _uniform(normal: Tensor) -> Tensor:
    return (0.5 + 0.5 * torch.erf(normal * 0.5**0.5)).clamp(SMALLEST, 1 - SMALLEST)


def _gumbel(normal: Tensor) -> Tensor:
    return -torch.log(-torch.log(_uniform(normal)))
