"""The library: compositions, takes and accompaniments, and the journal of what is being played.

Everything is written by one thread of its own; reading may happen on any. No method waits for the
disk but those whose docstring says so.
"""

import math
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from engine.errors import StoreError
from engine.music.composition import Composition, Origin
from engine.music.take import Take, TakeEvent, played_notes
from engine.music.track import Track
from engine.store.codec import (
    accompaniment_from_json,
    accompaniment_to_json,
    composition_from_json,
    take_from_json,
    take_to_json,
)
from engine.store.database import open_for_reading
from engine.store.entries import LibraryEntry, entries
from engine.store.rows import (
    Kind,
    common_prefix,
    copy_item,
    delete_trashed,
    forget_recording,
    item_values,
    mark_closed,
    put_item,
    set_session,
    stored_text,
    write_composition,
    write_journal,
)
from engine.store.tags import Tags
from engine.store.trash import DAY_SECONDS
from engine.store.versions import Versions
from engine.store.writer import RETRY_SECONDS, Writer

OPEN_SECONDS = 10.0
DURABLE_SECONDS = 0.5
CLOSE_SECONDS = 5.0
BROKEN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class RecoverableRecording:
    """What a kill left of a recording: the take that it would have become by then."""

    recording_id: str
    title: str
    started: float
    take: Take


def new_id() -> str:
    """A name that nothing else in any library has."""
    return uuid4().hex


class Library:
    """One user's library. Never raises on opening: problems are told by ``on_problem``.

    The callbacks are called on the writer's thread: ``on_problem`` with a sentence, once for each
    new problem; ``on_recovered`` when writing works again; ``on_change`` after each commit.
    """

    def __init__(
        self,
        path: Path,
        on_problem: Callable[[str], None] | None = None,
        *,
        on_recovered: Callable[[], None] | None = None,
        on_change: Callable[[], None] | None = None,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self._path = path
        self._pending: dict[str, Composition] = {}
        self._journalled: dict[str, tuple[TakeEvent, ...]] = {}
        self._pending_turn = threading.Lock()
        self._killed = False
        self._writer = Writer(
            path,
            on_problem or (lambda _sentence: None),
            on_recovered or (lambda: None),
            on_change or (lambda: None),
            retry_seconds,
        )
        self._opening = self._writer.put(self._mark_open)
        self.tags = Tags(self._writer.put, self._rows)
        self.versions = Versions(self._writer.put, self._rows, new_id)

    @property
    def problem(self) -> str | None:
        """Why nothing can be written at the moment, None if all is well."""
        return self._writer.problem

    @property
    def was_killed(self) -> bool:
        """Whether the session before this one ended without closing. Waits until opened."""
        if self._writer.wait_until_open(OPEN_SECONDS):
            self._opening.done.wait(OPEN_SECONDS)
        return self._killed

    def flush(self, seconds: float = CLOSE_SECONDS) -> bool:
        """Wait until everything is written; whether it is."""
        return self._writer.flush(seconds)

    def close(self, seconds: float = CLOSE_SECONDS) -> bool:
        """Write everything and end the writer's thread; whether all could be written."""
        self._writer.put(mark_closed)
        return self._writer.close(min(seconds, BROKEN_SECONDS) if self.problem else seconds)

    # Takes and their journal

    def store_take(
        self,
        take: Take,
        title: str,
        *,
        recording_id: str | None = None,
        composition_id: str | None = None,
        wait_seconds: float = DURABLE_SECONDS,
    ) -> str:
        """Store a take before anything else; returns its id once it is on disk.

        ``composition_id`` is the composition that it was recorded for: they travel together.

        Waits ``wait_seconds`` at most (a few milliseconds are usual); where the disk refuses, the
        take stays queued and ``on_problem`` tells. Its journal goes in the same transaction.
        """
        take_id = new_id()
        now = time.time()

        def run(connection: sqlite3.Connection) -> None:
            notes = played_notes(take)
            values = item_values(
                take_id, "take", title, now, len(notes), take.duration, take_to_json(take)
            )
            put_item(connection, {**values, "parent": composition_id})
            forget_recording(connection, recording_id or "")

        self._drop_journal(recording_id or "")
        self._writer.put(run, urgent=True).done.wait(wait_seconds)
        return take_id

    def journal(
        self,
        recording_id: str,
        events: Sequence[TakeEvent],
        beats_per_minute: float,
        title: str = "",
    ) -> None:
        """Keep what a running recording holds so far; only what is new is written."""
        snapshot = tuple(events)

        def run(connection: sqlite3.Connection) -> None:
            same = common_prefix(self._journalled.get(recording_id, ()), snapshot)
            write_journal(connection, recording_id, title, beats_per_minute, snapshot, same)

        def after() -> None:
            self._journalled[recording_id] = snapshot

        self._writer.put(run, key=f"journal {recording_id}", after=after)

    def discard_journal(self, recording_id: str) -> None:
        """Forget a recording that is not wanted."""
        self._drop_journal(recording_id)
        self._writer.put(lambda connection: forget_recording(connection, recording_id))

    def recoverable(self) -> tuple[RecoverableRecording, ...]:
        """Recordings that were never stopped, the latest first. Waits until opened."""
        heads = self._rows(
            "SELECT id, title, started, beats_per_minute FROM recording ORDER BY started DESC"
        )
        return tuple(self._recoverable(*head) for head in heads)

    def recover(self, recording: RecoverableRecording) -> str:
        """Make a take of what a kill left; its id. Waits as `store_take` does."""
        return self.store_take(
            recording.take, recording.title or "Recovered", recording_id=recording.recording_id
        )

    def takes(self, *, trashed: bool = False) -> tuple[LibraryEntry, ...]:
        """All takes, the latest first. Raises `StoreError`."""
        return self._entries("take", trashed)

    def takes_of(self, composition_id: str) -> tuple[LibraryEntry, ...]:
        """The takes that were recorded for a composition. Raises `StoreError`."""
        return self._entries("take", False, composition_id)

    def load_take(self, take_id: str) -> Take:
        """A take. Raises `StoreError`."""
        return take_from_json(self._body(take_id, "take")[1])

    # Compositions and their accompaniments

    def autosave(self, composition_id: str, composition: Composition) -> None:
        """Store a composition as it is now; of several that wait the last is written.

        One without any note is stored only where an earlier state is.
        """
        with self._pending_turn:
            self._pending[composition_id] = composition

        def run(connection: sqlite3.Connection) -> None:
            write_composition(connection, composition_id, composition)

        def after() -> None:
            with self._pending_turn:
                if self._pending.get(composition_id) is composition:
                    del self._pending[composition_id]

        self._writer.put(run, key=f"autosave {composition_id}", after=after)

    def compositions(self, *, trashed: bool = False) -> tuple[LibraryEntry, ...]:
        """All compositions, the last changed first. Raises `StoreError`."""
        return self._entries("composition", trashed)

    def load_composition(self, composition_id: str) -> Composition:
        """A composition, also one that still waits to be written. Raises `StoreError`."""
        waiting = self._pending.get(composition_id)
        if waiting is not None:
            return waiting
        title, body = self._body(composition_id, "composition")
        return replace(composition_from_json(body), title=title)

    def store_accompaniment(
        self, composition_id: str, tracks: tuple[Track, ...], origin: Origin, title: str = ""
    ) -> str:
        """Keep a generated take of a composition; its id."""
        accompaniment_id = new_id()
        now = time.time()

        def run(connection: sqlite3.Connection) -> None:
            notes = sum(len(track.notes) for track in tracks)
            body = accompaniment_to_json(tracks, origin)
            values = item_values(accompaniment_id, "accompaniment", title, now, notes, 0.0, body)
            put_item(connection, {**values, "parent": composition_id})

        self._writer.put(run)
        return accompaniment_id

    def accompaniments(self, composition_id: str) -> tuple[LibraryEntry, ...]:
        """What was generated for a composition, the latest first. Raises `StoreError`."""
        return self._entries("accompaniment", False, composition_id)

    def load_accompaniment(self, accompaniment_id: str) -> tuple[tuple[Track, ...], Origin]:
        """The tracks of an accompaniment, and where they come from. Raises `StoreError`."""
        return accompaniment_from_json(self._body(accompaniment_id, "accompaniment")[1])

    # Any item

    def rename(self, item_id: str, title: str) -> None:
        """Give an item another title."""
        waiting = self._pending.get(item_id)
        if waiting is not None:
            self.autosave(item_id, replace(waiting, title=title))
        self._change("UPDATE item SET title = ? WHERE id = ?", stored_text(title), item_id)

    def delete(self, item_id: str) -> None:
        """Put an item into the trash, from where `restore` brings it back."""
        self._change("UPDATE item SET trashed = ? WHERE id = ?", time.time(), item_id)

    def restore(self, item_id: str) -> None:
        """Take an item out of the trash."""
        self._change("UPDATE item SET trashed = NULL WHERE id = ?", item_id)

    def duplicate(self, item_id: str, title: str) -> str:
        """Store an item a second time under another title; the copy's id."""
        copy_id = new_id()
        waiting = self._pending.get(item_id)
        self._writer.put(lambda connection: copy_item(connection, item_id, copy_id, title))
        if waiting is not None:  # its change may be replaced by a later one before it is copied
            self.autosave(copy_id, replace(waiting, title=title))
        return copy_id

    def forget(self, item_id: str) -> None:
        """Delete an item of the trash for good, with what belongs to it."""
        self._writer.put(lambda connection: delete_trashed(connection, math.inf, item_id))

    def empty_trash(self, older_than_days: float = 0.0) -> None:
        """Delete for good what was put into the trash so long ago."""
        before = time.time() - older_than_days * DAY_SECONDS if older_than_days else math.inf
        self._writer.put(lambda connection: delete_trashed(connection, before, None))

    def sizes(self) -> dict[str, int]:
        """The bytes of all items by their kind. Raises `StoreError`."""
        query = "SELECT kind, sum(length(CAST(body AS BLOB))) FROM item GROUP BY kind"
        return {str(kind): int(size) for kind, size in self._rows(query)}

    def transact(self, run: Callable[[sqlite3.Connection], None], wait_seconds: float) -> bool:
        """Let ``run`` write within a transaction, in its turn; whether it has by then.

        What could not be written in time stays queued. It may run more than once.
        """
        return self._writer.put(run).done.wait(wait_seconds)

    def _change(self, statement: str, *values: object) -> None:
        def run(connection: sqlite3.Connection) -> None:
            connection.execute(statement, values)

        self._writer.put(run)

    def _mark_open(self, connection: sqlite3.Connection) -> None:
        row = connection.execute("SELECT value FROM state WHERE name = 'session'").fetchone()
        self._killed = row is not None and row[0] == "open"
        set_session(connection, "open")

    def _drop_journal(self, recording_id: str) -> None:
        self._writer.drop(f"journal {recording_id}")
        self._journalled.pop(recording_id, None)

    def _recoverable(
        self, recording_id: str, title: str, started: float, beats_per_minute: float
    ) -> RecoverableRecording:
        rows = self._rows(
            "SELECT seconds, kind, number, value FROM recording_event "
            "WHERE recording = ? ORDER BY position",
            recording_id,
        )
        events = tuple(TakeEvent(*row) for row in rows)
        duration = max((event.seconds for event in events), default=0.0)
        take = Take(events, beats_per_minute, max(0.0, duration))
        return RecoverableRecording(recording_id, title, started, take)

    def _entries(
        self, kind: Kind, trashed: bool, parent: str | None = None
    ) -> tuple[LibraryEntry, ...]:
        tags = self.tags.by_item() if kind != "accompaniment" else None
        return entries(self._rows, kind, trashed, parent, tags)

    def _body(self, item_id: str, kind: Kind) -> tuple[str, str]:
        rows = self._rows("SELECT title, body FROM item WHERE id = ? AND kind = ?", item_id, kind)
        if not rows:
            raise StoreError(f"The library holds no such {kind}; it may have been deleted.")
        title, body = rows[0]
        return str(title), str(body)

    def _rows(self, statement: str, *values: object) -> list[Any]:
        """All rows of a query, on the calling thread. Raises `StoreError`."""
        self._writer.wait_until_open(OPEN_SECONDS)
        try:
            with closing(open_for_reading(self._path)) as connection:
                return connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            sentence = self.problem or f"The library {self._path} cannot be read: {error}."
            raise StoreError(sentence) from error
