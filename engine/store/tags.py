"""Tags: words that a user puts on songs and takes, to find them again."""

import sqlite3
from collections.abc import Callable

from engine.store.entries import Rows
from engine.store.rows import stored_text

LONGEST = 40
MOST = 20
"""Tags of one item; more are no help in finding it."""
TABLE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'tag'"

Put = Callable[[Callable[[sqlite3.Connection], None]], object]


class Tags:
    """The tags of a library's items; writing waits for no disk."""

    def __init__(self, put: Put, rows: Rows) -> None:
        self._put, self._rows = put, rows

    def add(self, item_id: str, tag: str) -> None:
        """Put a tag on an item; one that differs in its capitals alone is there already."""
        text = written_tag(tag)
        if text:
            self._put(lambda connection: add_tag(connection, item_id, text))

    def remove(self, item_id: str, tag: str) -> None:
        """Take a tag off an item."""

        def run(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM tag WHERE item = ? AND tag = ?", (item_id, tag))

        self._put(run)

    def by_item(self) -> dict[str, list[str]]:
        """The tags of every item that has some, in the alphabet's order. Raises `StoreError`."""
        found: dict[str, list[str]] = {}
        if self._rows(TABLE):  # a library of an earlier Tutti that cannot be written has none
            for item, tag in self._rows("SELECT item, tag FROM tag"):
                found.setdefault(item, []).append(tag)
        for tags in found.values():
            tags.sort(key=str.casefold)
        return found


def written_tag(text: str) -> str:
    """A tag as it is kept: one line, no double spaces, no endless one; may be empty."""
    printable = "".join(each if each.isprintable() else " " for each in stored_text(text))
    return " ".join(printable.replace("#", " ").split())[:LONGEST].strip()


def add_tag(connection: sqlite3.Connection, item_id: str, tag: str) -> None:
    """Put a tag on an item, within a transaction of the writer."""
    rows = connection.execute("SELECT tag FROM tag WHERE item = ?", (item_id,)).fetchall()
    there = {row[0].casefold() for row in rows}
    if tag.casefold() not in there and len(there) < MOST:
        connection.execute("INSERT INTO tag VALUES (?, ?)", (item_id, tag))
