"""Earlier states of a composition, tags, duplicates, and the trash that ends by itself."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from engine.errors import StoreError
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.take import Take, TakeEvent
from engine.music.track import make_track
from engine.store import versions
from engine.store.database import APPLICATION_ID, SCHEMA, SCHEMA_VERSION
from engine.store.library import Library
from engine.store.tags import LONGEST, MOST

TAKE = Take((TakeEvent(0.0, "note_on", 60, 80), TakeEvent(0.5, "note_off", 60, 0)), 90.0, 0.5)


def song(count: int = 1, title: str = "Waltz") -> Composition:
    notes = [Note(480 * index, 60, 240) for index in range(count)]
    return Composition(title=title, tracks=(make_track("Melody", notes),))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library(tmp_path / "library.sqlite")
    library.autosave("c", song())
    yield library
    library.close()


def test_an_earlier_state_is_kept_once_named_and_loaded_as_it_was(library: Library) -> None:
    first = library.versions.keep("c", song(1), "Before Record")
    library.versions.keep("c", song(1), "Opened")  # the same music
    library.versions.keep("c", Composition(), "Empty")
    library.versions.keep("other", song(9), "Another composition's")
    second = library.versions.keep("c", song(2), "Before Keep take A")
    library.versions.rename(first, "The good one")
    assert library.flush()
    kept = library.versions.of("c")
    assert [(each.id, each.title, each.notes) for each in kept] == [
        (second, "Before Keep take A", 2),
        (first, "The good one", 1),
    ]
    assert library.versions.load(second) == song(2)
    assert library.versions.named("c") == {first}
    assert [entry.id for entry in library.compositions()] == ["c"]
    library.versions.forget(second)
    library.flush()
    with pytest.raises(StoreError, match="no such version"):
        library.versions.load(second)


def test_old_versions_make_room_and_named_ones_stay(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "MOST", 3)
    named = library.versions.keep("c", song(1), "First", named=True)
    kept = [library.versions.keep("c", song(count), str(count)) for count in range(2, 8)]
    library.flush()
    assert {each.id for each in library.versions.of("c")} == {named, *kept[-3:]}
    monkeypatch.setattr(versions, "MOST_BYTES", 1)
    last = library.versions.keep("c", song(9), "Last")
    library.flush()
    assert {each.id for each in library.versions.of("c")} == {named, last}


def test_tags_are_put_on_taken_off_and_told_with_the_entry(library: Library) -> None:
    for tag in ("  slow   waltz ", "Sad", "sad", "#", "x" * 99, "a\nb"):
        library.tags.add("c", tag)
    library.flush()
    (entry,) = library.compositions()
    assert entry.tags == ("a b", "Sad", "slow waltz", "x" * LONGEST)
    library.tags.remove("c", "Sad")
    for number in range(MOST + 5):
        library.tags.add("c", f"tag {number}")
    library.flush()
    (entry,) = library.compositions()
    assert "Sad" not in entry.tags and len(entry.tags) == MOST


def test_a_copy_is_an_item_of_its_own_with_the_tags_of_the_first(library: Library) -> None:
    library.tags.add("c", "sad")
    copy = library.duplicate("c", "Waltz 2")
    library.autosave("c", song(5))
    library.flush()
    assert library.load_composition(copy) == song(1, "Waltz 2")
    assert {entry.id: entry.tags for entry in library.compositions()} == {
        "c": ("sad",),
        copy: ("sad",),
    }


def test_takes_know_their_composition(library: Library) -> None:
    take = library.store_take(TAKE, "First try", composition_id="c")
    other = library.store_take(TAKE, "Another")
    library.flush()
    assert [entry.id for entry in library.takes_of("c")] == [take]
    assert {entry.id: entry.parent for entry in library.takes()} == {take: "c", other: None}


def test_the_trash_ends_after_its_days_and_takes_versions_along_but_no_takes(
    library: Library, tmp_path: Path
) -> None:
    version = library.versions.keep("c", song(2), "Before Record")
    take = library.store_take(TAKE, "First try", composition_id="c")
    library.autosave("new", song())
    library.delete("c")
    library.delete("new")
    library.flush()
    with closing(sqlite3.connect(tmp_path / "library.sqlite")) as file, file:
        month_ago = time.time() - 31 * 86_400
        file.execute("UPDATE item SET trashed = ? WHERE id = 'c'", (month_ago,))
    library.empty_trash(older_than_days=30)
    library.flush()
    assert [entry.id for entry in library.compositions(trashed=True)] == ["new"]
    assert [entry.id for entry in library.takes()] == [take]
    with pytest.raises(StoreError):
        library.versions.load(version)
    library.forget("new")
    library.flush()
    assert library.compositions(trashed=True) == ()


def test_a_library_of_an_earlier_tutti_gets_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    with closing(sqlite3.connect(path)) as file:
        file.executescript(
            f"{SCHEMA} PRAGMA application_id = {APPLICATION_ID}; "
            f"PRAGMA user_version = {SCHEMA_VERSION};"
        )
    library = Library(path)
    library.autosave("c", song())
    library.tags.add("c", "old")
    assert library.flush()
    assert library.compositions()[0].tags == ("old",)
    library.close()
