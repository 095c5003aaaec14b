"""Notes go into a piano roll and come out the same."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import MusicError
from engine.music.note import Note
from engine.music.piano_roll import ONSET, SOUNDING, PianoRoll, StepNote, decode, encode
from engine.music.ticks import StepGrid
from tests.compositions import many_notes

GRID = StepGrid(480, 4)
STEP = 120


def _note(step: int, pitch: int, length: int) -> Note:
    return Note(step * STEP, pitch, length * STEP)


def test_a_note_has_an_onset_and_sounds_as_long_as_it_lasts() -> None:
    roll = encode([[_note(2, 60, 3)]], GRID, 8)
    assert np.argwhere(roll.planes[0, ONSET]).tolist() == [[2, 60]]
    assert np.argwhere(roll.planes[0, SOUNDING]).tolist() == [[2, 60], [3, 60], [4, 60]]
    assert roll.steps == 8


def test_repeated_notes_stay_apart() -> None:
    notes = [_note(0, 60, 2), _note(2, 60, 2)]
    assert decode(encode([notes], GRID, 4)) == ((StepNote(0, 60, 2), StepNote(2, 60, 2)),)


def test_a_note_from_before_the_roll_sounds_without_an_onset() -> None:
    roll = encode([[_note(0, 60, 6)]], StepGrid(480, 4, origin=2 * STEP), 8)
    assert not roll.planes[0, ONSET].any()
    assert decode(roll) == ((StepNote(0, 60, 4),),)


def test_what_lies_outside_the_pitches_or_the_steps_is_left_out() -> None:
    notes = [_note(0, 20, 1), _note(0, 60, 1), _note(0, 120, 1), _note(9, 60, 1)]
    roll = encode([notes], GRID, 8, pitch_low=48, pitches=24)
    assert roll.planes.shape == (1, 2, 8, 24)
    assert decode(roll) == ((StepNote(0, 60, 1),),)


def test_a_note_that_overlaps_its_own_pitch_ends_there() -> None:
    roll = encode([[_note(0, 60, 8), _note(2, 60, 2)]], GRID, 8)
    assert decode(roll) == ((StepNote(0, 60, 2), StepNote(2, 60, 2)),)


def test_of_two_that_fall_on_one_step_the_longer_stays() -> None:
    notes = [Note(0, 60, 480), Note(20, 60, 100)]
    assert decode(encode([notes], GRID, 8)) == ((StepNote(0, 60, 4),),)


def test_a_lone_onset_and_a_lone_sounding_step_are_notes() -> None:
    planes = np.zeros((1, 2, 4, 128), dtype=np.bool_)
    planes[0, ONSET, 0, 60] = True
    planes[0, SOUNDING, 2, 64] = True
    assert decode(PianoRoll(planes)) == ((StepNote(0, 60, 1), StepNote(2, 64, 1)),)


def test_a_roll_of_other_axes_is_refused() -> None:
    with pytest.raises(MusicError):
        PianoRoll(np.zeros((1, 3, 4, 128), dtype=np.bool_))


@st.composite
def step_notes(draw: st.DrawFn) -> tuple[StepNote, ...]:
    """Notes of a few pitches that never overlap in one, in order."""
    notes = []
    for pitch in draw(st.sets(st.integers(30, 90), max_size=4)):
        edges = sorted(draw(st.sets(st.integers(0, 63), max_size=12)))
        chosen = [pair for pair in pairwise(edges) if draw(st.booleans())]
        notes += [StepNote(start, pitch, end - start) for start, end in chosen]
    return tuple(sorted(notes))


@given(st.lists(step_notes(), min_size=1, max_size=3), st.sampled_from((0, 24)))
def test_whatever_goes_in_comes_out(tracks: list[tuple[StepNote, ...]], pitch_low: int) -> None:
    placed = [[_note(n.step, n.pitch, n.length) for n in track] for track in tracks]
    roll = encode(placed, GRID, 64, pitch_low=pitch_low, pitches=96)
    assert decode(roll) == tuple(tracks)


@given(many_notes, st.integers(-2000, 2000))
def test_any_notes_become_a_roll_that_stays_what_it_is(notes: list[Note], origin: int) -> None:
    grid = StepGrid(480, 4, origin)
    once = encode([notes], grid, 128)
    again = [Note(STEP * n.step, n.pitch, STEP * n.length) for n in decode(once)[0]]
    twice = encode([again], GRID, 128)
    assert (twice.planes[:, SOUNDING] == once.planes[:, SOUNDING]).all()
    assert decode(twice) == decode(once)
