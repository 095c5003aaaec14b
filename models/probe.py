"""A look before the start: what a run would train on, how long it would take, and what it needs."""

import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from lightning_fabric import Fabric

from engine.errors import TrainingError
from models.device_facts import device_facts
from models.devices import make_fabric
from models.failures import OfferedError, memory_told
from models.fine_tune import parent_named
from models.memory import free_bytes, peak_bytes
from models.presets.preset import Preset
from models.settings import RunSettings
from models.task import task_for
from models.task_protocol import Task

Answer = dict[str, Any]

STEPS_TRIED = 4
TRY_SECONDS = 2.5  # after which no further step is tried
PLAYED = 8  # segments whose playing is timed; fewer take hardly less
FEW_SONGS, FEW_BARS = 30, 1000
BEATS_PER_BAR = 4
FEW_STEPS = 40
"""A fine-tuning of the band to seven files had brought its losses down by a third after 25."""
LONG_SECONDS = 8 * 3600
QUICK_SECONDS, QUICK_SHARE = 15 * 60, 0.7
"""What a preset for a first try may last, and the share of it that is offered."""
EVENT_BYTES = 250  # of a step's line
SHIPPED = Path(__file__).resolve().parents[1] / "resources" / "models"


@dataclass(frozen=True, slots=True)
class Trial:
    """What some real steps took: seconds a step and a measured segment; bytes on disk."""

    step_seconds: float
    segment_seconds: float
    checkpoint_bytes: int
    snapshot_bytes: int


def probe(settings: RunSettings, runs: Path | None = None) -> Answer:
    """Everything that can be told of a run before it starts. Raises `TrainingError`.

    ``runs`` is the folder whose disk will hold it. Trains a few steps that nobody keeps.
    """
    if not settings.data:
        raise TrainingError("Say what to train on: choose at least one data set.")
    fabric = make_fabric(settings.device, settings.precision, lambda event: None)
    free = free_bytes(fabric.device)
    facts = device_facts(fabric, settings.device)
    answer: Answer = {**facts, "memory_free": free, "memory_needed": None}
    advice: list[Answer] = []
    try:
        with memory_told(settings):
            task: Task = task_for(settings, fabric)
            trial = _tried(task, settings, fabric)
    except OfferedError as error:
        return {**answer, "advice": [_advice("memory", str(error), error.offer)]}
    answer |= _figures(task, settings, trial)
    answer["memory_needed"] = peak_bytes(fabric.device)
    answer["disk_free"] = shutil.disk_usage(_existing(runs)).free
    advice += _advised(answer, settings, task)
    return {**answer, "advice": advice}


def _tried(task: Task, settings: RunSettings, fabric: Fabric) -> Trial:
    """A few real steps and some playing, timed; the first of each warms up."""
    total = settings.total_epochs * task.steps_per_epoch
    began, steps = time.monotonic(), []
    for number in range(STEPS_TRIED):
        batch, drawn = _timed(task.batch, number)
        _, trained = _timed(task.step, number, total, batch)
        # The next batch is drawn while a GPU trains; on a CPU it takes from the same cores.
        on_cpu = fabric.device.type == "cpu"
        steps.append(trained + drawn / 2 if on_cpu else max(trained, drawn))
        if time.monotonic() - began > TRY_SECONDS:
            break
    stretches = task.held_out_stretches()[:PLAYED]
    _, played = _timed(task.played, stretches)
    return Trial(
        min(steps[1:] or steps),
        played / len(stretches),
        _checkpoint_bytes(task),
        _bytes_of(next(iter(task.modules.values()))),
    )


def _timed(work: Callable[..., Any], *given: Any) -> tuple[Any, float]:
    began = time.monotonic()
    done = work(*given)
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return done, time.monotonic() - began


def _figures(task: Task, settings: RunSettings, trial: Trial) -> Answer:
    measured = 1 + settings.total_epochs // settings.measure_every
    measuring = 2 * settings.measured_segments * trial.segment_seconds
    training = task.steps_per_epoch * trial.step_seconds
    steps = task.steps_per_epoch * settings.total_epochs
    disk = 3 * trial.checkpoint_bytes + (measured + 1) * trial.snapshot_bytes
    return {
        "songs": len(task.train_songs),
        "held_out": len(task.held_songs),
        "windows": task.window_count,
        "steps_per_epoch": task.steps_per_epoch,
        "seconds_per_epoch": round(training + measuring / settings.measure_every, 1),
        "seconds_total": round(training * settings.total_epochs + measuring * measured, 1),
        "disk_needed": disk + EVENT_BYTES * steps,
    }


def _advised(answer: Mapping[str, Any], settings: RunSettings, task: Task) -> Iterator[Answer]:
    """What should be said before the start."""
    bars = sum(song.beats for song in task.train_songs) // BEATS_PER_BAR
    songs, preset = answer["songs"], settings.preset
    if settings.start_from is not None:
        yield from _too_short(answer["steps_per_epoch"], settings.total_epochs)
    elif songs < FEW_SONGS or bars < FEW_BARS:
        yield _too_small(songs, bars, _shipped_parent(task))
    needed, free = answer["memory_needed"], answer["memory_free"]
    if needed is not None and free is not None and needed > free and preset.batch_size > 1:
        half = preset.batch_size // 2
        told = f"This needs about {_size(needed)} of memory and {_size(free)} are free"
        yield _advice("memory", f"{told}; try a batch of {half}.", _offer("batch_size", half))
    if answer["disk_needed"] > answer["disk_free"]:
        told = f"The run will fill about {_size(answer['disk_needed'])} of the disk"
        rarer = _offer("measure_every", settings.measure_every * 4)
        free_told = f"{_size(answer['disk_free'])} are free"
        yield _advice("disk", f"{told} and {free_told}; make room, or measure less often.", rarer)
    if _is_quick(preset) and QUICK_SECONDS < answer["seconds_total"] <= LONG_SECONDS:
        yield _too_slow(answer["seconds_total"], settings.total_epochs)
    if answer["seconds_total"] > LONG_SECONDS:
        epochs = int(settings.total_epochs * LONG_SECONDS / answer["seconds_total"])
        told = f"This takes about {answer['seconds_total'] / 3600:.0f} hours here"
        fewer = f"; {epochs} epochs take about eight" if epochs else ""
        pausing = ". It can be paused and resumed at any time"
        offer = _offer("epochs", epochs) if epochs else None
        yield _advice("slow", f"{told}{fewer}{pausing}.", offer)


def _is_quick(preset: Preset) -> bool:
    """Whether a preset is made to be done within a quarter of an hour."""
    return preset.minutes_hint is not None and 60 * preset.minutes_hint < QUICK_SECONDS


def _too_slow(seconds: float, epochs: int) -> Answer:
    fewer = max(1, int(epochs * QUICK_SHARE * QUICK_SECONDS / seconds))
    counted = f"{fewer} epochs take" if fewer > 1 else "1 epoch takes"
    told = (
        f"This takes about {seconds / 60:.0f} minutes here, longer than the preset is meant to: "
        "the machine is busy or slow. Close what else is at work, or train for less: "
        f"{counted} about {fewer * seconds / epochs / 60:.0f} minutes."
    )
    return _advice("slow", told, _offer("epochs", fewer))


def _shipped_parent(task: Task) -> str | None:
    """The shipped model that plays the most parts of this music, and so can be taught it."""
    parts = {name for name, _ in task.parts}
    played: dict[str, int] = {}
    for path in sorted(SHIPPED.glob("*.onnx")):
        roles = set(parent_named(str(path)).preset.roles)
        if parts >= roles:
            played[path.stem] = len(roles)
    return max(played, key=lambda name: played[name], default=None)


def _too_small(songs: int, bars: int, parent: str | None) -> Answer:
    told = (
        f"{songs} songs ({bars} bars) are few to learn a style from: the network would learn them "
        "by heart"
    )
    if parent is None:
        return _advice("too_small", f"{told}. Add more music of the kind.", None)
    offer = _offer("start_from", parent)
    return _advice("too_small", f"{told}. Start from the model {parent} and teach it these.", offer)


def _too_short(steps_per_epoch: int, epochs: int) -> Iterator[Answer]:
    """A handful of songs makes short epochs: the preset's few would teach the model nothing."""
    steps = steps_per_epoch * epochs
    if steps >= FEW_STEPS:
        return
    more = -(-FEW_STEPS // steps_per_epoch)
    told = (
        f"So few songs make {_counted(steps_per_epoch, 'step')} an epoch: after "
        f"{_counted(steps, 'step')} the model would play nearly as before. Train it for {more} "
        "epochs."
    )
    yield _advice("too_short", told, _offer("epochs", more))


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _advice(kind: str, sentence: str, offer: Mapping[str, Any] | None) -> Answer:
    return {"kind": kind, "sentence": sentence, "offer": offer}


def _offer(setting: str, value: object) -> Answer:
    return {"setting": setting, "value": value}


def _size(count: int) -> str:
    return f"{count / 2**30:.1f} GB" if count >= 2**30 else f"{count / 2**20:.0f} MB"


def _bytes_of(module: torch.nn.Module) -> int:
    return sum(tensor.numel() * tensor.element_size() for tensor in module.state_dict().values())


def _checkpoint_bytes(task: Task) -> int:
    """What a checkpoint holds: weights, and what the optimisers remember of them."""
    states = (optimizer.state.values() for optimizer in task.optimizers.values())
    remembered = (value for state in states for values in state for value in values.values())
    memory = sum(v.numel() * v.element_size() for v in remembered if isinstance(v, torch.Tensor))
    return memory + sum(_bytes_of(module) for module in task.modules.values())


def _existing(folder: Path | None) -> Path:
    """The nearest folder that exists already: its disk is the one to be filled."""
    if folder is None:
        from engine.store.paths import runs_folder

        folder = runs_folder()
    path = folder.absolute()
    with suppress(StopIteration):
        return next(each for each in (path, *path.parents) if each.is_dir())
    return Path.cwd()
