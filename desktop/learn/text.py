"""The words of the Learn tab, from their one source: the Markdown files in resources/learn.

`docs/learn.md` is the same text for reading outside (`as_document`). Links ``word:…`` lead to the
glossary. Needs no Qt.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LESSONS_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "learn"
WORD_LINK = re.compile(r"\]\(word:([a-z-]+)\)")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A title and some paragraphs, both Markdown. ``name`` chooses its picture."""

    name: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a page: its heading and its paragraphs."""

    title: str
    body: str


@cache
def chapters() -> tuple[Chapter, ...]:
    """The tour in its order."""
    files = sorted((LESSONS_FOLDER / "chapters").glob("*.md"))
    return tuple(_chapter(path) for path in files)


@cache
def build_text() -> tuple[Part, tuple[Part, ...]]:
    """*Build your own*: the preface, then one part for each group of settings."""
    return _parts(LESSONS_FOLDER / "build.md")


@cache
def steps_text() -> tuple[Part, tuple[Part, ...]]:
    """The first steps: the preface, then one part a step."""
    return _parts(LESSONS_FOLDER / "steps.md")


@cache
def glossary() -> dict[str, Part]:
    """Every word with its sentence, by the name that links use; in alphabetical order."""
    _, parts = _parts(LESSONS_FOLDER / "glossary.md")
    return {anchor(part.title): part for part in parts}


def meaning(word: str) -> str:
    """The sentence about a word, for a tool tip; raises `KeyError` for a word without one."""
    return glossary()[anchor(word)].body


def anchor(title: str) -> str:
    """What a link calls a word: small letters and hyphens."""
    return title.lower().replace(" ", "-")


def as_document() -> str:
    """All of it as one Markdown page."""
    told = [_text("preface.md")]
    told += [_section(chapter.title, chapter.body, 2) for chapter in chapters()]
    preface, groups = build_text()
    told.append(_section(preface.title, preface.body, 2))
    told += [_section(group.title, group.body, 3) for group in groups]
    preface, steps = steps_text()
    told.append(_section(preface.title, preface.body, 2))
    told += [_section(f"{i}. {step.title}", step.body, 3) for i, step in enumerate(steps, 1)]
    told.append(_section("Words", "", 2))
    told += [_section(part.title, part.body, 3) for part in glossary().values()]
    return WORD_LINK.sub(r"](#\1)", "\n".join((*told, _text("sources.md"))))


def _text(name: str) -> str:
    return (LESSONS_FOLDER / name).read_text("utf-8")


def _section(title: str, body: str, level: int) -> str:
    return f"{'#' * level} {title}\n" + (f"\n{body}\n" if body else "")


def _chapter(path: Path) -> Chapter:
    head, _, body = path.read_text("utf-8").partition("\n")
    return Chapter(path.stem.lstrip("0123456789-"), head.removeprefix("# "), body.strip())


def _parts(path: Path) -> tuple[Part, tuple[Part, ...]]:
    first, *rest = re.split(r"^##? ", path.read_text("utf-8"), flags=re.MULTILINE)[1:]
    return _part(first), tuple(_part(text) for text in rest)


def _part(text: str) -> Part:
    title, _, body = text.partition("\n")
    return Part(title.strip(), body.strip())
