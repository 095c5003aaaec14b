"""Where the bars of a song begin, voted by what changes: its chords, its bass, its annotators.

Bass and chords change on bar lines more often than elsewhere. Annotated down-beats alone do not
tell a bar: many mark every half of one, and some the wrong half.
"""

import numpy as np
import numpy.typing as npt

from engine.data.song import STEPS_PER_BEAT, IntArray
from engine.music.harmony import NO_CHORD, PITCH_CLASSES

THREE, FOUR = 3, 4
STEADY = 0.9  # share of the annotated bars that must be of one length
FEWEST_BARS_OF_THREE = 8
FEW = 8.0  # changes: the fewer there are, the less they tell
ANNOTATED = 0.5  # how much the annotation weighs beside the chords, and beside the bass

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]


def find_bars(
    starts_bar: BoolArray, chords: npt.NDArray[np.int16], bass: IntArray
) -> tuple[int, int] | None:
    """Beats a bar, and the beat on which the first whole bar begins; None where nothing tells.

    ``starts_bar`` (beat,) is the annotation, ``chords`` (beat,) are classes, ``bass`` (note, 5) is
    in the order of time.
    """
    changes = _chord_changes(chords), _bass_changes(bass, len(chords))
    gaps = np.diff(np.flatnonzero(starts_bar))
    in_three = len(gaps) + 1 >= FEWEST_BARS_OF_THREE and (gaps == THREE).mean() >= STEADY
    if in_three and _gathers(changes, THREE) >= _gathers(changes, FOUR):
        return THREE, _first(changes, starts_bar, THREE)
    in_four = len(gaps) and ((gaps == FOUR // 2) | (gaps == FOUR)).mean() >= STEADY
    if in_three or in_four:
        return FOUR, _first(changes, starts_bar, FOUR)
    return None


def vote_bars(
    lengths: tuple[int, ...], chords: npt.NDArray[np.int16], bass: IntArray
) -> tuple[int, int]:
    """The same without an annotation: the length of ``lengths`` on which changes gather most."""
    changes = _chord_changes(chords), _bass_changes(bass, len(chords))
    period = max(lengths, key=lambda length: _gathers(changes, length))
    return period, int(np.argmax(_votes(changes, period)))


def _chord_changes(chords: npt.NDArray[np.int16]) -> FloatArray:
    """1 on each beat on which another chord begins."""
    changes = chords != NO_CHORD
    changes[1:] &= chords[1:] != chords[:-1]
    marks: FloatArray = changes.astype(np.float64)
    return marks


def _bass_changes(bass: IntArray, beats: int) -> FloatArray:
    """1 on each beat on which the bass goes to another pitch class."""
    step, names = bass[:, 1], bass[:, 2] % PITCH_CLASSES
    moves = step % STEPS_PER_BEAT == 0
    moves[1:] &= names[1:] != names[:-1]
    return np.bincount(step[moves] // STEPS_PER_BEAT, minlength=beats).astype(np.float64)


def _shares(marks: FloatArray, period: int) -> FloatArray:
    """Which share of the marks falls on each beat of a bar of ``period``."""
    found = np.bincount(np.arange(len(marks)) % period, marks, period)
    shares: FloatArray = found / max(FEW, float(found.sum()))
    return shares


def _gathers(changes: tuple[FloatArray, FloatArray], period: int) -> float:
    """How many times more often than by chance changes fall on one beat of the bar."""
    return period * float(_votes(changes, period).max())


def _first(changes: tuple[FloatArray, FloatArray], starts_bar: BoolArray, period: int) -> int:
    annotated = _shares(starts_bar.astype(np.float64), period)
    return int(np.argmax(_votes(changes, period) + ANNOTATED * annotated))


def _votes(changes: tuple[FloatArray, FloatArray], period: int) -> FloatArray:
    chords, bass = changes
    return _shares(chords, period) + _shares(bass, period)
