"""Chord sheets are read as musicians write them, and written so that they are read the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import MusicError
from engine.music.chord_sheet import parse_sheet, written_sheet
from engine.music.chord_symbols import ChordMark
from engine.music.composition import Composition, MeterChange
from engine.music.ticks import MeterMap, meter_map

FOUR = meter_map(Composition())
PICK_UP = meter_map(Composition(meters=(MeterChange(0, 1, 4), MeterChange(480, 3, 4))))


def said(text: str, meters: MeterMap = FOUR) -> list[tuple[int, str]]:
    return [(mark.tick, mark.symbol) for mark in parse_sheet(text, meters)]


def test_bars_share_their_time_evenly() -> None:
    assert said("| C | Am F | G |") == [(0, "C"), (1920, "Am"), (2880, "F"), (3840, "G")]


def test_placed_chords_and_bars_may_be_mixed_and_commented() -> None:
    text = "# a song\n1.1 C\n1.3 F#m  # sharp\n| G || N.C. |\n\n4.4 Bb/D\n"
    assert said(text) == [
        (0, "C"), (960, "F♯m"), (1920, "G"), (3840, ""), (5760 + 3 * 480, "B♭/D"),
    ]  # fmt: skip


def test_percent_repeats_a_bar_and_an_empty_bar_holds() -> None:
    assert said("| C F | % | | G |") == [
        (0, "C"), (960, "F"), (1920, "C"), (2880, "F"), (5760, "G"),
    ]  # fmt: skip


def test_bars_begin_after_the_pick_up_and_are_counted_from_it() -> None:
    assert said("| C | G7 |", PICK_UP) == [(480, "C"), (1920, "G7")]
    assert said("1.1 F\n| C | G7 |", PICK_UP) == [(0, "F"), (480, "C"), (1920, "G7")]
    early = parse_sheet("1.1 F\n| C | G7 |", PICK_UP)
    assert written_sheet(early, PICK_UP) == "1.1 F\n| C | G7 |"
    assert written_sheet(early[1:], PICK_UP) == "| C | G7 |"
    assert said("2.3 C", PICK_UP) == [(1440, "C")]


def test_what_is_written_twice_is_taken_from_its_last_line() -> None:
    assert said("1.1 C\n1.1 F") == [(0, "F")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("| C | H7 |", "line 1: “H7” is not a chord"),
        ("1.1 C\n2.5 G", "line 2: bar 2 has no beat 5"),
        ("0.1 C", "from 1"),
        ("C Am F G", "write “bar.beat chord”"),
        ("", "no chord"),
        ("# only a remark", "no chord"),
        ("1.1 C/H", "not a chord"),
        ("1000001.1 C", "from 1"),
    ],
)
def test_what_is_wrong_in_a_sheet_is_said_with_its_line(text: str, words: str) -> None:
    with pytest.raises(MusicError, match=words):
        parse_sheet(text, FOUR)


def test_a_sheet_has_four_bars_a_line() -> None:
    marks = parse_sheet("| C | Am F | | G7 | C - |", FOUR)
    assert written_sheet(marks, FOUR) == "| C | Am F |  | G7 |\n| C - |"
    assert written_sheet((), FOUR) == ""


@given(
    st.dictionaries(st.integers(0, 40), st.sampled_from(["C", "Am7", "F/A", ""]), min_size=1),
    st.sampled_from([(4, 4), (3, 4), (6, 8), (7, 8), (2, 2)]),
)
def test_a_written_sheet_is_read_the_same(beats: dict[int, str], meter: tuple[int, int]) -> None:
    meters = meter_map(Composition(meters=(MeterChange(0, *meter),)))
    length = 1920 // meter[1]
    marks = tuple(ChordMark(beat * length, beats[beat]) for beat in sorted(beats))
    assert parse_sheet(written_sheet(marks, meters), meters) == marks
