"""Which files of an archive are those of a manifest: by their bytes, wherever they lie in it."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.data.manifest import Manifest, ManifestLine
from engine.data.progress import Progress
from engine.data.unpacking import Bounds, PackedFile, packed_files
from engine.errors import DataError

PART_SIGN = "#"
"""``FILE.json#KEY`` in a manifest: that key of a JSON file, written in its shortest form."""


@dataclass(frozen=True, slots=True)
class SortedOut:
    """How many files were kept, and the paths of those that differ or are not there."""

    kept: int
    altered: tuple[str, ...]
    missing: tuple[str, ...]


def sort_out(
    archive: Path,
    manifest: Manifest,
    folder: Path,
    progress: Callable[[Progress], None] = lambda progress: None,
    cancelled: Callable[[], bool] = lambda: False,
    bounds: Bounds | None = None,
) -> SortedOut:
    """Write the files of the manifest that the archive holds to ``folder``. Raises `DataError`."""
    sorting = _Sorting(manifest, folder)
    for file in packed_files(archive, sorting.is_wanted, bounds):
        if cancelled():
            raise DataError("Unpacking was stopped; what has arrived is kept.")
        sorting.take(file)
        progress(Progress("Checking", sorting.done_bytes, manifest.bytes))
    return sorting.result()


class _Sorting:
    """Compares one file after the other with the manifest."""

    def __init__(self, manifest: Manifest, folder: Path) -> None:
        self._folder = folder
        self._parts = [line for line in manifest.lines if PART_SIGN in line.path]
        whole = [line for line in manifest.lines if PART_SIGN not in line.path]
        self._sizes = {line.bytes for line in whole}
        self._by_sum: dict[str, list[ManifestLine]] = {}
        for line in whole:
            self._by_sum.setdefault(line.sha256, []).append(line)
        self._expected = {line.upstream for line in manifest.lines}
        self._part_files = {line.upstream.partition(PART_SIGN)[0] for line in self._parts}
        self._lines = manifest.lines
        self._kept: set[str] = set()
        self._seen: set[str] = set()
        self.done_bytes = 0

    def is_wanted(self, path: str, size: int) -> bool:
        """Whether a file can be one of the manifest's; notes that it was there."""
        inner = path.partition("/")[2]  # a forge packs everything into one folder
        if inner in self._expected or inner in self._part_files:
            self._seen.add(inner)
        return size in self._sizes or inner in self._part_files

    def take(self, file: PackedFile) -> None:
        """Write a file to wherever the manifest wants these bytes."""
        lines = self._by_sum.get(hashlib.sha256(file.content).hexdigest(), [])
        for line in lines:
            self._write(line.path, file.content)
            self._keep(line)
        if file.path.partition("/")[2] in self._part_files:
            self._take_parts(file)

    def _take_parts(self, file: PackedFile) -> None:
        """Of a JSON file only the keys that the manifest knows, and only as it knows them."""
        try:
            given = json.loads(file.content)
        except (ValueError, RecursionError):
            return
        kept = {}
        for line in self._parts:
            key = line.path.partition(PART_SIGN)[2]
            text = shortest_json(given.get(key)) if isinstance(given, dict) else b""
            if hashlib.sha256(text).hexdigest() == line.sha256:
                kept[key] = given[key]
                self._keep(line)
        if kept:
            self._write(self._parts[0].path.partition(PART_SIGN)[0], shortest_json(kept))

    def _keep(self, line: ManifestLine) -> None:
        if line.path not in self._kept:
            self._kept.add(line.path)
            self.done_bytes += line.bytes

    def _write(self, path: str, content: bytes) -> None:
        target = self._folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def result(self) -> SortedOut:
        """What became of every line of the manifest."""
        lost = [line for line in self._lines if line.path not in self._kept]
        altered = [line.path for line in lost if self._was_seen(line)]
        missing = [line.path for line in lost if not self._was_seen(line)]
        return SortedOut(len(self._kept), tuple(altered), tuple(missing))

    def _was_seen(self, line: ManifestLine) -> bool:
        return line.upstream.partition(PART_SIGN)[0] in self._seen


def shortest_json(value: object) -> bytes:
    """A JSON value in its shortest writing: what the checksum of a part is made of."""
    return json.dumps(value, separators=(",", ":")).encode()
