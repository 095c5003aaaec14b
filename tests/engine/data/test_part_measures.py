"""Measures of single parts on music small enough to be measured by hand."""

import math

import numpy as np
import pytest

from engine.data.measures import Segment
from engine.data.part_measures import (
    bass_on_own_root,
    bass_on_root,
    consonance,
    crossings,
    drum_overlap,
    drum_positions,
    roots_under,
    silent_steps,
)
from engine.music.piano_roll import StepNote

C_MAJOR = tuple(StepNote(0, pitch, 16) for pitch in (48, 52, 55))
MELODY = (StepNote(0, 72, 8), StepNote(8, 74, 8))


def segment(*tracks: tuple[StepNote, ...], melody: tuple[StepNote, ...] = MELODY) -> Segment:
    return Segment(melody, tracks, 16)


@pytest.mark.parametrize(
    ("pitch", "percent"),
    [(72, 50.0), (69, 100.0), (67, 100.0), (71, 50.0), (66, 50.0), (62, 50.0)],
)
def test_consonance_with_the_soprano(pitch: int, percent: float) -> None:
    """Under C then D: unisons, thirds, fourths, fifths and sixths are consonant."""
    part = (StepNote(0, pitch, 16),)
    assert consonance(part, segment(part)) == percent


def test_consonance_says_nothing_of_a_silent_voice() -> None:
    assert math.isnan(consonance((), segment(())))


def test_silence_is_counted_where_the_melody_sounds() -> None:
    part = (StepNote(0, 60, 4),)
    assert silent_steps(part, segment(part, melody=(StepNote(0, 72, 8),))) == 50.0


def test_voices_cross_where_a_lower_one_is_higher() -> None:
    alto, tenor = (StepNote(0, 65, 16),), (StepNote(0, 60, 12), StepNote(12, 67, 4))
    assert crossings(segment(alto, tenor)) == 25.0


def test_the_root_is_that_of_the_best_triad() -> None:
    assert roots_under(segment(C_MAJOR)) == [0, 0]
    a_minor = tuple(StepNote(0, pitch, 8) for pitch in (45, 48, 52))
    assert roots_under(segment(a_minor)) == [9, None]


def test_a_bass_on_the_root_of_the_peoples_chord() -> None:
    human = segment(C_MAJOR)
    on_root_then_third = (StepNote(0, 36, 8), StepNote(8, 40, 8))
    assert bass_on_root(human, human) == 100.0
    assert bass_on_root(segment(on_root_then_third), human) == 50.0


def test_a_bass_on_the_root_of_its_own_chords() -> None:
    assert bass_on_own_root(segment(C_MAJOR)) == 100.0
    chord = tuple(StepNote(0, pitch, 16) for pitch in (60, 64, 67))
    root_then_third = (StepNote(0, 36, 8), StepNote(8, 40, 8))
    assert bass_on_own_root(segment(root_then_third, chord)) == 50.0
    # Alone it is the root of any chord on it; silence is not asked.
    assert bass_on_own_root(segment((StepNote(8, 43, 8),))) == 100.0


def test_drums_are_counted_by_kind_and_place() -> None:
    beat = [StepNote(0, 36, 1), StepNote(4, 38, 1), StepNote(16, 36, 1), StepNote(2, 42, 1)]
    counts = drum_positions([beat])
    assert counts[0, 0] == 2 and counts[1, 4] == 1 and counts[2, 2] == 1 and counts.sum() == 4
    assert drum_overlap(counts, counts) == 1.0
    shifted = drum_positions([[StepNote(note.step + 1, note.pitch, 1) for note in beat]])
    assert drum_overlap(counts, shifted) == 0.0
    assert drum_overlap(counts, np.ones((4, 16))) == pytest.approx(3 / 64)
