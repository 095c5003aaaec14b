"""One pass over the parts: hear what stands, draw the cells whose turn it is, put them down."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from models.axes import split_axis
from models.busyness import Busyness
from models.drum_keys import drums_alone, onset_temperatures, pattern_pulls
from models.habits import DecodeSettings, Habits
from models.infill import spread_of
from models.layout import DURATIONS, REGISTERS, STEPS_PER_BEAT
from models.melody_pull import levelled, pulled_parts
from models.noise_field import Draws
from models.parted_network import NoteLogits, PartedNetwork
from models.patterns import pattern_votes
from models.phrases import before_ends, entries, swell
from models.presence import silent_bars, with_likeliest
from models.sounding import (
    HELD_STEPS,
    NOTE_STEPS,
    UNHEARD,
    lasting,
    lengths_of,
    steps_left,
    steps_until,
)
from models.strikes import density_kept, strikes, struck_with
from models.voice_leading import lines_of, parallel_steps, parallels, rule_gain

NORMAL_PER_LAPLACE = 1.25  # the normal distribution with a Laplace one's mean distance
SOFTEST = 0.1  # of the loudest velocity
NEVER = -1e9  # a logit
# A part that carries the others is heard in every bar that it does not rest in, unless it is asked
# for less than this density.
USUAL = 0.5


@dataclass(frozen=True, slots=True)
class Notes:
    """What stands so far.

    ``onset`` (batch, track, step, pitch); ``length`` in steps and ``velocity`` (batch, track, step,
    register) of what begins there, 0 where it was given; ``keep`` (batch, track, step).
    """

    onset: Tensor
    length: Tensor
    velocity: Tensor
    keep: Tensor


@dataclass(frozen=True, slots=True)
class Given:
    """What was known from the start.

    ``sounding`` and ``length`` (batch, track, step, pitch), the latter at onsets; ``keep`` (batch,
    track, step); ``melody`` (batch, step): the pitch, as of `lines_of`; ``changes`` (batch, step):
    1 where another key begins, with which all pitches are other ones and no drawn note goes on.
    """

    sounding: Tensor
    length: Tensor
    keep: Tensor
    melody: Tensor
    changes: Tensor


@dataclass(frozen=True, slots=True)
class NoteTask:
    """What is the same in all passes over the parts.

    ``onset`` (batch, track, step, pitch), ``strike`` (batch, track, step) and ``duration`` (batch,
    track, step, register, class) are added to the logits, ``push`` (batch, track, step) times the
    spread to velocities; ``rank`` (batch, track, beat): the pass before which a cell is put down;
    ``temperature`` (batch, track, pitch or 1) of the onsets; ``busyness`` (batch, track): times the
    expected notes; ``steady`` (batch, track): 1 where a part shall be heard in every bar in which
    it does not rest. ``late`` (batch, 1, step) is what onsets lose, ``swell`` (batch, 1, step) what
    velocities gain.
    """

    onset: Tensor
    strike: Tensor
    duration: Tensor
    push: Tensor
    rank: Tensor
    temperature: Tensor
    busyness: Tensor
    steady: Tensor
    late: Tensor
    swell: Tensor


@dataclass(frozen=True, slots=True)
class Settled:
    """What stands before the passes over the parts.

    ``keep`` (batch, track, step) of what is known or rests; ``heard`` (batch, beat, width) of all
    but the parts; ``gain`` (batch, step, pitch) is what onsets gain by the melody;
    ``chords`` (batch, beat, 24); ``bars`` (batch, beat, beat) as of `same_bar`;
    ``together`` (batch, track, beat, beat): 1 for beats that lean on each other.
    """

    keep: Tensor
    heard: Tensor
    gain: Tensor
    chords: Tensor
    bars: Tensor
    together: Tensor


class NoteFiller(nn.Module):
    """Fills the parts, once the chords stand."""

    temperature: Tensor
    by_key: Tensor
    lengths: Tensor
    duration_steps: Tensor
    one_voice: Tensor
    held: Tensor
    barred: Tensor
    deviation: Tensor
    steady: Tensor
    pulls: Tensor

    def __init__(
        self,
        network: PartedNetwork,
        settings: DecodeSettings,
        ranges: tuple[tuple[int, int], ...],
        habits: Habits,
    ) -> None:
        """``ranges`` are MIDI pitches per track, lowest and highest that may be played (in C)."""
        super().__init__()
        self.network, self.settings = network, settings
        layout = self.layout = network.layout
        self.busyness = Busyness(habits, settings, layout.tracks)
        held = torch.tensor(settings.held or (False,) * layout.tracks)
        voices = torch.tensor(layout.one_voice)
        pitch = torch.arange(layout.pitches) + layout.pitch_low
        allowed = torch.stack([(pitch >= low) & (pitch <= high) for low, high in ranges])
        numbers = {
            "temperature": onset_temperatures(layout, settings),
            "by_key": drums_alone(layout)[None, :, None, None],
            "pulls": pattern_pulls(layout, settings)[None, :, None, None],
            "lengths": lengths_of(habits, voices)[None, :, None, None],
            "duration_steps": torch.tensor(DURATIONS).float(),
            "one_voice": voices.float()[None, :, None, None],
            "held": (held & voices).float()[None, :, None, None],
            "barred": (~allowed).float()[None, :, None] * NEVER,
            "deviation": torch.tensor(habits.deviation)[None, :, None],
            "steady": (torch.tensor(habits.carrying) & ~held).float(),
        }
        for name, value in numbers.items():
            self.register_buffer(name, value, persistent=False)
        self.leaning = bool(self.pulls.any())
        self.ahead = HELD_STEPS if bool((held & voices).any()) else NOTE_STEPS

    def begin(
        self, melody: Tensor, known: Tensor, keep: Tensor, changes: Tensor
    ) -> tuple[Notes, Given]:
        """What stands first, of ``known`` (batch, track, plane, step, pitch), zero elsewhere."""
        line = lines_of(melody[:, 1:])[:, 0]
        onset, sounding = known[:, :, 0], known[:, :, 1]
        none = torch.zeros_like(keep)[..., None].expand(-1, -1, -1, REGISTERS)
        return Notes(onset, none, none, keep), Given(
            sounding, onset * steps_left(sounding), keep, line, changes
        )

    def task(self, draws: Draws, given: Given, density: Tensor, position: Tensor) -> NoteTask:
        """The task of a request; ``density`` (batch, track) as it was asked for."""
        swells = swell(given.melody, position) if self.settings.swells else 0 * given.melody
        temperature = self.settings.duration_temperature * draws.daring
        calm = draws.daring.clamp(max=1)[:, None, None] * NORMAL_PER_LAPLACE
        return NoteTask(
            onset=draws.onset,
            strike=draws.strike,
            duration=draws.duration * temperature[:, None, None, None, None] + self.lengths,
            push=calm * self.deviation * draws.loudness,
            rank=draws.rank[:, 1:],
            temperature=self.temperature * draws.daring[:, None, None],
            busyness=self.busyness(density, draws.daring, position),
            steady=self.steady * ((density < 0) | (density >= USUAL)).to(density.dtype),
            late=self.settings.off_beat * (1 - position[:, 1:]),
            swell=swells[:, None],
        )

    def forward(
        self,
        turn: Tensor,
        notes: Notes,
        task: NoteTask,
        given: Given,
        settled: Settled,
        biases: tuple[Tensor, ...],
    ) -> Notes:
        """What stands after pass ``turn`` (a scalar)."""
        if self.settings.repairs:
            notes = self._cleared(turn, notes, given, settled.keep)
        empty = self._empty(turn, notes, task, given, settled)
        notes = _without(notes, empty)
        sounding = self._heard(notes, given)
        said = settled.heard + self.network.hear_tracks(notes.onset, sounding, notes.keep)
        logits = self.network.say_notes(said, biases)
        cost = task.late[..., None]
        if self.settings.rules is not None:
            cost = cost + self._against_rules(sounding, given, settled)
        if self.leaning:
            votes = pattern_votes(notes.onset, notes.keep, settled.together)
            cost = cost - self.pulls * votes
        onsets = self._onsets(logits.onset, cost, settled.gain, notes.keep, task)
        if self.settings.rules is not None:
            onsets = self._entered(onsets, logits.onset, given)
        onsets = with_likeliest(onsets, logits.onset + self.barred, empty, settled.bars)
        due = (task.rank < turn + 1).to(notes.keep.dtype).repeat_interleave(STEPS_PER_BEAT, 2)
        new = due * (1 - notes.keep)
        each = new[..., None]
        return Notes(
            onset=notes.onset + onsets * each,
            length=notes.length + self._lengths(logits.duration, task) * each,
            velocity=notes.velocity + self._velocities(logits, task) * each,
            keep=notes.keep + new,
        )

    def _cleared(self, turn: Tensor, notes: Notes, given: Given, fixed: Tensor) -> Notes:
        """The notes without those that are drawn anew in this pass: none before all stand.

        After that the beats of one voice, the lowest first, in which it moves in parallel.
        """
        tracks = self.layout.tracks
        count = turn - self.settings.passes
        whose = tracks - 1 - torch.remainder(count, float(tracks))
        mine = (torch.arange(tracks, device=fixed.device) == whose) & (count >= 0)
        wrong = parallel_steps(given.melody, self._heard(notes, given))
        wrong = split_axis(wrong, 2, (-1, STEPS_PER_BEAT)).amax(-1)
        again = (wrong * mine[None, :, None]).repeat_interleave(STEPS_PER_BEAT, 2)
        return _without(notes, again * (1 - fixed))

    def _empty(
        self, turn: Tensor, notes: Notes, task: NoteTask, given: Given, settled: Settled
    ) -> Tensor:
        """1 at steps (batch, track, step) of bars that were to be played and are silent.

        Only before the last of the passes over all parts.
        """
        sounds = self._heard(notes, given).amax(-1) + settled.keep
        last = (turn == self.settings.passes - 1).to(sounds.dtype)
        return silent_bars(sounds, settled.bars) * task.steady[..., None] * last

    def _heard(self, notes: Notes, given: Given) -> Tensor:
        """What sounds where something stands: what is given where it was given, what was drawn
        not beyond its cells.
        """
        drawn = (notes.keep - given.keep)[..., None]
        return self._alive(notes, given) * drawn + given.sounding

    def _against_rules(self, sounding: Tensor, given: Given, settled: Settled) -> Tensor:
        """What onsets (batch, track, step, pitch) lose by the rules of voices."""
        rules = self.settings.rules
        assert rules is not None
        cadence = before_ends(given.melody)
        low = self.layout.pitch_low
        gain = rule_gain(given.melody, sounding, settled.chords, cadence, rules, low)
        return rules.parallels * parallels(given.melody, sounding) - gain

    def _entered(self, onsets: Tensor, logits: Tensor, given: Given) -> Tensor:
        """Onsets with one for each voice where the melody begins after silence, or a key does."""
        allowed = logits + self.barred
        likeliest = (allowed >= allowed.amax(-1, keepdim=True)).to(onsets.dtype)
        missing = 1 - onsets.amax(-1, keepdim=True)
        begins = torch.maximum(entries(given.melody), given.changes)
        return onsets + begins[:, None, :, None] * missing * likeliest

    def finished(self, notes: Notes, given: Given) -> Notes:
        """The notes without those between beats that move in parallel with a higher voice.

        The note before them is held instead.
        """
        if self.settings.rules is None:
            return notes
        wrong = parallel_steps(given.melody, self.sounding(notes, given), above=True)
        step = torch.arange(wrong.shape[2], device=wrong.device)
        between = (step % STEPS_PER_BEAT > 0).to(wrong.dtype)
        stays = 1 - wrong * between * (1 - given.keep)
        return replace(notes, onset=notes.onset * stays[..., None])

    def sounding(self, notes: Notes, given: Given) -> Tensor:
        """Sounding plane (batch, track, step, pitch): lengths, cut where the next note begins."""
        return self._alive(notes, given) * (1 - given.keep)[..., None] + given.sounding

    def velocities(self, notes: Notes) -> Tensor:
        """Velocities (batch, track, step, pitch) at the onsets that were drawn, 0 to 1."""
        return notes.onset * self._per_pitch(notes.velocity, notes.onset)

    def _alive(self, notes: Notes, given: Given) -> Tensor:
        """1 where a note lasts, whatever was given there."""
        length = self._per_pitch(notes.length, notes.onset) + given.length + self.held * UNHEARD
        left = notes.onset * torch.minimum(length, self._until(notes.onset, given.changes))
        return lasting(left, self.ahead)

    def _until(self, onset: Tensor, changes: Tensor) -> Tensor:
        """Steps to the next note of the same pitch, in a part of one voice to the next of all."""
        changes = changes[:, None, :, None]
        voices = steps_until(torch.maximum(onset.amax(-1, keepdim=True), changes), self.ahead)
        if all(self.layout.one_voice):
            return voices
        onset = torch.maximum(onset, changes)
        voices = torch.where(self.one_voice > 0, voices, UNHEARD)
        return torch.minimum(steps_until(onset, self.ahead), voices)

    def _onsets(
        self, logits: Tensor, cost: Tensor, gain: Tensor, keep: Tensor, task: NoteTask
    ) -> Tensor:
        """Onsets drawn for every cell, 0 or 1 (batch, track, step, pitch).

        ``cost`` is taken from the logits, but makes no fewer notes; ``gain`` no more of them.
        """
        temperature = task.temperature[:, :, None]
        logits = logits + self.barred + keep[..., None] * NEVER
        likely = torch.sigmoid(logits)
        wanted = self._expected(likely) * task.busyness[:, :, None, None]
        logits = logits - cost
        if self.settings.note_pull:
            logits = self._pulled(logits, gain, temperature)
        offset = self._density_kept(logits, temperature, wanted)
        score = (logits + offset) / temperature + task.onset
        highest = torch.where(self.one_voice > 0, score.amax(-1, keepdim=True), 0.0)
        drawn = ((score > 0) & (score >= highest)).to(score.dtype)
        if not self.settings.blocks:
            return drawn
        parts = enumerate(drawn.split(1, 1))
        return torch.cat([self._blocks(*part, logits, likely, task) for part in parts], 1)

    def _blocks(
        self, track: int, drawn: Tensor, logits: Tensor, likely: Tensor, task: NoteTask
    ) -> Tensor:
        """Onsets with one draw for all that a part strikes at once; else as they are ``drawn``."""
        lean = self.settings.blocks[track]
        if lean is None:
            return drawn
        own = slice(track, track + 1)
        logits, temperature = logits[:, own], task.temperature[:, own, None, :1]
        wanted = likely[:, own].amax(-1, keepdim=True).sum(2, keepdim=True)
        wanted = wanted * task.busyness[:, own, None, None]
        begins = strikes(logits.amax(-1, keepdim=True), wanted, temperature, task.strike[:, own])
        return begins * struck_with(logits, lean, temperature, task.onset[:, own])

    def _pulled(self, logits: Tensor, gain: Tensor, temperature: Tensor) -> Tensor:
        """The logits (batch, track, step, pitch) of `pulled_parts` with their ``gain``."""
        parts = zip(logits.split(1, 1), temperature.split(1, 1), strict=True)
        drawn = pulled_parts(self.layout)
        found = [
            levelled(part, gain[:, None], own) if track in drawn else part
            for track, (part, own) in enumerate(parts)
        ]
        return torch.cat(found, 1)

    def _velocities(self, logits: NoteLogits, task: NoteTask) -> Tensor:
        """Velocities (batch, track, step, register), 0 to 1, of the notes that would begin."""
        drawn = task.push[..., None] * spread_of(logits.spread)
        expected = torch.sigmoid(logits.velocity) + task.swell[..., None]
        return (expected + drawn).clamp(SOFTEST, 1.0)

    def _density_kept(self, logits: Tensor, temperature: Tensor, wanted: Tensor) -> Tensor:
        """Offset, shaped like ``wanted``, with which as many notes are expected as that."""
        cooled = logits / temperature

        def expected(offset: Tensor) -> Tensor:
            return self._expected(torch.sigmoid(cooled + offset / temperature))

        return density_kept(wanted, expected)

    def _expected(self, likely: Tensor) -> Tensor:
        """Notes that are expected of each part (batch, track, 1, 1), with drums of each key (…, 1,
        pitch): or a cool temperature would leave the rarer ones unheard.
        """
        if not self.layout.drums:
            return likely.sum((2, 3), keepdim=True)
        keys = likely.sum(2, keepdim=True)
        return torch.where(self.by_key > 0, keys, keys.sum(3, keepdim=True))

    def _lengths(self, logits: Tensor, task: NoteTask) -> Tensor:
        """Lengths (batch, track, step, register) in steps, of the notes that would begin."""
        score = logits + task.duration
        chosen = score >= score.amax(-1, keepdim=True)
        # Equal scores cannot happen in practice; were they to, the shorter length is taken.
        return torch.where(chosen, self.duration_steps, UNHEARD).amin(-1)

    def _per_pitch(self, registers: Tensor, like: Tensor) -> Tensor:
        """(batch, track, step, register) at the onsets of ``like`` (batch, track, step, pitch)."""
        pitches = split_axis(like, 3, (REGISTERS, self.layout.pitches // REGISTERS))
        return (pitches * registers[..., None]).flatten(3)


def _without(notes: Notes, cells: Tensor) -> Notes:
    """The notes without those of some cells (batch, track, step), which nobody knows then."""
    stays, each = 1 - cells, 1 - cells[..., None]
    return Notes(notes.onset * each, notes.length * each, notes.velocity * each, notes.keep * stays)
