"""A file is written whole or not at all."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.errors import FileError, StoreError
from engine.files.atomic import write_atomically


@contextmanager
def _full_disk(limit: int) -> Iterator[None]:
    """Files may not grow beyond ``limit`` bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def _names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_the_new_file_takes_the_place_of_the_old(tmp_path: Path) -> None:
    path = tmp_path / "song.mid"
    path.write_bytes(b"old")
    with write_atomically(path) as beside:
        beside.write_bytes(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert _names(tmp_path) == ["song.mid"]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "song.mid"
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), write_atomically(path) as beside:
        beside.write_bytes(b"half")
        raise ZeroDivisionError
    assert path.read_bytes() == b"old"
    assert _names(tmp_path) == ["song.mid"]


def test_a_full_disk_is_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "song.mid"
    with (
        pytest.raises(FileError, match="could not be written: the file would be larger"),
        _full_disk(1000),
        write_atomically(path) as beside,
    ):
        beside.write_bytes(bytes(5000))
    assert _names(tmp_path) == []


def test_the_kind_of_error_is_the_callers(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match="the folder does not exist"),
        write_atomically(tmp_path / "none" / "file", StoreError) as beside,
    ):
        beside.write_bytes(b"")


@pytest.mark.parametrize("name", ["x" * 250, "曲" * 84])
def test_a_long_name_leaves_room_for_the_temporary_one(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with write_atomically(path) as beside:
        beside.write_bytes(b"new")
    assert path.read_bytes() == b"new"
