"""Phrase ends and their leading notes, on examples whose figures are plain."""

import math

from engine.data.cadences import led_ends, phrase_ends
from engine.data.measures import Segment
from engine.music.piano_roll import StepNote


def voice(*pitches: int, beat: int = 4) -> tuple[StepNote, ...]:
    """A note of one beat each, the last of two."""
    *first, last = [StepNote(beat * place, pitch, beat) for place, pitch in enumerate(pitches)]
    return (*first, StepNote(last.step, last.pitch, 2 * beat))


def chorale(alto: tuple[int, int], tenor: tuple[int, int], bass: tuple[int, int]) -> Segment:
    """D and C of the soprano under which others go to their last notes."""
    parts = (voice(*pair) for pair in (alto, tenor, bass))
    return Segment(voice(74, 72), tuple(parts), 12)


def test_phrases_end_with_long_notes_before_rests_and_with_the_last() -> None:
    melody = (
        StepNote(0, 60, 12),
        StepNote(12, 62, 4),
        StepNote(16, 64, 8),
        StepNote(24, 65, 4),
        StepNote(30, 67, 2),
        StepNote(32, 65, 4),
    )
    assert phrase_ends(Segment(melody, (), 40)) == [16, 24, 32]


def test_a_leading_note_that_rises_leads_the_end() -> None:
    assert led_ends(chorale((71, 72), (67, 64), (55, 48))) == (100.0, 100.0)


def test_one_that_falls_is_heard_but_has_not_risen() -> None:
    assert led_ends(chorale((71, 67), (67, 64), (55, 48))) == (100.0, 0.0)


def test_a_dominant_without_its_third_leads_nothing() -> None:
    assert led_ends(chorale((67, 67), (62, 64), (55, 48))) == (0.0, 0.0)


def test_the_lowest_note_decides_between_two_triads() -> None:
    """C and E alone are of C major and of A minor; over C they are reached by B, over A by G#."""
    assert led_ends(chorale((71, 72), (67, 64), (55, 60))) == (100.0, 100.0)


def test_a_melody_without_an_end_says_nothing() -> None:
    short = Segment((StepNote(0, 60, 4),), (), 16)
    assert all(math.isnan(each) for each in led_ends(short))
