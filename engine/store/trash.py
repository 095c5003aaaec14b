"""What was deleted lies aside for a while, so that it can be taken back.

A thing of the folder ``F`` goes to ``F/.trash/<when>-<random>/<its name>``: the same disk, so that
it is moved and never copied.
"""

import os
import secrets
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engine.errors import TuttiError

FOLDER = ".trash"
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Aside:
    """Something that was deleted: where it lies, and when that was (seconds since 1970)."""

    path: Path
    deleted: float


def put_aside(path: Path, error: type[TuttiError]) -> Path:
    """Delete a file or folder so that `bring_back` can undo it; where it lies. Raises ``error``."""
    place = path.parent / FOLDER / f"{int(time.time())}-{secrets.token_hex(4)}"
    try:
        place.mkdir(parents=True)
        path.replace(place / path.name)
    except OSError as problem:
        raise error(f"{path.name} could not be deleted: {problem.strerror}.") from problem
    return place / path.name


def bring_back(aside: Path, error: type[TuttiError]) -> Path:
    """Undo `put_aside`; where it stands again. Raises ``error`` where its place is taken."""
    back = aside.parent.parent.parent / aside.name
    if back.exists():
        raise error(f"There is another {aside.name} now; rename that one first.")
    try:
        aside.replace(back)
    except OSError as problem:
        raise error(f"{aside.name} could not be brought back: {problem.strerror}.") from problem
    with suppress(OSError):
        aside.parent.rmdir()
    return back


def lying_aside(folder: Path) -> tuple[Aside, ...]:
    """What was deleted from a folder and can be brought back."""
    found: list[Aside] = []
    with suppress(OSError):
        for place in os.scandir(folder / FOLDER):
            stamp = place.name.partition("-")[0]
            if stamp.isdigit() and place.is_dir(follow_symlinks=False):
                found += [Aside(path, float(stamp)) for path in Path(place.path).iterdir()]
    return tuple(found)


def empty_trash(folder: Path, older_than_days: float) -> None:
    """Remove for good what was deleted long ago from a folder. What cannot be removed stays."""
    limit = time.time() - older_than_days * DAY_SECONDS
    with suppress(OSError):
        for place in os.scandir(folder / FOLDER):
            stamp = place.name.partition("-")[0]
            if stamp.isdigit() and int(stamp) < limit:
                shutil.rmtree(place.path, ignore_errors=True)
