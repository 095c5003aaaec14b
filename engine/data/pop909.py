"""POP909 (Wang et al., ISMIR 2020): melody, bridge and piano with annotated beats and chords.

Its MIDI time signatures are mostly wrong and its notes stand off the tick grid, so times are mapped
through the annotated beats. On which beat a bar begins is voted over bass and chord changes
(`engine.data.bars`): the annotated bars are often halves of one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.data.arrangement import Reading, content_mark, melody_mark, unique_notes
from engine.data.bars import find_bars
from engine.data.midi_core import score_in_seconds
from engine.data.midi_folder import midi_paths
from engine.data.roles import BASS, CHORDS, COUNTER, MELODY, median, split_bass_array
from engine.data.rules import RoleRule
from engine.data.song import STEPS_PER_BEAT, CorpusCard, IntArray, Song
from engine.data.song_report import CORRECTED, METER, UNREADABLE, FileReport, TrackReport
from engine.music.harmony import NO_CHORD, PITCH_CLASSES, QUALITIES, chord_index

CARD = CorpusCard(
    name="pop909",
    version="d83e6ed",
    licence="MIT (arrangements; the songs' writers licensed nothing)",
    roles=("Melody", "Bass", "Chords", "Counter"),
    programs=(0, 33, 4, 71),
    tags=("pop",),
)
TRACK_ROLES = {"MELODY": MELODY, "BRIDGE": COUNTER, "PIANO": CHORDS}
WHY = {MELODY: "named MELODY", COUNTER: "named BRIDGE", CHORDS: "named PIANO; its bass is parted"}
ROOTS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
ACCIDENTALS = {"b": -1, "#": 1}
# Qualities that the shared table folds into a neighbour with the same function.
FOLDED = {"maj6": "maj", "min6": "min", "minmaj7": "min", "dim7": "dim", "sus4(b7)": "sus4"}

MOST_STEPS = 2**17  # of a song, nine hours: beyond lies damage. Eight of them still fit 20 bits.

FloatArray = npt.NDArray[np.float64]
LongArray = npt.NDArray[np.int64]


def is_pop909(folder: Path) -> bool:
    """Whether the folder is laid out as POP909 is."""
    return (folder / "midi").is_dir() and (folder / "beat").is_dir() and (folder / "chord").is_dir()


class _Beats:
    """When each beat is, in seconds, and whether a bar begins there, as the annotators have it.

    Raises `ValueError` for times that do not rise.
    """

    def __init__(self, text: str) -> None:
        words = text.split()
        columns, odd = divmod(len(words), text.strip().count("\n") + 1)
        if odd or columns < 2:
            raise ValueError("Each beat must have its time and its place in the bar.")
        # Times have 18 digits and take long to read, the other columns are two words.
        self.seconds = np.array([*map(float, words[::columns])])
        marks = words[1::columns]
        ones = {mark for mark in set(marks) if float(mark) == 1}
        self.starts_bar = np.array([*map(ones.__contains__, marks)])
        gaps = self.seconds[1:] - self.seconds[:-1]
        if not len(gaps) or gaps.min() <= 0:
            raise ValueError("Beats must follow each other.")
        self._numbers, self._gap = np.arange(len(self.seconds)), median(gaps)

    def steps(self, times: FloatArray) -> LongArray:
        """The nearest step to each time; beyond the beats they go on as fast as in their midst."""
        seconds, gap = self.seconds, self._gap
        beats = np.interp(times, seconds, self._numbers)
        before, after = times < seconds[0], times > seconds[-1]
        if before.any():
            beats[before] = (times[before] - seconds[0]) / gap
        if after.any():
            beats[after] = len(seconds) - 1 + (times[after] - seconds[-1]) / gap
        beats *= STEPS_PER_BEAT
        steps: LongArray = np.rint(beats, out=beats).astype(np.int64)
        return steps


class _Chords:
    """A song's annotated chords: the beats from which to which each sounds, and its class.

    Raises `ValueError` or `KeyError` for what is no list of chords.
    """

    def __init__(self, text: str, grid: _Beats) -> None:
        words = text.split()
        begins, ends = words[0::3], words[1::3]
        # Most chords end where the next begins: such a time is read once.
        is_chain = ends[:-1] == begins[1:]
        edges = [*begins, *ends[-1:]] if is_chain else [*begins, *ends]
        steps = grid.steps(np.array([*map(float, edges)]))
        places = np.maximum(np.rint(steps / STEPS_PER_BEAT), 0).astype(int).tolist()
        lasts = places[1:] if is_chain else places[len(begins) :]
        classes = map(chord_class, words[2::3])
        self._spans = [*zip(places[: len(begins)], lasts, classes, strict=True)]

    def on_beats(self, beats: int) -> npt.NDArray[np.int16]:
        """The class on each of so many beats."""
        classes = np.full(beats, NO_CHORD, np.int16)
        for first, last, number in self._spans:
            classes[first:last] = number  # no further than there are beats
        return classes


@dataclass(frozen=True, slots=True)
class _Recording:
    """What a song's files hold.

    ``parts`` are the roles and columns of the named tracks, ``steps`` int64 (2, note) where their
    notes begin and end.
    """

    path: str
    report: FileReport
    parts: tuple[tuple[int, Mapping[str, Any]], ...]
    steps: LongArray
    grid: _Beats
    chords: _Chords


def files(folder: Path) -> Iterator[str]:
    """The paths of all songs, within the folder."""
    return (f"midi/{path}" for path in midi_paths(folder / "midi"))


def read(folder: Path, path: str, rule: RoleRule) -> Reading:
    """A song by its path: `read_all` of one."""
    return read_all(folder, [path], rule)[0]


def read_all(folder: Path, paths: Sequence[str], rule: RoleRule) -> list[Reading]:
    """Songs by their paths. What cannot be read is said in its report.

    Their tracks are what their names say; a rule can leave out songs.
    """
    found = [_recording(folder, path, rule) for path in paths]
    readings = iter(_readings([each for each in found if isinstance(each, _Recording)]))
    return [next(readings) if isinstance(each, _Recording) else each for each in found]


def _recording(folder: Path, path: str, rule: RoleRule) -> _Recording | Reading:
    """What the song's files hold, or the report on why it is not packed."""
    if rule.leaves_out(path):
        return Reading(FileReport(path, kept=False, reason=CORRECTED))
    number = _number(path)
    try:
        grid = _Beats(_text(folder, "beat", number))
        score = _score(f"{folder}/{path}")
        parts = [(TRACK_ROLES.get(t.name), t.notes.numpy()) for t in score.tracks]
        tracks = tuple(
            _track_report(place, track, role, fields["pitch"])
            for place, (track, (role, fields)) in enumerate(zip(score.tracks, parts, strict=True))
        )
        report = FileReport(path, kept=False, tracks=tracks)
        named = tuple((role, fields) for role, fields in parts if role is not None)
        chords = _Chords(_text(folder, "chord", number), grid)
        return _Recording(path, report, named, _steps(named, grid), grid, chords)
    except (OSError, ValueError, KeyError, IndexError, RuntimeError):
        return Reading(FileReport(path, kept=False, reason=UNREADABLE))


def _number(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0]


def _steps(parts: Sequence[tuple[int, Mapping[str, Any]]], grid: _Beats) -> LongArray:
    """Where the notes begin and end (2, note). Raises `ValueError` for what no song is as long as.

    Times are in single precision, their sums in double: so the ends lie where they always lay.
    """
    times = np.zeros((2, sum(len(fields["time"]) for _, fields in parts)))
    if not times.size:
        return times.astype(np.int64)
    for row, name in enumerate(("time", "duration")):
        np.concatenate([fields[name] for _, fields in parts], out=times[row])
    times[1] += times[0]
    steps = grid.steps(times)
    if steps.max() >= MOST_STEPS:
        raise ValueError("It is longer than any song.")
    return steps


def _readings(recordings: Sequence[_Recording]) -> list[Reading]:
    """The recordings as songs.

    All their notes are worked upon in one array, one song behind the other: eight songs take numpy
    little longer than one.
    """
    if not recordings:
        return []
    spans = [int(each.steps.max(initial=0)) + 2 for each in recordings]
    bases = np.cumsum([0, *spans])
    rows = _in_one(recordings, bases[:-1])
    piano = rows[:, 0] == CHORDS
    bass, rest = split_bass_array(rows[piano], BASS)
    rows = unique_notes(np.concatenate([rows[~piano], bass, rest]))
    owner = np.repeat(np.arange(len(recordings)), spans)[rows[:, 1]]
    rows = rows[np.argsort(owner, kind="stable")]
    counts = np.bincount(owner, minlength=len(recordings))
    rows[:, 1] -= np.repeat(bases[:-1].astype(np.int32), counts)
    notes = np.split(rows, np.cumsum(counts)[:-1])
    return [_reading(*each) for each in zip(recordings, notes, strict=True)]


def _in_one(recordings: Sequence[_Recording], bases: LongArray) -> IntArray:
    """The notes of all recordings (note, 5), as `RoleNote`; each song's steps from its base on.

    What lies before a song's first beat is cut.
    """
    parts = [part for each in recordings for part in each.parts]
    starts, ends = np.concatenate([each.steps for each in recordings], axis=1)
    rows = np.empty((len(starts), 5), np.int32)
    rows[:, 0] = np.repeat([role for role, _ in parts], [len(f["pitch"]) for _, f in parts])
    rows[:, 1] = starts + np.repeat(bases, [each.steps.shape[1] for each in recordings])
    rows[:, 3] = np.maximum(1, ends - starts)
    if parts:
        rows[:, 2] = np.concatenate([fields["pitch"] for _, fields in parts])
        rows[:, 4] = np.maximum(1, np.concatenate([fields["velocity"] for _, fields in parts]))
    return rows if starts.min(initial=0) >= 0 else rows[starts >= 0]


def _reading(recording: _Recording, notes: IntArray) -> Reading:
    path, grid = recording.path, recording.grid
    # One more bar than was annotated, so that a last chord rings out.
    ends = notes[:, 1] + notes[:, 3]
    beats = max(len(grid.seconds), int(ends.max(initial=0)) // STEPS_PER_BEAT + 1)
    chords = recording.chords.on_beats(beats)
    bar = find_bars(grid.starts_bar, chords, notes[notes[:, 0] == BASS])
    if bar is None:
        return Reading(replace(recording.report, reason=METER))
    beats_per_bar, first_bar_beat = bar
    song = Song(
        name=f"pop909/{_number(path)}",
        notes=notes,
        beats=beats,
        beats_per_bar=beats_per_bar,
        first_bar_beat=first_bar_beat,
        chords=chords,
        melody=melody_mark(notes),
    )
    bars = beats // beats_per_bar
    report = replace(recording.report, kept=True, meter=f"{beats_per_bar}/4", bars=bars)
    return Reading(report, (song,), content_mark(notes, drums=-1) if len(notes) else "")


def _score(path: str) -> Any:
    return score_in_seconds(_content(path))


def _track_report(
    number: int, track: Any, role: int | None, pitches: npt.NDArray[np.integer]
) -> TrackReport:
    return TrackReport(
        index=number,
        name=track.name,
        program=int(track.program),
        channel=0,
        notes=len(pitches),
        role="" if role is None else CARD.roles[role],
        why="no track of POP909" if role is None else WHY[role],
        median_pitch=round(median(pitches.astype(np.int32))) if len(pitches) else 0,
    )


def _text(folder: Path, kind: str, number: str) -> str:
    return _content(f"{folder}/{kind}/{number}.txt").decode("utf-8")


def _content(path: str) -> bytes:
    # Without a buffer and a `Path`, which take longer than the words.
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123
        return file.read()


@lru_cache(maxsize=1024)
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
