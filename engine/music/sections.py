"""Sections of a song, such as A B A: marked on bars, and what of them belongs together."""

import re
from dataclasses import dataclass
from typing import Protocol

from engine.errors import MusicError

LETTERS = "ABCDEFGH"
MAX_BAR = 100_000
WRITTEN = re.compile(r"([A-H])('?)([1-9]\d{0,5})-([1-9]\d{0,5})", re.ASCII)


class Bars(Protocol):
    """Where bars begin (a `MeterMap`)."""

    def bar_start(self, bar: int) -> int:
        """First tick of a bar, counted from 1."""
        ...


@dataclass(frozen=True, slots=True, order=True)
class SectionMark:
    """From ``tick`` on, until the next mark, a section of this letter; an empty one ends it.

    A section whose letter stood before plays what the first of them plays; ``varied``, it plays
    something like it. Raises `MusicError` for a letter that there is not.
    """

    tick: int
    letter: str
    varied: bool = False

    def __post_init__(self) -> None:
        if self.letter and self.letter not in tuple(LETTERS):
            raise MusicError(f"A section is called {LETTERS[0]} to {LETTERS[-1]}.")
        if self.tick < 0:
            raise MusicError("A section cannot start before the composition does.")


@dataclass(frozen=True, slots=True)
class Section:
    """A section from tick ``start`` to ``end`` (excluded); ``first`` is where its letter began.

    ``first`` is None for the first of its letter.
    """

    start: int
    end: int
    letter: str
    varied: bool = False
    first: int | None = None


def sections_of(marks: tuple[SectionMark, ...], end: int) -> tuple[Section, ...]:
    """The sections in order, the last one until the tick ``end``."""
    found: list[Section] = []
    firsts: dict[str, int] = {}
    ends = [*(mark.tick for mark in marks[1:]), end]
    for mark, after in zip(marks, ends, strict=False):
        if mark.letter and after > mark.tick:
            first = firsts.get(mark.letter)
            varied = mark.varied and first is not None
            found.append(Section(mark.tick, after, mark.letter, varied, first))
            firsts.setdefault(mark.letter, mark.tick)
    return tuple(found)


def with_section(
    marks: tuple[SectionMark, ...], start: int, end: int, letter: str, *, varied: bool = False
) -> tuple[SectionMark, ...]:
    """The marks with a section from ``start`` to ``end``; an empty letter takes away what is there.

    What lay behind it goes on.
    """
    before = [mark for mark in marks if mark.tick < start]
    behind = [mark for mark in marks if mark.tick <= end]
    going_on = behind[-1] if behind else None
    after = [mark for mark in marks if mark.tick > end]
    rest = SectionMark(end, "") if going_on is None else _moved(going_on, end)
    return _tidy([*before, SectionMark(start, letter, varied), rest, *after])


def parse_sections(text: str, meters: Bars) -> tuple[SectionMark, ...]:
    """Sections such as ``A1-8 B9-16 A'17-24``: letter, first and last bar; ``'`` varies.

    Raises `MusicError` for what cannot be read.
    """
    marks: tuple[SectionMark, ...] = ()
    for word in text.split():
        match = WRITTEN.fullmatch(word)
        if match is None or not 1 <= int(match[3]) <= int(match[4]) <= MAX_BAR:
            raise MusicError(f"“{word}” is no section; write such as A1-8 B9-16 A'17-24.")
        start, end = meters.bar_start(int(match[3])), meters.bar_start(int(match[4]) + 1)
        marks = with_section(marks, start, end, match[1], varied=bool(match[2]))
    return marks


def _moved(mark: SectionMark, tick: int) -> SectionMark:
    return SectionMark(tick, mark.letter, mark.varied)


def _tidy(marks: list[SectionMark]) -> tuple[SectionMark, ...]:
    """Without ends that end nothing."""
    kept: list[SectionMark] = []
    for mark in marks:
        if mark.letter or (kept and kept[-1].letter):
            kept.append(mark)
    return tuple(kept)
