"""What a fetched data set must consist of: a checksum for every file.

A forge packs the same commit anew whenever it likes, so that an archive's own bytes say nothing;
its files' bytes do. A manifest is an xz-packed text, one line a file, fields parted by tabs::

    <SHA-256 in hex>  <bytes>  <path in our folder>  [<path in the archive, where it is another>]

Made by ``packaging/make_manifests.py``.
"""

import hashlib
import lzma
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from engine.errors import DataError

SUFFIX = ".manifest.xz"
CATALOGUE_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "catalogue"
READ_BYTES = 1 << 20
SUM_DIGITS = 64


@dataclass(frozen=True, slots=True, order=True)
class ManifestLine:
    """One file: where it lies in our folder and in the archive, its size and its SHA-256."""

    path: str
    upstream: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """All files of a set, in the order of their paths."""

    lines: tuple[ManifestLine, ...]

    @property
    def bytes(self) -> int:
        """How much the files take together."""
        return sum(line.bytes for line in self.lines)


def manifest_path(name: str, folder: Path = CATALOGUE_FOLDER) -> Path:
    """Where the manifest of a set lies."""
    return folder / f"{name}{SUFFIX}"


def read_manifest(path: Path) -> Manifest:
    """Read a manifest. Raises `DataError` for one that is missing, damaged or leaves its folder."""
    try:
        with lzma.open(path, "rt", encoding="utf-8", newline="\n") as stream:
            lines = tuple(_line(text.rstrip("\n")) for text in stream)
    except (OSError, EOFError, lzma.LZMAError, ValueError) as error:
        raise DataError(f"The list of checksums {path.name} is damaged; install Tutti anew.") from (
            error
        )
    return Manifest(lines)


def _line(text: str) -> ManifestLine:
    sha256, size, path, *upstream = text.split("\t")
    if len(sha256) != SUM_DIGITS or int(size) < 0 or not is_inside(path):
        raise ValueError(text)
    return ManifestLine(path, upstream[0] if upstream else path, int(size), sha256)


def is_inside(path: str) -> bool:
    """Whether a path of an archive stays in its folder, on every system."""
    parts = PurePosixPath(path).parts
    plain = bool(parts) and not path.startswith("/") and ".." not in parts
    return plain and not any(sign in path for sign in "\\:\0")


def write_manifest(path: Path, lines: Iterable[ManifestLine]) -> None:
    """Write a manifest: the same lines always give the same bytes."""
    with lzma.open(path, "wt", preset=9, encoding="utf-8", newline="\n") as stream:
        for line in sorted(lines):
            fields = [line.sha256, str(line.bytes), line.path]
            upstream = [line.upstream] if line.upstream != line.path else []
            stream.write("\t".join([*fields, *upstream]) + "\n")


def sha256_of(stream: BinaryIO) -> str:
    """SHA-256 of what is left in a stream, in hex."""
    digest = hashlib.sha256()
    while piece := stream.read(READ_BYTES):
        digest.update(piece)
    return digest.hexdigest()
