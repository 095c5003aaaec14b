"""Chord sheets are read as musicians write them."""

from pathlib import Path

import pytest

from engine.errors import FileError, MusicError
from engine.generation.chords import QUALITIES, parse_chord, parse_chords, read_chords
from engine.generation.request import ChordHint
from engine.music.composition import Composition, MeterChange
from engine.music.ticks import meter_map

FOUR = meter_map(Composition())
PICK_UP = meter_map(Composition(meters=(MeterChange(0, 1, 4), MeterChange(480, 3, 4))))


def ticks(hints: tuple[ChordHint, ...]) -> list[tuple[int, int | None]]:
    return [(hint.tick, hint.root) for hint in hints]


def test_bars_share_their_time_evenly() -> None:
    hints = parse_chords("| C | Am F | G |", FOUR)
    assert ticks(hints) == [(0, 0), (1920, 9), (2880, 5), (3840, 7)]
    assert hints[1].pitch_classes == {9, 0, 4}


def test_placed_chords_and_bars_may_be_mixed_and_commented() -> None:
    text = "# a song\n1.1 C\n1.3 F#m  # sharp\n| G || N.C. |\n\n4.4 Bb/D\n"
    assert ticks(parse_chords(text, FOUR)) == [
        (0, 0), (960, 6), (1920, 7), (3840, None), (5760 + 3 * 480, 10),
    ]  # fmt: skip


def test_percent_repeats_a_bar_and_an_empty_bar_holds() -> None:
    hints = parse_chords("| C F | % | | G |", FOUR)
    assert ticks(hints) == [(0, 0), (960, 5), (1920, 0), (2880, 5), (5760, 7)]


def test_bars_count_from_the_pick_up() -> None:
    assert ticks(parse_chords("| N.C. | C | G7 |", PICK_UP)) == [(0, None), (480, 0), (1920, 7)]
    assert ticks(parse_chords("2.3 C", PICK_UP)) == [(1440, 0)]


@pytest.mark.parametrize(
    ("name", "root", "classes"),
    [
        ("C", 0, {0, 4, 7}),
        ("C#m7", 1, {1, 4, 8, 11}),
        ("Db", 1, {1, 5, 8}),
        ("B♭maj7", 10, {10, 2, 5, 9}),
        ("F♯ø", 6, {6, 9, 0, 4}),
        ("Cb", 11, {11, 3, 6}),
        ("G/B", 7, {7, 11, 2}),
        ("C/D", 0, {0, 4, 7, 2}),
        ("C6/9", 0, {0, 2, 4, 7, 9}),
        ("Asus4", 9, {9, 2, 4}),
        ("Edim7", 4, {4, 7, 10, 1}),
    ],
)
def test_chords_are_known_by_their_names(name: str, root: int, classes: set[int]) -> None:
    assert parse_chord(name) == (root, frozenset(classes))


def test_every_quality_holds_its_root() -> None:
    assert all(0 in intervals for intervals in QUALITIES.values())


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
        parse_chords(text, FOUR)


def test_sheets_that_cannot_be_read_are_an_error_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="could not be read"):
        read_chords(tmp_path / "none.txt", FOUR)
    binary = tmp_path / "binary.txt"
    binary.write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(FileError, match="not a text"):
        read_chords(binary, FOUR)
    (tmp_path / "good.txt").write_text("| C |")
    assert len(read_chords(tmp_path / "good.txt", FOUR)) == 1
