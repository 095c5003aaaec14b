"""The library keeps what it is given, whatever the disk does."""

import resource
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import StoreError
from engine.music.composition import Composition, Origin
from engine.music.note import Note
from engine.music.take import Take, TakeEvent
from engine.music.track import make_track
from engine.store.library import Library, new_id

PATIENCE_SECONDS = 60.0

TAKE = Take(
    (TakeEvent(-0.25, "control", 64, 127), TakeEvent(0.1, "note_on", 60, 90),
     TakeEvent(0.6, "note_off", 60, 0), TakeEvent(0.9, "note_on", 64, 80)),
    100.0, 1.5,
)  # fmt: skip


def melody(count: int = 4, title: str = "Tune") -> Composition:
    notes = [Note(index * 480, 60 + index % 12, 400) for index in range(count)]
    return Composition(title=title, tracks=(make_track("Melody", notes),))


class Told:
    """Collects what the library tells."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.recovered = threading.Event()
        self.told = threading.Event()

    def problem(self, sentence: str) -> None:
        self.problems.append(sentence)
        self.told.set()


@contextmanager
def opened(path: Path, told: Told | None = None) -> Iterator[Library]:
    told = told or Told()
    library = Library(path, told.problem, on_recovered=told.recovered.set, retry_seconds=0.05)
    try:
        yield library
    finally:
        library.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "library.sqlite"


def test_a_take_is_on_disk_before_store_take_returns(path: Path) -> None:
    with opened(path) as library:
        take_id = library.store_take(TAKE, "Blue")
        with closing(sqlite3.connect(path)) as other:
            assert other.execute("SELECT id FROM item").fetchall() == [(take_id,)]
        assert library.load_take(take_id) == TAKE
        (entry,) = library.takes()
        assert (entry.title, entry.notes, entry.seconds, entry.trashed) == ("Blue", 2, 1.5, False)


def test_a_composition_comes_back_in_the_next_session(path: Path) -> None:
    composition_id = new_id()
    with opened(path) as library:
        library.autosave(composition_id, melody())
    with opened(path) as library:
        assert library.load_composition(composition_id) == melody()
        assert not library.was_killed


def test_of_many_autosaves_the_last_one_stays(path: Path) -> None:
    with opened(path) as library:
        for count in range(1, 60):
            library.autosave("c", melody(count))
            assert library.load_composition("c") == melody(count)
        assert library.flush()
        assert library.load_composition("c") == melody(59)
        assert len(library.compositions()) == 1


def test_what_is_flushed_was_told_of(path: Path) -> None:
    told: list[str] = []
    go_on = threading.Event()

    def tell() -> None:
        go_on.wait(PATIENCE_SECONDS)
        told.append("changed")

    with closing(Library(path, told.append, on_change=tell)) as library:
        library.autosave(new_id(), melody())
        assert not library.flush(0.05)
        go_on.set()
        assert library.flush(PATIENCE_SECONDS) and told


def test_an_empty_composition_is_kept_only_when_it_held_music(path: Path) -> None:
    with opened(path) as library:
        library.autosave("new", Composition())
        library.autosave("old", melody())
        library.flush()
        library.autosave("old", Composition(title="Emptied"))
        library.flush()
        assert [entry.id for entry in library.compositions()] == ["old"]
        assert library.load_composition("old") == Composition(title="Emptied")


def test_the_trash_gives_back_what_was_deleted(path: Path) -> None:
    with opened(path) as library:
        take_id = library.store_take(TAKE, "Blue")
        library.delete(take_id)
        library.flush()
        assert library.takes() == ()
        assert [entry.id for entry in library.takes(trashed=True)] == [take_id]
        assert library.load_take(take_id) == TAKE
        library.restore(take_id)
        library.flush()
        assert [entry.id for entry in library.takes()] == [take_id]
        library.delete(take_id)
        library.empty_trash()
        library.flush()
        with pytest.raises(StoreError, match="no such take"):
            library.load_take(take_id)


def test_a_new_title_stays_on_what_waits_and_on_what_is_stored(path: Path) -> None:
    with opened(path) as library:
        library.autosave("c", melody())
        library.rename("c", "Night")
        library.flush()
        assert library.load_composition("c").title == "Night"
        library.rename("c", "Day")
        library.flush()
        assert library.load_composition("c") == melody(title="Day")


def test_a_title_that_is_no_text_does_not_stop_the_writer(path: Path) -> None:
    with opened(path) as library:
        library.autosave("c", melody(title="caf\udce9"))
        library.journal("r", TAKE.events, 100.0, "caf\udce9")
        library.rename("c", "th\udce9")
        assert library.flush()
        assert library.load_composition("c").tracks == melody().tracks
        assert library.compositions()[0].title == "th?"
        assert library.recoverable()[0].title == "caf?"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_in_the_writer_is_told(path: Path) -> None:
    told = Told()
    with opened(path, told) as library:
        library.autosave("c", replace(melody(), title=b"no text"))  # type: ignore[arg-type]
        assert told.told.wait(5)
        assert library.problem == told.problems[0]
    assert "stores nothing more" in told.problems[0]


def test_generated_takes_are_kept_with_their_composition(path: Path) -> None:
    band = (make_track("Bass", [Note(0, 40, 480)], program=33),)
    origin = Origin("Tiny", "ab" * 32, 7, 2)
    with opened(path) as library:
        kept = library.store_accompaniment("c", band, origin, "Take C")
        library.store_accompaniment("other", band, origin)
        library.flush()
        assert [entry.title for entry in library.accompaniments("c")] == ["Take C"]
        assert library.load_accompaniment(kept) == (band, origin)


def test_a_recording_that_never_stopped_is_offered_and_becomes_a_take(path: Path) -> None:
    with opened(path) as library:
        library.journal("r", TAKE.events[:2], 100.0, "Blue")
        library.flush()
        library.journal("r", TAKE.events, 100.0, "Blue")
    with opened(path) as library:
        (left,) = library.recoverable()
        assert left.take.events == TAKE.events
        assert (left.take.beats_per_minute, left.title) == (100.0, "Blue")
        assert left.take.duration == 0.9
        take_id = library.recover(left)
        assert library.recoverable() == ()
        assert library.load_take(take_id).events == TAKE.events


def test_an_event_that_comes_late_is_put_in_its_place(path: Path) -> None:
    early = TakeEvent(0.05, "note_on", 55, 70)
    with opened(path) as library:
        library.journal("r", TAKE.events, 100.0)
        library.flush()
        sorted_in = (TAKE.events[0], early, *TAKE.events[1:])
        library.journal("r", sorted_in, 100.0)
        library.flush()
        assert library.recoverable()[0].take.events == sorted_in
        library.journal("r", TAKE.events[:1], 100.0)
        library.flush()
        assert library.recoverable()[0].take.events == TAKE.events[:1]


def test_a_stored_take_leaves_no_journal_not_even_one_that_waited(path: Path) -> None:
    with opened(path) as library:
        for _ in range(20):
            library.journal("r", TAKE.events, 100.0)
            library.store_take(TAKE, "Blue", recording_id="r")
        library.flush()
        assert library.recoverable() == ()
        library.journal("s", TAKE.events, 100.0)
        library.discard_journal("s")
        library.flush()
        assert library.recoverable() == ()


def test_a_folder_that_cannot_be_made_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    in_the_way = tmp_path / "data"
    in_the_way.write_text("a file, not a folder")
    told = Told()
    with opened(in_the_way / "library.sqlite", told) as library:
        take_id = library.store_take(TAKE, "Blue", wait_seconds=0.2)
        library.autosave("c", melody())
        assert told.told.wait(5)
        assert "cannot be written" in told.problems[0]
        assert len(told.problems) == 1
        with pytest.raises(StoreError, match="cannot be written"):
            library.takes()
        assert library.load_composition("c") == melody()
        in_the_way.unlink()
        assert told.recovered.wait(5)
        assert library.flush()
        assert library.problem is None
        assert library.load_take(take_id) == TAKE
        assert library.load_composition("c") == melody()


def test_closing_says_whether_all_was_written(tmp_path: Path) -> None:
    in_the_way = tmp_path / "data"
    in_the_way.write_text("")
    library = Library(in_the_way / "library.sqlite", retry_seconds=0.05)
    library.autosave("c", melody())
    assert not library.close(0.5)
    fine = Library(tmp_path / "library.sqlite")
    fine.autosave("c", melody())
    assert fine.close()


def test_a_full_disk_is_told_and_what_waited_is_written_when_there_is_room(path: Path) -> None:
    told = Told()
    with opened(path, told) as library:
        library.autosave("before", melody())
        assert library.flush()
        with file_size_limited(path.stat().st_size + 40_000):
            library.autosave("large", melody(40_000))
            assert told.told.wait(10)
            assert "full" in told.problems[0]
            assert "goes on trying" in told.problems[0]
            assert library.load_composition("before") == melody()
            assert library.load_composition("large") == melody(40_000)
        assert told.recovered.wait(10)
        assert library.flush()
        assert library.load_composition("large") == melody(40_000)
    with opened(path) as library:
        assert library.load_composition("before") == melody()


@contextmanager
def file_size_limited(limit: int) -> Iterator[None]:
    """No file of this process may grow beyond the limit, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("damage", ["text", "middle", "empty header"])
def test_a_damaged_library_is_set_aside_and_a_new_one_begun(path: Path, damage: str) -> None:
    with opened(path) as library:
        for index in range(30):
            library.autosave(f"c{index}", melody(200))
        library.flush()
    content = bytearray(path.read_bytes())
    if damage == "text":
        content = bytearray(b"This is not a database at all. " * 40)
    elif damage == "middle":
        content[len(content) // 3 : len(content) // 2] = b"\xa5" * (
            len(content) // 2 - len(content) // 3
        )
        content[28:32] = (1).to_bytes(4, "big")
    else:
        content[:100] = bytes(100)
    path.write_bytes(content)
    told = Told()
    with opened(path, told) as library:
        take_id = library.store_take(TAKE, "Blue")
        assert library.load_take(take_id) == TAKE
    (kept,) = path.parent.glob("library.damaged-*.sqlite")
    assert kept.read_bytes() == content
    assert "damaged" in told.problems[0]
    assert kept.name in told.problems[0]


def test_what_can_be_read_of_a_damaged_library_is_carried_over(path: Path) -> None:
    with opened(path) as library:
        for index in range(60):
            library.autosave(f"c{index}", melody(100, title=f"Tune {index}"))
        library.journal("r", TAKE.events, 100.0)
        library.flush()
    content = bytearray(path.read_bytes())
    third = len(content) // 3
    content[third : third + 8192] = b"\xa5" * 8192
    path.write_bytes(content)
    told = Told()
    with opened(path, told) as library:
        kept = library.compositions()
        assert 20 <= len(kept) < 60
        assert f"{len(kept)} of its pieces" in told.problems[0]
        for entry in kept:
            assert library.load_composition(entry.id) == melody(100, title=entry.title)
        assert library.recoverable()[0].take.events == TAKE.events


def test_a_library_of_a_newer_tutti_is_left_alone(path: Path) -> None:
    with opened(path) as library:
        library.store_take(TAKE, "Blue")
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 99")
    told = Told()
    with opened(path, told) as library:
        library.store_take(TAKE, "Red", wait_seconds=0.1)
        assert told.told.wait(5)
    assert "newer" in told.problems[0]
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT title FROM item").fetchall() == [("Blue",)]


@pytest.mark.parametrize("version", [0, 1, 7])
def test_a_database_of_another_program_is_left_alone(path: Path, version: int) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE recipes (name)")
        other.execute(f"PRAGMA user_version = {version}")
    before = path.read_bytes()
    told = Told()
    with opened(path, told):
        assert told.told.wait(5)
    assert "another program" in told.problems[0]
    assert path.read_bytes() == before


def test_a_library_that_vanishes_is_begun_anew_with_what_is_at_hand(path: Path) -> None:
    with opened(path) as library:
        library.journal("r", TAKE.events[:2], 100.0)
        library.flush()
    shutil.rmtree(path.parent)
    with opened(path) as library:
        library.journal("r", TAKE.events, 100.0)
        library.flush()
        assert library.recoverable()[0].take.events == TAKE.events


def test_readers_may_read_while_the_writer_writes(path: Path) -> None:
    with opened(path) as library:
        library.autosave("c", melody())
        library.flush()
        for count in range(40):
            library.autosave("c", melody(500 + count))
            assert library.compositions()[0].id == "c"
        library.autosave("c", replace(melody(), title="Last"))
    with opened(path) as library:
        assert library.compositions()[0].title == "Last"
