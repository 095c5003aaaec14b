import numpy as np
import pytest

from engine.data.bars import find_bars
from engine.music.harmony import NO_CHORD

BEATS = 48
NOTHING = np.zeros(BEATS, np.bool_)


def every(period: int, first: int) -> np.ndarray:
    return np.arange(BEATS) % period == first


def chords(period: int, first: int) -> np.ndarray:
    """Another chord on each bar line; before the first of them there is none."""
    bar = (np.arange(BEATS) - first) // period
    return np.where(bar < 0, NO_CHORD, 10 * (bar % 5)).astype(np.int16)


def bass(period: int, first: int) -> np.ndarray:
    """A bass that strikes every beat and goes on to another pitch on each bar line."""
    beats = np.arange(first, BEATS)
    pitch = 36 + (beats - first) // period % 5
    columns = (np.ones_like(beats), 4 * beats, pitch, np.full_like(beats, 4), pitch)
    return np.stack(columns, 1).astype(np.int32)


@pytest.mark.parametrize("first", range(4))
def test_bars_of_four_begin_where_bass_and_chords_change(first: int) -> None:
    halves = every(2, first % 2)
    assert find_bars(halves, chords(4, first), bass(4, first)) == (4, first)
    # Annotators who have the other half of the bar are outvoted.
    wrong = every(4, (first + 2) % 4)
    assert find_bars(wrong, chords(4, first), bass(4, first)) == (4, first)


@pytest.mark.parametrize("first", range(3))
def test_bars_of_three_are_annotated_and_heard(first: int) -> None:
    assert find_bars(every(3, first), chords(3, first), bass(3, first)) == (3, first)


def test_annotated_threes_that_change_in_fours_are_fours() -> None:
    assert find_bars(every(3, 0), chords(4, 1), bass(4, 1)) == (4, 1)


def test_without_a_bass_the_chords_tell_and_without_both_the_annotation() -> None:
    none, silent = np.zeros((0, 5), np.int32), np.full(BEATS, NO_CHORD, np.int16)
    assert find_bars(every(2, 0), chords(4, 2), none) == (4, 2)
    assert find_bars(every(4, 3), silent, none) == (4, 3)


@pytest.mark.parametrize("marks", [NOTHING, every(5, 0), every(BEATS, 7)])
def test_bars_that_nobody_marked_or_of_no_known_length_are_not_guessed(marks: np.ndarray) -> None:
    assert find_bars(marks, chords(4, 0), bass(4, 0)) is None
