"""From the catalogue to a folder of checked files: fetch, unpack, compare, put in place.

A set's archive is fetched to a hidden file, and of what is in it only files with the checksum of
the manifest are written, each to the manifest's own path. The folder appears whole or not at
all. What is not in the manifest is left out; what should be there and is another file is refused,
counted and named.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.data.abc_songs import midi_from_abc
from engine.data.catalogue import CatalogueEntry
from engine.data.downloading import Line, arrived_bytes, download, forget_part
from engine.data.manifest import CATALOGUE_FOLDER, Manifest, manifest_path, read_manifest
from engine.data.progress import Progress
from engine.data.sorting_out import SortedOut, sort_out
from engine.errors import DataError
from engine.files.atomic import writing_failed

NOTE = "fetched.json"


@dataclass(frozen=True, slots=True)
class FetchedSet:
    """A set that lies here: its folder, how many files it has, and what was not as it should be.

    ``altered`` are files whose sum differed, ``missing`` those that were not in the archive.
    """

    folder: Path
    commit: str
    kept: int
    altered: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def remark(self) -> str:
        """A sentence on files that are not there; empty when all are."""
        parts = [
            f"{len(self.altered)} were not the files that are known and were refused"
            if self.altered
            else "",
            f"{len(self.missing)} were not in the archive" if self.missing else "",
        ]
        told = " and ".join(filter(None, parts))
        return f"{self.kept} files are checked and kept; {told}." if told else ""


def fetch(
    entry: CatalogueEntry,
    folder: Path,
    progress: Callable[[Progress], None] = lambda progress: None,
    cancelled: Callable[[], bool] = lambda: False,
    *,
    manifests: Path | None = None,
    line: Line | None = None,
) -> FetchedSet:
    """Fetch a set into ``folder`` under its name, unpacked and checked; at once if it is there.

    ``manifests`` is where checksums lie, by default the catalogue's. Raises `DataError`; a download
    that broke or was cancelled goes on from there the next time.
    """
    if entry.recipe:
        raise DataError(entry.recipe)
    here = fetched(entry, folder)
    if here is not None:
        return here
    manifest = read_manifest(manifest_path(entry.name, manifests or CATALOGUE_FOLDER))
    archive = _archive(entry, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not archive.is_file():
            download(entry.address, archive, progress, cancelled, line)
        return _unpack(entry, folder, manifest, progress, cancelled)
    except OSError as error:
        raise DataError(writing_failed(folder / entry.name, error)) from error


def fetched(entry: CatalogueEntry, folder: Path) -> FetchedSet | None:
    """The set as it lies in ``folder``; None when it is not there, or of another commit."""
    place = folder / entry.name
    try:
        note = json.loads((place / NOTE).read_text("utf-8"))
        if note["commit"] != entry.commit:
            return None
        return FetchedSet(
            place, note["commit"], note["kept"], tuple(note["altered"]), tuple(note["missing"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def arrived(entry: CatalogueEntry, folder: Path) -> int:
    """Bytes of a download that was broken off and can go on."""
    return arrived_bytes(_archive(entry, folder))


def forget(entry: CatalogueEntry, folder: Path) -> None:
    """Throw away what was fetched of a set."""
    forget_part(_archive(entry, folder))
    _archive(entry, folder).unlink(missing_ok=True)
    shutil.rmtree(folder / entry.name, ignore_errors=True)


def _archive(entry: CatalogueEntry, folder: Path) -> Path:
    return folder / f".{entry.name}-{entry.commit[:7]}.archive"


def _unpack(
    entry: CatalogueEntry,
    folder: Path,
    manifest: Manifest,
    progress: Callable[[Progress], None],
    cancelled: Callable[[], bool],
) -> FetchedSet:
    archive, place = _archive(entry, folder), folder / entry.name
    partial = folder / f".{entry.name}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    try:
        found = sort_out(archive, manifest, partial, progress, cancelled)
        _finish(entry, partial, found, cancelled)
        shutil.rmtree(place, ignore_errors=True)
        partial.replace(place)
    except DataError:
        if not cancelled():
            # An archive that is no use now will be none later.
            archive.unlink(missing_ok=True)
        raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    archive.unlink(missing_ok=True)
    return FetchedSet(place, entry.commit, found.kept, found.altered, found.missing)


def _finish(
    entry: CatalogueEntry, partial: Path, found: SortedOut, cancelled: Callable[[], bool]
) -> None:
    if not found.kept:
        raise DataError(
            f"None of the files of {entry.title} is the one that is known; nothing was kept."
        )
    if entry.converts == "abc":
        midi_from_abc(partial / "abc", partial / "midi", cancelled)
    note = {"commit": entry.commit, "source": entry.source, **asdict(found)}
    (partial / NOTE).write_text(json.dumps(note), "utf-8")
