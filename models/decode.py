"""From logits to music, as tensor arithmetic: it runs in torch and, unchanged, inside the graph.

An arrangement is filled in some passes: first the chord line, bar starts before the rest, then the
tracks. Each pass draws some cells, given all that stand already, and puts them down. What is drawn
depends on ``noise`` alone: a fixed matrix of signs turns it into one normal number for every
decision, linear in the noise, so that near noises give near takes and a line between two noises a
path between two takes. The noise's size (root mean square, 1 for a standard normal) scales the
temperature: a model reads it as its daring.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.music.harmony import NO_CHORD
from models.axes import split_axis
from models.beat_unet import BeatUNet, Heard, Logits
from models.infill import same_bar, spread_of
from models.key_frame import KeyFrame
from models.layout import DURATIONS, PLANES, REGISTERS, STEPS_PER_BEAT, Layout
from models.windows import chord_table

NOISE_SIZE = 128
CHORD_PASSES = 4
# Parts rest and swell by phrases: those draws hang together over so many beats either way.
REST_REACH, SWELL_REACH = 6, 4
EQUAL_PARTS = 0.5**0.5  # of the phrase and of each note, in what loudness is drawn from
NORMAL_PER_LAPLACE = 1.25  # the normal distribution with a Laplace one's mean distance
SOFTEST = 0.1  # of the loudest velocity
DENSITY_POINTS = 11
# Two coprime cycles of signs: the draws of a song repeat after 61 · 59 beats, about 900 bars.
CYCLES = (61, 59)
LOGISTIC_PER_NORMAL = 1.702  # the logistic curve nearest to the normal one (Camilli, 1994)
# The offset that keeps the density is found within ±4 logits, to 0.008.
LARGEST_OFFSET, BISECTIONS = 4.0, 10
SMALLEST = 1e-6
# A bar beyond the last bar line is imagined: so the end is heard as an end, not as a cut.
AFTER = 16
# A part that shall play much rests less: so much of the rest's logit from least to most dense.
REST_PER_DENSITY = 4.0
LOOKED_AHEAD = (1, 2, 4, 8, 16, 32)  # doubled each time: 64 steps in all
UNHEARD = 64.0  # steps, beyond any duration
FAR_BEYOND = 1e6  # beats, beyond any song; a length would be fixed when the graph is traced


@dataclass(frozen=True, slots=True)
class DecodeSettings:
    """Passes over the tracks, and temperatures of what is drawn at noise size 1.

    ``held`` says per track whether each note of a single voice lasts until the next one begins.
    """

    passes: int = 8
    onset_temperature: float = 0.4
    chord_temperature: float = 0.6
    duration_temperature: float = 0.8
    rest_temperature: float = 1.0
    held: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Habits:
    """How a part is played, beside what the network expects.

    ``usual`` per track: times the expected notes, so that as many are played as in the data;
    ``rests`` per track: added to the logit that it rests, so that as many bars are empty;
    ``deviation`` per track: times the deviation of velocities that is expected;
    ``times`` per track: how many times its mean the data plays at each of `DENSITY_POINTS` even
    quantiles, from the least busy to the busiest.
    """

    usual: tuple[float, ...]
    rests: tuple[float, ...]
    deviation: tuple[float, ...]
    times: tuple[tuple[float, ...], ...]


def even_habits(tracks: int) -> Habits:
    """That which changes nothing."""
    even = (1.0,) * tracks
    return Habits(even, (0.0,) * tracks, even, ((1.0,) * DENSITY_POINTS,) * tracks)


@dataclass(frozen=True, slots=True)
class Draws:
    """A normal number for every decision of one request.

    ``onset`` (batch, track, step, pitch), ``duration`` (batch, track, step, register, class),
    ``chord`` (batch, beat, chord); ``rest`` (batch, track, beat), alike within a bar; ``loudness``
    (batch, track, step); ``rank`` (batch, 1 + track, beat): the pass before which a cell is put
    down, chords first; ``daring`` (batch,): scale of the temperatures.
    """

    onset: Tensor
    duration: Tensor
    chord: Tensor
    rest: Tensor
    loudness: Tensor
    rank: Tensor
    daring: Tensor


@dataclass(frozen=True, slots=True)
class State:
    """What stands so far.

    ``onset``, ``length`` (steps, at onsets) and ``velocity`` (batch, track, step, pitch); ``keep``
    (batch, track, step); ``chords`` (batch, beat, 24), ``chords_known`` (batch, beat).
    """

    onset: Tensor
    length: Tensor
    velocity: Tensor
    keep: Tensor
    chords: Tensor
    chords_known: Tensor


class NoiseField(nn.Module):
    """Noise (batch, `NOISE_SIZE`) to `Draws`."""

    signs: Tensor
    first_cycle: Tensor
    second_cycle: Tensor

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
        rng = torch.Generator().manual_seed(909)
        self.register_buffer("signs", _signs(NOISE_SIZE, sum(self.sizes), rng), persistent=False)
        self.register_buffer("first_cycle", _signs(CYCLES[0], NOISE_SIZE, rng), persistent=False)
        self.register_buffer("second_cycle", _signs(CYCLES[1], NOISE_SIZE, rng), persistent=False)

    def forward(self, noise: Tensor, melody: Tensor, position: Tensor) -> Draws:
        """Draws for music as long as ``melody`` and ``position`` (batch, 2, step).

        Bars with the same melody get the same draws: what comes again is answered alike.
        """
        layout = self.layout
        size = noise.square().mean(1).sqrt().clamp(min=SMALLEST)
        direction = noise / size[:, None]
        beats = position.shape[2] // STEPS_PER_BEAT
        place = torch.arange(beats, device=noise.device)
        codes = self.first_cycle[place % CYCLES[0]] * self.second_cycle[place % CYCLES[1]]
        mixed = direction[:, None] * codes.to(noise.dtype)  # (batch, beat, noise)
        field = mixed @ self.signs.to(noise.dtype) * NOISE_SIZE**-0.5
        source = first_alike(melody, position)[:, :, None].expand(-1, -1, sum(self.sizes))
        field = field.gather(1, source)
        onset, duration, chord, rank, rest, swell, touch = field.split(self.sizes, -1)
        cell = (layout.tracks, STEPS_PER_BEAT)
        onset = split_axis(onset, 2, (*cell, layout.pitches)).transpose(1, 2).flatten(2, 3)
        duration = split_axis(duration, 2, (*cell, REGISTERS, len(DURATIONS)))
        return Draws(
            onset=onset,
            duration=duration.transpose(1, 2).flatten(2, 3),
            chord=chord,
            rest=_by_bar(_phrased(rest.transpose(1, 2), REST_REACH), position),
            loudness=_loudness(swell, split_axis(touch, 2, cell)),
            rank=self._ranks(_uniform(rank).transpose(1, 2), position),
            daring=size.clamp(0.1, 3.0),
        )

    def _ranks(self, uniform: Tensor, position: Tensor) -> Tensor:
        """The pass of each cell: chords of bar starts in two, other chords in two, then notes."""
        begins_bar = position[:, 0, ::STEPS_PER_BEAT]  # (batch, beat)
        chord = 2.0 * uniform[:, 0] + 2.0 * (1.0 - begins_bar)
        late = torch.linspace(0.0, 0.3, self.layout.tracks, device=uniform.device)
        notes = 0.7 * uniform[:, 1:] + late[None, :, None]
        notes = CHORD_PASSES + self.settings.passes * notes
        return torch.cat([chord[:, None], notes], 1)


def _phrased(normal: Tensor, reach: int) -> Tensor:
    """Normal numbers (batch, track, beat) that change slowly from beat to beat."""
    place = torch.arange(normal.shape[2], device=normal.device)
    near = ((place[:, None] - place[None, :]).abs() <= reach).to(normal.dtype)
    return (normal @ near) * near.sum(0).rsqrt()


def _by_bar(normal: Tensor, position: Tensor) -> Tensor:
    """Numbers (batch, track, beat) as their mean in each bar."""
    bars = same_bar(position)
    return (normal @ bars) / bars.sum(1, keepdim=True)


def _loudness(swell: Tensor, touch: Tensor) -> Tensor:
    """Normal numbers (batch, track, step) of phrases (batch, beat, track) and of each step."""
    phrases = _phrased(swell.transpose(1, 2), SWELL_REACH).repeat_interleave(STEPS_PER_BEAT, 2)
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


def _signs(rows: int, columns: int, rng: torch.Generator) -> Tensor:
    return (torch.randint(0, 2, (rows, columns), generator=rng) * 2 - 1).to(torch.int8)


def _uniform(normal: Tensor) -> Tensor:
    return (0.5 + 0.5 * torch.erf(normal * 0.5**0.5)).clamp(SMALLEST, 1 - SMALLEST)


def _gumbel(normal: Tensor) -> Tensor:
    return -torch.log(-torch.log(_uniform(normal)))


def _later(x: Tensor, steps: int, fill: float) -> Tensor:
    """(…, step, pitch) moved ``steps`` later."""
    return functional.pad(x, (0, 0, steps, 0), value=fill)[..., : x.shape[-2], :]


def _earlier(x: Tensor, steps: int, fill: float) -> Tensor:
    """(…, step, pitch) moved ``steps`` earlier."""
    return functional.pad(x, (0, 0, 0, steps), value=fill)[..., steps:, :]


def _steps_left(sounding: Tensor) -> Tensor:
    """For how many steps (at most 16) each cell's note goes on, itself included."""
    left = torch.where(sounding > 0, UNHEARD, 0.0)
    for step in (1, 2, 4, 8):
        left = torch.minimum(left, _earlier(left, step, 0.0) + step)
    return left.clamp(max=DURATIONS[-1])


class Filler(nn.Module):
    """One pass: hear what stands, draw the cells whose turn it is, put them down."""

    table: Tensor
    duration_steps: Tensor
    one_voice: Tensor
    held: Tensor
    allowed: Tensor
    usual: Tensor
    rests: Tensor
    deviation: Tensor
    times: Tensor

    def __init__(
        self,
        network: BeatUNet,
        settings: DecodeSettings,
        ranges: tuple[tuple[int, int], ...],
        habits: Habits | None = None,
    ) -> None:
        """``ranges`` are MIDI pitches per track, lowest and highest that may be played (in C).

        Without ``habits`` densities only reach the network.
        """
        super().__init__()
        self.network, self.settings = network, settings
        layout = network.layout
        self.register_buffer("table", chord_table()[:NO_CHORD], persistent=False)
        self.register_buffer("duration_steps", torch.tensor(DURATIONS).float(), persistent=False)
        voices = torch.tensor(layout.one_voice).float()
        self.register_buffer("one_voice", voices[None, :, None, None], persistent=False)
        held = torch.tensor(settings.held or (False,) * layout.tracks).float() * voices
        self.register_buffer("held", held[None, :, None, None], persistent=False)
        pitch = torch.arange(layout.pitches) + layout.pitch_low
        allowed = torch.stack([(pitch >= low) & (pitch <= high) for low, high in ranges])
        self.register_buffer("allowed", allowed[None, :, None].float(), persistent=False)
        habits = habits or even_habits(layout.tracks)
        self.register_buffer("usual", torch.tensor(habits.usual), persistent=False)
        self.register_buffer("rests", torch.tensor(habits.rests), persistent=False)
        deviation = torch.tensor(habits.deviation)[None, :, None, None]
        self.register_buffer("deviation", deviation, persistent=False)
        self.register_buffer("times", torch.tensor(habits.times), persistent=False)

    def forward(
        self,
        turn: Tensor,
        state: State,
        draws: Draws,
        given: Heard,
        biases: tuple[Tensor, ...] | None = None,
    ) -> State:
        """The state after pass ``turn`` (a scalar); ``given`` is the request as it came.

        ``biases`` are the network's for this length, where they stand already.
        """
        sounding = self.sounding(state, given)
        logits = self.network(
            Heard(
                melody=given.melody,
                known=torch.stack([state.onset, sounding], 2) * state.keep[:, :, None, :, None],
                keep=state.keep,
                chords=state.chords,
                chords_known=state.chords_known,
                position=given.position,
                density=given.density,
            ),
            biases,
        )
        due = (draws.rank < turn + 1).to(state.keep.dtype)  # (batch, 1 + track, beat)
        new_chords = due[:, 0] * (1 - state.chords_known)
        new = due[:, 1:].repeat_interleave(STEPS_PER_BEAT, 2) * (1 - state.keep)
        # Which bars a part rests in is decided once the chords stand, and is silence from then on.
        resting = 1 - (turn - (CHORD_PASSES - 1)).abs().clamp(max=1)
        rests = resting * self._rests(logits.rest, state, draws, given)
        onset = self._onsets(logits.onset, state, draws, given.density) * new[..., None]
        return State(
            onset=state.onset + onset,
            length=state.length + onset * self._lengths(logits.duration, draws),
            velocity=state.velocity + onset * self._velocities(logits, draws),
            keep=state.keep + torch.maximum(new, rests),
            chords=state.chords + new_chords[..., None] * self._chords(logits.chord, draws),
            chords_known=state.chords_known + new_chords,
        )

    def _onsets(self, logits: Tensor, state: State, draws: Draws, density: Tensor) -> Tensor:
        """Onsets drawn for every cell, 0 or 1 (batch, track, step, pitch)."""
        open_cells = (1 - state.keep)[..., None] * self.allowed
        temperature = self.settings.onset_temperature * draws.daring[:, None, None, None]
        busyness = self._busyness(density)
        offset = self._density_kept(logits, temperature, open_cells, busyness)
        score = (logits + offset) / temperature + LOGISTIC_PER_NORMAL * draws.onset
        highest = score.amax(-1, keepdim=True)
        one = (score >= highest).to(score.dtype) * self.one_voice + (1 - self.one_voice)
        return (score > 0).to(score.dtype) * self.allowed * one

    def _rests(self, logits: Tensor, state: State, draws: Draws, given: Heard) -> Tensor:
        """1 at steps (batch, track, step) of bars in which a part rests, where nothing is known."""
        bars = same_bar(given.position)
        known = state.keep[:, :, ::STEPS_PER_BEAT]
        untold = 1 - (known @ bars).clamp(max=1)
        temperature = self.settings.rest_temperature * draws.daring[:, None, None]
        asked = (given.density >= 0).to(logits.dtype) * (given.density - 0.5) * REST_PER_DENSITY
        likely = _by_bar(logits, given.position) + (self.rests - asked)[:, :, None]
        score = likely / temperature + LOGISTIC_PER_NORMAL * draws.rest
        return ((score > 0).to(score.dtype) * untold).repeat_interleave(STEPS_PER_BEAT, 2)

    def _velocities(self, logits: Logits, draws: Draws) -> Tensor:
        """Velocities (batch, track, step, pitch), 0 to 1, of the notes that would begin there."""
        calm = draws.daring.clamp(max=1)[:, None, None, None] * NORMAL_PER_LAPLACE
        drawn = calm * self.deviation * spread_of(logits.spread) * draws.loudness[..., None]
        return self._per_pitch((torch.sigmoid(logits.velocity) + drawn).clamp(SOFTEST, 1.0))

    def _busyness(self, density: Tensor) -> Tensor:
        """How many times the expected notes (batch, track) shall be played."""
        place = density.clamp(0, 1)[:, :, None] * (DENSITY_POINTS - 1)
        point = torch.arange(DENSITY_POINTS, device=density.device)
        share = (1 - (place - point).abs()).clamp(min=0)  # of each point, linear in between
        asked = (share * self.times).sum(2)
        return self.usual * torch.where(density >= 0, asked, torch.ones_like(asked))

    def _density_kept(
        self, logits: Tensor, temperature: Tensor, open_cells: Tensor, busyness: Tensor
    ) -> Tensor:
        """Offset (batch, track, 1, 1) with which as many notes are expected as at temperature 1.

        Times ``busyness`` (batch, track).
        A plain temperature below 1 thins music out, since most cells' odds are below one half.
        Found by bisection, which the steep steps of a cold temperature cannot lead astray.
        """
        wanted = (torch.sigmoid(logits) * open_cells).sum((2, 3), keepdim=True)
        wanted = wanted * busyness[:, :, None, None]
        low = torch.full_like(wanted, -LARGEST_OFFSET)
        high = torch.full_like(wanted, LARGEST_OFFSET)
        for _ in range(BISECTIONS):
            middle = 0.5 * (low + high)
            likely = torch.sigmoid((logits + middle) / temperature) * open_cells
            too_few = likely.sum((2, 3), keepdim=True) < wanted
            low = torch.where(too_few, middle, low)
            high = torch.where(too_few, high, middle)
        return 0.5 * (low + high)

    def _lengths(self, logits: Tensor, draws: Draws) -> Tensor:
        temperature = self.settings.duration_temperature * draws.daring
        score = logits + _gumbel(draws.duration) * temperature[:, None, None, None, None]
        chosen = (score >= score.amax(-1, keepdim=True)).to(score.dtype)
        # Equal scores cannot happen in practice; were they to, the shorter length is taken.
        steps = torch.where(chosen > 0, self.duration_steps, UNHEARD).amin(-1)
        return self._per_pitch(steps)

    def _per_pitch(self, groups: Tensor) -> Tensor:
        """(batch, track, step, register) to (batch, track, step, pitch)."""
        return groups.repeat_interleave(self.network.layout.pitches // REGISTERS, 3)

    def _chords(self, logits: Tensor, draws: Draws) -> Tensor:
        """Features (batch, beat, 24) of a chord drawn for every beat."""
        temperature = self.settings.chord_temperature * draws.daring
        score = logits[..., :NO_CHORD] + _gumbel(draws.chord) * temperature[:, None, None]
        one = (score >= score.amax(-1, keepdim=True)).to(score.dtype)
        return one @ self.table

    def sounding(self, state: State, given: Heard) -> Tensor:
        """Sounding plane (batch, track, step, pitch): lengths, cut where the next note begins."""
        struck = state.onset.amax(-1, keepdim=True) * self.one_voice
        begins = torch.maximum(state.onset, struck)
        until = torch.where(_earlier(begins, 1, 0.0) > 0, 1.0, UNHEARD)
        for step in LOOKED_AHEAD:
            until = torch.minimum(until, _earlier(until, step, UNHEARD) + step)
        lasts = state.length + self.held * UNHEARD
        left = state.onset * torch.minimum(lasts, until)
        for step in LOOKED_AHEAD:
            left = torch.maximum(left, _later(left, step, 0.0) - step)
        kept = given.keep[..., None]
        return (left > 0).to(left.dtype) * (1 - kept) + given.known[:, :, 1] * kept


class Accompanist(nn.Module):
    """The whole request: contract tensors in, contract tensors out."""

    ending: Tensor

    def __init__(
        self,
        network: BeatUNet,
        settings: DecodeSettings,
        ranges: tuple[tuple[int, int], ...],
        habits: Habits | None = None,
    ) -> None:
        """``ranges`` and ``habits`` as for `Filler`."""
        super().__init__()
        layout = network.layout
        self.layout, self.settings = layout, settings
        self.frame = KeyFrame(layout.pitch_low, layout.pitches, layout.drums)
        self.field = NoiseField(layout, settings)
        self.filler = Filler(network, settings, ranges, habits)
        ending = torch.zeros(1, 2, AFTER)
        ending[:, 0, 0] = 1  # the last bar line; beyond it no beat is counted
        self.register_buffer("ending", ending, persistent=False)

    @property
    def passes(self) -> int:
        """How often the network is asked."""
        return CHORD_PASSES + self.settings.passes

    def begin(
        self,
        melody: Tensor,
        noise: Tensor,
        known: Tensor,
        keep: Tensor,
        chords: Tensor,
        density: Tensor,
        position: Tensor,
    ) -> tuple[Heard, Draws, State, Tensor]:
        """The request in C, its draws, the state before the first pass, and the shift to C."""
        shift = self.frame.shift_to_c(melody)
        melody, known = (functional.pad(x, (0, 0, 0, AFTER)) for x in (melody, known))
        keep, chords = (functional.pad(x, (0, AFTER)) for x in (keep, chords))
        position = torch.cat([position, self.ending.expand(melody.shape[0], -1, -1)], 2)
        steps = (self.layout.tracks, PLANES)
        given = Heard(
            melody=self.frame.moved(melody, shift),
            known=self.frame.moved_tracks(split_axis(known, 1, steps), shift)
            * keep[:, :, None, :, None],
            keep=keep,
            chords=self.frame.moved_chords(chords[:, :, ::STEPS_PER_BEAT].transpose(1, 2), shift),
            chords_known=chords[:, :, ::STEPS_PER_BEAT].amax(1),
            position=position,
            density=density,
        )
        onset = given.known[:, :, 0]
        state = State(
            onset=onset,
            length=onset * _steps_left(given.known[:, :, 1]),
            velocity=torch.zeros_like(onset),
            keep=keep,
            chords=given.chords,
            chords_known=given.chords_known,
        )
        return given, self.field(noise, given.melody, position), state, shift

    def end(self, state: State, given: Heard, shift: Tensor) -> tuple[Tensor, Tensor]:
        """``accompaniment`` (batch, tracks·2, step, pitch) and ``velocity`` in the melody's key."""
        planes = torch.stack([state.onset, self.filler.sounding(state, given)], 2)
        back = self.frame.moved_tracks(planes, -shift).flatten(1, 2)
        velocity = self.frame.moved_tracks(state.velocity, -shift)
        return back[:, :, :-AFTER], velocity[:, :, :-AFTER]

    def forward(
        self,
        melody: Tensor,
        noise: Tensor,
        known: Tensor,
        keep: Tensor,
        chords: Tensor,
        density: Tensor,
        position: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """All passes, one after the other."""
        given, draws, state, shift = self.begin(
            melody, noise, known, keep, chords, density, position
        )
        biases = self.filler.network.biases(given.chords.shape[1])
        for turn in range(self.passes):
            state = self.filler(torch.tensor(float(turn)), state, draws, given, biases)
        return self.end(state, given, shift)
