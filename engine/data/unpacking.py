"""Reading archives that strangers packed: nothing in them can leave its folder or fill the disk.

Files are handed out one after the other and written by nobody here, so a link, a device or a path
with ``..`` has nothing to act upon; an archive that holds such a path is refused all the same, for
no honest one does. What is unpacked is counted as it comes out of the packer, whatever the
archive says about itself.
"""

import bz2
import gzip
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from engine.errors import DataError

MOST_BYTES = 1 << 30
MOST_FILES = 300_000
LARGEST_FILE = 64 << 20
_MAGIC_BYTES = 6
_PACKERS: dict[bytes, Callable[..., AbstractContextManager[Any]]] = {
    b"\x1f\x8b": gzip.open,
    b"\xfd7zXZ\0": lzma.open,
    b"BZh": bz2.open,
}
_DAMAGED = (
    gzip.BadGzipFile,
    EOFError, tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError,
    NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much an archive may hold: bytes in all, files, and bytes of one file."""

    bytes: int = MOST_BYTES
    files: int = MOST_FILES
    file_bytes: int = LARGEST_FILE


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A regular file of an archive, in memory; ``path`` begins with the archive's own folder."""

    path: str
    content: bytes


Wanted = Callable[[str, int], bool]
"""Whether a file is wanted, by its path and its size in bytes."""


def packed_files(
    archive: Path, wanted: Wanted = lambda path, size: True, bounds: Bounds | None = None
) -> Iterator[PackedFile]:
    """The regular files of a tar (plain, gz, xz, bz2) or zip archive, one after the other.

    Those larger than ``bounds`` allows or not ``wanted`` are left out, where the format allows it
    without even being unpacked. Raises `DataError` for what is no archive, is damaged, holds too
    much, or has a path that would leave its folder.
    """
    limits = bounds or Bounds()
    try:
        if zipfile.is_zipfile(archive):
            yield from _from_zip(archive, wanted, limits)
        else:
            yield from _from_tar(archive, wanted, limits)
    except _DAMAGED as error:
        raise DataError(_broken(archive)) from error
    except OSError as error:
        if error.errno is None:  # not from the disk: bz2 says so of damaged data
            raise DataError(_broken(archive)) from error
        raise


def _from_zip(archive: Path, wanted: Wanted, limits: Bounds) -> Iterator[PackedFile]:
    with zipfile.ZipFile(archive) as packed:
        total = 0
        for number, member in enumerate(packed.infolist()):
            _check(archive, number, member.filename, limits)
            # The upper half of these bits is the Unix mode: a link or a device is no regular file.
            kind = (member.external_attr >> 16) & 0o170000
            if member.is_dir() or kind not in (0, 0o100000):
                continue
            if member.file_size > limits.file_bytes or not wanted(
                member.filename, member.file_size
            ):
                continue
            with packed.open(member) as stream:
                content = stream.read(member.file_size + 1)
            total += len(content)
            if len(content) != member.file_size or total > limits.bytes:
                raise DataError(_too_much(archive))
            yield PackedFile(member.filename, content)


def _from_tar(archive: Path, wanted: Wanted, limits: Bounds) -> Iterator[PackedFile]:
    with _unpacked(archive) as stream:
        counted = _Counted(stream, archive, limits.bytes)
        with tarfile.open(fileobj=cast(IO[bytes], counted), mode="r|") as packed:
            for number, member in enumerate(packed):
                _check(archive, number, member.name, limits)
                # Sparse files claim a size that they do not have.
                if not member.isreg() or member.sparse is not None:
                    continue
                if member.size > limits.file_bytes or not wanted(member.name, member.size):
                    continue
                content = packed.extractfile(member)
                if content is not None:
                    yield PackedFile(member.name, content.read())


@contextmanager
def _unpacked(archive: Path) -> Iterator[BinaryIO]:
    """The tar inside a packed file."""
    with archive.open("rb") as raw:
        magic = raw.read(_MAGIC_BYTES)
        raw.seek(0)
        opener = next((each for sign, each in _PACKERS.items() if magic.startswith(sign)), None)
        if opener is None:
            yield raw
            return
        with opener(raw) as stream:
            yield stream


class _Counted(BytesIO):
    """A stream that ends the work once more has come out of it than is allowed."""

    def __init__(self, stream: BinaryIO, archive: Path, most: int) -> None:
        super().__init__()
        self._stream = stream
        self._archive = archive
        self._left = most

    def read(self, size: int | None = -1, /) -> bytes:
        """At most ``size`` bytes; never asked for all at once."""
        # One more than is left shows whether there is more.
        most = self._left + 1
        content = self._stream.read(most if size is None or size < 0 else min(most, size))
        self._left -= len(content)
        if self._left < 0:
            raise DataError(_too_much(self._archive))
        return content


def _check(archive: Path, number: int, path: str, limits: Bounds) -> None:
    if number >= limits.files:
        raise DataError(_too_much(archive))
    if _leads_out(path):
        raise DataError(
            f"{archive.name} holds a path that leads out of its folder; it was not unpacked."
        )


def _leads_out(path: str) -> bool:
    """Whether a path is no path inside, read as any system would read it."""
    plain = path.replace("\\", "/")
    return plain.startswith("/") or plain[1:2] == ":" or ".." in plain.split("/")


def _broken(archive: Path) -> str:
    return f"{archive.name} is not a whole archive; fetch it again."


def _too_much(archive: Path) -> str:
    return f"{archive.name} holds far more than it should; it was not unpacked."
