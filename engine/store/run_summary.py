"""One training run as it stands: its settings, and what the ends of its lines tell.

A run tells its state by its last lines and by the lock that its trainer holds. Only the ends of the
lines' file are read, and nothing again that did not change: a hundred runs cost milliseconds.
"""

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from engine.errors import TrainingError
from engine.store.curve_values import LONGEST_NAME, number_of, numbers_of, text_of, whole_of
from engine.store.event_tail import Event
from engine.store.run_lock import is_held
from engine.store.training_run import TrainingRun

RunState = Literal["running", "paused", "stopped", "finished", "failed", "interrupted"]

HEAD_BYTES = 65_536
TAIL_BYTES = 1_000_000
MOST_LINES = 1_000
"""How many lines are looked at for one event: what is no run of ours has endless ones."""
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
    ``has_checkpoint``: there is something to go on from.
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
    has_checkpoint: bool = False

    @property
    def can_go_on(self) -> bool:
        """Whether it can be resumed: from its last checkpoint, or its beginning if it was cut off.

        A run that failed before its first checkpoint would fail again.
        """
        if self.shipped or self.state in ("running", "finished"):
            return False
        return self.has_checkpoint or self.state != "failed"


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
        has_checkpoint=folder.is_dir() and TrainingRun(folder).has_checkpoint,
    )
    try:
        settings = settings_of(folder)
    except TrainingError as error:
        return replace(known, state="failed", problem=str(error))
    return _with_events(_with_settings(known, settings), folder / "events.jsonl")


def _with_settings(known: RunSummary, settings: Mapping[str, Any]) -> RunSummary:
    return replace(
        known,
        name=text_of(settings, "name")[:LONGEST_NAME] or known.name,
        preset=str(settings["preset"]),
        data=tuple(data_name(each) for each in _listed(settings, "data")),
        tags=tuple(str(each) for each in _listed(settings, "tags")),
        epochs=whole_of(settings, "epochs") or 0,
    )


def data_name(told: Any) -> str:
    """The name of a data set out of a run's settings: a folder, or what a model's card tells."""
    if isinstance(told, Mapping):
        return str(told.get("name", ""))
    return Path(str(told)).name


def _listed(settings: Mapping[str, Any], name: str) -> Sequence[Any]:
    found = settings.get(name)
    return found if isinstance(found, list) else ()


def _with_events(known: RunSummary, path: Path) -> RunSummary:
    head, tail = _ends(path)
    last = _last_word(tail)
    started = _last(tail, '"event": "started"') or _last(head, '"event": "started"') or {}
    epoch = _last(tail, '"event": "epoch"') or {}
    best = _last(tail, '"best": true') or {}
    measured = best or _last(tail, '"event": "measures"') or {}
    state = ENDS.get(text_of(last, "event"), "interrupted")
    kept = whole_of(last, "epoch") if state in ("stopped", "finished") else None
    step = whole_of(last, "step") or 0
    an_epoch = max(1, whole_of(started, "steps_per_epoch") or step + 1)
    return replace(
        known,
        state=state,
        step=step,
        epoch=whole_of(epoch, "epoch") or step // an_epoch,
        epochs=whole_of(epoch, "of") or known.epochs,
        seconds=max(_seconds(each) for each in (last, epoch, _last(tail, '"seconds": ') or {})),
        device=text_of(started, "device_name") or text_of(started, "device"),
        model=Path(text_of(last, "model")) if text_of(last, "model") else None,
        best_epoch=kept if kept is not None else whole_of(best, "epoch"),
        similarity=numbers_of(measured.get("model")).get("similarity"),
        problem=text_of(last, "reason") if state == "failed" else "",
    )


def _ends(path: Path) -> tuple[bytes, bytes]:
    """The first and the last part of a file; empty where it cannot be read, or is none."""
    if not path.is_file():  # a pipe would never end
        return b"", b""
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size - TAIL_BYTES))
            return head, stream.read(TAIL_BYTES)
    except OSError:
        return b"", b""


def _last(text: bytes, words: str) -> Event | None:
    """The last whole line that holds ``words``, among the last `MOST_LINES` that do."""
    end = len(text)
    for _ in range(MOST_LINES):
        found = text.rfind(words.encode(), 0, end)
        if found < 0:
            break
        begin, line_end = text.rfind(b"\n", 0, found) + 1, text.find(b"\n", found)
        event = _parsed(text[begin : len(text) if line_end < 0 else line_end])
        if event is not None:
            return event
        end = begin
    return None


def _last_word(text: bytes) -> Event:
    """The last event that says whether the run goes on."""
    end = len(text)
    for _ in range(MOST_LINES):
        begin = text.rfind(b"\n", 0, end - 1) + 1
        event = _parsed(text[begin:end])
        if event is not None and event["event"] not in BESIDES:
            return event
        end = begin
    return {}


def _parsed(line: bytes) -> Event | None:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) and isinstance(event.get("event"), str) else None


def _seconds(event: Event) -> float:
    return max(0.0, number_of(event, "seconds") or 0.0)


def _bytes(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += (Path(place) / name).lstat().st_size
    return total
