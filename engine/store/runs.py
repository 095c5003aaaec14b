"""The training runs there are: listed, asked to stop, renamed, deleted and brought back."""

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Literal

from engine.errors import TrainingError
from engine.files.atomic import write_atomically
from engine.store.paths import shipped_models_folder
from engine.store.run_lock import is_held
from engine.store.run_summary import ENDS, RunState, RunSummary, data_name, settings_of, summary
from engine.store.training_run import NAME, NAME_RULE, TrainingRun

__all__ = [
    "ENDS", "NAME", "NAME_RULE", "RunState", "RunSummary", "check_name", "check_new_name",
    "data_name", "empty_trash", "rename", "request", "restore", "runs", "settings_of",
    "shipped_runs", "summary", "trash",
]  # fmt: skip

Request = Literal["pause", "stop"]

SHIPPED_SUFFIX = ".run"
TRASH = ".trash"


def runs(folder: Path, with_shipped: bool = True) -> tuple[RunSummary, ...]:
    """The runs in a folder: those that run now, then the last changed ones, then shipped ones.

    A run whose settings are damaged is listed with its problem. The folder need not exist.
    """
    own = [summary(each) for each in _folders(folder)]
    own.sort(key=lambda run: (run.state != "running", -run.changed, run.name))
    return (*own, *(shipped_runs() if with_shipped else ()))


def shipped_runs() -> tuple[RunSummary, ...]:
    """How the models that come with Tutti were trained."""
    folders = sorted(shipped_models_folder().glob(f"*{SHIPPED_SUFFIX}"))
    return tuple(
        replace(summary(each), shipped=True) for each in folders if (each / "events.jsonl").exists()
    )


def request(folder: Path, what: Request) -> None:
    """Ask the trainer of a run to pause or stop, wherever it was started. Raises `TrainingError`.

    It looks at every step and takes the file away when it obeys.
    """
    with write_atomically(folder / "request", TrainingError) as beside:
        beside.write_text(f"{what}\n", "utf-8")


def check_name(folder: Path, name: str) -> None:
    """Raises `TrainingError` where no new run among those of ``folder`` can have this name."""
    if not NAME.fullmatch(name):
        raise TrainingError(NAME_RULE)
    if (folder / name).exists():
        raise TrainingError(f"There is a run named {name} already; choose another name.")


def check_new_name(folder: Path, name: str) -> None:
    """As `check_name`, for a run that begins: a run of which nothing was kept gives its name up."""
    if not NAME.fullmatch(name) or is_held(folder / name) or _has_checkpoint(folder / name):
        check_name(folder, name)


def _has_checkpoint(folder: Path) -> bool:
    # Asked of a folder that need not be there: it is not made for the question.
    return folder.is_dir() and TrainingRun(folder).has_checkpoint


def rename(folder: Path, name: str) -> Path:
    """Give a run another name and return its new folder; its model keeps its own.

    Raises `TrainingError` for a name that cannot be, and for a run that runs.
    """
    _still(folder, "renamed")
    settings = TrainingRun(folder).settings()
    settings_time = (folder / "settings.json").stat().st_mtime
    if name == folder.name:
        return folder
    check_name(folder.parent, name)
    new = folder.parent / name
    _move(folder, new)
    TrainingRun(new).save_settings({**settings, "name": name})
    os.utime(new / "settings.json", (settings_time, settings_time))
    return new


def trash(folder: Path) -> Path:
    """Put a run aside, from where `restore` brings it back. Raises `TrainingError`."""
    _still(folder, "deleted")
    place = folder.parent / TRASH / f"{int(time.time())}-{secrets.token_hex(4)}"
    try:
        place.mkdir(parents=True)
    except OSError as error:
        raise TrainingError(f"{folder.name} could not be deleted: {error.strerror}.") from error
    _move(folder, place / folder.name)
    return place / folder.name


def restore(trashed: Path) -> Path:
    """Bring back what `trash` put aside. Raises `TrainingError` where its name is taken."""
    place = trashed.parent
    back = place.parent.parent / trashed.name
    check_name(back.parent, back.name)
    _move(trashed, back)
    with suppress(OSError):
        place.rmdir()
    return back


def empty_trash(folder: Path, older_than_days: float = 30.0) -> None:
    """Remove for good what was deleted long ago. What cannot be removed stays."""
    limit = time.time() - older_than_days * 86_400
    for place in (folder / TRASH).glob("*-*"):
        stamp = place.name.partition("-")[0]
        if stamp.isdigit() and int(stamp) < limit:
            shutil.rmtree(place, ignore_errors=True)


def _still(folder: Path, verb: str) -> None:
    if is_held(folder):
        raise TrainingError(f"{folder.name} is training; stop it before it is {verb}.")


def _move(source: Path, target: Path) -> None:
    try:
        source.replace(target)
    except OSError as error:
        raise TrainingError(f"{source.name} could not be moved: {error.strerror}.") from error


def _folders(folder: Path) -> Iterator[Path]:
    with suppress(FileNotFoundError, NotADirectoryError):
        yield from (each for each in folder.iterdir() if (each / "settings.json").is_file())
