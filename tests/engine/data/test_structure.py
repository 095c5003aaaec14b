"""Repetition, seams and echoes on music small enough to be measured by hand."""

import math

import pytest

from engine.data.measures import Segment
from engine.data.structure import (
    bars_of,
    change_at_bar_lines,
    echoes,
    melody_bars,
    repetition,
    seams,
)
from engine.music.piano_roll import StepNote


def bars(melody: str, band: str) -> Segment:
    """A letter a bar: the same letter, the same notes; a dash is silence."""

    def notes(text: str, low: int) -> tuple[StepNote, ...]:
        return tuple(
            StepNote(16 * bar, low + 5 * (ord(letter) - ord("a")), 16)
            for bar, letter in enumerate(text)
            if letter != "-"
        )

    return Segment(notes(melody, 60), (notes(band, 36),), 16 * len(melody))


def test_bars_are_counted_from_their_own_beginning() -> None:
    segment = bars("aab", "xx-")
    assert bars_of(segment) == [frozenset({(0, 0, 151)}), frozenset({(0, 0, 151)}), frozenset()]
    assert melody_bars(segment)[0] == melody_bars(segment)[1] != melody_bars(segment)[2]


def test_a_band_that_repeats_with_the_melody() -> None:
    assert repetition(bars("abab", "abab")) == (1.0, 0.0)


def test_a_band_that_never_repeats() -> None:
    assert repetition(bars("abab", "abcd")) == (0.0, 0.0)


def test_a_band_that_always_plays_the_same() -> None:
    assert repetition(bars("abab", "aaaa")) == (1.0, 1.0)


def test_without_a_repeated_bar_repetition_says_nothing() -> None:
    equal, unequal = repetition(bars("abcd", "aabb"))
    assert math.isnan(equal) and unequal == pytest.approx(2 / 6)


def test_a_bar_line_without_a_change_is_none() -> None:
    assert change_at_bar_lines(bars("abc", "aab")) == pytest.approx([0.0, 1.0])


def test_a_silent_bar_is_no_change_of_harmony() -> None:
    before, after = change_at_bar_lines(bars("abc", "a-b"))
    assert math.isnan(before) and math.isnan(after)


def test_a_seam_is_heard_at_the_border_only() -> None:
    assert seams(bars("aaaa", "aabb"), borders=[2]) == (1.0, 0.0)


def test_echoes_are_heard_where_the_form_repeats() -> None:
    found = echoes(bars("abcdabcd", "abababab"))
    assert found == {1: 0.0, 2: 1.0, 4: 1.0}
    assert echoes(bars("a", "a")) == {}


def test_silent_bars_echo_nothing() -> None:
    found = echoes(bars("aaa", "a--"))
    assert found[1] == 0.0 and found[2] == 0.0
    assert math.isnan(echoes(bars("aa", "--"))[1])
