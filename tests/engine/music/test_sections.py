"""Sections of a song: marked, repeated, taken away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import MusicError
from engine.music.composition import Composition
from engine.music.sections import (
    Section,
    SectionMark,
    parse_sections,
    sections_of,
    with_section,
)
from engine.music.ticks import meter_map


def letters(marks: tuple[SectionMark, ...], end: int = 100) -> str:
    return "".join(f"{each.letter}{each.start}-{each.end} " for each in sections_of(marks, end))


def test_a_repeat_knows_where_its_letter_began() -> None:
    marks = with_section((), 0, 10, "A")
    marks = with_section(marks, 10, 20, "B")
    marks = with_section(marks, 20, 30, "A", varied=True)
    assert sections_of(marks, 90) == (
        Section(0, 10, "A"),
        Section(10, 20, "B"),
        Section(20, 30, "A", varied=True, first=0),
    )


def test_what_lies_behind_a_new_section_goes_on() -> None:
    marks = with_section((), 0, 50, "A")
    assert letters(with_section(marks, 10, 20, "B")) == "A0-10 B10-20 A20-50 "
    assert letters(with_section(marks, 10, 20, "")) == "A0-10 A20-50 "
    assert letters(with_section(marks, 0, 60, "C")) == "C0-60 "
    assert with_section(marks, 0, 60, "") == ()


def test_the_first_of_a_letter_varies_nothing() -> None:
    assert not sections_of((SectionMark(0, "A", varied=True),), 10)[0].varied


def test_a_letter_that_there_is_not_is_refused() -> None:
    with pytest.raises(MusicError, match="called A to H"):
        SectionMark(0, "AB")


spans = st.tuples(st.integers(0, 40), st.integers(1, 20), st.sampled_from(("", "A", "B")))


@given(st.lists(spans, max_size=8))
def test_marks_stay_in_order_and_the_last_one_written_stands(
    written: list[tuple[int, int, str]],
) -> None:
    marks: tuple[SectionMark, ...] = ()
    plain = [""] * 100
    for start, length, letter in written:
        marks = with_section(marks, start, start + length, letter)
        plain[start : start + length] = [letter] * length
        assert [mark.tick for mark in marks] == sorted({mark.tick for mark in marks})
    heard = [""] * 100
    for each in sections_of(marks, 100):
        heard[each.start : each.end] = [each.letter] * (each.end - each.start)
    assert heard == plain


def test_sections_are_read_from_words() -> None:
    meters = meter_map(Composition())
    marks = parse_sections("A1-4 B5-8 A'9-12", meters)
    assert [(mark.tick // 1920 + 1, mark.letter, mark.varied) for mark in marks] == [
        (1, "A", False), (5, "B", False), (9, "A", True), (13, "", False),
    ]  # fmt: skip
    for wrong in ("A", "A4-2", "Z1-2", "A0-1"):
        with pytest.raises(MusicError, match="is no section"):
            parse_sections(wrong, meters)
