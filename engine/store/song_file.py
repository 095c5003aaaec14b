"""A song as one file: the composition with its takes, versions and bands, for another machine.

A ``.tutti`` file is a zip of JSON: ``song.json`` lists what is in it, ``music.json`` is the
composition as the library stores it, and the rest lies in ``takes/``, ``versions/`` and ``bands/``.
Nothing of it is ever unpacked to the disk.
"""

import json
import re
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from engine.errors import FileError, StoreError
from engine.music.composition import Composition, Origin
from engine.music.take import Take
from engine.music.track import Track
from engine.store.codec import (
    accompaniment_from_json,
    accompaniment_to_json,
    composition_from_json,
    composition_to_json,
    take_from_json,
    take_to_json,
)
from engine.store.strangers import LONGEST_TITLE, welcomed
from engine.store.tags import MOST, written_tag
from engine.store.zip_files import Bounds, open_zip, read_entry, write_zip

SUFFIX = ".tutti"
FORMAT, VERSION = "tutti-song", 1
HEAD, MUSIC = "song.json", "music.json"
BOUNDS = Bounds(file=96_000_000, entry=64_000_000, total=256_000_000, entries=4_000)
TEXTS_BYTES = 200_000_000  # of what is written: well within what is read
LISTS = ("takes", "versions", "bands")
HEAD_FIELDS = {"format", "version", "id", "title", "tags", *LISTS}
ENTRY_FIELDS = {"file", "id", "title", "created", "named"}
ENTRY_NAME = re.compile(r"(takes|versions|bands)/\d{1,5}\.json", re.ASCII)
ID = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
Music = TypeVar("Music")
Band = tuple[tuple[Track, ...], Origin]


@dataclass(frozen=True, slots=True)
class SongEntry:
    """Something that belongs to a song; ``created`` is seconds since 1970."""

    id: str
    title: str
    created: float
    named: bool = False


@dataclass(frozen=True, slots=True)
class Song:
    """A composition with all that belongs to it; each list has its latest first.

    ``id`` is what the library knows it by, on every machine.
    """

    id: str
    composition: Composition
    takes: tuple[tuple[SongEntry, Take], ...] = ()
    versions: tuple[tuple[SongEntry, Composition], ...] = ()
    bands: tuple[tuple[SongEntry, Band], ...] = ()
    tags: tuple[str, ...] = ()


def write_song(song: Song, path: Path) -> int:
    """Writes a song file, whole or not at all. Raises `FileError`.

    How many versions and bands had to stay behind since the file would be too large: the oldest.
    """
    texts = {HEAD: "", MUSIC: composition_to_json(song.composition)}
    room = _Room(TEXTS_BYTES - len(texts[MUSIC]), BOUNDS.entries - 2)
    head: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "id": song.id,
        "title": song.composition.title,
        "tags": list(song.tags),
        "takes": _listed("takes", song.takes, take_to_json, texts, room),
        "versions": _listed("versions", song.versions, composition_to_json, texts, room),
        "bands": _listed("bands", song.bands, _band_to_json, texts, room),
    }
    texts[HEAD] = json.dumps(head, indent=1)
    if len(texts[MUSIC]) > BOUNDS.entry or room.bytes < 0:
        raise FileError("The song is too large for a song file. Export it as MIDI instead.")
    write_zip(path, texts)
    return room.left_out


def read_song(path: Path) -> Song:
    """The song of a file. Raises `FileError` in a sentence for one that is damaged or newer."""
    damaged = FileError(
        f"{path.name} is no song of Tutti's, or damaged. Choose another copy of it."
    )
    try:
        with open_zip(path, BOUNDS, damaged) as opened:
            head = _head(_values(opened, HEAD), path.name)
            text = _text(opened, MUSIC)
            _refuse_unknown(text, path.name)
            return Song(
                _id(head["id"]),
                welcomed(composition_from_json(text)),
                _entries(opened, head["takes"], take_from_json),
                _entries(opened, head["versions"], _version),
                _entries(opened, head["bands"], _band),
                _tags(head["tags"]),
            )
    except StoreError as error:
        raise FileError(f"{path.name} cannot be opened: {error}") from error


# Writing


@dataclass(slots=True)
class _Room:
    """What still fits into a file."""

    bytes: int
    entries: int
    left_out: int = 0

    def take(self, text: str) -> bool:
        fits = len(text) <= min(self.bytes, BOUNDS.entry) and self.entries > 0
        if fits:
            self.bytes, self.entries = self.bytes - len(text), self.entries - 1
        else:
            self.left_out += 1
        return fits


def _listed(
    kind: str,
    entries: Sequence[tuple[SongEntry, Music]],
    text_of: Callable[[Music], str],
    texts: dict[str, str],
    room: _Room,
) -> list[dict[str, Any]]:
    rows = []
    for number, (entry, music) in enumerate(entries, 1):
        name, text = f"{kind}/{number}.json", text_of(music)
        if room.take(text):
            texts[name] = text
            rows.append(
                {
                    "file": name,
                    "id": entry.id,
                    "title": entry.title,
                    "created": entry.created,
                    "named": entry.named,
                }
            )
    return rows


def _band_to_json(band: Band) -> str:
    return accompaniment_to_json(*band)


# Reading; whatever is wrong raises ValueError, TypeError or LookupError, caught by open_zip


def _text(opened: zipfile.ZipFile, name: str) -> str:
    return read_entry(opened, name, BOUNDS).decode("utf-8")


def _values(opened: zipfile.ZipFile, name: str) -> Mapping[str, Any]:
    try:
        values = json.loads(_text(opened, name))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(values, dict):
        raise ValueError("not an object")
    return values


def _head(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    if values["format"] != FORMAT:
        raise ValueError("another program's")
    version = values["version"]
    if type(version) is not int or version < 1:
        raise ValueError("no version")
    rows = [row for kind in LISTS for row in values.get(kind, ()) if isinstance(row, dict)]
    unknown = {*values} - HEAD_FIELDS | {key for row in rows for key in row} - ENTRY_FIELDS
    if version > VERSION or unknown:
        raise _newer(name, unknown)
    return {"tags": [], **dict.fromkeys(LISTS, ()), **values}


def _refuse_unknown(text: str, name: str) -> None:
    """What would be lost without a word is refused: a later Tutti wrote it."""
    values = json.loads(text)
    known = json.loads(composition_to_json(Composition()))
    tracks = {key for track in values["tracks"] for key in track}
    unknown = {*values} - {*known} | tracks - {*known["tracks"][0]}
    if unknown:
        raise _newer(name, unknown)


def _newer(name: str, unknown: set[str]) -> FileError:
    what = f" It holds what this one does not know: {', '.join(sorted(unknown))[:80]}."
    return FileError(
        f"{name} was made by a newer Tutti; use that one to open it.{what if unknown else ''}"
    )


def _version(text: str) -> Composition:
    return welcomed(composition_from_json(text))


def _band(text: str) -> Band:
    tracks, origin = accompaniment_from_json(text)
    # As a composition's it must be music, too.
    return welcomed(Composition(tracks=(Track("Melody"), *tracks))).accompaniment, origin


def _id(value: Any) -> str:
    if not isinstance(value, str) or ID.fullmatch(value) is None:
        raise ValueError("no id")
    return value


def _tags(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise TypeError("no tags")
    return tuple(filter(None, map(written_tag, values[:MOST])))


def _entries(
    opened: zipfile.ZipFile, rows: Any, read: Callable[[str], Music]
) -> tuple[tuple[SongEntry, Music], ...]:
    if not isinstance(rows, list | tuple):
        raise TypeError("no list")
    return tuple((_entry(row), read(_text(opened, _name(row)))) for row in rows)


def _name(row: Mapping[str, Any]) -> str:
    name = row["file"]
    if not isinstance(name, str) or ENTRY_NAME.fullmatch(name) is None:
        raise ValueError("no entry of ours")
    return name


def _entry(row: Mapping[str, Any]) -> SongEntry:
    title, created, named = row["title"], row["created"], row.get("named", False)
    if not isinstance(title, str) or type(created) not in (int, float) or type(named) is not bool:
        raise TypeError("no entry")
    moment = min(max(0.0, float(created)), time.time())
    return SongEntry(_id(row["id"]), title[:LONGEST_TITLE], moment, named)
