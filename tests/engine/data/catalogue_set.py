"""A small public set for tests: its entry, its files, its manifest."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from engine.data.catalogue import CatalogueEntry
from engine.data.downloading import Line
from engine.data.manifest import ManifestLine, manifest_path, write_manifest
from tests.archive_server import ArchiveServer, packed

FILES = {f"music/song{number}.mid": bytes([number]) * (100 + number) for number in range(20)}


def entry(**changes: object) -> CatalogueEntry:
    """A set of the name `tiny`."""
    values: dict[str, object] = {
        "name": "tiny", "title": "Tiny", "description": "Twenty songs.", "teaches": "Little.",
        "licence": "CC0 1.0", "licence_note": "Free for any use.", "songs": 20,
        "tags": ("test",), "source": "https://github.com/somebody/tiny", "commit": "0123abc",
        "bytes": sum(map(len, FILES.values())), "files": len(FILES),
    }  # fmt: skip
    return CatalogueEntry(**{**values, **changes})  # type: ignore[arg-type]


def write_sums(folder: Path, files: Mapping[str, bytes] = FILES, name: str = "tiny") -> Path:
    """A manifest of the files, whose paths lose their first folder here."""
    lines = [
        ManifestLine(path.partition("/")[2], path, len(content), sha256(content).hexdigest())
        for path, content in files.items()
    ]
    write_manifest(manifest_path(name, folder), lines)
    return folder


def offer_songs(server: ArchiveServer, songs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the server hand out a folder of songs whose checksums are those of the set `tiny`."""
    files = {f"music/{path.name}": path.read_bytes() for path in sorted(songs.iterdir())}
    server.content = packed(files)
    sums = songs.with_name("sums")
    sums.mkdir()
    write_sums(sums, files)
    monkeypatch.setattr("engine.data.fetching.CATALOGUE_FOLDER", sums)
    monkeypatch.setattr("engine.data.downloading.Line", lambda: Line(waits=(0.0,)))
