"""From a measured epoch of a run to a model file with its card."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from lightning_fabric import Fabric

from engine.data.melody_habits import told_habits
from engine.errors import TrainingError
from engine.generation.suitability import MELODIES
from engine.store.curve_values import is_of_an_epoch
from engine.store.training_run import TrainingRun
from models.measuring import Candidate, Candidates
from models.settings import RunSettings
from models.task import task_for
from models.task_protocol import Task


def keep_candidate(
    task: Task,
    settings: RunSettings,
    run: TrainingRun,
    candidate: Candidate,
    started: Mapping[str, Any],
    path: Path,
) -> None:
    """Export an epoch; the task has its weights from here on. Raises `TrainingError`."""
    task.restore_snapshot(run.snapshot_path(candidate.epoch))
    task.export(path, record_of(settings, candidate, started, task.steps_per_epoch))


def record_of(
    settings: RunSettings, candidate: Candidate, started: Mapping[str, Any], steps_per_epoch: int
) -> dict[str, Any]:
    """What the card tells of the training and of the measures; no path of this machine."""
    source = settings.start_from
    training = {
        **settings.as_json(),
        "data": [Path(folder).name for folder in settings.data],
        "start_from": None if source is None else Path(source).stem,
        "steps": candidate.step,
        "epochs_trained": round(candidate.step / steps_per_epoch, 2),
        "seconds": candidate.seconds,
        "device": started["device"],
        "torch": torch.__version__,
        # By these the studio tells whether the model suits a melody.
        MELODIES: told_habits([Path(folder) for folder in settings.data]),
    }
    measures = {"segments": started["segments"], "model": candidate.row, **started["references"]}
    return {"training": training, "measures": {**measures, "score": candidate.score}}


def keep_epoch(
    run: TrainingRun, settings: RunSettings, wanted: str, name: str, path: Path
) -> dict[str, Any]:
    """Make a model named ``name`` of a run's epoch ("best" or a number), also while it trains.

    Raises `TrainingError`.
    """
    candidate, started = candidate_of(run, wanted)
    fabric = Fabric(accelerator="cpu", devices=1, precision="32-true")
    task = task_for(replace(settings, name=name, device="cpu", devices=1, nodes=1), fabric)
    keep_candidate(task, task.settings, run, candidate, started, path)
    return {"model": str(path), "epoch": candidate.epoch}


def candidate_of(run: TrainingRun, wanted: str) -> tuple[Candidate, dict[str, Any]]:
    """A measured epoch of a run ("best" or a number), with the run's last start.

    Raises `TrainingError` for one that was not measured, or whose weights are gone.
    """
    candidates, started = Candidates(), None
    for event in run.events():
        if event["event"] == "started" and "segments" in event:
            started = event
        elif is_of_an_epoch(event):
            candidates.add(Candidate.from_event(event))
    found = candidates.best if wanted == "best" else candidates.of_epoch(_number(wanted))
    if found is None or started is None:
        which = "trained and measured" if wanted == "best" else wanted
        raise TrainingError(
            f"The run {run.folder.name} has no epoch {which} to keep; "
            f"there are {candidates.listed or 'none yet'}."
        )
    if not run.snapshot_path(found.epoch).exists():
        raise TrainingError(f"The weights of epoch {found.epoch} of {run.folder.name} are gone.")
    return found, started


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise TrainingError(f"An epoch is a number, or best; {text} is neither.") from error
