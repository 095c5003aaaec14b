"""Windows of a packed data set as batches of tensors. Songs are held out whole, never windows."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.data.corpus import NOT_ANNOTATED, STEPS_PER_BEAT, SongEntry, Stretch, meter_of
from engine.data.segments import PackedSongs, held_out
from engine.data.song import PITCHES
from engine.errors import DataError, TrainingError
from engine.music.harmony import (
    CHORD_CLASSES,
    NO_BASS,
    NO_CHORD,
    PITCH_CLASSES,
    best_chords,
    chord_vector,
)
from models.layout import DURATIONS, POOLING, Layout
from models.meters import beats_before, in_two, is_common, shuffled

__all__ = ["Batch", "Windows", "chord_table", "held_out", "held_out_songs"]

# Endings are a small part of songs and must be right: so many windows hold one.
END_SHARE = 0.15
# No rare meter is heard in less than this share of the windows, if it is in the data at all.
METER_SHARE = 0.06
MELODY_SHARE = 0.25  # a window whose melody sounds on fewer beats teaches nothing about melodies
DENSITY_SAMPLES = 1500
ONE_VOICE = 0.98  # share of its steps on which a part of one voice plays one note
TIMES_USUAL = (0.15, 4.0)  # the least and the most that a density may ask for
LOUDNESS_SAMPLES = 50
HELD, HELD_SAMPLES = 0.97, 200  # share of the melody's steps; windows looked at
VOICE_SONGS, VOICE_BEATS = 100, 256  # that are looked at to find out


class Batch(NamedTuple):
    """Windows of music, as it stands in the data.

    ``melody`` (batch, plane, step, pitch), ``rolls`` (batch, track, plane, step, pitch), float32 0
    or 1; ``lengths`` (batch, track, step, pitch) int64, class of `DURATIONS` at onsets;
    ``velocity`` (batch, track, step) float32 0 to 1; ``chords`` (batch, beat) int64, −1 unknown;
    ``position`` (batch, 2, step): bar starts and beat starts up to the song's last bar line;
    ``density`` (batch, track): quantile; ``present`` (batch, track): 1 where the song has the part.
    """

    melody: Tensor
    rolls: Tensor
    lengths: Tensor
    velocity: Tensor
    chords: Tensor
    position: Tensor
    density: Tensor
    present: Tensor


def held_out_songs(
    songs: Sequence[SongEntry], share: float
) -> tuple[list[SongEntry], list[SongEntry]]:
    """Songs to train on and songs kept back. Raises `TrainingError` where one side is empty."""
    train, held = held_out(songs, share)
    if not train or not held:
        raise TrainingError(
            "The data set has too few songs: some must be held out to measure by. Add more music."
        )
    return train, held


class Windows:
    """Random windows of some songs, as batches."""

    def __init__(
        self,
        corpus: PackedSongs,
        songs: Sequence[SongEntry],
        layout: Layout,
        beats: int,
        other_meters: float = 0.0,
    ) -> None:
        """``beats`` of each window; ``other_meters`` is the share of songs in 4/4 that are heard
        as a shuffle in 6/8, half as many are in 2/4. Raises `DataError` for no songs.
        """
        if not songs:
            raise DataError("The data set has too few songs to train on.")
        self.corpus, self.songs, self.layout, self.beats = corpus, songs, layout, beats
        self.other_meters = other_meters
        self._parts = corpus.card.roles[1 : 1 + layout.tracks]
        self._weights = _shares(songs)
        self._densities = self._density_table()

    def batches(self, size: int, rng: np.random.Generator) -> Iterator[Batch]:
        """Batches without end, drawn from ``rng``."""
        while True:
            yield self.batch(size, rng)

    def batch(self, size: int, rng: np.random.Generator) -> Batch:
        """``size`` windows drawn from ``rng``."""
        return self.collate([self._draw(rng) for _ in range(size)])

    def _draw(self, rng: np.random.Generator) -> Stretch:
        for _ in range(100):
            song = self.songs[rng.choice(len(self.songs), p=self._weights)]
            bars = max(1, (song.beats - song.first_bar_beat) // song.beats_per_bar)
            bar = int(rng.integers(-1, bars))
            if rng.random() < END_SHARE:
                bar = self._before_end(song, bars, rng)
            first = song.first_bar_beat + song.beats_per_bar * bar
            stretch = self._in_some_meter(song, first, rng)
            sung = stretch.planes[0, 1].any(-1).reshape(self.beats, STEPS_PER_BEAT).any(-1)
            if sung.mean() >= MELODY_SHARE:
                return stretch
        raise DataError("The data set's melodies are too sparse to train on.")

    def _in_some_meter(self, song: SongEntry, first: int, rng: np.random.Generator) -> Stretch:
        drawn = rng.random() if self.other_meters and is_common(song) else 1.0
        if drawn < self.other_meters:
            short = self.corpus.stretch(song, first, beats_before(self.beats))
            return shuffled(short, self.beats)
        stretch = self.corpus.stretch(song, first, self.beats)
        return in_two(stretch) if drawn < 1.5 * self.other_meters else stretch

    def _before_end(self, song: SongEntry, bars: int, rng: np.random.Generator) -> int:
        """A bar from which the song ends within the window."""
        inside = max(3, self.beats // song.beats_per_bar)
        return max(-1, bars - int(rng.integers(2, inside)))

    def _density_table(self) -> npt.NDArray[np.float64]:
        """Notes a window of each track, sorted: (sample, track), to read quantiles from."""
        rng = np.random.default_rng(0)
        counts = [self._draw(rng).planes[1:, 0].sum((1, 2)) for _ in range(DENSITY_SAMPLES)]
        return np.sort(np.array(counts, float), axis=0)

    def held_parts(self) -> tuple[bool, ...]:
        """Which parts sound wherever the melody does, from note to note, as a choir's voices do."""
        rng = np.random.default_rng(0)
        sounds = [self._draw(rng).planes[:, 1].any(-1) for _ in range(HELD_SAMPLES)]
        steps = np.concatenate(sounds, 1)  # (melody and parts, step)
        shares = steps[1:, steps[0]].mean(1)
        return tuple((shares >= HELD).tolist())

    def flat_loudness(self) -> bool:
        """Whether the parts are struck equally hard all through, as where nobody wrote how hard."""
        rng = np.random.default_rng(0)
        drawn = [self._draw(rng).velocity[1:] for _ in range(LOUDNESS_SAMPLES)]
        return all(np.ptp(each[each > 0]) == 0 for each in drawn if each.any())

    def times_usual(self, points: int) -> tuple[tuple[float, ...], ...]:
        """Per track, how many times its mean of notes stands at so many even quantiles."""
        quantiles = np.quantile(self._densities, np.linspace(0, 1, points), axis=0)
        times = quantiles / np.maximum(self._densities.mean(0), 1e-9)
        return tuple(tuple(row) for row in np.clip(times.T, *TIMES_USUAL).tolist())

    def collate(self, stretches: Sequence[Stretch]) -> Batch:
        """Stretches of equal length as one batch."""
        low, high = self.layout.pitch_low, self.layout.pitch_low + self.layout.pitches
        planes = np.stack([each.planes for each in stretches])[..., low:high]
        rolls = planes[:, 1:]
        bars = np.stack([each.bar_starts for each in stretches])
        chords = np.stack([self._chords(each) for each in stretches]).astype(np.int64)
        velocity = np.stack([each.velocity for each in stretches])[:, 1:] / np.float32(127)
        return Batch(
            melody=torch.from_numpy(planes[:, 0].astype(np.float32)),
            rolls=torch.from_numpy(rolls.astype(np.float32)),
            lengths=torch.from_numpy(_length_classes(rolls)),
            velocity=torch.from_numpy(velocity.astype(np.float32)),
            chords=torch.from_numpy(np.where(chords == NO_CHORD, -1, chords)),
            position=torch.from_numpy(_position(bars, stretches)),
            density=torch.from_numpy(self._quantiles(rolls)),
            present=torch.from_numpy(self.present(stretches)),
        )

    def _chords(self, stretch: Stretch) -> npt.NDArray[np.int16]:
        """The stretch's chords; where nobody annotated any, those that its notes imply."""
        known = (stretch.chords != NOT_ANNOTATED) & (stretch.chords != NO_CHORD)
        if known.any():
            return stretch.chords
        drums = {1 + track for track in self.layout.drums}
        pitched = [role for role in range(len(stretch.planes)) if role not in drums]
        heard = stretch.planes[pitched, 1].sum(0).reshape(len(stretch.chords), -1, PITCHES).sum(1)
        lowest = np.where(heard.any(1), (heard > 0).argmax(1), NO_BASS)
        octaves = np.pad(heard, ((0, 0), (0, -PITCHES % PITCH_CLASSES)))
        weights = octaves.reshape(len(heard), -1, PITCH_CLASSES).sum(1)
        return best_chords(weights.astype(float), lowest).astype(np.int16)

    def present(self, stretches: Sequence[Stretch]) -> npt.NDArray[np.float32]:
        """1 where a stretch's song has the part (stretch, part)."""
        return np.array(
            [[not each.parts or part in each.parts for part in self._parts] for each in stretches],
            np.float32,
        )

    def _quantiles(self, rolls: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
        counts = rolls[:, :, 0].sum((2, 3))  # (batch, track)
        ranks = [
            np.searchsorted(self._densities[:, track], counts[:, track]) / DENSITY_SAMPLES
            for track in range(self.layout.tracks)
        ]
        return np.stack(ranks, 1).astype(np.float32)


def _shares(songs: Sequence[SongEntry]) -> npt.NDArray[np.float64]:
    """How often each song is drawn: by its length, songs in rare meters more often."""
    beats = np.array([song.beats for song in songs], float)
    meters = np.array([meter_of(song) for song in songs])
    shares = beats / beats.sum()
    for meter in dict.fromkeys(meters.tolist()):
        own = meters == meter
        shares[own] *= max(1.0, METER_SHARE / shares[own].sum())
    return shares / shares.sum()


def _position(bars: npt.NDArray[np.bool_], stretches: Sequence[Stretch]) -> npt.NDArray[np.float32]:
    """Bar and beat starts; the last bar line is one, as a request's is: on a multiple of beats."""
    size, beats = bars.shape
    position = np.zeros((size, 2, beats * STEPS_PER_BEAT), np.float32)
    for row, stretch in enumerate(stretches):
        left = min(stretch.left, beats)
        position[row, 0, : left * STEPS_PER_BEAT : STEPS_PER_BEAT] = bars[row, :left]
        first = int(np.argmax(bars[row])) * STEPS_PER_BEAT % stretch.pulse
        position[row, 1, first : left * STEPS_PER_BEAT : stretch.pulse] = 1
        end = -(-left // POOLING) * POOLING
        if end < beats:
            position[row, 0, end * STEPS_PER_BEAT] = 1
    return position


def _length_classes(rolls: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Nearest class of `DURATIONS` for the note that begins at each (step, pitch)."""
    onset, sounding = rolls[:, :, 0], rolls[:, :, 1]
    longest = DURATIONS[-1]
    lengths = np.ones(onset.shape, np.int8)
    for step in range(onset.shape[2] - 2, -1, -1):
        goes_on = sounding[:, :, step + 1] & ~onset[:, :, step + 1]
        longer = np.minimum(lengths[:, :, step + 1] + 1, longest)
        lengths[:, :, step] = np.where(goes_on, longer, 1)
    table = [int(np.argmin([abs(length - d) for d in DURATIONS])) for length in range(longest + 1)]
    return np.array(table, np.int64)[lengths]


def one_voice_parts(corpus: PackedSongs, songs: Sequence[SongEntry]) -> tuple[bool, ...]:
    """Which parts of the songs play one note at a time (nearly always; the first songs tell)."""
    heard = [
        corpus.stretch(song, 0, min(song.beats, VOICE_BEATS)).planes[1:, 1].sum(-1)
        for song in songs[:VOICE_SONGS]
    ]
    notes = np.concatenate(heard, 1)  # (part, step)
    one_voice = (notes > 1).sum(1) <= (1 - ONE_VOICE) * (notes > 0).sum(1)
    return tuple(one_voice.tolist())


def chord_table() -> Tensor:
    """Features of every chord class, (class, 24); the last, no chord, is all zero."""
    return torch.tensor(
        [chord_vector(index) for index in range(CHORD_CLASSES)], dtype=torch.float32
    )
