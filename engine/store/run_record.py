"""A compact record of a training run, small enough to come with the model that it made.

What is told once an epoch stays as it was told. Steps are many: each point of the record is the
mean of as many steps as it takes to keep the record small, and the record says of how many.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.errors import TrainingError
from engine.store.event_tail import Event
from engine.store.training_run import TrainingRun

MOST_BYTES = 200_000
DIGITS = 5
COARSEST = 1 << 20
LEFT_OUT = frozenset({"checkpoint"})
"""Events that say nothing of how a model came to be."""
ENDS = frozenset({"stopped", "finished"})
NOT_NUMBERS = frozenset({"event", "step"})


@dataclass(frozen=True, slots=True)
class RunRecord:
    """Settings and events to be kept; each point stands for ``steps_a_point`` steps."""

    settings: Mapping[str, Any]
    events: tuple[Event, ...]
    steps_a_point: int

    @property
    def note(self) -> str:
        """What its points stand for, a sentence."""
        return _note(self.steps_a_point)

    @property
    def settings_text(self) -> str:
        """What is written as settings.json."""
        return json.dumps(self.settings, indent=1) + "\n"

    @property
    def events_text(self) -> str:
        """What is written as events.jsonl."""
        return "".join(json.dumps(event) + "\n" for event in self.events)


def record_of(run: Path, most_bytes: int = MOST_BYTES) -> RunRecord:
    """The record of a run's folder, as fine as ``most_bytes`` allow. Raises `TrainingError`.

    Paths of this machine become the names of what lies there.
    """
    source = TrainingRun(run)
    settings = _without_paths(source.settings())
    events = [_without_paths(event) for event in _as_trained(source.events())]
    steps_a_point = 1
    while steps_a_point <= COARSEST:
        record = RunRecord(settings, tuple(_thinned(events, steps_a_point)), steps_a_point)
        if len(record.settings_text) + len(record.events_text) <= most_bytes:
            return record
        steps_a_point += 1 if steps_a_point < 10 else steps_a_point // 4
    raise TrainingError(f"The record of {run.name} cannot be made as small as {most_bytes} bytes.")


def write_record(record: RunRecord, folder: Path) -> None:
    """Write a record as a run's folder. Raises `TrainingError`."""
    target = TrainingRun(folder)
    try:
        target.settings_path.write_text(record.settings_text, "utf-8")
        target.events_path.write_text(record.events_text, "utf-8")
    except OSError as error:
        raise TrainingError(f"{folder} could not be written: {error.strerror}.") from error


def ended_with(record: RunRecord) -> int:
    """The epoch that was kept as the model: the one named at the end, else the last one."""
    for event in reversed(record.events):
        if event["event"] in ENDS or event["event"] == "epoch":
            epoch = event.get("epoch")
            if isinstance(epoch, int):
                return epoch
    return 0


def with_sample(record: RunRecord, epoch: int) -> RunRecord:
    """The same record, telling of a sample of ``epoch`` before it tells of its end."""
    events = [event for event in record.events if event["event"] != "sample"]
    last = len(events)
    while last and events[last - 1]["event"] in ENDS:
        last -= 1
    step = events[last - 1].get("step", 0) if last else 0
    sample = {
        "event": "sample",
        "step": step,
        "epoch": epoch,
        "file": f"samples/epoch-{epoch:04d}.json",
        "snapshot": "",
    }
    return replace(record, events=(*events[:last], sample, *events[last:]))


def _as_trained(events: Iterable[Event]) -> list[Event]:
    """What a run told, but for what it told again, and better, after it was taken up again."""
    kept: list[Event] = []
    for event in events:
        if event.get("event") == "started":
            first = event.get("from_step", 0)
            kept = [each for each in kept if each.get("step", 0) <= first]
        told = {key: value for key, value in event.items() if value is not None}
        if event.get("event") not in LEFT_OUT and not (kept and told == kept[-1]):
            kept.append(told)
    return kept


def _thinned(events: Iterable[Event], steps_a_point: int) -> Iterator[Event]:
    waiting: list[Event] = []
    for event in events:
        if event["event"] == "step":
            waiting.append(event)
            if len(waiting) == steps_a_point:
                yield _mean(waiting)
                waiting = []
            continue
        if waiting:
            yield _mean(waiting)
            waiting = []
        yield {**event, "note": _note(steps_a_point)} if event["event"] == "started" else event
    if waiting:
        yield _mean(waiting)


def _note(steps_a_point: int) -> str:
    if steps_a_point == 1:
        return "Each point is one step."
    return f"Each point is the mean of {steps_a_point} steps."


def _mean(steps: list[Event]) -> Event:
    """One step event for several: at the last one's step, each curve its mean over them."""
    names = dict.fromkeys(name for step in steps for name in step if name not in NOT_NUMBERS)
    means: Event = {"event": "step", "step": steps[-1]["step"]}
    for name in names:
        values = [value for step in steps if (value := _number(step.get(name))) is not None]
        if values:
            means[name] = _rounded(math.fsum(values) / len(values))
    return means


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _without_paths(value: Any) -> Any:
    """The same JSON with the names of files in place of where they lie."""
    if isinstance(value, dict):
        return {key: _without_paths(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_paths(each) for each in value]
    if isinstance(value, str) and (value.startswith("/") or value[1:3] in (":\\", ":/")):
        return value.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return value
