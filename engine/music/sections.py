"""Sections of a song, such as A B A: marked on bars, and what of them belongs together."""

from dataclasses import dataclass

from engine.errors import MusicError

LETTERS = "ABCDEFGH"


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


def _moved(mark: SectionMark, tick: int) -> SectionMark:
    return SectionMark(tick, mark.letter, mark.varied)


def _tidy(marks: list[SectionMark]) -> tuple[SectionMark, ...]:
    """Without ends that end nothing."""
    kept: list[SectionMark] = []
    for mark in marks:
        if mark.letter or (kept and kept[-1].letter):
            kept.append(mark)
    return tuple(kept)
