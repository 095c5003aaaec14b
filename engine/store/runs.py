"""The training runs there are: what each was started with, how far it came, and how it ended.

A run tells its state by its last lines and by the lock that its trainer holds. Only the ends of the
lines' file are read, and nothing again that did not change: a hundred runs cost milliseconds.
"""

import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from engine.errors import TrainingError
from engine.files.atomic import write_atomically
from engine.store.paths import shipped_models_folder
from engine.store.run_lock import is_held
from engine.store.training_run import Event, TrainingRun

RunState = Literal["running", "paused", "stopped", "finished", "failed", "interrupted"]
Request = Literal["pause", "stop"]

NAME = re.compile(r"\w([\w .\-]{0,62}[\w\-])?")
NAME_RULE = "A name is made of letters, digits, spaces, dots and dashes, 64 at most."
SHIPPED_SUFFIX = ".run"
TRASH = ".trash"
HEAD_BYTES = 65_536
TAIL_BYTES = 1_000_000
BESIDES = frozenset({"warning", "checkpoint", "plateau"})
"""Events that say nothing of whether a run goes on."""
ENDS: Mapping[str, RunState] = {
    "paused": "paused",
    "stopped": "stopped",
    "finished": "finished",
    "failed": "failed",
}


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run in a line.

    ``seconds`` were trained so far; ``created`` and ``changed`` are seconds since 1970. ``model``
    is the file that was exported last, None before. ``similarity`` is that of ``best_epoch``.
    ``problem`` is why it failed, or why it cannot be read. ``bytes`` is what its folder takes.
    """

    name: str
    folder: Path
    state: RunState
    preset: str = ""
    data: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    epoch: int = 0
    epochs: int = 0
    step: int = 0
    seconds: float = 0.0
    device: str = ""
    created: float = 0.0
    changed: float = 0.0
    model: Path | None = None
    best_epoch: int | None = None
    similarity: float | None = None
    problem: str = ""
    bytes: int = 0
    shipped: bool = False

    @property
    def can_go_on(self) -> bool:
        """Whether it can be resumed from its last checkpoint."""
        return not self.shipped and self.state not in ("running", "finished")


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


def summary(folder: Path) -> RunSummary:
    """One run as it stands now."""
    read = _summary(folder, _stamp(folder))
    return replace(read, state="running", problem="") if is_held(folder) else read


def settings_of(folder: Path) -> dict[str, Any]:
    """What a run was started with, in one level: ``preset`` is its name, its values stand beside.

    Raises `TrainingError` where there is no run.
    """
    found = TrainingRun(folder).settings() if folder.is_dir() else {}
    preset = found.get("preset")
    if not isinstance(preset, dict):
        raise TrainingError(f"There is no training run in {folder}.")
    asked = {key: value for key, value in found.items() if value is not None}
    return {**preset, **asked, "preset": preset.get("name", "")}


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


def rename(folder: Path, name: str) -> Path:
    """Give a run another name and return its new folder; its model keeps its own.

    Raises `TrainingError` for a name that cannot be, and for a run that runs.
    """
    _still(folder, "renamed")
    settings = TrainingRun(folder).settings()
    settings_time = (folder / "settings.json").stat().st_mtime
    new = folder.with_name(name)
    if new == folder:
        return folder
    check_name(folder.parent, name)
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


def _stamp(folder: Path) -> tuple[tuple[int, int], ...]:
    """Sizes and times of the files that a summary is read from."""
    found = []
    for name in ("settings.json", "events.jsonl"):
        try:
            status = (folder / name).stat()
            found.append((status.st_size, status.st_mtime_ns))
        except OSError:
            found.append((0, 0))
    return tuple(found)


@lru_cache(maxsize=1024)
def _summary(folder: Path, stamp: tuple[tuple[int, int], ...]) -> RunSummary:
    """A run that nobody trains, read anew when its files changed."""
    (_, created), (_, told) = stamp
    known = RunSummary(
        folder.name,
        folder,
        "interrupted",
        created=created / 1e9,
        changed=max(created, told) / 1e9,
        bytes=_bytes(folder),
    )
    try:
        settings = settings_of(folder)
    except TrainingError as error:
        return replace(known, state="failed", problem=str(error))
    return _with_events(_with_settings(known, settings), folder / "events.jsonl")


def _with_settings(known: RunSummary, settings: Mapping[str, Any]) -> RunSummary:
    epochs = settings.get("epochs")
    return replace(
        known,
        name=str(settings.get("name") or known.name),
        preset=str(settings["preset"]),
        data=tuple(Path(str(each)).name for each in settings.get("data", ())),
        tags=tuple(str(each) for each in settings.get("tags", ())),
        epochs=epochs if isinstance(epochs, int) else 0,
    )


def _with_events(known: RunSummary, path: Path) -> RunSummary:
    head, tail = _ends(path)
    last = _last_word(tail)
    started = _last(tail, '"event": "started"') or _last(head, '"event": "started"') or {}
    epoch = _last(tail, '"event": "epoch"') or {}
    best = _last(tail, '"best": true') or {}
    measured = best or _last(tail, '"event": "measures"') or {}
    state = ENDS.get(last.get("event", ""), "interrupted")
    kept = last.get("epoch") if state in ("stopped", "finished") else None
    step = int(last.get("step", 0))
    return replace(
        known,
        state=state,
        step=step,
        epoch=int(epoch.get("epoch") or step // max(1, started.get("steps_per_epoch", step + 1))),
        epochs=int(epoch.get("of") or known.epochs),
        seconds=max(_seconds(each) for each in (last, epoch, _last(tail, '"seconds": ') or {})),
        device=str(started.get("device_name") or started.get("device") or ""),
        model=Path(last["model"]) if last.get("model") else None,
        best_epoch=kept if kept is not None else best.get("epoch"),
        similarity=measured.get("model", {}).get("similarity"),
        problem=str(last.get("reason", "")) if state == "failed" else "",
    )


def _ends(path: Path) -> tuple[bytes, bytes]:
    """The first and the last part of a file; empty where it cannot be read."""
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size - TAIL_BYTES))
            return head, stream.read(TAIL_BYTES)
    except OSError:
        return b"", b""


def _last(text: bytes, words: str) -> Event | None:
    """The last whole line that holds ``words``."""
    end = len(text)
    while (found := text.rfind(words.encode(), 0, end)) >= 0:
        begin = text.rfind(b"\n", 0, found) + 1
        event = _parsed(text[begin:].partition(b"\n")[0])
        if event is not None:
            return event
        end = begin
    return None


def _last_word(text: bytes) -> Event:
    """The last event that says whether the run goes on."""
    end = len(text)
    while end > 0:
        begin = text.rfind(b"\n", 0, end - 1) + 1
        event = _parsed(text[begin:end])
        if event is not None and event["event"] not in BESIDES:
            return event
        end = begin
    return {}


def _parsed(line: bytes) -> Event | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and isinstance(event.get("event"), str) else None


def _seconds(event: Event) -> float:
    value = event.get("seconds", 0.0)
    return float(value) if isinstance(value, int | float) else 0.0


def _bytes(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += (Path(place) / name).lstat().st_size
    return total
