"""A small public set for tests: its entry, its files, its manifest."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from engine.data.catalogue import CatalogueEntry
from engine.data.manifest import ManifestLine, manifest_path, write_manifest

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
