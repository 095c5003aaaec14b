"""One pass over the chord line, and, once it stands, which bars each part rests in."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from engine.music.harmony import NO_CHORD
from models.habits import DecodeSettings, Habits
from models.infill import same_bar
from models.layout import STEPS_PER_BEAT
from models.noise_field import Draws, by_bar
from models.parted_network import PartedNetwork
from models.patterns import FOUR, bars_apart, chord_votes
from models.windows import chord_table

# A part that shall play much rests less: so much of the rest's logit from least to most dense.
REST_PER_DENSITY = 4.0
MOST_RESTING = 0.25  # of the bars, of a part that carries the others


@dataclass(frozen=True, slots=True)
class ChordLine:
    """What stands of the chords: ``chords`` (batch, beat, 24), ``known`` (batch, beat).

    ``rest`` (batch, track, beat) is what the network said of rests when it was last asked.
    """

    chords: Tensor
    known: Tensor
    rest: Tensor


@dataclass(frozen=True, slots=True)
class ChordTask:
    """What is the same in all passes over the chords.

    ``heard`` (batch, beat, width) is all but the chords; ``draw`` (batch, beat, chord) is added to
    the logits, ``rank`` (batch, beat) the pass before which a chord is put down; ``again`` (batch,
    beat, beat) as of `bars_apart`.
    """

    heard: Tensor
    draw: Tensor
    rank: Tensor
    again: Tensor


@dataclass(frozen=True, slots=True)
class RestTask:
    """What rests are decided by, beside the network.

    ``bars`` (batch, beat, beat) as of `same_bar`; ``lean`` (batch, track) is added to the logits
    before they are divided by ``temperature`` (batch,), ``draw`` (batch, track, beat) after that;
    ``untold`` (batch, track, beat) is 1 in bars of which nothing is known.
    """

    bars: Tensor
    lean: Tensor
    draw: Tensor
    temperature: Tensor
    untold: Tensor


class ChordFiller(nn.Module):
    """Hear the chords that stand, draw those whose turn it is, put them down."""

    table: Tensor
    rests: Tensor
    carrying: Tensor

    def __init__(self, network: PartedNetwork, settings: DecodeSettings, habits: Habits) -> None:
        super().__init__()
        self.network, self.settings = network, settings
        self.register_buffer("table", chord_table()[:NO_CHORD], persistent=False)
        self.register_buffer("rests", torch.tensor(habits.rests), persistent=False)
        carrying = torch.tensor(habits.carrying)[None, :, None]
        self.register_buffer("carrying", carrying, persistent=False)

    def task(self, heard: Tensor, draws: Draws, gain: Tensor, position: Tensor) -> ChordTask:
        """The task of a request of which ``heard`` (batch, beat, width) was heard.

        ``gain`` (batch, beat, chord) is added to the logits; ``position`` (batch, 2, step).
        """
        temperature = self.settings.chord_temperature * draws.daring
        draw = draws.chord * temperature[:, None, None] + gain
        return ChordTask(heard, draw, draws.rank[:, 0], bars_apart(same_bar(position), FOUR))

    def forward(
        self, turn: Tensor, line: ChordLine, task: ChordTask, biases: tuple[Tensor, ...]
    ) -> ChordLine:
        """The chords after pass ``turn`` (a scalar)."""
        heard = task.heard + self.network.hear_chords(line.chords, line.known)
        logits = self.network.say_chords(heard, biases)
        score = logits.chord[..., :NO_CHORD] + task.draw
        if self.settings.chord_again:
            votes = chord_votes(line.chords, line.known, task.again, self.table)
            score = score + self.settings.chord_again * votes
        drawn = (score >= score.amax(-1, keepdim=True)).to(score.dtype) @ self.table
        new = (task.rank < turn + 1).to(line.known.dtype) * (1 - line.known)
        return ChordLine(line.chords + new[..., None] * drawn, line.known + new, logits.rest)

    def rest_task(self, draws: Draws, keep: Tensor, density: Tensor, position: Tensor) -> RestTask:
        """The task of a request; ``keep`` (batch, track, step), ``position`` (batch, 2, step)."""
        bars = same_bar(position)
        temperature = self.settings.rest_temperature * draws.daring
        asked = (density >= 0).to(keep.dtype) * (density - 0.5) * REST_PER_DENSITY
        untold = 1 - (keep[:, :, ::STEPS_PER_BEAT] @ bars).clamp(max=1)
        return RestTask(bars, self.rests - asked, draws.rest, temperature, untold)

    def resting(self, line: ChordLine, task: RestTask) -> Tensor:
        """1 at steps (batch, track, step) of bars in which a part rests, where nothing is known.

        A part that carries the others rests in no more bars than are expected, rounded up, for one
        throw decides over a whole phrase; nor in more than a quarter of them, rounded up: under
        some short tunes all of them are expected to be without it.
        """
        said = by_bar(line.rest, task.bars) + task.lean[:, :, None]
        said = said / task.temperature[:, None, None]
        score = said + task.draw
        of_bar = task.untold / task.bars.sum(1, keepdim=True)  # each beat's share of its bar
        expected = (torch.sigmoid(said) * of_bar).sum(2, keepdim=True)
        expected = torch.minimum(expected, MOST_RESTING * of_bar.sum(2, keepdim=True))
        ahead = (score[:, :, None, :] > score[..., None]) & (task.bars[:, None] < 0.5)
        rank = (ahead.to(score.dtype) @ of_bar[..., None]).squeeze(3)  # bars that rest before it
        rests = (score > 0) & ((rank < expected) | ~self.carrying)
        return (rests.to(score.dtype) * task.untold).repeat_interleave(STEPS_PER_BEAT, 2)
