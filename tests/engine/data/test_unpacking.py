"""Archives from strangers: what is handed out, and what is refused."""

import io
import stat
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest

from engine.data.unpacking import Bounds, packed_files
from engine.errors import DataError
from tests.archive_server import TOP, Packing, packed

FILES = {"a.mid": b"first", "deep/b.mid": b"second", "c.txt": b"third"}


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def unpacked(path: Path, bounds: Bounds | None = None) -> dict[str, bytes]:
    return {file.path: file.content for file in packed_files(path, bounds=bounds)}


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def link(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(f"{TOP}/{name}")
    member.type, member.linkname = kind, target
    return member


@pytest.mark.parametrize("kind", ["", "gz", "xz", "bz2"])
def test_every_way_of_packing_gives_the_same_files(tmp_path: Path, kind: Packing) -> None:
    archive = written(tmp_path / "set", packed(FILES, kind))
    assert unpacked(archive) == {f"{TOP}/{path}": content for path, content in FILES.items()}


def test_a_zip_gives_its_files(tmp_path: Path) -> None:
    assert unpacked(written(tmp_path / "set", zipped(FILES))) == FILES


def test_only_wanted_files_are_handed_out(tmp_path: Path) -> None:
    archive = written(tmp_path / "set", packed(FILES))
    found = packed_files(archive, lambda path, size: path.endswith(".mid") and size == 6)
    assert [file.content for file in found] == [b"second"]


@pytest.mark.parametrize(
    "path", ["../evil.mid", "/etc/evil.mid", "a/../../evil.mid", "C:\\evil.mid", "..\\evil.mid"]
)
def test_a_path_that_leads_out_of_its_folder_is_refused(tmp_path: Path, path: str) -> None:
    member = tarfile.TarInfo(path)
    by_tar = written(tmp_path / "tar", packed(FILES, "gz", member))
    by_zip = written(tmp_path / "zip", zipped({**FILES, path: b"evil"}))
    for archive in (by_tar, by_zip):
        with pytest.raises(DataError, match="leads out of its folder"):
            unpacked(archive)


def test_links_and_devices_are_left_out(tmp_path: Path) -> None:
    evil = [
        link("link.mid", tarfile.SYMTYPE, "/etc/passwd"),
        link("hard.mid", tarfile.LNKTYPE, f"{TOP}/a.mid"),
        link("pipe.mid", tarfile.FIFOTYPE),
        link("device.mid", tarfile.CHRTYPE),
    ]
    archive = written(tmp_path / "set", packed(FILES, "gz", *evil))
    assert len(unpacked(archive)) == len(FILES)


def test_a_link_in_a_zip_is_left_out(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        member = zipfile.ZipInfo("link.mid")
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, "/etc/passwd")
    assert unpacked(written(tmp_path / "set", stream.getvalue())) == {}


def test_a_bomb_ends_with_a_sentence_and_little_memory(tmp_path: Path) -> None:
    bomb = packed({f"{number}.mid": bytes(1 << 20) for number in range(8)})
    assert len(bomb) < 20_000
    archive = written(tmp_path / "set", bomb)
    with pytest.raises(DataError, match="far more than it should"):
        unpacked(archive, Bounds(bytes=2 << 20))


def test_a_tar_that_unpacks_to_one_endless_header_is_stopped(tmp_path: Path) -> None:
    member = tarfile.TarInfo(f"{TOP}/header")
    member.type, member.size = tarfile.XHDTYPE, 1 << 40
    packer = zlib.compressobj(wbits=31)
    content = packer.compress(member.tobuf()) + packer.compress(bytes(4 << 20)) + packer.flush()
    with pytest.raises(DataError):
        unpacked(written(tmp_path / "set", content), Bounds(bytes=1 << 20))


def test_a_zip_that_lies_about_its_sizes_is_refused(tmp_path: Path) -> None:
    true, lie = (1 << 20).to_bytes(4, "little"), (5).to_bytes(4, "little")
    content = zipped({"a.mid": bytes(1 << 20)})
    assert content.count(true) == 2
    with pytest.raises(DataError):
        unpacked(written(tmp_path / "set", content.replace(true, lie)))


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    archive = written(tmp_path / "set", packed(FILES))
    with pytest.raises(DataError, match="far more"):
        unpacked(archive, Bounds(files=2))


def test_a_file_that_is_too_large_is_left_out(tmp_path: Path) -> None:
    archive = written(tmp_path / "set", packed({"big.mid": bytes(100), "small.mid": b"x"}))
    assert list(unpacked(archive, Bounds(file_bytes=50))) == [f"{TOP}/small.mid"]


@pytest.mark.parametrize("kind", ["gz", "xz", "bz2"])
def test_a_damaged_archive_is_a_sentence(tmp_path: Path, kind: Packing) -> None:
    whole = packed({"a.mid": bytes(range(256)) * 400}, kind)
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 0xFF
    for content in (whole[: len(whole) // 2], bytes(flipped), b"<html>Sign in</html>", b""):
        with pytest.raises(DataError, match="not a whole archive"):
            unpacked(written(tmp_path / "set", content))
