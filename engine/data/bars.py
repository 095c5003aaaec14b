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
Marks = npt.NDArray[np.bool_] | npt.NDArray[np.int64]
"""How many changes there are on each beat."""
Changes = tuple[Marks, Marks]


def find_bars(
    starts_bar: BoolArray, chords: npt.NDArray[np.int16], bass: IntArray
) -> tuple[int, int] | None:
    """Beats a bar, and the beat on which the first whole bar begins; None where nothing tells.

    ``starts_bar`` (beat,) is the annotation, ``chords`` (beat,) are classes, ``bass`` (note, 5) is
    in the order of time.
    """
    changes = _chord_changes(chords), _bass_changes(bass, len(chords))
    (begins,) = starts_bar.nonzero()
    gaps = begins[1:] - begins[:-1]
    in_three = len(gaps) + 1 >= FEWEST_BARS_OF_THREE and _share(gaps == THREE) >= STEADY
    if in_three and _gathers(changes, THREE) >= _gathers(changes, FOUR):
        return THREE, _first(changes, starts_bar, THREE)
    in_four = len(gaps) and _share((gaps == FOUR // 2) | (gaps == FOUR)) >= STEADY
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


def _share(signs: BoolArray) -> float:
    return int(np.count_nonzero(signs)) / len(signs)


def _chord_changes(chords: npt.NDArray[np.int16]) -> Marks:
    """1 on each beat on which another chord begins."""
    changes: BoolArray = chords != NO_CHORD
    changes[1:] &= chords[1:] != chords[:-1]
    return changes


def _bass_changes(bass: IntArray, beats: int) -> Marks:
    """1 on each beat on which the bass goes to another pitch class."""
    step, names = bass[:, 1], bass[:, 2] % PITCH_CLASSES
    moves = step % STEPS_PER_BEAT == 0
    moves[1:] &= names[1:] != names[:-1]
    return np.bincount(step[moves] // STEPS_PER_BEAT, minlength=beats)


def _shares(marks: Marks, period: int) -> FloatArray:
    """Which share of the marks falls on each beat of a bar of ``period``."""
    found = [int(np.add.reduce(marks[beat::period], dtype=np.int64)) for beat in range(period)]
    return np.array(found) / max(FEW, float(sum(found)))


def _gathers(changes: Changes, period: int) -> float:
    """How many times more often than by chance changes fall on one beat of the bar."""
    return period * float(_votes(changes, period).max())


def _first(changes: Changes, starts_bar: BoolArray, period: int) -> int:
    annotated = _shares(starts_bar, period)
    return int((_votes(changes, period) + ANNOTATED * annotated).argmax())


def _votes(changes: Changes, period: int) -> FloatArray:
    chords, bass = changes
    return _shares(chords, period) + _shares(bass, period)
