"""Writing the library's rows, each function within a transaction of the writer."""

import sqlite3
import time
from typing import Any, Literal

from engine.music.composition import Composition
from engine.music.take import TakeEvent
from engine.music.ticks import tempo_map
from engine.store.codec import composition_to_json

Kind = Literal["composition", "take", "accompaniment"]
CHILDREN = ("accompaniment", "version", "named version")
"""What goes with the composition whose ``parent`` names it; a take stays by itself."""

PUT_ITEM = """
INSERT INTO item (id, kind, title, created, changed, notes, seconds, parent, body)
VALUES (:id, :kind, :title, :now, :now, :notes, :seconds, :parent, :body)
ON CONFLICT (id) DO UPDATE SET title = :title, changed = :now, trashed = NULL, notes = :notes,
    seconds = :seconds, body = :body
"""


def stored_text(text: str) -> str:
    """The text as SQLite takes it: a file's name may hold bytes that are no text."""
    return text.encode("utf-8", "replace").decode("utf-8")


def put_item(connection: sqlite3.Connection, values: dict[str, Any]) -> None:
    """Store an item, or its new state; one in the trash comes back."""
    connection.execute(PUT_ITEM, values)


def item_values(
    item_id: str, kind: Kind, title: str, now: float, notes: int, seconds: float, body: str
) -> dict[str, Any]:
    """The columns of an item; ``now`` is seconds since 1970."""
    return {
        "id": item_id,
        "kind": kind,
        "title": stored_text(title),
        "now": now,
        "notes": notes,
        "seconds": seconds,
        "parent": None,
        "body": body,
    }


def write_composition(
    connection: sqlite3.Connection, composition_id: str, composition: Composition
) -> None:
    """Store a composition; one without a note only where an earlier state is."""
    known = connection.execute("SELECT 1 FROM item WHERE id = ?", (composition_id,)).fetchone()
    if known is None and not any(track.notes for track in composition.tracks):
        return
    body = composition_to_json(composition)
    put_item(connection, composition_values(composition_id, composition, time.time(), body))


def composition_values(
    item_id: str, composition: Composition, now: float, body: str
) -> dict[str, Any]:
    """The columns of a composition; ``body`` is its text, ``now`` seconds since 1970."""
    notes = sum(len(track.notes) for track in composition.tracks)
    seconds = tempo_map(composition).seconds_at(composition.end)
    return item_values(item_id, "composition", composition.title, now, notes, seconds, body)


COPY_ITEM = """
INSERT INTO item (id, kind, title, created, changed, notes, seconds, parent, body)
SELECT ?, kind, ?, ?, ?, notes, seconds, parent, body FROM item WHERE id = ?
"""


def copy_item(connection: sqlite3.Connection, item_id: str, copy_id: str, title: str) -> None:
    """Store an item a second time under another title, with its tags."""
    now = time.time()
    connection.execute(COPY_ITEM, (copy_id, stored_text(title), now, now, item_id))
    connection.execute("INSERT INTO tag SELECT ?, tag FROM tag WHERE item = ?", (copy_id, item_id))


def delete_trashed(connection: sqlite3.Connection, before: float, item_id: str | None) -> None:
    """Delete for good what was put into the trash before a moment: all, or one item."""
    gone = (
        "SELECT id FROM item WHERE trashed IS NOT NULL AND trashed < :before "
        "AND (:id IS NULL OR id = :id)"
    )
    kinds = ", ".join(f"'{kind}'" for kind in CHILDREN)
    values = {"before": before, "id": item_id}
    connection.execute(f"DELETE FROM tag WHERE item IN ({gone})", values)
    connection.execute(f"DELETE FROM item WHERE kind IN ({kinds}) AND parent IN ({gone})", values)
    connection.execute(f"DELETE FROM item WHERE id IN ({gone})", values)


def write_journal(
    connection: sqlite3.Connection,
    recording_id: str,
    title: str,
    beats_per_minute: float,
    events: tuple[TakeEvent, ...],
    same: int,
) -> None:
    """Write a recording's journal, whose first ``same`` events should stand already."""
    counted = connection.execute(
        "SELECT count(*) FROM recording_event WHERE recording = ?", (recording_id,)
    )
    # Fewer stand there when the library was begun anew meanwhile.
    same = min(same, counted.fetchone()[0])
    connection.execute(
        "INSERT OR IGNORE INTO recording VALUES (?, ?, ?, ?)",
        (recording_id, stored_text(title), time.time(), beats_per_minute),
    )
    connection.execute(
        "DELETE FROM recording_event WHERE recording = ? AND position >= ?", (recording_id, same)
    )
    connection.executemany(
        "INSERT INTO recording_event VALUES (?, ?, ?, ?, ?, ?)",
        (
            (recording_id, position, event.seconds, event.kind, event.number, event.value)
            for position, event in enumerate(events[same:], same)
        ),
    )


def common_prefix(before: tuple[TakeEvent, ...], now: tuple[TakeEvent, ...]) -> int:
    """How many events both begin with."""
    if before == now[: len(before)]:
        return len(before)
    pairs = enumerate(zip(before, now, strict=False))
    return next((index for index, (old, new) in pairs if old != new), len(now))


def forget_recording(connection: sqlite3.Connection, recording_id: str) -> None:
    """Delete a recording's journal."""
    connection.execute("DELETE FROM recording WHERE id = ?", (recording_id,))
    connection.execute("DELETE FROM recording_event WHERE recording = ?", (recording_id,))


def set_session(connection: sqlite3.Connection, value: str) -> None:
    """Note whether the library is "open" or "closed"."""
    connection.execute("INSERT OR REPLACE INTO state VALUES ('session', ?)", (value,))


def mark_closed(connection: sqlite3.Connection) -> None:
    """Note that the session ended as it should."""
    set_session(connection, "closed")
