"""Writing the library's rows, each function within a transaction of the writer."""

import sqlite3
import time
from typing import Any, Literal

from engine.music.composition import Composition
from engine.music.take import TakeEvent
from engine.music.ticks import tempo_map
from engine.store.codec import composition_to_json

Kind = Literal["composition", "take", "accompaniment"]

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
    notes = sum(len(track.notes) for track in composition.tracks)
    known = connection.execute("SELECT 1 FROM item WHERE id = ?", (composition_id,)).fetchone()
    if not notes and known is None:
        return
    seconds = tempo_map(composition).seconds_at(composition.end)
    body = composition_to_json(composition)
    values = item_values(
        composition_id, "composition", composition.title, time.time(), notes, seconds, body
    )
    put_item(connection, values)


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
