"""Zip files from strangers: bounded before anything of them is unpacked, read into memory only."""

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from engine.errors import FileError
from engine.files.atomic import write_atomically

END, END_SIZE, LONGEST_COMMENT = b"PK\x05\x06", 22, 0xFFFF
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    TypeError,
    LookupError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is opened at most: bytes of the file, of one entry, of all; entries; their list."""

    file: int
    entry: int
    total: int
    entries: int
    directory: int = 4_000_000


@contextmanager
def open_zip(path: Path, bounds: Bounds, damaged: FileError) -> Iterator[zipfile.ZipFile]:
    """A checked zip file: within its bounds, no name twice, nothing encrypted or exotic.

    Whatever is wrong with it, then or in the block, raises ``damaged``; one that cannot be opened
    at all a `FileError` of its own.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError as problem:
        raise FileError(f"{path} is not there. Choose another file.") from problem
    except OSError as problem:
        reason = (problem.strerror or "the system refused").lower()
        raise FileError(f"{path} could not be read: {reason}. Choose another file.") from problem
    with file:
        try:
            _check_directory(file, bounds)
            with zipfile.ZipFile(file) as opened:
                _check_entries(opened, bounds)
                yield opened
        except DAMAGE as problem:
            raise damaged from problem


def _check_directory(file: IO[bytes], bounds: Bounds) -> None:
    """The list of entries is read as a whole: its size is looked at before. Raises `ValueError`."""
    size = file.seek(0, 2)
    file.seek(max(0, size - END_SIZE - LONGEST_COMMENT))
    tail = file.read()
    place = tail.rfind(END)
    if size > bounds.file or place < 0:
        raise ValueError("too large, or no zip file")
    entries = int.from_bytes(tail[place + 10 : place + 12], "little")
    directory = int.from_bytes(tail[place + 12 : place + 16], "little")
    if entries > bounds.entries or directory > bounds.directory:
        raise ValueError("too many entries")
    file.seek(0)


def _check_entries(opened: zipfile.ZipFile, bounds: Bounds) -> None:
    entries = opened.infolist()
    names = {entry.filename for entry in entries}
    if len(names) != len(entries) or len(entries) > bounds.entries:
        raise ValueError("two entries of one name")
    for entry in entries:
        if entry.compress_type not in PLAIN or entry.flag_bits & ENCRYPTED:
            raise ValueError("not plain")
        if entry.file_size > bounds.entry:
            raise ValueError("an entry is too large")
    if sum(entry.file_size for entry in entries) > bounds.total:
        raise ValueError("too large as a whole")


def read_entry(opened: zipfile.ZipFile, name: str, bounds: Bounds) -> bytes:
    """The bytes of an entry. Raises `ValueError` where there are more than it says."""
    with opened.open(name) as entry:
        content = entry.read(bounds.entry + 1)
    if len(content) > min(bounds.entry, opened.getinfo(name).file_size):
        raise ValueError("an entry is larger than it says")
    return content


def write_zip(path: Path, texts: Mapping[str, str]) -> None:
    """Writes a zip file of texts, whole or not at all. Raises `FileError`."""
    with (
        write_atomically(path) as beside,
        zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as file,
    ):
        for name, text in texts.items():
            file.writestr(name, text.encode("utf-8", "replace"))
