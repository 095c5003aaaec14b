"""Writing a packed data set as a stream: one song after the other, none kept in memory.

`engine.data.corpus` tells what the files hold.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from io import BufferedRandom
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from engine.data.song import (
    PITCHES,
    STEPS_PER_BEAT,
    CorpusCard,
    IntArray,
    RoleNote,
    Song,
    SongEntry,
)
from engine.errors import DataError
from engine.music.piano_roll import ONSET, PLANES, SOUNDING

FORMAT = 1
WINDOW_BARS = 4
OCTETS = PITCHES // 8
NOTHING_KEPT = "None of the files held a melody with an accompaniment."

ByteArray = npt.NDArray[np.uint8]
ChordArray = npt.NDArray[np.int16]
LongArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PackedSong:
    """A song as it lies on disk; ``entry.first_beat`` counts from the song itself.

    ``planes`` uint8 (step, role, plane, 16), ``velocity`` uint8 (step, role), ``chords`` int16
    (beat,). ``windows``: how many of `WINDOW_BARS` whole bars, one after another, have melody and
    accompaniment; in a song without a melody, how many sound at all.
    """

    entry: SongEntry
    planes: ByteArray
    velocity: ByteArray
    chords: ChordArray
    windows: int = 0


class GrowingArray:
    """A ``.npy`` file whose first axis grows while it is written."""

    def __init__(self, path: Path, shape: tuple[int, ...], kind: npt.DTypeLike) -> None:
        self._shape, self._kind, self._rows = shape, np.dtype(kind), 0
        self._file: BufferedRandom = path.open("w+b")
        self._write_header()

    def append(self, rows: npt.NDArray[np.generic]) -> None:
        """Add rows at the end."""
        if rows.shape[1:] != self._shape or rows.dtype != self._kind:
            raise ValueError("Rows must have the array's own shape and kind.")
        self._file.write(np.ascontiguousarray(rows).data)
        self._rows += len(rows)

    def close(self) -> None:
        """Write how long it has become."""
        try:
            self._file.seek(0)
            self._write_header()
        finally:
            self._file.close()

    def abandon(self) -> None:
        """Let go of the file as it is."""
        self._file.close()

    def _write_header(self) -> None:
        # numpy leaves room in the header for the first axis to grow: its length stays the same.
        description = {
            "descr": np.lib.format.dtype_to_descr(self._kind),
            "fortran_order": False,
            "shape": (self._rows, *self._shape),
        }
        np.lib.format.write_array_header_1_0(self._file, description)


class CorpusWriter:
    """Packs songs into a folder; it is whole once `finish` has returned.

    Raises `OSError` where the disk refuses.
    """

    def __init__(self, folder: Path, roles: tuple[str, ...]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.songs = self.beats = 0
        self._folder, self._roles = folder, roles
        wide = (len(roles), PLANES, PITCHES // 8)
        self._arrays = (
            GrowingArray(folder / "planes.npy", wide, np.uint8),
            GrowingArray(folder / "velocity.npy", (len(roles),), np.uint8),
            GrowingArray(folder / "chords.npy", (), np.int16),
        )
        # The entries wait on disk as well: 170,000 of them would be no small list.
        self._entries = (folder / "entries.part").open("w+", encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def add(self, song: PackedSong) -> None:
        """Write a song behind the others."""
        planes, velocity, chords = self._arrays
        planes.append(song.planes)
        velocity.append(song.velocity)
        chords.append(song.chords)
        text = json.dumps(entry_json(song.entry, self.beats))
        self._entries.write(f"{',' if self.songs else ''}{text}\n")
        self.songs += 1
        self.beats += song.entry.beats

    def finish(self, card: CorpusCard) -> None:
        """Write the index: the folder is a corpus from here on. Raises `DataError` for none."""
        if not self.songs:
            raise DataError(NOTHING_KEPT)
        for array in self._arrays:
            array.close()
        with (self._folder / "corpus.json").open("w", encoding="utf-8") as index:
            index.write(f'{{"format": {FORMAT}, "card": {json.dumps(asdict(card))}, "songs": [\n')
            self._entries.seek(0)
            for line in self._entries:
                index.write(line)
            index.write("]}\n")
        self.close()
        (self._folder / "entries.part").unlink()

    def close(self) -> None:
        """Let go of the files."""
        self._entries.close()
        for array in self._arrays:
            array.abandon()


_DEFAULTS = {each.name: each.default for each in fields(SongEntry)}
# `asdict` copies deeply, and takes as long as the rest of writing a song.


def entry_json(entry: SongEntry, first_beat: int) -> dict[str, object]:
    """An entry's plain values; what is as usual is left out."""
    values = {name: getattr(entry, name) for name in _DEFAULTS} | {"first_beat": first_beat}
    return {name: value for name, value in values.items() if value != _DEFAULTS[name]}


def entry_from(fields: dict[str, Any]) -> SongEntry:
    """An entry from its plain values. Raises `TypeError` for others."""
    lists: dict[str, Any] = {
        name: tuple(fields[name]) for name in ("tags", "parts") if name in fields
    }
    return SongEntry(**(fields | lists if lists else fields))


def pack(song: Song, roles: tuple[str, ...]) -> PackedSong:
    """A song's notes as bit-planes. Notes that end beyond its last beat are cut there."""
    return pack_all([song], roles)[0]


def pack_all(songs: Sequence[Song], roles: tuple[str, ...]) -> list[PackedSong]:
    """Songs as `pack` makes them, in one array that they share, one behind the other.

    Of small arrays numpy asks more time for the asking than for the work.
    """
    if not songs:
        return []
    wide, lengths = len(roles), [song.beats * STEPS_PER_BEAT for song in songs]
    ends = np.cumsum(lengths)
    tables = [notes_array(song.notes) for song in songs]
    role, step, pitch, length, velocity = np.concatenate(tables).T.astype(np.int64, order="C")
    counts = [len(table) for table in tables]
    step += np.repeat(ends - lengths, counts)
    length = np.minimum(length, np.repeat(ends, counts) - step)
    whole = int(ends[-1])
    planes = _bits((role, step, pitch, length), whole, wide)
    halves = planes.view(np.uint64)[:, :, SOUNDING].transpose(2, 1, 0)
    sounding = np.ascontiguousarray((halves[0] | halves[1]) != 0)  # (role, step)
    mean = _mean_velocity(step * wide + role, velocity, whole * wide).reshape(whole, wide)
    parts = [slice(end - steps, end) for end, steps in zip(ends.tolist(), lengths, strict=True)]
    return [
        _packed(song, planes[part], mean[part], sounding[:, part], roles)
        for song, part in zip(songs, parts, strict=True)
    ]


def _packed(
    song: Song,
    planes: ByteArray,
    velocity: ByteArray,
    sounding: npt.NDArray[np.bool_],
    roles: tuple[str, ...],
) -> PackedSong:
    heard = np.flatnonzero(sounding.any(1)).tolist()
    entry = SongEntry(
        name=song.name,
        first_beat=0,
        beats=song.beats,
        beats_per_bar=song.beats_per_bar,
        first_bar_beat=song.first_bar_beat,
        tags=song.tags,
        meter=song.meter,
        song=song.song,
        melody=song.melody,
        parts=() if len(heard) == len(roles) else tuple(roles[each] for each in heard),
    )
    chords = np.asarray(song.chords, np.int16)
    return PackedSong(entry, planes, velocity, chords, _windows(sounding, song))


def _bits(fields: tuple[LongArray, ...], steps: int, roles: int) -> ByteArray:
    """The notes' role, step, pitch and length as `PackedSong.planes`."""
    role, step, pitch, length = fields
    octets = np.zeros(steps * roles * PLANES * OCTETS, np.uint8)
    # Bits are set where they are: bytes of a bool each would be eight times as many.
    onset = ((step * roles + role) * PLANES + ONSET) * OCTETS + (pitch >> 3)
    bit = (128 >> (pitch & 7)).astype(np.uint8)
    np.bitwise_or.at(octets, onset, bit)
    # All steps of all notes in one list: each note's own, counted from where its list begins.
    wide = roles * PLANES * OCTETS
    first = onset + (SOUNDING - ONSET) * OCTETS - (np.cumsum(length) - length) * wide
    sounding = np.repeat(first, length) + np.arange(length.sum()) * wide
    np.bitwise_or.at(octets, sounding, np.repeat(bit, length))
    return octets.reshape(steps, roles, PLANES, OCTETS)


def _windows(sounding: npt.NDArray[np.bool_], song: Song) -> int:
    """`PackedSong.windows` of a song in which these roles sound (role, step)."""
    begin = song.first_bar_beat * STEPS_PER_BEAT
    window = WINDOW_BARS * song.beats_per_bar * STEPS_PER_BEAT
    roles, steps = sounding.shape
    whole = max(0, steps - begin) // window
    inside = sounding[:, begin : begin + whole * window].reshape(roles, whole, window)
    found: npt.NDArray[np.bool_] = np.logical_or.reduce(inside, axis=2)
    melody, company = found[0], found[1:].any(0)
    return int(np.count_nonzero(melody & company if melody.any() else company))


def notes_array(notes: tuple[RoleNote, ...] | IntArray) -> IntArray:
    """Notes as int32 (note, 5): role, step, pitch, length, velocity."""
    if isinstance(notes, np.ndarray):
        return notes
    rows = [(n.role, n.step, n.pitch, n.length, n.velocity) for n in notes]
    return np.array(rows, np.int32).reshape(-1, 5)


def _mean_velocity(place: LongArray, velocity: LongArray, places: int) -> ByteArray:
    total = np.bincount(place, velocity, places)
    count = np.bincount(place, minlength=places)
    return np.round(total / np.maximum(count, 1)).astype(np.uint8)


def write_corpus(folder: Path, card: CorpusCard, songs: Iterable[Song]) -> int:
    """Pack songs into ``folder`` and return how many there were; those of no length are left out.

    Raises `DataError`.
    """
    try:
        with CorpusWriter(folder, card.roles) as writer:
            for song in songs:
                if song.beats:
                    writer.add(pack(song, card.roles))
            writer.finish(card)
            return writer.songs
    except OSError as error:
        raise DataError(
            f"The data set could not be written to {folder}: {error.strerror}."
        ) from error
