"""POP909 (Wang et al., ISMIR 2020): melody, bridge and piano with annotated beats and chords.

Its MIDI time signatures are mostly wrong and its notes stand off the tick grid, so times are mapped
through the annotated beats; the phase of the bar is a vote over bass and chord changes
(``songs.csv``), made when the set was prepared.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import symusic

from engine.data.corpus import STEPS_PER_BEAT, CorpusCard, RoleNote, Song
from engine.data.roles import split_bass
from engine.errors import DataError
from engine.music.harmony import NO_CHORD, PITCH_CLASSES, QUALITIES, chord_index

MELODY, BASS, CHORDS, COUNTER = range(4)
CARD = CorpusCard(
    name="pop909",
    version="d83e6ed",
    licence="MIT (arrangements; the songs' writers licensed nothing)",
    roles=("Melody", "Bass", "Chords", "Counter"),
    programs=(0, 33, 4, 71),
    tags=("pop",),
)
TRACK_ROLES = {"MELODY": MELODY, "BRIDGE": COUNTER, "PIANO": CHORDS}
ROOTS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
ACCIDENTALS = {"b": -1, "#": 1}
# Qualities that the shared table folds into a neighbour with the same function.
FOLDED = {"maj6": "maj", "min6": "min", "minmaj7": "min", "dim7": "dim", "sus4(b7)": "sus4"}

FloatArray = npt.NDArray[np.float64]


def is_pop909(folder: Path) -> bool:
    """Whether the folder is laid out as POP909 is."""
    return (folder / "midi").is_dir() and (folder / "beat").is_dir() and (folder / "chord").is_dir()


def songs(folder: Path) -> Iterator[Song]:
    """All songs in 4/4. Raises `DataError` for a file that is missing or cannot be read."""
    for number, phase in _index(folder):
        try:
            song = _song(folder, number, phase)
        except (OSError, ValueError, KeyError, IndexError, RuntimeError) as error:
            raise DataError(f"Song {number} of the POP909 in {folder} cannot be read.") from error
        yield song


def _index(folder: Path) -> list[tuple[str, int]]:
    """Number and phase of the bar of every song in 4/4."""
    try:
        with (folder / "songs.csv").open(newline="", encoding="utf-8") as stream:
            return [
                (f"{int(row['song']):03d}", int(row["beat_phase"]))
                for row in csv.DictReader(stream)
                if row["is_4_4"] == "1"
            ]
    except OSError as error:
        raise DataError(f"POP909 needs its index songs.csv, which is not in {folder}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"The index songs.csv in {folder} is damaged.") from error


def _song(folder: Path, number: str, phase: int) -> Song:
    beat_seconds = _beats(folder / "beat" / f"{number}.txt")
    # Its stub for scores in seconds is a type that the call never returns.
    score: Any = symusic.Score(folder / "midi" / f"{number}.mid", ttype="second")
    by_role: dict[int, list[RoleNote]] = {role: [] for role in TRACK_ROLES.values()}
    for track in score.tracks:
        role = TRACK_ROLES.get(track.name)
        if role is not None:
            by_role[role] += _notes_on_steps(track.notes, role, beat_seconds)
    bass, chords = split_bass(by_role[CHORDS], BASS)
    notes = sorted({*by_role[MELODY], *by_role[COUNTER], *bass, *chords})
    # One more bar than was annotated, so that a last chord rings out.
    beats = max(len(beat_seconds), max((n.step + n.length for n in notes), default=0) // 4 + 1)
    labels = _chords(folder / "chord" / f"{number}.txt", beat_seconds, beats)
    return Song(f"pop909/{number}", tuple(notes), beats, 4, phase, labels)


def _beats(path: Path) -> FloatArray:
    """When each beat is, in seconds. Raises `ValueError` for times that do not rise."""
    lines = path.read_text("utf-8").split("\n")
    seconds = np.array([float(line.split()[0]) for line in lines if line.strip()])
    if len(seconds) < 2 or not np.all(np.diff(seconds) > 0):
        raise ValueError("Beats must follow each other.")
    return seconds


def _notes_on_steps(
    notes: Sequence[symusic.core.NoteSecond], role: int, beat_seconds: FloatArray
) -> list[RoleNote]:
    starts = _steps([note.time for note in notes], beat_seconds)
    ends = _steps([note.time + note.duration for note in notes], beat_seconds)
    return [
        RoleNote(role, int(start), note.pitch, max(1, int(end - start)), max(1, note.velocity))
        for note, start, end in zip(notes, starts, ends, strict=True)
        if start >= 0
    ]


def _steps(seconds: Sequence[float], beat_seconds: FloatArray) -> npt.NDArray[np.int64]:
    times = np.asarray(seconds, float)
    numbers = np.arange(len(beat_seconds))
    beats = np.interp(times, beat_seconds, numbers)
    last = np.median(np.diff(beat_seconds))
    beats = np.where(times < beat_seconds[0], (times - beat_seconds[0]) / last, beats)
    after = len(beat_seconds) - 1 + (times - beat_seconds[-1]) / last
    beats = np.where(times > beat_seconds[-1], after, beats)
    steps: npt.NDArray[np.int64] = np.round(beats * STEPS_PER_BEAT).astype(np.int64)
    return steps


def _chords(path: Path, beat_seconds: FloatArray, beats: int) -> tuple[int, ...]:
    labels = [NO_CHORD] * beats
    for line in path.read_text("utf-8").splitlines():
        fields = line.split()
        if len(fields) == 3:
            start, end = _steps([float(fields[0]), float(fields[1])], beat_seconds)
            for beat in range(max(0, round(start / 4)), min(beats, round(end / 4))):
                labels[beat] = chord_class(fields[2])
    return tuple(labels)


def chord_class(label: str) -> int:
    """Chord class of a label such as ``Ab:min7/b7`` (Harte's notation; the bass is not kept)."""
    if ":" not in label:
        return NO_CHORD
    name, _, quality = label.partition(":")
    quality = quality.partition("/")[0]
    quality = FOLDED.get(quality, quality)
    if not any(quality == known for known, _, _ in QUALITIES):
        return NO_CHORD
    root = ROOTS[name[0]] + sum(ACCIDENTALS[sign] for sign in name[1:])
    return chord_index(root % PITCH_CLASSES, quality)
