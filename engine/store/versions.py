"""Earlier states of a composition: kept at sensible moments, heard again, taken back.

Those that Tutti keeps by itself are bounded in number and size, the oldest go first; those that
the user has named stay.
"""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace

from engine.errors import StoreError
from engine.music.composition import Composition
from engine.store.codec import composition_from_json, composition_to_json
from engine.store.entries import LibraryEntry, Rows, entries
from engine.store.rows import composition_values, put_item, stored_text

AUTOMATIC, NAMED = "version", "named version"
MOST = 60
MOST_BYTES = 40_000_000
"""What the versions of one composition may take, beside those that were named."""

NEWEST = "SELECT body FROM item WHERE parent = ? AND kind IN (?, ?) ORDER BY rowid DESC LIMIT 1"
OLDEST_FIRST = """
SELECT id, length(CAST(body AS BLOB)) FROM item WHERE parent = ? AND kind = ?
ORDER BY created DESC, rowid DESC
"""

Put = Callable[[Callable[[sqlite3.Connection], None]], object]


class Versions:
    """The earlier states of a library's compositions; writing waits for no disk."""

    def __init__(self, put: Put, rows: Rows, new_id: Callable[[], str]) -> None:
        self._put, self._rows, self._new_id = put, rows, new_id

    def keep(
        self, composition_id: str, composition: Composition, title: str, *, named: bool = False
    ) -> str:
        """Keep a state; ``title`` says what it is ("Before Record"). Its id.

        Without notes, or where the last one kept is the same, nothing is added; a name that the
        user gives is always kept.
        """
        version_id = self._new_id()
        if named or any(track.notes for track in composition.tracks):
            self._put(
                lambda connection: keep_version(
                    connection, version_id, composition_id, composition, title, named=named
                )
            )
        return version_id

    def of(self, composition_id: str) -> tuple[LibraryEntry, ...]:
        """The versions of a composition, the latest first. Raises `StoreError`."""
        kinds = (AUTOMATIC, NAMED)
        found = [each for kind in kinds for each in self._of(kind, composition_id)]
        return tuple(sorted(found, key=lambda entry: entry.created, reverse=True))

    def named(self, composition_id: str) -> frozenset[str]:
        """The ids of those that the user named. Raises `StoreError`."""
        return frozenset(entry.id for entry in self._of(NAMED, composition_id))

    def load(self, version_id: str) -> Composition:
        """A version's music. Raises `StoreError`."""
        rows = self._rows(
            "SELECT body FROM item WHERE id = ? AND kind IN (?, ?)", version_id, AUTOMATIC, NAMED
        )
        if not rows:
            raise StoreError("The library holds no such version; it may have been deleted.")
        return composition_from_json(str(rows[0][0]))

    def rename(self, version_id: str, title: str) -> None:
        """Name a version; from then on it is never thinned out."""
        self._run(
            "UPDATE item SET title = ?, kind = ? WHERE id = ?",
            stored_text(title),
            NAMED,
            version_id,
        )

    def forget(self, version_id: str) -> None:
        """Delete a version for good."""
        self._run("DELETE FROM item WHERE id = ? AND kind IN (?, ?)", version_id, AUTOMATIC, NAMED)

    def _of(self, kind: str, composition_id: str) -> tuple[LibraryEntry, ...]:
        return entries(self._rows, kind, False, composition_id)

    def _run(self, statement: str, *values: object) -> None:
        def run(connection: sqlite3.Connection) -> None:
            connection.execute(statement, values)

        self._put(run)


def keep_version(
    connection: sqlite3.Connection,
    version_id: str,
    composition_id: str,
    composition: Composition,
    title: str,
    *,
    named: bool = False,
    created: float | None = None,
) -> None:
    """Store a version within a transaction of the writer; the oldest may have to go."""
    body = composition_to_json(composition)
    newest = connection.execute(NEWEST, (composition_id, AUTOMATIC, NAMED)).fetchone()
    if not named and newest is not None and newest[0] == body:
        return
    values = composition_values(version_id, composition, created or time.time(), body)
    kind = NAMED if named else AUTOMATIC
    put_item(
        connection,
        {**values, "kind": kind, "title": stored_text(title), "parent": composition_id},
    )
    _thin(connection, composition_id)


def _thin(connection: sqlite3.Connection, composition_id: str) -> None:
    size = 0
    rows = connection.execute(OLDEST_FIRST, (composition_id, AUTOMATIC)).fetchall()
    for place, (version_id, length) in enumerate(rows):
        size += length
        if place and (place >= MOST or size > MOST_BYTES):
            connection.execute("DELETE FROM item WHERE id = ?", (version_id,))


def as_it_was(version: Composition, title: str) -> Composition:
    """A version under the composition's present title."""
    return replace(version, title=title)
