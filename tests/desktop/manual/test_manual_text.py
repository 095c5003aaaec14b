"""The manual's words: one source, and nothing in it that the window does not have."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from desktop.actions import PAGES, SPEC_OF
from desktop.manual.search import found
from desktop.manual.text import (
    PAGE_LINK,
    PICTURE,
    TOKEN,
    Page,
    anchor_of,
    as_document,
    filled,
    markdown_of,
    page_named,
    pages,
    picture_path,
)
from desktop.manual.where import FIRST, OF_CARDS, OF_DIALOGS, OF_PAGES, OF_TABS
from desktop.pages.settings import SECTIONS

ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "docs" / "manual.md"
NAMED = re.compile(r"(?<![\w*\\])\*([^*\n]+)\*(?!\*)")
LINK = re.compile(r"\]\((do|show|page|picture):([^)]+)\)")
MOST_BYTES = 2_500_000
STUDIO_PLACES = {("recording", ""), ("editor", ""), ("takes", ""), FIRST}


@cache
def written_in_the_window() -> frozenset[str]:
    """Every string of the window's program, without the signs of menus."""
    words = set()
    for path in (*(ROOT / "desktop").rglob("*.py"), ROOT / "engine" / "music" / "note_grid.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(without_signs(node.value))
    return frozenset(words)


def without_signs(text: str) -> str:
    return text.strip(" …▾:")


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_what_a_page_names_stands_so_in_the_window(page: Page) -> None:
    text = "\n".join(each.body for each in page.sections)
    samples = {path.stem.replace("-", " ").title() for path in ROOT.glob("resources/melodies/*")}
    models = {path.stem for path in ROOT.glob("resources/models/*.onnx")}
    known = written_in_the_window() | {each.casefold() for each in samples}

    for name in NAMED.findall(TOKEN.sub("", PICTURE.sub("", text))):
        said = without_signs(name)
        assert said in known or said.casefold() in known | models, name


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_links_and_pictures_of_a_page_lead_somewhere(page: Page) -> None:
    text = "\n".join(each.body for each in page.sections)
    sections = {make.__name__ for make in SECTIONS}

    for kind, target in LINK.findall(text):
        name, _, part = target.partition("/" if kind == "show" else "#")
        if kind == "do":
            assert target in SPEC_OF
        elif kind == "picture":
            assert all(picture_path(target, theme).is_file() for theme in ("dark", "light"))
        elif kind == "page":
            assert not part or page_named(name).section(part) is not None, target
        else:
            assert name in PAGES
            assert not part or part in OF_TABS or f"{part}Section" in sections, target


def test_commands_and_their_keys_are_those_of_the_table() -> None:
    assert filled("{name:timing} {path:timing} {key:timing}", {}) == (
        "*Quantise and timing…* *Notes → Quantise and timing…* `Ctrl+T`"
    )
    assert filled("{key:timing}", {"timing": ("F5",)}) == "`F5`"
    assert filled("{key:timing}", {"timing": ()}) == "no key"
    for page in pages():
        assert "{" not in markdown_of(page, {}), page.name


def test_places_that_help_opens_exist() -> None:
    tables = (OF_CARDS, OF_DIALOGS, OF_PAGES, OF_TABS)
    places = (*(place for table in tables for place in table.values()), *STUDIO_PLACES)

    for name, anchor in places:
        assert not anchor or page_named(name).section(anchor) is not None, anchor


def test_no_picture_is_without_a_place_and_all_are_small() -> None:
    text = "".join(each.body for page in pages() for each in page.sections)
    wanted = {
        f"{name}-{theme}.webp" for _, name in PICTURE.findall(text) for theme in ("dark", "light")
    }
    files = [*(ROOT / "resources" / "manual" / "pictures").iterdir()]

    assert {path.name for path in files} == wanted
    assert sum(path.stat().st_size for path in files) <= MOST_BYTES


def test_the_document_is_made_from_the_pages_that_the_window_shows() -> None:
    document = DOCUMENT.read_text("utf-8")

    assert document == as_document(), "Run: python packaging/make_lessons.py manual"
    assert "](do:" not in document and "](show:" not in document
    anchors = {anchor_of(title) for title in re.findall(r"^#+ (.+)$", document, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", document)) <= anchors
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", document):
        assert (DOCUMENT.parent / picture).is_file()


def test_a_search_finds_sections_by_all_of_the_words_titles_first() -> None:
    places = found("legato", {})

    assert {place.page.name for place in places} == {"timing", "keys"}
    assert "egato" in places[0].words
    assert found("count-in", {})[0].section.title == "Count-in and click"
    assert found("Ctrl+T", {})[0].page.name == "timing"
    assert found("crackles", {})[0].section.title == "The sound crackles"
    assert found("legato zeppelin", {}) == ()
    assert found("  ", {}) == ()


def test_nothing_is_shouted() -> None:
    assert "!" not in PICTURE.sub("", as_document()).replace("![", "")


def test_link_patterns_are_those_of_the_source() -> None:
    assert PAGE_LINK.findall("[x](page:takes#more-like-this)") == [("takes", "more-like-this")]
