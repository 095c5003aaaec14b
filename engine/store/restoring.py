"""A backup goes back into the library: what is missing is added, nothing is taken away."""

import sqlite3
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from engine.errors import StoreError
from engine.files.atomic import write_atomically
from engine.files.file_names import free_name
from engine.store.backup import MODELS, open_restored, read_backup, unpack_backup
from engine.store.backup_folders import RUNS, SETS, put_back
from engine.store.library import Library
from engine.store.rows import Kind
from engine.store.tags import add_tag, written_tag
from engine.store.versions import NAMED

RESTORED_SECONDS = 600.0
COLUMNS = (
    "id",
    "kind",
    "title",
    "created",
    "changed",
    "trashed",
    "notes",
    "seconds",
    "parent",
    "body",
)
TYPES: tuple[tuple[type, ...], ...] = (
    (str,), (str,), (str,), (float, int), (float, int), (float, int, type(None)), (int,),
    (float, int), (str, type(None)), (str,),
)  # fmt: skip
KINDS = {*get_args(Kind), "version", NAMED}
SELECT = f"SELECT {', '.join(COLUMNS)} FROM item"
INSERT = f"INSERT INTO item ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
UNWRITTEN = (
    "The library could not be written in time; what was restored by then is there. Make room on "
    "the disk, then restore the backup again."
)


@dataclass(frozen=True, slots=True)
class Restored:
    """How much came back: ``older`` songs had changed since, their state of then is a version."""

    songs: int = 0
    takes: int = 0
    older: int = 0
    models: int = 0
    runs: int = 0
    sets: int = 0


def restore_backup(
    library: Library,
    path: Path,
    models_folder: Path,
    folders: Mapping[str, Path] | None = None,
) -> Restored:
    """Add what a backup holds and the library lacks. Called on a worker thread.

    ``folders`` are those of runs and data sets, by the names of `backup_folders`; what of them is
    not given is not restored.
    Raises `FileError` and `StoreError`; a damaged backup changes nothing.
    """
    backup = read_backup(path, check=True)
    models_folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".tutti-", dir=models_folder.parent) as folder:
        restored, models = unpack_backup(path, Path(folder))
        counts: list[Restored] = []

        def run(connection: sqlite3.Connection) -> None:
            counts.append(_merge(connection, restored, backup.made))

        if not library.transact(run, RESTORED_SECONDS):
            raise StoreError(UNWRITTEN)
        added = sum(_put_model(model, models_folder) for model in models)
        more = {
            kind: put_back(Path(folder) / kind, place) for kind, place in (folders or {}).items()
        }
    return replace(counts[-1], models=added, runs=more.get(RUNS, 0), sets=more.get(SETS, 0))


def _merge(connection: sqlite3.Connection, restored: Path, made: float) -> Restored:
    songs = takes = older = 0
    with closing(open_restored(restored)) as source:
        for row in _rows(source):
            there = connection.execute(
                "SELECT body, trashed FROM item WHERE id = ?", (row["id"],)
            ).fetchone()
            if there is None:
                connection.execute(INSERT, tuple(row.values()))
                songs += row["kind"] == "composition" and row["trashed"] is None
                takes += row["kind"] == "take" and row["trashed"] is None
                continue
            if there[1] is not None and row["trashed"] is None:
                connection.execute("UPDATE item SET trashed = NULL WHERE id = ?", (row["id"],))
                songs += row["kind"] == "composition"
                takes += row["kind"] == "take"
            if row["kind"] == "composition" and there[0] != row["body"]:
                older += _keep_as_version(connection, row, made)
        _merge_tags(connection, source)
    return Restored(songs, takes, older)


def _rows(source: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """The items of a backup that are what they should be."""
    for values in _readable(source, SELECT):
        fits = all(type(value) in types for value, types in zip(values, TYPES, strict=True))
        if fits and values[1] in KINDS:
            yield dict(zip(COLUMNS, values, strict=True))


def _readable(source: sqlite3.Connection, query: str) -> Iterator[Any]:
    """All rows; an error in a stranger's file must not be taken for one of the library."""
    try:
        yield from source.execute(query)
    except sqlite3.DatabaseError:
        return


def _keep_as_version(connection: sqlite3.Connection, row: dict[str, Any], made: float) -> bool:
    version_id = f"{row['id'][:40]}-backup-{int(made)}"
    known = "SELECT 1 FROM item WHERE id = ? OR (parent = ? AND kind = ? AND body = ?)"
    if connection.execute(known, (version_id, row["id"], NAMED, row["body"])).fetchone():
        return False
    day = time.localtime(made)
    title = f"From the backup of {day.tm_mday} {time.strftime('%b %Y', day)}"
    version = {**row, "id": version_id, "kind": NAMED, "title": title, "parent": row["id"]}
    connection.execute(INSERT, tuple({**version, "created": made, "trashed": None}.values()))
    return True


def _merge_tags(connection: sqlite3.Connection, source: sqlite3.Connection) -> None:
    for item, tag in _readable(source, "SELECT item, tag FROM tag"):
        if isinstance(item, str) and isinstance(tag, str) and written_tag(tag):
            add_tag(connection, item, written_tag(tag))


def _put_model(model: Path, folder: Path) -> bool:
    """Copy a model where none of its name and content is; whether it was added."""
    name = model.name.removeprefix(MODELS.replace("/", "-"))
    content = model.read_bytes()
    target = folder / name
    if target.exists():
        if target.read_bytes() == content:
            return False
        target = free_name(target)
    with write_atomically(target) as beside:
        beside.write_bytes(content)
    return True
