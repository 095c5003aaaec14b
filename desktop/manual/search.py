"""Finding a place of the manual by some words."""

from dataclasses import dataclass

from desktop.manual.text import Page, Section, filled, pages, plain
from desktop.shortcuts import OwnKeys

AROUND = 44
"""Letters of the text before and behind a found word."""
_PAGE_TITLE, _SECTION_TITLE, _TEXT = 8, 4, 1


@dataclass(frozen=True, slots=True)
class Place:
    """A section that has all words that were looked for; ``words`` are those around the first."""

    page: Page
    section: Section
    words: str


def found(wanted: str, own: OwnKeys) -> tuple[Place, ...]:
    """Sections with all of the words, those that have them in a title first."""
    looked = wanted.casefold().split()
    if not looked:
        return ()
    ranked = list[tuple[int, int, Place]]()
    for page in pages():
        for section in page.sections:
            text = plain(filled(section.body, own))
            rank = _rank(page, section, text, looked)
            if rank:
                ranked.append((-rank, len(ranked), Place(page, section, _around(text, looked))))
    return tuple(place for _, _, place in sorted(ranked, key=lambda each: each[:2]))


def _rank(page: Page, section: Section, text: str, looked: list[str]) -> int:
    """How well a section fits; 0 where a word is missing."""
    own_title = section.title or page.title
    weights = ((own_title, _PAGE_TITLE), (page.title, _SECTION_TITLE), (text, _TEXT))
    rank = 0
    for word in looked:
        here = sum(weight for where, weight in weights if word in where.casefold())
        if not here:
            return 0
        rank += here
    return rank


def _around(text: str, looked: list[str]) -> str:
    at = max(0, text.casefold().find(looked[0]))
    start, end = max(0, at - AROUND), min(len(text), at + len(looked[0]) + AROUND)
    start = text.find(" ", start, at) + 1 if start else 0
    end = text.rfind(" ", at, end) if end < len(text) else end
    head, tail = "… " if start else "", " …" if end < len(text) else ""
    return f"{head}{text[start:end]}{tail}"
