"""A backup of the library: one file with every song, take, version and own model.

Training runs and data sets are in it where that is asked for.

It is made while Tutti runs, and read again before it is called good. Restoring adds what is
missing and takes nothing away: where a song has changed since, its state of then becomes a version.
"""

import hashlib
import json
import shutil
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from engine.errors import FileError, StoreError
from engine.files.atomic import write_atomically, writing_failed
from engine.store.backup_folders import RUNS, SETS, count_of, files_in, is_plain
from engine.store.database import APPLICATION_ID, SCHEMA_VERSION
from engine.store.zip_files import Bounds, open_zip, read_entry

SUFFIX = ".tuttibackup"
FORMAT, VERSION, PLAIN_VERSION = "tutti-backup", 2, 1
"""One with runs or data sets is of the newer version."""
HEAD, LIBRARY, MODELS = "backup.json", "library.sqlite", "models/"
MODEL_SUFFIX = ".onnx"
HEAD_FIELDS = {"format", "version", "made", "songs", "takes", "sha256"}
BOUNDS = Bounds(
    file=64_000_000_000,
    entry=16_000_000_000,
    total=128_000_000_000,
    entries=60_000,
    directory=16_000_000,
)
HEAD_BOUNDS = replace(BOUNDS, entry=16_000_000)
PIECE = 1 << 20
PAGES = 512  # copied at a time, so that nobody else waits for the library
COUNTS = "SELECT kind, count(*) FROM item WHERE trashed IS NULL GROUP BY kind"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds; ``made`` is seconds since 1970, ``models`` are file names."""

    made: float
    songs: int
    takes: int
    models: tuple[str, ...]
    bytes: int
    runs: int = 0
    sets: int = 0


class BackupCancelled(Exception):
    """Nobody wants the backup any more."""


@dataclass(frozen=True, slots=True)
class _Watch:
    progress: Callable[[float], None]
    cancelled: Callable[[], bool]

    def look(self, fraction: float) -> None:
        if self.cancelled():
            raise BackupCancelled
        self.progress(min(1.0, fraction))


def _no_progress(_fraction: float) -> None: ...


def _never() -> bool:
    return False


def make_backup(
    library: Path,
    models: Sequence[Path],
    path: Path,
    progress: Callable[[float], None] = _no_progress,
    cancelled: Callable[[], bool] = _never,
    folders: Mapping[str, Path] | None = None,
) -> Backup | None:
    """Writes a backup, whole or not at all, and reads it again; None when cancelled.

    ``library`` is the library's file, which may be in use; ``models`` are files, ``folders`` those
    of the runs and the data sets by the names of `backup_folders`. Raises `FileError` and
    `StoreError`.
    """
    watch = _Watch(progress, cancelled)
    try:
        with (
            write_atomically(path) as beside,
            tempfile.TemporaryDirectory(prefix=".tutti-", dir=path.parent) as scratch,
        ):
            snapshot = Path(scratch) / LIBRARY
            counts = _copy_library(library, snapshot, watch)
            files = [(LIBRARY, snapshot), *((f"{MODELS}{each.name}", each) for each in models)]
            files += files_in(folders or {})
            _write(beside, files, counts, watch)
            made = read_backup(beside, check=True)
    except BackupCancelled:
        return None
    except sqlite3.Error as problem:
        raise StoreError(f"The library {library} cannot be copied: {problem}.") from problem
    except OSError as problem:
        raise FileError(writing_failed(path, problem)) from problem
    progress(1.0)
    return made


def _copy_library(library: Path, snapshot: Path, watch: _Watch) -> dict[str, int]:
    """A whole copy of the library as it is at one moment; how many items of each kind."""
    address = f"{library.absolute().as_uri()}?mode=ro"

    def copied(_status: int, left: int, of: int) -> None:
        watch.look(0.5 * (1 - left / max(1, of)))

    with (
        closing(sqlite3.connect(address, uri=True)) as source,
        closing(sqlite3.connect(snapshot)) as target,
    ):
        source.backup(target, pages=PAGES, progress=copied)
        target.execute("PRAGMA journal_mode = DELETE")
        if target.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
            raise StoreError("The library is damaged, so no backup of it was made.")
        return dict(target.execute(COUNTS).fetchall())


def _write(
    path: Path, files: Sequence[tuple[str, Path]], counts: Mapping[str, int], watch: _Watch
) -> None:
    total = sum(file.stat().st_size for _, file in files if file.exists())
    sums: dict[str, str] = {}
    done = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as backup:
        for name, file in files:
            if is_plain(name) and not file.exists():
                continue  # a run that goes on has put away an old checkpoint
            sums[name] = _pack(backup, name, file, watch, done, total)
            done += backup.getinfo(name).file_size
        head = {
            "format": FORMAT,
            "version": VERSION if any(map(is_plain, sums)) else PLAIN_VERSION,
            "made": time.time(),
            "songs": counts.get("composition", 0),
            "takes": counts.get("take", 0),
            "sha256": sums,
        }
        backup.writestr(HEAD, json.dumps(head, indent=1))


def _pack(
    backup: zipfile.ZipFile, name: str, file: Path, watch: _Watch, done: int, total: int
) -> str:
    sum_ = hashlib.sha256()
    with file.open("rb") as source, backup.open(name, "w", force_zip64=True) as target:
        for piece in _pieces(source):
            watch.look(0.5 + 0.4 * done / max(1, total))
            sum_.update(piece)
            target.write(piece)
            done += len(piece)
    return sum_.hexdigest()


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    while piece := source.read(PIECE):
        yield piece


def read_backup(path: Path, *, check: bool = False) -> Backup:
    """What a backup holds; with ``check`` every byte of it is compared with its sum.

    Raises `FileError` for what is no backup, damaged, or a newer Tutti's.
    """
    with open_zip(path, BOUNDS, _damaged(path)) as opened:
        head = _head(opened, path)
        names = head["sha256"]
        models = tuple(each.removeprefix(MODELS) for each in names if each.startswith(MODELS))
        if check:
            for name, expected in head["sha256"].items():
                with opened.open(name) as entry:
                    found = hashlib.file_digest(entry, "sha256").hexdigest()  # type: ignore[arg-type]
                if found != expected:
                    raise ValueError("damaged")
        size = sum(entry.file_size for entry in opened.infolist())
        runs, sets = (count_of(names, kind) for kind in (RUNS, SETS))
        return Backup(head["made"], head["songs"], head["takes"], models, size, runs, sets)


def unpack_backup(path: Path, folder: Path) -> tuple[Path, tuple[Path, ...]]:
    """The library and the models of a backup as files in an own, empty folder; checked.

    Runs and data sets lie there in folders named as in `backup_folders`. Raises `FileError` and
    `StoreError`.
    """
    with open_zip(path, BOUNDS, _damaged(path)) as opened:
        head = _head(opened, path)
        needed = sum(opened.getinfo(name).file_size for name in head["sha256"])
        if needed > shutil.disk_usage(folder).free:
            raise FileError("There is no room on the disk to restore the backup. Make some first.")
        files = [
            _unpack(opened, name, _place(folder, name), expected)
            for name, expected in head["sha256"].items()
        ]
    library = folder / LIBRARY
    _check_library(library, path)
    return library, tuple(each for each in files if each.parent == folder and each != library)


def _place(folder: Path, name: str) -> Path:
    """Where an entry is unpacked."""
    if not is_plain(name):
        return folder / name.replace("/", "-")
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def _unpack(opened: zipfile.ZipFile, name: str, target: Path, expected: str) -> Path:
    sum_, left = hashlib.sha256(), opened.getinfo(name).file_size
    with opened.open(name) as entry, target.open("wb") as file:
        for piece in _pieces(entry):
            left -= len(piece)
            sum_.update(piece)
            if left < 0:
                raise ValueError("larger than it says")
            file.write(piece)
    if sum_.hexdigest() != expected:
        raise ValueError("damaged")
    return target


def _head(opened: zipfile.ZipFile, path: Path) -> Mapping[str, Any]:
    head = json.loads(read_entry(opened, HEAD, HEAD_BOUNDS))
    if head["format"] != FORMAT:
        raise ValueError("another program's")
    if head["version"] > VERSION or set(head) - HEAD_FIELDS:
        raise FileError(f"{path.name} was made by a newer Tutti; use that one to restore it.")
    for name in ("made", "songs", "takes"):
        if type(head[name]) not in (int, float):
            raise TypeError(name)
    for name, expected in head["sha256"].items():
        if not _is_ours(name) or not isinstance(expected, str):
            raise ValueError("no entry of ours")
    if LIBRARY not in head["sha256"]:
        raise ValueError("no library")
    return head  # type: ignore[no-any-return]


def _is_ours(name: str) -> bool:
    """A plain name in its own folder: no path that leads elsewhere."""
    if name == LIBRARY or is_plain(name):
        return True
    stem = name.removeprefix(MODELS)
    plain = not set(stem) & set("/\\:\0") and not stem.startswith(".") and stem.isprintable()
    return name.startswith(MODELS) and plain and stem.endswith(MODEL_SUFFIX)


def _check_library(library: Path, told: Path) -> None:
    try:
        with closing(open_restored(library)) as connection:
            ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            whole = connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
            table = "SELECT count(*) FROM sqlite_master WHERE name = 'item' AND type = 'table'"
            has_items = connection.execute(table).fetchone()[0] == 1
    except sqlite3.Error as problem:
        raise _damaged(told) from problem
    if not (ours and whole and has_items):
        raise _damaged(told)
    if version > SCHEMA_VERSION:
        raise FileError(f"{told.name} was made by a newer Tutti; use that one to restore it.")


def open_restored(library: Path) -> sqlite3.Connection:
    """A library from a file of somebody's, to read: nothing that its schema says is run."""
    connection = sqlite3.connect(f"{library.absolute().as_uri()}?mode=ro", uri=True)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA query_only = ON")
    return connection


def _damaged(path: Path) -> FileError:
    return FileError(f"{path.name} is no backup of Tutti's, or damaged. Choose another copy of it.")
