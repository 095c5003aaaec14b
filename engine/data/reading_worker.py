"""A process that reads files for another: ``python -m engine.data.reading_worker``.

Requests are JSON lines on stdin; it ends when stdin does:

- ``{"folder": …, "layout": …, "rule": …}`` sets what is read, and is not answered;
- ``{"read": [path, …]}`` is answered, for one file after the other, with its report, its mark and
  its packed songs;
- ``{"examine": [path, …]}`` with the reports alone; ``{"look": [path, …]}`` with first glances, or
  nulls.

An answer is two lengths (two unsigned 32-bit numbers, big-endian), then JSON, then the songs'
arrays, one behind the other. Nothing is pickled: what a process says can harm no other.
"""

import gc
import json
import os
import struct
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from engine.data.arrangement import Reading
from engine.data.layouts import LAYOUTS, Layout, look_at
from engine.data.packing import PackedSong, entry_json, pack_all
from engine.data.rules import NO_RULE, RoleRule, rule_from
from engine.data.song_report import report_json
from engine.errors import DataError

LENGTHS = struct.Struct(">II")
MEMORY_LIMIT = 2 * 1024**3  # bytes: a file that needs more is no song
NICENESS = 5  # whoever plays meanwhile comes first
LONGEST_ANSWER = 512 * 1024**2


@dataclass(slots=True)
class _Task:
    """What is read."""

    folder: Path = Path()
    layout: Layout = LAYOUTS["band"]
    rule: RoleRule = NO_RULE


def main() -> None:
    """Answer until stdin ends."""
    answers = _private_stdout()
    _be_modest()
    gc.freeze()  # what was imported stays; to look through it again and again only takes time
    task = _Task()
    for line in sys.stdin.buffer:
        request = json.loads(line)
        if "folder" in request:
            task.folder = Path(request["folder"])
            task.layout, task.rule = LAYOUTS[request["layout"]], rule_from(request["rule"])
            continue
        for part in _answer(task, request):
            answers.write(part)
        answers.flush()


def _private_stdout() -> BinaryIO:
    """Stdout for answers alone: what a library prints goes to stderr."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _be_modest() -> None:
    if sys.platform == "win32":
        return  # the caller starts it with a low priority
    import resource

    os.nice(NICENESS)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if sys.platform == "linux" and hard == resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, hard))


def _answer(task: _Task, request: dict[str, list[str]]) -> Iterator[bytes | memoryview]:
    ((kind, paths),) = request.items()
    if kind == "look":
        for path in paths:
            look = look_at(task.folder, path)
            yield from _framed({"look": None if look is None else asdict(look)}, [])
        return
    try:
        readings = task.layout.readings(task.folder, paths, task.rule)
        songs = [song for reading in readings for song in reading.songs] if kind == "read" else []
        packed = iter(pack_all(songs, task.layout.roles))
    except DataError as problem:
        for _ in paths:
            yield from _framed({"error": str(problem)}, [])
        return
    for reading in readings:
        own = list(islice(packed, len(reading.songs)))
        yield from _framed(_plain(reading, own), own)


def _plain(reading: Reading, songs: list[PackedSong]) -> dict[str, Any]:
    return {
        "report": report_json(reading.report),
        "content": reading.content,
        "songs": [entry_json(song.entry, 0) for song in songs],
        "windows": [song.windows for song in songs],
    }


def _framed(values: dict[str, Any], songs: Sequence[PackedSong]) -> Iterator[bytes | memoryview]:
    text = json.dumps(values).encode()
    arrays = [
        array.data.cast("B")
        for song in songs
        for array in (song.planes, song.velocity, song.chords)
        if array.size
    ]
    yield LENGTHS.pack(len(text), sum(each.nbytes for each in arrays)) + text
    yield from arrays


if __name__ == "__main__":
    main()
