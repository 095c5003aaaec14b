"""MIDI files as arrays of notes: read by symusic, and by our own reader where a file is damaged.

A reading can take a process of its own with it, since it runs
C++ over the bytes of strangers: `engine.data.reading_pool` lets it run apart.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.data.midi_core import score_in_ticks
from engine.data.song import IntArray
from engine.errors import FileError
from engine.files.midi_chunks import MAX_BYTES, too_large
from engine.music.titles import one_line

if TYPE_CHECKING:
    from engine.music.composition import Composition

MAX_QUARTERS = 20_000  # some three hours: beyond lies damage, not a song
MAX_NOTES = 500_000
NAME_LENGTH = 120
DRUM_CHANNEL = 10

START, DURATION, PITCH, VELOCITY = range(4)


@dataclass(frozen=True, slots=True)
class ParsedTrack:
    """A track with notes, int32 (note, 4): start, duration, pitch, velocity, by start and pitch.

    ``channel`` counts from 1, 0 where it is not known.
    """

    name: str
    program: int
    channel: int
    is_drum: bool
    notes: IntArray


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """A file's tracks and meters (tick, numerator, denominator), in ticks.

    ``remark`` is a sentence where the file had to be mended.
    """

    ticks_per_quarter: int
    tracks: tuple[ParsedTrack, ...]
    meters: tuple[tuple[int, int, int], ...]
    remark: str = ""

    @property
    def end(self) -> int:
        """The tick at which the last note ends."""
        ends = [int((t.notes[:, START] + t.notes[:, DURATION]).max()) for t in self.tracks]
        return max(ends, default=0)


def read_content(path: Path) -> bytes:
    """The file's bytes. Raises `FileError` where it cannot be read or is larger than any song."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as problem:
        raise FileError(f"{path.name} could not be read.") from problem
    if len(content) > MAX_BYTES:
        raise too_large(path.name)
    return content


def parse(path: Path) -> ParsedFile:
    """What a MIDI file holds. Raises `FileError` where neither reader can make sense of it."""
    content = read_content(path)
    try:
        return _from_score(score_in_ticks(content))
    except (RuntimeError, ValueError, TypeError, OverflowError):
        # What symusic refuses is often a good song with one bad byte. Most processes meet none.
        from engine.files.midi import read_midi

        imported = read_midi(path)
        remark = " ".join(imported.remarks) or "The file was mended while it was read."
        return _from_composition(imported.composition, remark)


def _from_score(score: Any) -> ParsedFile:
    tracks = [
        ParsedTrack(
            name=_plain(track.name),
            program=int(track.program),
            channel=DRUM_CHANNEL if track.is_drum else 0,
            is_drum=bool(track.is_drum),
            notes=_notes(track.notes.numpy()),
        )
        for track in score.tracks
        if len(track.notes)
    ]
    meters = [(each.time, each.numerator, each.denominator) for each in score.time_signatures]
    if score.ticks_per_quarter <= 0:
        raise ValueError("A file that counts no quarters is left to the other reader.")
    return _bounded(ParsedFile(score.ticks_per_quarter, tuple(tracks), tuple(meters)))


def _from_composition(composition: "Composition", remark: str) -> ParsedFile:
    tracks = [
        ParsedTrack(
            name=track.name,
            program=track.program,
            channel=DRUM_CHANNEL if track.is_drum else (track.channel or 0) + 1,
            is_drum=track.is_drum,
            notes=np.array(
                [(n.start, n.duration, n.pitch, n.velocity) for n in track.notes], np.int32
            ),
        )
        for track in composition.tracks
        if track.notes
    ]
    meters = [(each.tick, each.numerator, each.denominator) for each in composition.meters]
    return _bounded(ParsedFile(composition.ticks_per_quarter, tuple(tracks), tuple(meters), remark))


def _notes(columns: dict[str, Any]) -> IntArray:
    start, pitch = columns["time"].astype(np.int64), columns["pitch"].astype(np.int64)
    order = np.argsort(start << 7 | pitch, kind="stable")
    notes = np.empty((len(order), 4), np.int32)
    notes[:, START], notes[:, PITCH] = start[order], pitch[order]
    notes[:, DURATION] = np.maximum(columns["duration"][order], 1)
    notes[:, VELOCITY] = columns["velocity"][order]
    return notes


def _bounded(parsed: ParsedFile) -> ParsedFile:
    """The file as it is. Raises `FileError` for one that no song is as long as."""
    if sum(len(track.notes) for track in parsed.tracks) > MAX_NOTES:
        raise FileError(f"It holds more than {MAX_NOTES:,} notes.")
    if parsed.end > MAX_QUARTERS * parsed.ticks_per_quarter:
        raise FileError(f"It is longer than {MAX_QUARTERS:,} quarters.")
    return parsed


def _plain(name: str) -> str:
    return one_line(name, NAME_LENGTH)
