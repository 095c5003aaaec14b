"""A packed data set: songs as bit-planes on disk, memory-mapped, read without any MIDI library.

A corpus is a folder:

- ``corpus.json``: name, version, licence, roles, and per song its name, first beat, length in
  beats, beats a bar and the beat on which its first whole bar starts;
- ``planes.npy``: uint8 (step, role, plane, 16): the 128 pitches of a step packed to bits;
- ``velocity.npy``: uint8 (step, role): mean velocity of the onsets of that step, 0 without one;
- ``chords.npy``: int16 (beat,): class of `engine.music.harmony`, −1 where nothing is annotated.

Role 0 is the melody. Four steps a beat; songs lie one behind the other.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.errors import DataError
from engine.music.harmony import NO_CHORD
from engine.music.piano_roll import ONSET, PLANES, SOUNDING

STEPS_PER_BEAT = 4
PITCHES = 128
FORMAT = 1
NOT_ANNOTATED = -1

BoolArray = npt.NDArray[np.bool_]
ByteArray = npt.NDArray[np.uint8]
ChordArray = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True, order=True)
class RoleNote:
    """A note of a song on the step grid; ``role`` indexes the corpus's roles."""

    role: int
    step: int
    pitch: int
    length: int
    velocity: int


@dataclass(frozen=True, slots=True)
class Song:
    """A song before it is packed; ``chords`` has one class a beat."""

    name: str
    notes: tuple[RoleNote, ...]
    beats: int
    beats_per_bar: int
    first_bar_beat: int
    chords: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SongEntry:
    """Where a packed song lies; beats count from the corpus's beginning."""

    name: str
    first_beat: int
    beats: int
    beats_per_bar: int
    first_bar_beat: int


@dataclass(frozen=True, slots=True)
class CorpusCard:
    """What a corpus is: for the trainer's records and the model's card."""

    name: str
    version: str
    licence: str
    roles: tuple[str, ...]
    programs: tuple[int, ...]
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some beats of one song, unpacked.

    ``planes`` bool (role, plane, step, pitch), ``velocity`` uint8 (role, step), ``chords`` int16
    (beat,), ``bar_starts`` bool (beat,).
    """

    planes: BoolArray
    velocity: ByteArray
    chords: ChordArray
    bar_starts: BoolArray


class Corpus:
    """A packed data set on disk. Raises `DataError` for a folder that is none."""

    def __init__(self, folder: Path) -> None:
        try:
            index = json.loads((folder / "corpus.json").read_text("utf-8"))
            if index["format"] != FORMAT:
                raise DataError(
                    f"The data set in {folder} was packed by another version; import it again."
                )
            self.card = _card_from(index["card"])
            self.songs = tuple(SongEntry(**song) for song in index["songs"])
            self._planes = np.load(folder / "planes.npy", mmap_mode="r", allow_pickle=False)
            self._velocity = np.load(folder / "velocity.npy", mmap_mode="r", allow_pickle=False)
            self._chords = np.load(folder / "chords.npy", mmap_mode="r", allow_pickle=False)
            if not self._is_whole():
                raise DataError(f"The data set in {folder} is damaged; import it again.")
        except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
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
        chords_known = bool(np.all((self._chords >= NOT_ANNOTATED) & (self._chords <= NO_CHORD)))
        return fit and chords_known and all(_lies_within(song, beats) for song in self.songs)

    def stretch(self, song: SongEntry, beat: int, beats: int) -> Stretch:
        """``beats`` beats of a song from its ``beat`` on; beyond its ends there is silence."""
        low, high = max(0, beat), min(song.beats, beat + beats)
        if high < low:
            low = high = min(max(0, beat), song.beats)
        pad = (low - beat, beats - (high - beat)) if high > low else (0, beats)
        first, last = song.first_beat + low, song.first_beat + high
        steps = slice(first * STEPS_PER_BEAT, last * STEPS_PER_BEAT)
        step_pad = (pad[0] * STEPS_PER_BEAT, pad[1] * STEPS_PER_BEAT)
        planes = np.unpackbits(self._planes[steps], axis=-1).astype(np.bool_)
        planes = np.pad(planes, (step_pad, (0, 0), (0, 0), (0, 0)))
        velocity = np.pad(self._velocity[steps], (step_pad, (0, 0)))
        chords = np.pad(self._chords[first:last], pad, constant_values=NOT_ANNOTATED)
        number = np.arange(beat, beat + beats)
        return Stretch(
            planes.transpose(1, 2, 0, 3),
            velocity.T,
            chords,
            (number - song.first_bar_beat) % song.beats_per_bar == 0,
        )


def _lies_within(song: SongEntry, beats: int) -> bool:
    numbers = (song.first_beat, song.beats, song.beats_per_bar, song.first_bar_beat)
    return (
        all(isinstance(number, int) for number in numbers)
        and song.beats_per_bar >= 1
        and song.beats >= 1
        and song.first_bar_beat >= 0
        and 0 <= song.first_beat <= beats - song.beats
    )


def _card_from(fields: dict[str, object]) -> CorpusCard:
    tuples = {
        key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()
    }
    return CorpusCard(**tuples)  # type: ignore[arg-type]  # checked by the dataclass's own fields


def write_corpus(folder: Path, card: CorpusCard, songs: Iterable[Song]) -> int:
    """Pack songs into ``folder`` and return how many there were; those of no length are left out.

    Raises `DataError`.
    """
    planes, velocities, chords, entries = [], [], [], []
    first = 0
    for song in (each for each in songs if each.beats):
        packed, velocity = _packed(song, len(card.roles))
        planes.append(packed)
        velocities.append(velocity)
        chords.append(np.asarray(song.chords, np.int16))
        entries.append(
            SongEntry(song.name, first, song.beats, song.beats_per_bar, song.first_bar_beat)
        )
        first += song.beats
    if not entries:
        raise DataError("None of the files held a melody with an accompaniment.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "planes.npy", np.concatenate(planes), allow_pickle=False)
        np.save(folder / "velocity.npy", np.concatenate(velocities), allow_pickle=False)
        np.save(folder / "chords.npy", np.concatenate(chords), allow_pickle=False)
        index = {
            "format": FORMAT,
            "card": asdict(card),
            "songs": [asdict(each) for each in entries],
        }
        (folder / "corpus.json").write_text(json.dumps(index), "utf-8")
    except OSError as error:
        raise DataError(
            f"The data set could not be written to {folder}: {error.strerror}."
        ) from error
    return len(entries)


def _packed(song: Song, roles: int) -> tuple[ByteArray, ByteArray]:
    steps = song.beats * STEPS_PER_BEAT
    planes = np.zeros((steps, roles, PLANES, PITCHES), np.bool_)
    total = np.zeros((steps, roles))
    count = np.zeros((steps, roles))
    for note in song.notes:
        planes[note.step, note.role, ONSET, note.pitch] = True
        planes[note.step : note.step + note.length, note.role, SOUNDING, note.pitch] = True
        total[note.step, note.role] += note.velocity
        count[note.step, note.role] += 1
    mean = np.round(total / np.maximum(count, 1)).astype(np.uint8)
    return np.packbits(planes, axis=-1), mean
