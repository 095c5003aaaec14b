"""Songs between the library and their files."""

import sqlite3
import time
from dataclasses import dataclass
from typing import Any

from engine.errors import StoreError
from engine.music.take import played_notes
from engine.store.codec import accompaniment_to_json, composition_to_json, take_to_json
from engine.store.entries import LibraryEntry
from engine.store.library import Library
from engine.store.rows import Kind, composition_values, item_values, put_item
from engine.store.song_file import Band, Song, SongEntry
from engine.store.tags import add_tag
from engine.store.versions import AUTOMATIC, NAMED

STORED_SECONDS = 20.0
MOST_BANDS = 60
"""Generated takes that travel with a song, the latest ones."""
UNWRITTEN = (
    "The song could not be stored in the library. Make room on the disk, then open it again."
)


@dataclass(frozen=True, slots=True)
class TakenInSong:
    """A song that is in the library now.

    ``replaced``: it was there in another state, which is kept among its versions.
    """

    id: str
    replaced: bool


def song_of(library: Library, composition_id: str) -> Song:
    """A composition of the library with all that belongs to it. Raises `StoreError`."""
    named = library.versions.named(composition_id)
    bands = library.accompaniments(composition_id)[:MOST_BANDS]
    return Song(
        composition_id,
        library.load_composition(composition_id),
        tuple(
            (_entry(each), library.load_take(each.id)) for each in library.takes_of(composition_id)
        ),
        tuple(
            (_entry(each, each.id in named), library.versions.load(each.id))
            for each in library.versions.of(composition_id)
        ),
        tuple((_entry(each), library.load_accompaniment(each.id)) for each in bands),
        tuple(library.tags.by_item().get(composition_id, ())),
    )


def _entry(entry: LibraryEntry, named: bool = False) -> SongEntry:
    return SongEntry(entry.id, entry.title, entry.created, named)


def take_in_song(library: Library, song: Song, file_name: str) -> TakenInSong:
    """Store a song as it is in its file; what the library had of it stays as a version.

    Raises `StoreError` where it could not be written in time. Called on a worker thread.
    """
    replaced: list[bool] = []

    def run(connection: sqlite3.Connection) -> None:
        row = connection.execute("SELECT kind FROM item WHERE id = ?", (song.id,)).fetchone()
        if row is None or row[0] == "composition":
            replaced.append(_put_song(connection, song, file_name))

    if not library.transact(run, STORED_SECONDS):
        raise StoreError(UNWRITTEN)
    if not replaced:
        raise StoreError(f"{file_name} calls itself what something else in the library is called.")
    return TakenInSong(song.id, replaced[-1])


def _put_song(connection: sqlite3.Connection, song: Song, file_name: str) -> bool:
    body = composition_to_json(song.composition)
    replaced = _keep_present(connection, song.id, body, f"Before {file_name} was opened")
    put_item(connection, composition_values(song.id, song.composition, time.time(), body))
    for entry, take in song.takes:
        notes = len(played_notes(take))
        _add(connection, entry, "take", notes, take.duration, take_to_json(take), song.id)
    for entry, version in song.versions:
        values = composition_values(entry.id, version, entry.created, composition_to_json(version))
        kind = NAMED if entry.named else AUTOMATIC
        _insert(connection, {**values, "kind": kind, "title": entry.title, "parent": song.id})
    for entry, band in song.bands:
        _add_band(connection, entry, band, song.id)
    for tag in song.tags:
        add_tag(connection, song.id, tag)
    return replaced


def _keep_present(connection: sqlite3.Connection, song_id: str, body: str, title: str) -> bool:
    """Keep what the library has of a song as a version; whether it is another state."""
    row = connection.execute(
        "SELECT body, notes, seconds FROM item WHERE id = ?", (song_id,)
    ).fetchone()
    if row is None or row[0] == body:
        return False
    version_id = f"{song_id[:32]}-{int(time.time() * 1000):x}"
    values = item_values(version_id, "take", title, time.time(), row[1], row[2], row[0])
    _insert(connection, {**values, "kind": NAMED, "parent": song_id})
    return True


def _add(
    connection: sqlite3.Connection,
    entry: SongEntry,
    kind: Kind,
    notes: int,
    seconds: float,
    body: str,
    parent: str,
) -> None:
    values = item_values(entry.id, kind, entry.title, entry.created, notes, seconds, body)
    _insert(connection, {**values, "parent": parent})


def _add_band(connection: sqlite3.Connection, entry: SongEntry, band: Band, parent: str) -> None:
    notes = sum(len(track.notes) for track in band[0])
    _add(connection, entry, "accompaniment", notes, 0.0, accompaniment_to_json(*band), parent)


def _insert(connection: sqlite3.Connection, values: dict[str, Any]) -> None:
    """Store what the library does not have; what it has stays as it is."""
    there = connection.execute("SELECT 1 FROM item WHERE id = ?", (values["id"],)).fetchone()
    if there is None:
        put_item(connection, values)
