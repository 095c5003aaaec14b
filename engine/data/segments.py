"""Segments of held-out songs, for the measures: always the same ones."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from engine.data.corpus import (
    NOT_ANNOTATED,
    STEPS_PER_BEAT,
    CorpusCard,
    SongEntry,
    Stretch,
    song_key,
)
from engine.data.measures import Segment
from engine.data.song import DRUMS
from engine.errors import DataError
from engine.music.harmony import NO_CHORD
from engine.music.piano_roll import BoolArray, PianoRoll, decode

SUNG_SHARE = 0.5  # of the beats, so that there is a melody to accompany
NOTES_A_BAR = 4  # of the human accompaniment, or its own figures would mean nothing


class PackedSongs(Protocol):
    """What a `Corpus` and a `Collection` have in common."""

    songs: tuple[SongEntry, ...]
    card: CorpusCard

    def stretch(self, song: SongEntry, beat: int, beats: int) -> Stretch:
        """``beats`` beats of a song from its ``beat`` on."""


def held_out(songs: Sequence[SongEntry], share: float) -> tuple[list[SongEntry], list[SongEntry]]:
    """Songs to train on and songs kept back, chosen by a hash of what the song is called.

    So a song is on the same side in every run, in every set that holds it and on every machine,
    and all arrangements of one song stay together (`song_key`). What has the melody of a song that
    is kept back is kept back as well, whatever it is called. Of so few songs that the hash keeps
    none, the one that comes next to it is kept: a handful of files can be fine-tuned to, too.
    """
    train, kept = split_by_hash(songs, share)
    keys = {song_key(song) for song in train}
    if kept or len(keys) < 2:
        return train, kept
    return _parted(songs, {min(keys, key=_hash_of)})


def split_by_hash(
    songs: Sequence[SongEntry], share: float
) -> tuple[list[SongEntry], list[SongEntry]]:
    """As `held_out`, but of few songs one side may be empty."""
    return _parted(songs, {key for key in map(song_key, songs) if _hash_of(key) < share * 2**32})


def _parted(songs: Sequence[SongEntry], kept: set[str]) -> tuple[list[SongEntry], list[SongEntry]]:
    while True:
        melodies = {song.melody for song in songs if song.melody and song_key(song) in kept}
        related = {song_key(song) for song in songs if song.melody in melodies} - kept
        if not related:
            break
        kept |= related
    sides: tuple[list[SongEntry], list[SongEntry]] = ([], [])
    for song in songs:
        sides[song_key(song) in kept].append(song)
    return sides


def _hash_of(key: str) -> int:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big")


def draw_stretches(
    corpus: PackedSongs, songs: Sequence[SongEntry], count: int, bars: int = 8, seed: int = 0
) -> list[Stretch]:
    """``count`` stretches of whole bars, songs in turn, places at random but always the same.

    Fewer where the songs do not hold as many. Raises `DataError` where they hold none.
    """
    return [stretch for _, stretch in draw_excerpts(corpus, songs, count, bars, seed)]


def draw_excerpts(
    corpus: PackedSongs, songs: Sequence[SongEntry], count: int, bars: int = 8, seed: int = 0
) -> list[tuple[SongEntry, Stretch]]:
    """As `draw_stretches`, each with the song that it is from."""
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, bars])))
    found: list[tuple[SongEntry, Stretch]] = []
    for attempt in range(40 * count if songs else 0):
        song = songs[attempt % len(songs)]
        whole = (song.beats - song.first_bar_beat) // song.beats_per_bar
        if whole < bars:
            continue
        bar = int(rng.integers(0, whole - bars + 1))
        beat = song.first_bar_beat + bar * song.beats_per_bar
        stretch = corpus.stretch(song, beat, bars * song.beats_per_bar)
        if is_full(stretch, bars):
            found.append((song, stretch))
        if len(found) == count:
            return found
    if not found:
        raise DataError("No held-out song has enough melody and accompaniment to be measured.")
    return found


def is_full(stretch: Stretch, bars: int) -> bool:
    """Whether melody and accompaniment both have something to say."""
    sung = stretch.planes[0, 1].any(-1).reshape(-1, STEPS_PER_BEAT).any(-1).mean()
    notes = stretch.planes[1:, 0].sum()
    return bool(sung >= SUNG_SHARE and notes >= NOTES_A_BAR * bars)


def segment_of(stretch: Stretch) -> Segment:
    """The stretch with its human accompaniment."""
    return with_accompaniment(stretch, stretch.planes[1:])


def without_drums(segment: Segment, parts: Sequence[str]) -> Segment:
    """The segment with the drums silent, whose keys are no pitches; ``parts`` names its tracks."""
    if DRUMS not in parts:
        return segment
    pitched = zip(segment.tracks, parts, strict=True)
    return replace(segment, tracks=tuple(() if part == DRUMS else track for track, part in pitched))


def with_accompaniment(stretch: Stretch, planes: BoolArray, pitch_low: int = 0) -> Segment:
    """The stretch's melody with other planes (track, plane, step, pitch)."""
    bars = np.flatnonzero(stretch.bar_starts)
    beats_per_bar = int(bars[1] - bars[0]) if len(bars) > 1 else len(stretch.bar_starts)
    chords = tuple(NO_CHORD if c == NOT_ANNOTATED else int(c) for c in stretch.chords)
    annotated = any(chord != NO_CHORD for chord in chords)
    return Segment(
        melody=decode(PianoRoll(stretch.planes[:1]))[0],
        tracks=decode(PianoRoll(planes, pitch_low)),
        steps=stretch.planes.shape[2],
        steps_per_bar=beats_per_bar * STEPS_PER_BEAT,
        chords=chords if annotated else None,
    )
