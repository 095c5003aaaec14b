"""What Tutti's data takes on the disk, by kind."""

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engine.store.paths import (
    data_folder,
    data_sets_folder,
    library_path,
    log_path,
    models_folder,
    runs_folder,
    sources_folder,
)
from engine.store.trash import FOLDER as TRASH


@dataclass(frozen=True, slots=True)
class Use:
    """One kind of data: ``bytes`` on the disk, of which ``trash`` lie in the trash."""

    name: str
    bytes: int
    trash: int = 0
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class DiskUse:
    """All kinds, and what is free where they lie; ``library`` are its items' bytes by kind."""

    uses: tuple[Use, ...]
    library: Mapping[str, int]
    free: int

    @property
    def total(self) -> int:
        """Bytes of everything."""
        return sum(use.bytes for use in self.uses)


def disk_use(library_shares: Mapping[str, int]) -> DiskUse:
    """Measures the folders of Tutti's data; takes a while where there is much.

    ``library_shares`` are the bytes of the library's items by kind.
    """
    library = library_path()
    uses = (
        Use("Songs and takes", sum(map(_size, library.parent.glob(f"{library.name}*")))),
        _folder("Models", models_folder()),
        _folder("Training runs", runs_folder()),
        _folder("Data sets", data_sets_folder()),
        _folder("Fetched files of data sets", sources_folder()),
        Use("Log", _size(log_path())),
    )
    existing = next(each for each in (data_folder(), *data_folder().parents) if each.exists())
    return DiskUse(uses, library_shares, shutil.disk_usage(existing).free)


def _folder(name: str, folder: Path) -> Use:
    trash = _tree(folder / TRASH)
    return Use(name, _tree(folder), trash, folder)


def _tree(folder: Path) -> int:
    """The bytes of all files under a folder; links are not followed."""
    size = 0
    for place, _, files in os.walk(folder):
        size += sum(_size(Path(place, name)) for name in files)
    return size


def _size(path: Path) -> int:
    with suppress(OSError):  # gone meanwhile
        return path.lstat().st_size
    return 0
