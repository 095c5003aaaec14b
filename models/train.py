"""The training loop, to be read from top to bottom."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import torch
from lightning_fabric import Fabric
from torch import nn
from torch.optim import Optimizer

from engine.data.corpus import CorpusCard, SongEntry, Stretch
from engine.data.measures import (
    Segment,
    jaccard,
    measure,
    melody_octave_below,
    other_song,
)
from engine.errors import TrainingError
from engine.store.training_run import TrainingRun
from models import checkpoint
from models.curve import Curve
from models.settings import RunSettings

EXPLODED = 1e6
Report = Callable[[dict[str, Any]], None]


class Music(Protocol):
    """The songs of one data set or several (`engine.data`)."""

    @property
    def card(self) -> CorpusCard: ...

    @property
    def songs(self) -> tuple[SongEntry, ...]: ...

    def stretch(self, song: SongEntry, beat: int, beats: int) -> Stretch: ...


class Task(Protocol):
    """A network with its losses and its data: what differs between presets.

    ``curves`` are the numbers of a step, in the order to draw them. ``window_count`` is how many
    training windows an epoch hears. ``parts`` are the accompaniment's (name, program), in order.
    """

    @property
    def modules(self) -> Mapping[str, nn.Module]: ...

    @property
    def optimizers(self) -> Mapping[str, Optimizer]: ...

    @property
    def steps_per_epoch(self) -> int: ...

    @property
    def curves(self) -> tuple[Curve, ...]: ...

    @property
    def window_count(self) -> int: ...

    @property
    def parts(self) -> tuple[tuple[str, int], ...]: ...

    @property
    def corpus(self) -> Music: ...

    @property
    def train_songs(self) -> Sequence[SongEntry]: ...

    @property
    def held_songs(self) -> Sequence[SongEntry]: ...

    def batch(self, step: int) -> Any: ...

    def step(self, step: int, total: int, batch: Any, /) -> dict[str, float]: ...

    def held_out_stretches(self) -> list[Stretch]: ...

    def played(self, stretches: Sequence[Stretch], seed: int = 0) -> list[Segment]: ...

    def human(self, stretches: Sequence[Stretch]) -> list[Segment]: ...

    def snapshot(self, path: Path) -> None:
        """Write the generator's weights as they would be exported (`models.snapshots`)."""

    def restore_snapshot(self, path: Path) -> None:
        """Take a snapshot's weights: what is played and exported from here on. Not trained on."""

    def export(self, path: Path, record: Mapping[str, Any]) -> None: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: its last step, and whether all epochs were trained."""

    step: int
    finished: bool


def train(
    task: Task,
    settings: RunSettings,
    run: TrainingRun,
    fabric: Fabric,
    report: Report,
    stop_asked: Callable[[], bool],
    model_path: Path,
) -> Outcome:
    """Train until the last epoch or until stopped; either way the model is kept.

    Raises `TrainingError` for a run that diverges; the last good checkpoint stays.
    """
    total = settings.total_epochs * task.steps_per_epoch
    first = _resumed(task, run)
    stretches = task.held_out_stretches()
    human = task.human(stretches)
    report(_started(settings, task, fabric, first, total, human))
    before = _seconds_before(run)
    began = saved = time.monotonic()
    measures: dict[str, float] = {}
    step = first
    with ThreadPoolExecutor(1, thread_name_prefix="loader") as loader:
        upcoming = loader.submit(task.batch, step)
        while step < total and not stop_asked():
            batch, upcoming = upcoming.result(), loader.submit(task.batch, step + 1)
            found = task.step(step, total, batch)
            step += 1
            _check(found, step)
            report({"event": "step", "step": step, **found})
            if step % task.steps_per_epoch == 0 or step == total:
                epoch = -(-step // task.steps_per_epoch)
                report(
                    {"event": "epoch", "step": step, "epoch": epoch, "of": settings.total_epochs}
                )
                if epoch % settings.measure_every == 0 or step == total:
                    measures = _measured(task, stretches, human)
                    report({"event": "measures", "step": step, "epoch": epoch, "model": measures})
            if time.monotonic() - saved > 60 * settings.checkpoint_minutes:
                saved = time.monotonic()
                _save(task, run, step, before + saved - began, report)
    seconds = before + time.monotonic() - began
    _save(task, run, step, seconds, report)
    if not measures:
        measures = _measured(task, stretches, human)
        report({"event": "measures", "step": step, "model": measures})
    record = _record(settings, task, fabric, step, seconds, measures, human)
    task.export(model_path, record)
    report(
        {
            "event": "finished" if step >= total else "stopped",
            "step": step,
            "seconds": round(seconds, 1),
            "model": str(model_path),
        }
    )
    return Outcome(step, step >= total)


def _resumed(task: Task, run: TrainingRun) -> int:
    if not run.checkpoint_path.exists():
        run.cut_after(0)
        return 0
    step = checkpoint.load(run.checkpoint_path, task.modules, task.optimizers)
    run.cut_after(step)
    return step


def _seconds_before(run: TrainingRun) -> float:
    """Wall time of the sessions before this one, as their last checkpoint told it."""
    told = [event["seconds"] for event in run.events() if event["event"] == "checkpoint"]
    return float(told[-1]) if told else 0.0


def _save(task: Task, run: TrainingRun, step: int, seconds: float, report: Report) -> None:
    for name, module in task.modules.items():
        if not all(bool(weight.isfinite().all()) for weight in module.parameters()):
            raise _diverged(step, f"the {name}'s weights are no longer numbers")
    checkpoint.save(run.checkpoint_path, step, task.modules, task.optimizers)
    report({"event": "checkpoint", "step": step, "seconds": round(seconds, 1)})


def _check(found: dict[str, float], step: int) -> None:
    for name, value in found.items():
        if not math.isfinite(value) or abs(value) > EXPLODED:
            raise _diverged(step, f"the {name} loss became {value:.3g}")


def _diverged(step: int, what: str) -> TrainingError:
    return TrainingError(
        f"Training diverged at step {step}: {what}. "
        "The last checkpoint is kept; try a lower learning rate."
    )


def _measured(task: Task, stretches: list[Stretch], human: list[Segment]) -> dict[str, float]:
    one, two = task.played(stretches, seed=0), task.played(stretches, seed=1)
    found = measure(one, human)
    pairs = [jaccard(a, b) for a, b in zip(one, two, strict=True)]
    across = [jaccard(a, b) for a, b in pairwise(one)]
    found["takes_jaccard"] = _mean(pairs)
    found["inputs_jaccard"] = _mean(across)
    return {name: round(value, 4) for name, value in found.items() if math.isfinite(value)}


def _mean(values: list[float]) -> float:
    known = [value for value in values if math.isfinite(value)]
    return sum(known) / len(known) if known else math.nan


def reference_rows(human: list[Segment]) -> dict[str, dict[str, float]]:
    """The rows that keep the figures honest: people, another song, the melody an octave lower."""
    return {
        "human": measure(human, human),
        "other_song": measure(other_song(human), human),
        "melody_octave_below": measure(melody_octave_below(human), human),
    }


def _started(
    settings: RunSettings, task: Task, fabric: Fabric, first: int, total: int, human: list[Segment]
) -> dict[str, Any]:
    rows = reference_rows(human)
    clean = {
        row: {name: round(value, 4) for name, value in values.items() if math.isfinite(value)}
        for row, values in rows.items()
    }
    return {
        "event": "started",
        "name": settings.name,
        "preset": settings.preset.name,
        "from_step": first,
        "steps": total,
        "steps_per_epoch": task.steps_per_epoch,
        "device": str(fabric.device),
        "parameters": {
            name: sum(weight.numel() for weight in module.parameters() if weight.requires_grad)
            for name, module in task.modules.items()
        },
        "references": clean,
    }


def _record(
    settings: RunSettings,
    task: Task,
    fabric: Fabric,
    step: int,
    seconds: float,
    measures: dict[str, float],
    human: list[Segment],
) -> dict[str, Any]:
    training = {
        **settings.as_json(),
        "data": [Path(folder).name for folder in settings.data],
        "steps": step,
        "epochs_trained": round(step / task.steps_per_epoch, 2),
        "seconds": round(seconds, 1),
        "device": str(fabric.device),
        "torch": torch.__version__,
    }
    rows = {"model": measures, **reference_rows(human)}
    kept = {
        row: {name: round(value, 4) for name, value in values.items() if math.isfinite(value)}
        for row, values in rows.items()
    }
    return {"training": training, "measures": {"segments": len(human), **kept}}
