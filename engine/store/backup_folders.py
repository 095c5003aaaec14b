"""Training runs and data sets in a backup: whole folders, each under its kind."""

import filecmp
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from engine.files.file_names import free_name

RUNS, SETS = "runs", "data"
KINDS = (RUNS, SETS)
DEEPEST, LONGEST_PART = 12, 200


def files_in(folders: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    """Names in a backup, and the files: all but what is hidden, such as a trash, and links."""
    for kind, folder in folders.items():
        for place, below, names in os.walk(folder):
            below[:] = sorted(name for name in below if not name.startswith("."))
            for name in sorted(names):
                file = Path(place, name)
                entry = f"{kind}/{file.relative_to(folder).as_posix()}"
                if is_plain(entry) and file.is_file() and not file.is_symlink():
                    yield entry, file


def is_plain(entry: str) -> bool:
    """Whether an entry's name is that of a file in a run or a set: no path that leads elsewhere."""
    kind, *parts = entry.split("/")
    return kind in KINDS and 2 <= len(parts) <= DEEPEST and all(map(_is_plain_part, parts))


def _is_plain_part(part: str) -> bool:
    return (
        0 < len(part) <= LONGEST_PART
        and not set(part) & set('\\:*?"<>|\0')
        and not part.startswith(".")
        and not part.endswith((".", " "))
        and part.isprintable()
    )


def count_of(entries: Iterable[str], kind: str) -> int:
    """How many runs, or sets, some entries belong to."""
    return len({entry.split("/")[1] for entry in entries if entry.startswith(f"{kind}/")})


def put_back(unpacked: Path, folder: Path) -> int:
    """Move the folders of one kind to where they belong; how many were added.

    One that is there just so stays; beside another of its name it gets a name of its own.
    """
    added = 0
    for found in sorted(unpacked.iterdir()) if unpacked.is_dir() else ():
        target = folder / found.name
        if target.exists() and _same(found, target):
            continue
        folder.mkdir(parents=True, exist_ok=True)
        shutil.move(found, free_name(target))
        added += 1
    return added


def _same(one: Path, other: Path) -> bool:
    """Whether all files of one folder are, byte by byte, in another."""
    return all(
        (there := other / file.relative_to(one)).is_file()
        and filecmp.cmp(file, there, shallow=False)
        for file in one.rglob("*")
        if file.is_file()
    )
