"""Writing a file whole or not at all."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import FileError, TuttiError

_NAME_LIMIT = 50  # characters of the final name kept in the temporary one, four bytes at most each

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file would be larger than this system allows",
    errno.EACCES: "there is no permission to write there",
    errno.EPERM: "there is no permission to write there",
    errno.EROFS: "the disk is read-only",
    errno.ENOENT: "the folder does not exist",
    errno.ENOTDIR: "a part of the path is not a folder",
    errno.EISDIR: "a folder has that name",
    errno.ENAMETOOLONG: "the name is too long",
}


@contextmanager
def write_atomically(path: Path, error: type[TuttiError] = FileError) -> Iterator[Path]:
    """A path beside ``path`` to write to; it takes the place of ``path`` when the block ends well.

    When the block fails nothing is left behind and ``path`` is as it was. An `OSError` in the block
    or in the replacement becomes ``error`` with a sentence.
    """
    beside = path.with_name(f".{path.name[:_NAME_LIMIT]}.{secrets.token_hex(4)}.part")
    try:
        yield beside
        _flush_to_disk(beside)
        beside.replace(path)
    except OSError as problem:
        raise error(writing_failed(path, problem)) from problem
    finally:
        _remove(beside)


def writing_failed(path: Path, problem: OSError) -> str:
    """The sentence for a file that could not be written."""
    reason = _REASONS.get(problem.errno or 0) or (problem.strerror or "the system refused").lower()
    return f"{path} could not be written: {reason}. Choose another place, or make room there."


def _flush_to_disk(path: Path) -> None:
    # Without it a power cut just after the replacement can leave an empty file under the old name.
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        # Its folder went away or never was one: nothing can be left there.
        return
