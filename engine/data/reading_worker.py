"""A process that reads files for another: ``python -m engine.data.reading_worker``.

Requests are JSON lines on stdin; it ends when stdin does:

- ``{"folder": …, "layout": …, "rule": …}`` sets what is read, and is not answered;
- ``{"read": path}`` is answered with the file's report, its mark and its packed songs;
- ``{"examine": path}`` with its report alone; ``{"look": path}`` with a first glance, or null.

An answer is two lengths (two unsigned 32-bit numbers, big-endian), then JSON, then the songs'
arrays, one behind the other. Nothing is pickled: what a process says can harm no other.
"""

import json
import os
import struct
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from engine.data.arrangement import Reading
from engine.data.layouts import LAYOUTS, Layout, look_at
from engine.data.packing import PackedSong, entry_json, pack
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


def _answer(task: _Task, request: dict[str, str]) -> Iterator[bytes]:
    ((kind, path),) = request.items()
    if kind == "look":
        look = look_at(task.folder, path)
        return _framed({"look": None if look is None else asdict(look)}, [])
    try:
        reading = task.layout.read(task.folder, path, task.rule.for_file(path))
        songs = [pack(s, task.layout.roles) for s in reading.songs] if kind == "read" else []
    except DataError as problem:
        return _framed({"error": str(problem)}, [])
    return _framed(_plain(reading, songs), songs)


def _plain(reading: Reading, songs: list[PackedSong]) -> dict[str, Any]:
    return {
        "report": report_json(reading.report),
        "content": reading.content,
        "songs": [entry_json(song.entry, 0) for song in songs],
        "windows": [song.windows for song in songs],
    }


def _framed(values: dict[str, Any], songs: list[PackedSong]) -> Iterator[bytes]:
    text = json.dumps(values).encode()
    arrays = [
        array.tobytes() for song in songs for array in (song.planes, song.velocity, song.chords)
    ]
    yield LENGTHS.pack(len(text), sum(map(len, arrays)))
    yield text
    yield from arrays


if __name__ == "__main__":
    main()
