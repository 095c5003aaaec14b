"""A backup is made while Tutti runs, is checked, and gives back what was lost and nothing less."""

import hashlib
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from engine.errors import FileError, StoreError
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.take import Take, TakeEvent
from engine.music.track import make_track
from engine.store.backup import Backup, make_backup, read_backup
from engine.store.backup_folders import KINDS, is_plain
from engine.store.disk_use import disk_use
from engine.store.library import Library
from engine.store.paths import models_folder, runs_folder
from engine.store.restoring import Restored, restore_backup

TAKE = Take((TakeEvent(0.0, "note_on", 60, 80), TakeEvent(0.5, "note_off", 60, 0)), 90.0, 0.5)


def song(count: int = 1) -> Composition:
    notes = [Note(480 * index, 60, 240) for index in range(count)]
    return Composition(title="Waltz", tracks=(make_track("Melody", notes),))


class Home:
    """A library with a model beside it."""

    def __init__(self, folder: Path) -> None:
        self.path, self.models = folder / "library.sqlite", folder / "models"
        self.models.mkdir(parents=True)
        self.library = Library(self.path)
        self.take = ""

    def back_up(self, path: Path, **more: Any) -> Backup | None:
        return make_backup(self.path, sorted(self.models.glob("*.onnx")), path, **more)


@pytest.fixture
def homes(tmp_path: Path) -> Iterator[tuple[Home, Home]]:
    both = Home(tmp_path / "here"), Home(tmp_path / "there")
    yield both
    for home in both:
        home.library.close()


@pytest.fixture
def home(homes: tuple[Home, Home]) -> Home:
    home = homes[0]
    home.library.autosave("c", song())
    home.library.autosave("d", song(2))
    home.take = home.library.store_take(TAKE, "First", composition_id="c")
    home.library.tags.add("c", "sad")
    home.library.versions.keep("c", song(3), "Before Record")
    (home.models / "mine.onnx").write_bytes(b"model" * 1000)
    home.library.flush()
    return home


def test_a_backup_fills_an_empty_library_on_another_machine(
    home: Home, homes: tuple[Home, Home], tmp_path: Path
) -> None:
    path, told = tmp_path / "all.tuttibackup", list[float]()
    made = home.back_up(path, progress=told.append)
    assert made is not None and (made.songs, made.takes, made.models) == (2, 1, ("mine.onnx",))
    assert told == sorted(told) and told[-1] == 1.0
    there = homes[1]
    assert restore_backup(there.library, path, there.models) == Restored(2, 1, 0, 1)
    assert there.library.load_composition("d") == song(2)
    tags = {entry.id: entry.tags for entry in there.library.compositions()}
    assert tags == {"c": ("sad",), "d": ()}
    assert [entry.notes for entry in there.library.versions.of("c")] == [3]
    assert (there.models / "mine.onnx").read_bytes() == b"model" * 1000
    assert restore_backup(there.library, path, there.models) == Restored()
    assert {each.name for each in tmp_path.iterdir()} == {"here", "there", "all.tuttibackup"}


def test_runs_and_data_sets_go_along_where_that_is_asked_for(
    home: Home, homes: tuple[Home, Home], tmp_path: Path
) -> None:
    here, there = ({kind: tmp_path / place / kind for kind in KINDS} for place in ("a", "b"))
    for name, text in (("runs/Pop/a.jsonl", "{}"), ("runs/.trash/x", ""), ("data/Mine/s/1", "s")):
        (tmp_path / "a" / name).parent.mkdir(parents=True)
        (tmp_path / "a" / name).write_text(text)
    path = tmp_path / "all.tuttibackup"
    made = home.back_up(path, folders=here)
    assert made is not None and (made.runs, made.sets, made.models) == (1, 1, ("mine.onnx",))
    away = homes[1]
    assert restore_backup(away.library, path, away.models, there) == Restored(2, 1, 0, 1, 1, 1)
    assert (there["data"] / "Mine" / "s" / "1").read_text() == "s"
    assert restore_backup(away.library, path, away.models, there) == Restored()
    (there["runs"] / "Pop" / "a.jsonl").write_text("another")
    assert restore_backup(away.library, path, away.models, there) == Restored(runs=1)
    assert len(list(there["runs"].iterdir())) == 2


@pytest.mark.parametrize("name", ["runs/../a", "runs//a", "runs/a", "other/a/b", "data/a/.b",
                                  "runs/a/b:c", "/runs/a/b", "data/a/b\\c"])  # fmt: skip
def test_an_entry_that_leads_elsewhere_is_no_run_s(name: str) -> None:
    assert not is_plain(name)


def test_what_was_deleted_comes_back_and_what_was_changed_since_stays(
    home: Home, tmp_path: Path
) -> None:
    library, path = home.library, tmp_path / "all.tuttibackup"
    assert home.back_up(path) is not None
    library.autosave("c", song(9))
    library.delete("d")
    library.delete(home.take)
    library.flush()
    library.forget(home.take)
    (home.models / "mine.onnx").write_bytes(b"trained anew")
    assert restore_backup(library, path, home.models) == Restored(1, 1, 1, 1)
    assert library.load_composition("c") == song(9)
    older = library.versions.of("c")[0]
    assert (
        older.title.startswith("From the backup of ") and library.versions.load(older.id) == song()
    )
    assert {entry.id for entry in library.compositions()} == {"c", "d"}
    assert (home.models / "mine.onnx").read_bytes() == b"trained anew"
    assert (home.models / "mine 2.onnx").exists()
    assert restore_backup(library, path, home.models).older == 0


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(path) as file:
        entries = {name: file.read(name) for name in file.namelist()}
    change(entries)
    with zipfile.ZipFile(path, "w") as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return path


def head_with(change: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, bytes]], None]:
    def run(entries: dict[str, bytes]) -> None:
        head = json.loads(entries["backup.json"])
        change(head)
        entries["backup.json"] = json.dumps(head).encode()

    return run


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (head_with(lambda head: head.update(version=3)), "newer Tutti"),
        (head_with(lambda head: head.update(format="x")), "no backup of Tutti's"),
        (head_with(lambda head: head["sha256"].update({"models/../a.onnx": ""})), "no backup"),
        (head_with(lambda head: head["sha256"].update({"models/x.sh": ""})), "no backup"),
        (head_with(lambda head: head["sha256"].pop("library.sqlite")), "no backup"),
        (lambda entries: entries.update({"library.sqlite": b"other"}), "damaged"),
        (lambda entries: entries.pop("backup.json"), "damaged"),
    ],
)
def test_a_backup_that_is_damaged_or_no_backup_changes_nothing(
    home: Home, tmp_path: Path, change: Callable[[dict[str, bytes]], None], sentence: str
) -> None:
    path = tmp_path / "all.tuttibackup"
    home.back_up(path)
    rewritten(path, change)
    home.library.delete("d")
    home.library.flush()
    with pytest.raises(FileError, match=sentence):
        restore_backup(home.library, path, home.models)
    assert [entry.id for entry in home.library.compositions()] == ["c"]
    assert [each.name for each in home.models.iterdir()] == ["mine.onnx"]


def test_a_library_of_another_program_in_a_backup_is_refused(home: Home, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(other)) as file, file:
        file.execute("CREATE TABLE secrets (word TEXT)")
    path = tmp_path / "a.tuttibackup"
    with pytest.raises(StoreError):
        make_backup(other, (), path)
    home.back_up(path)
    content = other.read_bytes()

    def change(entries: dict[str, bytes]) -> None:
        head = json.loads(entries["backup.json"])
        head["sha256"]["library.sqlite"] = hashlib.sha256(content).hexdigest()
        entries.update({"library.sqlite": content, "backup.json": json.dumps(head).encode()})

    with pytest.raises(FileError, match="no backup of Tutti's"):
        restore_backup(home.library, rewritten(path, change), home.models)


def test_a_cancelled_backup_leaves_the_old_one(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "all.tuttibackup"
    path.write_bytes(b"old")
    assert home.back_up(path, cancelled=lambda: True) is None
    assert path.read_bytes() == b"old"
    assert {each.name for each in tmp_path.iterdir()} == {"here", "there", "all.tuttibackup"}
    with pytest.raises(FileError, match="no backup"):
        read_backup(path)


def test_the_disk_s_use_is_told_by_kind(tutti_home: Path) -> None:
    models_folder().mkdir(parents=True)
    (models_folder() / "a.onnx").write_bytes(b"x" * 5000)
    trash = runs_folder() / ".trash" / "1-a" / "run"
    trash.mkdir(parents=True)
    (trash / "b").write_bytes(b"x" * 300)
    told = disk_use({"take": 7})
    by_name = {use.name: use for use in told.uses}
    assert by_name["Models"].bytes == 5000 and by_name["Models"].trash == 0
    assert by_name["Training runs"].bytes == by_name["Training runs"].trash == 300
    assert by_name["Songs and takes"].bytes == 0 and told.library["take"] == 7
    assert told.total >= 5300 and told.free > 0
