"""The files that were fetched of a set of the catalogue: how much they are, away and back.

A set is packed once; its files are needed again only to import it by another rule.
"""

from collections.abc import Sequence
from pathlib import Path

from engine.data.catalogue import CatalogueEntry
from engine.errors import DataError
from engine.store.trash import bring_back, put_aside


def fetched_bytes(entry: CatalogueEntry, folder: Path) -> int:
    """How much lies in ``folder`` of a set, what has arrived of its archive too."""
    return sum(_size(path) for path in _places(entry, folder))


def put_away(entry: CatalogueEntry, folder: Path) -> tuple[Path, ...]:
    """Delete what was fetched of a set so that `take_back` can undo it. Raises `DataError`."""
    return tuple(put_aside(path, DataError) for path in _places(entry, folder))


def take_back(aside: Sequence[Path]) -> None:
    """Undo `put_away`. Raises `DataError` where it was fetched anew."""
    for path in aside:
        bring_back(path, DataError)


def _places(entry: CatalogueEntry, folder: Path) -> list[Path]:
    unpacked = [folder / entry.name] if (folder / entry.name).is_dir() else []
    return unpacked + sorted(folder.glob(f".{entry.name}-*.archive*"))


def _size(path: Path) -> int:
    inside = path.rglob("*") if path.is_dir() else (path,)
    return sum(each.lstat().st_size for each in inside if each.is_file())
