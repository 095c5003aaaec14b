"""Packed data sets that were removed and can be taken back for a while."""

import shutil
import time
from pathlib import Path

from engine.data.data_sets import checked_name, is_packed
from engine.errors import DataError

FOLDER = ".removed"
KEPT_SECONDS = 24 * 3600.0


def put_away(name: str, data_sets_folder: Path) -> None:
    """Take a set out of the others. Raises `DataError`."""
    folder = data_sets_folder / checked_name(name)
    if not is_packed(folder):
        raise DataError(f"There is no data set {name}.")
    place = data_sets_folder / FOLDER / name
    try:
        shutil.rmtree(place, ignore_errors=True)
        place.parent.mkdir(exist_ok=True)
        folder.replace(place)
        (place / "corpus.json").touch()  # from now on the time counts
    except OSError as error:
        raise DataError(
            f"The data set {name} is in use. Try again when its run is over."
        ) from error


def bring_back(name: str, data_sets_folder: Path) -> None:
    """Put a set back among the others. Raises `DataError`."""
    target = data_sets_folder / checked_name(name)
    if target.exists():
        raise DataError(f"There is another data set called {name} by now; remove that one first.")
    try:
        (data_sets_folder / FOLDER / name).replace(target)
    except OSError as error:
        raise DataError(f"The data set {name} is not there any more; import it again.") from error


def empty(data_sets_folder: Path, older_than_seconds: float = KEPT_SECONDS) -> None:
    """Throw away for good what was removed some time ago."""
    now = time.time()
    for place in (data_sets_folder / FOLDER).glob("*"):
        index = place / "corpus.json"
        if not index.exists() or now - index.stat().st_mtime >= older_than_seconds:
            shutil.rmtree(place, ignore_errors=True)
