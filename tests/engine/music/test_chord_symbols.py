"""Chords are known by the names that musicians write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import MusicError
from engine.music.chord_symbols import (
    LONGEST,
    QUALITIES,
    ChordMark,
    parse_chord,
    symbol_of,
)
from engine.music.harmony import CHORD_CLASSES, chord_name, chord_vector

roots = st.builds(str.__add__, st.sampled_from("CDEFGABcdefgab"), st.sampled_from(["", *"#b♯♭"]))
basses = st.builds("/{}".format, roots) | st.just("")
symbols = st.builds("{}{}{}".format, roots, st.sampled_from(sorted(QUALITIES)), basses)


@pytest.mark.parametrize(
    ("name", "root", "classes"),
    [
        ("C", 0, {0, 4, 7}),
        ("C#m7", 1, {1, 4, 8, 11}),
        ("Db", 1, {1, 5, 8}),
        ("B♭maj7", 10, {10, 2, 5, 9}),
        ("F♯ø", 6, {6, 9, 0, 4}),
        ("Dm7b5", 2, {2, 5, 8, 0}),
        ("Dm7(b5)", 2, {2, 5, 8, 0}),
        ("Cb", 11, {11, 3, 6}),
        ("G/B", 7, {7, 11, 2}),
        ("F/A", 5, {5, 9, 0}),
        ("C/D", 0, {0, 4, 7, 2}),
        ("C6/9", 0, {0, 2, 4, 7, 9}),
        ("Asus4", 9, {9, 2, 4}),
        ("Edim7", 4, {4, 7, 10, 1}),
        ("am", 9, {9, 0, 4}),
        ("bb7", 10, {10, 2, 5, 8}),
        (" G7 ", 7, {7, 11, 2, 5}),
    ],
)
def test_chords_are_known_by_their_names(name: str, root: int, classes: set[int]) -> None:
    assert parse_chord(name) == (root, frozenset(classes))


def test_every_quality_holds_its_root() -> None:
    assert all(0 in intervals for intervals in QUALITIES.values())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("H", "write B for H"),
        ("Hm7", "write B for H"),
        ("Hb", "write Bb for H"),
        ("Q", "“Q” is not a chord that Tutti knows; write C, Am7 or F/A"),
        ("C/", "is not a chord"),
        ("C/Em", "is not a chord"),
        ("Cmaj99", "is not a chord"),
        ("C" * 100, "…” is not a chord"),
        ("", "is not a chord"),
    ],
)
def test_what_is_no_chord_is_refused_in_a_sentence(name: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_chord(name)


@given(symbols)
def test_a_printed_symbol_means_the_same_and_is_printed_alike(name: str) -> None:
    printed = symbol_of(name)
    assert parse_chord(printed) == parse_chord(name)
    assert symbol_of(printed) == printed
    assert len(printed) <= LONGEST


@given(st.integers(0, CHORD_CLASSES - 1), st.integers(0, 11))
def test_what_the_window_names_can_be_written(index: int, tonic: int) -> None:
    name = chord_name(index, tonic)
    assert symbol_of(name) == name
    if name:
        root, classes = parse_chord(name)
        vector = chord_vector(index)
        assert vector[root or 0] == 1
        assert classes == {pitch for pitch in range(12) if vector[12 + pitch]}


@given(st.text(max_size=12))
def test_any_text_is_a_chord_or_a_sentence(text: str) -> None:
    try:
        parse_chord(text)
    except ValueError as error:
        assert "is not a chord" in str(error)


def test_a_mark_is_kept_as_it_is_printed() -> None:
    assert ChordMark(0, "bbm7b5/ab").symbol == "B♭m7♭5/A♭"
    assert ChordMark(0, "N.C.").symbol == "" == ChordMark(0).symbol
    with pytest.raises(MusicError, match="write B for H"):
        ChordMark(0, "H7")
    with pytest.raises(MusicError, match="before the composition"):
        ChordMark(-1, "C")
