"""A packed data set: songs as bit-planes on disk, memory-mapped, read without any MIDI library.

A corpus is a folder:

- ``corpus.json``: name, version, licence, roles, and per song its name, first beat, length in
  beats, beats a bar and the beat on which its first whole bar starts; where they are not the usual
  ones, also its tags, meter, and what it shares with other arrangements of the song;
- ``planes.npy``: uint8 (step, role, plane, 16): the 128 pitches of a step packed to bits;
- ``velocity.npy``: uint8 (step, role): mean velocity of the onsets of that step, 0 without one;
- ``chords.npy``: int16 (beat,): class of `engine.music.harmony`, −1 where nothing is annotated.

Role 0 is the melody. Four steps a beat; songs lie one behind the other. A role named Drums holds
General MIDI's drum keys as its pitches.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.data.packing import FORMAT, ByteArray, ChordArray, entry_from, write_corpus
from engine.data.song import (
    PITCHES,
    STEPS_PER_BEAT,
    CorpusCard,
    RoleNote,
    Song,
    SongEntry,
    meter_of,
    pulse_of,
    song_key,
)
from engine.errors import DataError
from engine.music.harmony import NO_CHORD
from engine.music.piano_roll import PLANES

__all__ = [
    "NOT_ANNOTATED",
    "STEPS_PER_BEAT",
    "Corpus",
    "CorpusCard",
    "RoleNote",
    "Song",
    "SongEntry",
    "Stretch",
    "meter_of",
    "song_key",
    "write_corpus",
]

UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What comes of reading an index that is none."""
NOT_ANNOTATED = -1
FAR = 1 << 30  # beats: no end in sight

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some beats of one song, unpacked.

    ``planes`` bool (role, plane, step, pitch), ``velocity`` uint8 (role, step), ``chords`` int16
    (beat,), ``bar_starts`` bool (beat,); ``left``: beats from its beginning to the song's end;
    ``pulse``: steps from one felt beat to the next, 6 where a bar is of dotted quarters;
    ``parts``: the roles that sound anywhere in the song, empty where all of them do.
    """

    planes: BoolArray
    velocity: ByteArray
    chords: ChordArray
    bar_starts: BoolArray
    left: int = FAR
    pulse: int = STEPS_PER_BEAT
    parts: tuple[str, ...] = ()


class Corpus:
    """A packed data set on disk. Raises `DataError` for a folder that is none."""

    def __init__(self, folder: Path) -> None:
        try:
            index = json.loads((folder / "corpus.json").read_text("utf-8"))
            if index["format"] != FORMAT:
                raise DataError(
                    f"The data set in {folder} was packed by another version; import it again."
                )
            self.card = card_from(index["card"])
            self.songs = tuple(entry_from(song) for song in index["songs"])
            self._planes = np.load(folder / "planes.npy", mmap_mode="r", allow_pickle=False)
            self._velocity = np.load(folder / "velocity.npy", mmap_mode="r", allow_pickle=False)
            self._chords = np.load(folder / "chords.npy", mmap_mode="r", allow_pickle=False)
            if not self._is_whole():
                raise DataError(f"The data set in {folder} is damaged; import it again.")
        except (EOFError, *UNREADABLE) as error:
            raise DataError(
                f"There is no readable data set in {folder}; import it again."
            ) from error

    def _is_whole(self) -> bool:
        """Whether index and arrays belong together."""
        beats, roles = len(self._chords), len(self.card.roles)
        steps = beats * STEPS_PER_BEAT
        arrays = (
            (self._planes, (steps, roles, PLANES, PITCHES // 8), np.uint8),
            (self._velocity, (steps, roles), np.uint8),
            (self._chords, (beats,), np.int16),
        )
        fit = all(array.shape == shape and array.dtype == kind for array, shape, kind in arrays)
        return fit and _all_known(self._chords) and _all_lie_within(self.songs, beats)

    def stretch(
        self, song: SongEntry, beat: int, beats: int, roles: Sequence[int] | None = None
    ) -> Stretch:
        """``beats`` beats of a song from its ``beat`` on; beyond its ends there is silence.

        ``roles`` numbers the roles that are wanted, in that order; all where it is None.
        """
        low = min(max(0, beat), song.beats)
        high = max(low, min(song.beats, beat + beats))
        first, last = song.first_beat + low, song.first_beat + high
        steps = slice(first * STEPS_PER_BEAT, last * STEPS_PER_BEAT)
        packed, loud = self._planes[steps], self._velocity[steps]
        if roles is not None:
            packed, loud = packed[:, list(roles)], loud[:, list(roles)]
        at = (low - beat) * STEPS_PER_BEAT if high > low else 0
        planes = np.zeros((beats * STEPS_PER_BEAT, packed.shape[1], PLANES, PITCHES), np.bool_)
        velocity = np.zeros((beats * STEPS_PER_BEAT, packed.shape[1]), np.uint8)
        chords = np.full(beats, NOT_ANNOTATED, np.int16)
        # Unpacked bits are bytes of 0 and 1: bools already.
        planes[at : at + len(packed)] = np.unpackbits(packed, axis=-1).view(np.bool_)
        velocity[at : at + len(loud)] = loud
        chords[at // STEPS_PER_BEAT : at // STEPS_PER_BEAT + last - first] = self._chords[
            first:last
        ]
        bars = (np.arange(beat, beat + beats) - song.first_bar_beat) % song.beats_per_bar == 0
        return Stretch(
            planes.transpose(1, 2, 0, 3),
            velocity.T,
            chords,
            bars,
            left=song.beats - beat,
            pulse=pulse_of(song),
            parts=song.parts,
        )


def card_from(fields: dict[str, Any]) -> CorpusCard:
    """A card from its plain values."""
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()
    }
    return CorpusCard(**values)


def _all_known(chords: ChordArray) -> bool:
    if not len(chords):
        return True
    return bool(chords.min() >= NOT_ANNOTATED and chords.max() <= NO_CHORD)


def _all_lie_within(songs: Sequence[SongEntry], beats: int) -> bool:
    """Whether every song has a place in so many beats."""
    rows = [(s.first_beat, s.beats, s.beats_per_bar, s.first_bar_beat) for s in songs]
    if not all(type(number) is int for row in rows for number in row):
        return False
    first, length, bar, first_bar = np.array(rows, np.int64).reshape(-1, 4).T
    fit = (first >= 0) & (length >= 1) & (first <= beats - length) & (bar >= 1) & (first_bar >= 0)
    return bool(fit.all())
