"""A look at the library of a running studio from outside: reads, and marks nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from engine.music.composition import Composition
from engine.music.take import Take
from engine.store.codec import composition_from_json, take_from_json


def takes(home: Path) -> list[Take]:
    """All takes, the first first."""
    return [take_from_json(body) for (body,) in _items(home, "take")]


def compositions(home: Path) -> list[Composition]:
    """All compositions, the first first."""
    return [composition_from_json(body) for (body,) in _items(home, "composition")]


def recordings(home: Path) -> list[str]:
    """The recordings that run, or that a kill has left."""
    return [name for (name,) in _rows(home, "SELECT id FROM recording")]


def journal(home: Path) -> list[tuple[str, int, int]]:
    """Kind, number and value of what the running recording has on disk."""
    return _rows(home, "SELECT kind, number, value FROM recording_event ORDER BY position")


def _items(home: Path, kind: str) -> list[Any]:
    return _rows(home, f"SELECT body FROM item WHERE kind = '{kind}' ORDER BY rowid")


def _rows(home: Path, statement: str) -> list[Any]:
    path = home / "library.sqlite"
    if not path.exists():
        return []
    with closing(sqlite3.connect(path, timeout=20)) as connection:
        try:
            return connection.execute(statement).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):  # the studio is just making it
                return []
            raise
