"""POP909 (Wang et al., ISMIR 2020): melody, bridge and piano with annotated beats and chords.

Its MIDI time signatures are mostly wrong and its notes stand off the tick grid, so times are mapped
through the annotated beats. On which beat a bar begins is voted over bass and chord changes
(`engine.data.bars`): the annotated bars are often halves of one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
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

FloatArray = npt.NDArray[np.float64]


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
        self.starts_bar = np.array([mark in ones for mark in marks])
        gaps = np.diff(self.seconds)
        if not len(gaps) or gaps.min() <= 0:
            raise ValueError("Beats must follow each other.")
        self._numbers, self._gap = np.arange(len(self.seconds)), median(gaps)

    def steps(self, times: FloatArray) -> npt.NDArray[np.int64]:
        """The nearest step to each time; beyond the beats they go on as fast as in their midst."""
        seconds, gap = self.seconds, self._gap
        beats = np.interp(times, seconds, self._numbers)
        before, after = times < seconds[0], times > seconds[-1]
        if before.any():
            beats[before] = (times[before] - seconds[0]) / gap
        if after.any():
            beats[after] = len(seconds) - 1 + (times[after] - seconds[-1]) / gap
        beats *= STEPS_PER_BEAT
        steps: npt.NDArray[np.int64] = np.rint(beats, out=beats).astype(np.int64)
        return steps


def files(folder: Path) -> Iterator[str]:
    """The paths of all songs, within the folder."""
    return (f"midi/{path}" for path in midi_paths(folder / "midi"))


def read(folder: Path, path: str, rule: RoleRule) -> Reading:
    """A song by its path. What cannot be read is said in its report.

    Its tracks are what their names say; a rule can leave out songs.
    """
    if rule.leaves_out(path):
        return Reading(FileReport(path, kept=False, reason=CORRECTED))
    number = Path(path).stem
    try:
        beats = _Beats(_text(folder, "beat", number))
        notes, tracks = _notes(folder / path, beats)
        return _reading(folder, path, notes, tracks, beats)
    except (OSError, ValueError, KeyError, IndexError, RuntimeError):
        return Reading(FileReport(path, kept=False, reason=UNREADABLE))


def _reading(
    folder: Path,
    path: str,
    notes: IntArray,
    tracks: tuple[TrackReport, ...],
    grid: _Beats,
) -> Reading:
    number = Path(path).stem
    report = FileReport(path, kept=False, tracks=tracks)
    # One more bar than was annotated, so that a last chord rings out.
    ends = notes[:, 1] + notes[:, 3]
    beats = max(len(grid.seconds), int(ends.max(initial=0)) // STEPS_PER_BEAT + 1)
    chords = _chords(_text(folder, "chord", number), grid, beats)
    bar = find_bars(grid.starts_bar, chords, notes[notes[:, 0] == BASS])
    if bar is None:
        return Reading(replace(report, reason=METER))
    beats_per_bar, first_bar_beat = bar
    song = Song(
        name=f"pop909/{number}",
        notes=notes,
        beats=beats,
        beats_per_bar=beats_per_bar,
        first_bar_beat=first_bar_beat,
        chords=chords,
        melody=melody_mark(notes),
    )
    report = replace(report, kept=True, meter=f"{beats_per_bar}/4", bars=beats // beats_per_bar)
    return Reading(report, (song,), content_mark(notes, drums=-1) if len(notes) else "")


def _notes(path: Path, beats: _Beats) -> tuple[IntArray, tuple[TrackReport, ...]]:
    score = _score(path)
    columns = [track.notes.numpy() for track in score.tracks]
    roles = [TRACK_ROLES.get(track.name) for track in score.tracks]
    reports = tuple(
        _track_report(number, track, role, fields["pitch"])
        for number, (track, role, fields) in enumerate(
            zip(score.tracks, roles, columns, strict=True)
        )
    )
    named = [(r, fields) for r, fields in zip(roles, columns, strict=True) if r is not None]
    if not named:
        return np.zeros((0, 5), np.int32), reports
    notes = _on_steps(named, beats)
    piano = notes[:, 0] == CHORDS
    bass, chords = split_bass_array(notes[piano], BASS)
    return unique_notes(np.concatenate([notes[~piano], bass, chords])), reports


def _score(path: Path) -> Any:
    return score_in_seconds(path.read_bytes())


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


def _on_steps(named: Sequence[tuple[int, Mapping[str, Any]]], beats: _Beats) -> IntArray:
    """The notes of all tracks (note, 5), as `RoleNote`; what lies before the first beat is cut."""
    time, duration, pitch, velocity = (
        np.concatenate([fields[name] for _, fields in named])
        for name in ("time", "duration", "pitch", "velocity")
    )
    times = time.astype(np.float64)
    # Single precision until here, double in the sum: so the ends lie where they always lay.
    steps = beats.steps(np.concatenate((times, times + duration)))
    starts, ends = steps[: len(times)], steps[len(times) :]
    rows = np.empty((len(times), 5), np.int32)
    rows[:, 0] = np.repeat(
        [each for each, _ in named], [len(fields["time"]) for _, fields in named]
    )
    rows[:, 1], rows[:, 2] = starts, pitch
    rows[:, 3], rows[:, 4] = np.maximum(1, ends - starts), np.maximum(1, velocity)
    return rows if starts.min(initial=0) >= 0 else rows[starts >= 0]


def _text(folder: Path, kind: str, number: str) -> str:
    # Without buffers and a decoder of lines, which take longer than the words.
    with (folder / kind / f"{number}.txt").open("rb", buffering=0) as file:
        return file.read().decode("utf-8")


def _chords(text: str, grid: _Beats, beats: int) -> npt.NDArray[np.int16]:
    words = text.split()
    begins, ends, labels = words[0::3], words[1::3], words[2::3]
    # Most chords end where the next begins: such a time is read once.
    edges = [*begins, *ends[-1:]] if ends[:-1] == begins[1:] else [*begins, *ends]
    steps = grid.steps(np.array([*map(float, edges)]))
    places = np.minimum(np.maximum(np.rint(steps / STEPS_PER_BEAT), 0), beats).astype(int).tolist()
    classes = [NO_CHORD] * beats
    lasts = places[1:] if len(edges) == len(begins) + 1 else places[len(begins) :]
    for first, last, label in zip(places[: len(begins)], lasts, labels, strict=True):
        classes[first:last] = [chord_class(label)] * (last - first)
    return np.array(classes, np.int16)


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
