"""Windows of a packed data set as batches of tensors. Songs are held out whole, never windows."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.data.corpus import NOT_ANNOTATED, STEPS_PER_BEAT, SongEntry, Stretch
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
from models.layout import DURATIONS, Layout

__all__ = ["Batch", "Windows", "chord_table", "held_out", "held_out_songs"]

MELODY_SHARE = 0.25  # a window whose melody sounds on fewer beats teaches nothing about melodies
DENSITY_SAMPLES = 1500
ONE_VOICE = 0.98  # share of its steps on which a part of one voice plays one note
VOICE_SONGS, VOICE_BEATS = 100, 256  # that are looked at to find out


class Batch(NamedTuple):
    """Windows of music, as it stands in the data.

    ``melody`` (batch, plane, step, pitch), ``rolls`` (batch, track, plane, step, pitch), float32 0
    or 1; ``lengths`` (batch, track, step, pitch) int64, class of `DURATIONS` at onsets;
    ``velocity`` (batch, track, step) float32 0 to 1; ``chords`` (batch, beat) int64, −1 unknown;
    ``position`` (batch, 2, step): bar starts and beat starts; ``density`` (batch, track): quantile.
    """

    melody: Tensor
    rolls: Tensor
    lengths: Tensor
    velocity: Tensor
    chords: Tensor
    position: Tensor
    density: Tensor


def held_out_songs(
    songs: Sequence[SongEntry], share: float
) -> tuple[list[SongEntry], list[SongEntry]]:
    """Songs to train on and songs kept back. Raises `TrainingError` where one side is empty."""
    train, held = held_out(songs, share)
    if not train or not held:
        raise TrainingError("The data set has too few songs: some must be held out.")
    return train, held


class Windows:
    """Random windows of some songs, as batches."""

    def __init__(
        self, corpus: PackedSongs, songs: Sequence[SongEntry], layout: Layout, beats: int
    ) -> None:
        if not songs:
            raise DataError("The data set has too few songs to train on.")
        self.corpus, self.songs, self.layout, self.beats = corpus, songs, layout, beats
        self._weights = np.array([song.beats for song in songs], float)
        self._weights /= self._weights.sum()
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
            first = song.first_bar_beat + song.beats_per_bar * int(rng.integers(-1, bars))
            stretch = self.corpus.stretch(song, first, self.beats)
            sung = stretch.planes[0, 1].any(-1).reshape(self.beats, STEPS_PER_BEAT).any(-1)
            if sung.mean() >= MELODY_SHARE:
                return stretch
        raise DataError("The data set's melodies are too sparse to train on.")

    def _density_table(self) -> npt.NDArray[np.float64]:
        """Notes a window of each track, sorted: (sample, track), to read quantiles from."""
        rng = np.random.default_rng(0)
        counts = [self._draw(rng).planes[1:, 0].sum((1, 2)) for _ in range(DENSITY_SAMPLES)]
        return np.sort(np.array(counts, float), axis=0)

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
            position=torch.from_numpy(_position(bars)),
            density=torch.from_numpy(self._quantiles(rolls)),
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

    def _quantiles(self, rolls: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
        counts = rolls[:, :, 0].sum((2, 3))  # (batch, track)
        ranks = [
            np.searchsorted(self._densities[:, track], counts[:, track]) / DENSITY_SAMPLES
            for track in range(self.layout.tracks)
        ]
        return np.stack(ranks, 1).astype(np.float32)


def _position(bars: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
    position = np.zeros((bars.shape[0], 2, bars.shape[1] * STEPS_PER_BEAT), np.float32)
    position[:, 0, ::STEPS_PER_BEAT] = bars
    position[:, 1, ::STEPS_PER_BEAT] = 1
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
