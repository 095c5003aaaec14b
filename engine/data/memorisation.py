"""Bars that were learned by heart: which bars of some music stand note for note in the training's.

A bar is the set of its notes (part, step within the bar, pitch), melody and drums aside; drums have
bars of their own. Each is marked by one 64-bit number, the sum of its notes' hashes, so a training
set of any size is read as a stream and only the marks that are looked for are kept.

Networks of beats hear everything moved to C, so bars are compared there as well: in the key of the
melody in the sixteen bars around them, moved by the nearest way (`C_WINDOW`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.data.corpus import STEPS_PER_BEAT, SongEntry
from engine.data.measures import FloatArray
from engine.data.model_playing import Tell, untold
from engine.data.played import Played
from engine.data.segments import PackedSongs
from engine.data.song import DRUMS
from engine.music.harmony import MAJOR_PROFILE, MINOR_PROFILE, PITCH_CLASSES
from engine.music.piano_roll import ONSET, SOUNDING, BoolArray

MarkArray = npt.NDArray[np.uint64]
IntArray = npt.NDArray[np.int64]

C_WINDOW = 16  # bars around one, in which its key is heard
FARTHEST_DOWN = 6  # semitones to C
PLAIN, IN_C, OF_DRUMS = range(3)
KINDS = ("memorised", "memorised_in_c", f"{DRUMS}.memorised")
CODE_BITS = 32  # of a note's part, step and pitch
TELL_EVERY = 50  # songs


@dataclass(frozen=True, slots=True, eq=False)
class BarMarks:
    """Marks (kind, bar) of some music's bars; 0 is a silent one."""

    marks: MarkArray

    def known(self, found: MarkArray) -> tuple[float, ...]:
        """Percent of the bars of each kind that are among ``found`` (sorted), NaN for silence."""
        return tuple(_share(row[row > 0], found) for row in self.marks)


def _share(marks: MarkArray, found: MarkArray) -> float:
    return 100.0 * float(_among(marks, found).mean()) if len(marks) else float("nan")


def _among(marks: MarkArray, found: MarkArray) -> BoolArray:
    """Which marks are in a sorted array."""
    if not len(found):
        return np.zeros(len(marks), np.bool_)
    at = np.minimum(np.searchsorted(found, marks), len(found) - 1)
    same: BoolArray = found[at] == marks
    return same


def marks_of(played: Played) -> BarMarks:
    """The marks of a segment's bars."""
    segment = played.segment
    bar = segment.steps_per_bar
    notes = [
        (number, note.step, note.pitch)
        for number, track in enumerate(segment.tracks)
        for note in track
    ]
    weights = np.zeros((segment.bars, PITCH_CLASSES))
    for note in segment.melody:
        for step in range(note.step, min(note.step + note.length, segment.bars * bar)):
            weights[step // bar, note.pitch % PITCH_CLASSES] += 1
    drums = [(0, note.step, note.pitch) for note in played.drums]
    return _marks(_notes(notes), _notes(drums), weights, bar)


def _notes(notes: Sequence[tuple[int, int, int]]) -> IntArray:
    return np.array(notes, np.int64).reshape(-1, 3)


def training_marks(corpus: PackedSongs, song: SongEntry, roles: Sequence[str]) -> BarMarks:
    """The marks of all whole bars of a song; ``roles`` are those of the corpus."""
    bars = (song.beats - song.first_bar_beat) // song.beats_per_bar
    bar = song.beats_per_bar * STEPS_PER_BEAT
    stretch = corpus.stretch(song, song.first_bar_beat, bars * song.beats_per_bar)
    pitched = [number for number, role in enumerate(roles) if role != DRUMS]
    drums = [number for number, role in enumerate(roles) if role == DRUMS]
    lasting = np.pad(stretch.planes[0, SOUNDING], ((0, 0), (0, -128 % PITCH_CLASSES)))
    weights = (
        lasting.reshape(bars, bar, lasting.shape[1] // PITCH_CLASSES, PITCH_CLASSES)
        .sum((1, 2))
        .astype(float)
    )
    return _marks(
        np.argwhere(stretch.planes[pitched[1:], ONSET]),
        np.argwhere(stretch.planes[drums, ONSET]),
        weights,
        bar,
    )


def _marks(notes: IntArray, drums: IntArray, melody: FloatArray, bar: int) -> BarMarks:
    bars = len(melody)
    rows = np.zeros((len(KINDS), bars), np.uint64)
    if bars:
        shifts = steps_to_c(melody)
        where = np.minimum(notes[:, 1] // bar, bars - 1)
        in_c = notes + shifts[where, None] * np.array([0, 0, 1])
        for kind, each in ((PLAIN, notes), (IN_C, in_c), (OF_DRUMS, drums)):
            rows[kind] = _bar_marks(each, bars, bar, kind)
    return BarMarks(rows)


def _bar_marks(notes: IntArray, bars: int, bar: int, kind: int) -> MarkArray:
    """The sum of the hashes of each bar's notes; a note that comes twice counts once."""
    marks = np.zeros(bars, np.uint64)
    within = notes[notes[:, 1] < bars * bar]
    number, step = np.divmod(within[:, 1], bar)
    code = ((kind * 64 + within[:, 0]) * 4096 + step) * 512 + within[:, 2] + FARTHEST_DOWN
    number, code = np.divmod(np.unique(number << CODE_BITS | code), 1 << CODE_BITS)
    np.add.at(marks, number, _hashed(code.astype(np.uint64)))
    return marks


def _hashed(code: MarkArray) -> MarkArray:
    """Steele, Lea and Flood's SplitMix64 (OOPSLA 2014): every bit of the code moves every other."""
    mixed = code + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def steps_to_c(weights: FloatArray) -> IntArray:
    """Semitones from the key of each bar of a melody to C major or A minor: −6 to 5.

    ``weights`` (bar, 12) are how long the pitch classes sound; the key is the one that fits those
    of `C_WINDOW` bars best (Krumhansl and Schmuckler, as in `engine.music.harmony.estimate_key`).
    """
    sums = np.concatenate([np.zeros((1, PITCH_CLASSES)), np.cumsum(weights, axis=0)])
    bar = np.arange(len(weights))
    first = np.maximum(0, bar - C_WINDOW // 2)
    last = np.minimum(len(weights), bar + C_WINDOW // 2 + 1)
    near = sums[last] - sums[first]
    near -= near.mean(1, keepdims=True)
    fits = near @ _PROFILES.T  # equal for a silent melody: it stays where it is
    tonic = np.where(near.any(1), fits.argmax(1), 0)
    major = np.where(tonic < PITCH_CLASSES, tonic, tonic + 3) % PITCH_CLASSES
    return (FARTHEST_DOWN - major) % PITCH_CLASSES - FARTHEST_DOWN


def _profile_rows() -> FloatArray:
    """The 24 keys' profiles as unit vectors without their mean, the twelve major ones first."""
    rows = [np.roll(p, tonic) for p in (MAJOR_PROFILE, MINOR_PROFILE) for tonic in range(12)]
    profiles = np.array(rows, float)
    profiles -= profiles.mean(1, keepdims=True)
    unit: FloatArray = profiles / np.linalg.norm(profiles, axis=1, keepdims=True)
    return unit


_PROFILES = _profile_rows()


def found_in(
    corpus: PackedSongs,
    songs: Sequence[SongEntry],
    roles: Sequence[str],
    wanted: Iterable[BarMarks],
    tell: Tell = untold,
) -> MarkArray:
    """The wanted marks that some song has, sorted. Memory grows with what is wanted alone."""
    looked_for = np.unique(np.concatenate([each.marks.ravel() for each in wanted]))
    seen = np.zeros(len(looked_for), np.bool_)
    for number, song in enumerate(songs):
        if number % TELL_EVERY == 0:
            tell(f"Comparing with the training: {number:,} of {len(songs):,} songs")
        marks = training_marks(corpus, song, roles).marks.ravel()
        marks = marks[_among(marks, looked_for)]
        seen[np.searchsorted(looked_for, marks)] = True
    return looked_for[seen & (looked_for > 0)]
