"""The words of the Learn tab: one source, short chapters, no word without its meaning."""

from pathlib import Path

import pytest

from desktop.learn.build import BUILT
from desktop.learn.pictures import PICTURES
from desktop.learn.steps import STEPS
from desktop.learn.text import (
    WORD_LINK,
    as_document,
    build_text,
    chapters,
    glossary,
    meaning,
    steps_text,
)

DOCUMENT = Path(__file__).parents[3] / "docs" / "learn.md"


def test_the_document_is_made_from_the_text_that_the_panel_shows() -> None:
    document = DOCUMENT.read_text("utf-8")

    assert document == as_document(), "Run: python packaging/make_lessons.py docs"
    for chapter in chapters():
        assert WORD_LINK.sub(r"](#\1)", chapter.body) in document


def test_every_chapter_is_short_and_has_a_picture() -> None:
    for chapter in chapters():
        words = len(WORD_LINK.sub("]", chapter.body).split())
        assert 60 <= words <= 155, chapter.title
        assert chapter.name in PICTURES
    assert len(chapters()) == len(PICTURES)


def test_every_linked_word_is_in_the_glossary() -> None:
    linked = {word for chapter in chapters() for word in WORD_LINK.findall(chapter.body)}

    assert linked <= set(glossary())
    assert list(glossary()) == sorted(glossary())


def test_a_word_tells_its_meaning_in_a_sentence() -> None:
    assert meaning("Wasserstein distance").startswith("How far apart")
    with pytest.raises(KeyError):
        meaning("flux capacitor")


def test_steps_and_groups_have_words() -> None:
    assert len(steps_text()[1]) == len(STEPS)
    assert [part.title for part in build_text()[1]] == list(BUILT)


def test_nothing_is_shouted() -> None:
    assert "!" not in as_document()
