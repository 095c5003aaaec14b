"""The library's SQLite file: its schema, and what its errors mean to a user."""

import errno
import sqlite3
from pathlib import Path

from engine.errors import StoreError
from engine.store.set_aside import set_aside

SCHEMA_VERSION = 1
# "Tutt" in ASCII: SQLite's own field for telling one program's files from another's.
APPLICATION_ID = 0x54757474
BUSY_SECONDS = 5.0
SIDE_FILES = ("-wal", "-shm")

# Compositions, takes, accompaniments and versions are items: they are listed, named and deleted
# alike. ``parent`` is the composition of the others, ``trashed`` the time of its deletion.
SCHEMA = """
CREATE TABLE item (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    created REAL NOT NULL,
    changed REAL NOT NULL,
    trashed REAL,
    notes INTEGER NOT NULL,
    seconds REAL NOT NULL,
    parent TEXT,
    body TEXT NOT NULL
);
CREATE INDEX item_by_kind ON item (kind, changed);
CREATE TABLE recording (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    started REAL NOT NULL,
    beats_per_minute REAL NOT NULL
);
CREATE TABLE recording_event (
    recording TEXT NOT NULL,
    position INTEGER NOT NULL,
    seconds REAL NOT NULL,
    kind TEXT NOT NULL,
    number INTEGER NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (recording, position)
) WITHOUT ROWID;
CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

# What came later, and what an earlier Tutti passes over.
ADDED = """
CREATE TABLE IF NOT EXISTS tag (
    item TEXT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (item, tag)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS item_by_parent ON item (parent, kind);
"""

DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "it may not be written",
    sqlite3.SQLITE_CANTOPEN: "its folder cannot be used",
    sqlite3.SQLITE_PERM: "there is no permission",
    sqlite3.SQLITE_BUSY: "another program keeps it locked",
    sqlite3.SQLITE_IOERR: "the disk is full or refuses to write",
}


class DamagedLibraryError(Exception):
    """The file is no database, or an inconsistent one."""


def open_for_writing(path: Path) -> sqlite3.Connection:
    """A connection to the library, made when it is missing.

    Raises `DamagedLibraryError`, `StoreError` for a newer library, `sqlite3.Error`, `OSError`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        # First of all: the file of another program, or of a newer Tutti, stays as it is.
        _check(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        # Full: a stored take survives a power cut too; only the writer's thread waits for it.
        connection.execute("PRAGMA synchronous = FULL")
        _make_schema(connection)
    except sqlite3.Error as error:
        connection.close()
        if is_damage(error):
            raise DamagedLibraryError from error
        raise
    except (DamagedLibraryError, StoreError):
        connection.close()
        raise
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A connection for one reader. Raises `sqlite3.Error`."""
    # Without mode=rw a missing file would be made here, empty.
    address = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA query_only = ON")
    return connection


def set_library_aside(path: Path) -> Path:
    """Rename a damaged library with its side files; where it is kept.

    Raises `StoreError` where it cannot be moved.
    """
    kept = set_aside(path)
    if kept is None:
        raise StoreError(
            f"The library {path} is damaged and cannot be moved away; move it elsewhere yourself."
        )
    for suffix in SIDE_FILES:
        side = path.with_name(path.name + suffix)
        if side.exists():
            side.rename(kept.with_name(kept.name + suffix))
    return kept


def damage_told(kept: Path, saved: int) -> str:
    """The sentence about a damaged library of which ``saved`` items could be carried over."""
    carried = f"{saved} of its pieces and takes" if saved else "none of its pieces and takes"
    return (
        f"The library was damaged; a new one was begun, with {carried} carried over. The old file "
        f"is kept as {kept.name} in {kept.parent}."
    )


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file's content is at fault."""
    return _primary_code(error) in DAMAGE


def problem_of(error: sqlite3.Error | OSError | StoreError, path: Path) -> str:
    """The sentence for a library that cannot be written now."""
    if isinstance(error, StoreError):
        return str(error)
    if isinstance(error, OSError):
        full = error.errno == errno.ENOSPC
        reason = "the disk is full" if full else (error.strerror or str(error)).lower()
    else:
        reason = REASONS.get(_primary_code(error), str(error))
    return (
        f"The library {path} cannot be written: {reason}. Nothing is lost while Tutti is open; "
        "it goes on trying."
    )


def _primary_code(error: sqlite3.Error) -> int:
    """SQLite's primary result code: the low byte of the extended one."""
    return int(getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def _check(connection: sqlite3.Connection, path: Path) -> None:
    """Raises `DamagedLibraryError`, or `StoreError` for what is not ours to change."""
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise DamagedLibraryError
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise StoreError(f"{path} is a database of another program; move it elsewhere.")
    if connection.execute("PRAGMA user_version").fetchone()[0] > SCHEMA_VERSION:
        raise StoreError(f"The library {path} was made by a newer Tutti; use that one to open it.")


def _make_schema(connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA user_version").fetchone()[0] != SCHEMA_VERSION:
        connection.executescript(
            f"BEGIN IMMEDIATE; {SCHEMA} {ADDED} PRAGMA application_id = {APPLICATION_ID}; "
            f"PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
        )
    elif not connection.execute("PRAGMA table_info(tag)").fetchall():
        connection.executescript(f"BEGIN IMMEDIATE; {ADDED} COMMIT;")
