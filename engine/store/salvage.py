"""What can still be read of a damaged library, copied into the new one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

# Read from both ends: a damaged page in the middle hides neither what lies before nor after it.
ORDERS = {
    "item": ("rowid", "rowid DESC"),
    "recording": ("rowid", "rowid DESC"),
    "recording_event": ("recording, position", "recording DESC, position DESC"),
    "tag": ("item, tag", "item DESC, tag DESC"),
}


def salvage(damaged: Path, connection: sqlite3.Connection) -> int:
    """Copy every readable row of the damaged file; how many items were saved.

    Raises `sqlite3.Error` where the new file cannot be written.
    """
    connection.execute("BEGIN IMMEDIATE")
    for table, orders in ORDERS.items():
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        insert = f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(columns))})"
        for order in orders:
            query = f"SELECT {', '.join(columns)} FROM {table} ORDER BY {order}"
            connection.executemany(insert, _readable(damaged, query))
    saved = int(connection.execute("SELECT count(*) FROM item").fetchone()[0])
    connection.execute("COMMIT")
    return saved


def _readable(damaged: Path, query: str) -> Iterator[Any]:
    """The rows of a query until the damage begins."""
    address = f"{damaged.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as old:
            yield from old.execute(query)
    except sqlite3.DatabaseError:
        return
