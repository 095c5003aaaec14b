"""The trainer's command line: settings in, JSON lines out.

It needs torch, Fabric and numpy and a packed data set; what reads MIDI is imported only when a data
set is still to be imported.
"""

import argparse
import os
import re
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from engine.errors import TrainingError, TuttiError
from engine.store.training_run import TrainingRun
from models.arguments import WITH_RESUME, changed, parser
from models.reports import Report, reporter
from models.settings import RunSettings, checked, preset_named, settings_from

NAME = re.compile(r"\w([\w .\-]{0,62}[\w\-])?")


def main(arguments: Sequence[str]) -> int:
    """Run the trainer; returns the exit code."""
    asked = parser().parse_args(arguments)
    try:
        _run(asked)
    except TuttiError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _run(asked: argparse.Namespace) -> None:
    settings, run = _resumed(asked) if asked.resume else _new(asked)
    model_path = _model_path(asked, settings.name)
    stop = _stop_requests(asked.stop_on_eof)
    report = reporter(run, asked.json, stop)
    try:
        _train(settings, run, report, stop, model_path)
    except TuttiError as error:
        report({"event": "failed", "step": _last_step(run), "reason": str(error)})
        raise
    except Exception as error:  # The trainer's boundary: whoever listens learns of a bug, too.
        reason = f"The trainer met an unexpected error: {type(error).__name__}: {error}"
        report({"event": "failed", "step": _last_step(run), "reason": reason})
        raise


def _train(
    settings: RunSettings,
    run: TrainingRun,
    report: Report,
    stop: threading.Event,
    model_path: Path,
) -> None:
    # Imported late: wrong arguments are answered at once, without torch.
    from models.devices import make_fabric
    from models.task import task_for
    from models.train import train

    fabric = make_fabric(settings.device, settings.precision, report)
    task = task_for(settings, fabric)
    run.save_settings(settings.as_json())
    train(task, settings, run, fabric, report, stop.is_set, model_path)


def _last_step(run: TrainingRun) -> int:
    return max((event.get("step", 0) for event in run.events()), default=0)


def _new(asked: argparse.Namespace) -> tuple[RunSettings, TrainingRun]:
    if not asked.data:
        raise TrainingError("Say what to train on: --data with a data set's name or a folder.")
    if not asked.name or not NAME.fullmatch(asked.name):
        raise TrainingError("Give the model a --name of letters, digits, spaces, dots and dashes.")
    if len(asked.data) > 1:
        raise TrainingError("One data set at a time for now: give --data once.")
    preset = preset_named(
        asked.preset,
        learning_rate=asked.learning_rate,
        update_ratio=asked.update_ratio,
        batch_size=asked.batch_size,
        adversarial_weight=asked.adversarial_weight,
        adversarial_from=asked.adversarial_from,
        width=asked.width,
        deep_width=asked.deep_width,
        window_beats=asked.window_beats,
    )
    settings = RunSettings(
        name=asked.name,
        preset=preset,
        data=(),
        tags=tuple(asked.tag),
        seed=asked.seed,
        epochs=asked.epochs,
        checkpoint_minutes=asked.checkpoint_minutes,
        measure_every=asked.measure_every,
        measured_segments=asked.measured_segments,
        precision=asked.precision,
        device=asked.device,
    )
    # Checked before a data set is imported, which may take minutes.
    settings = replace(checked(settings), data=tuple(str(_packed(each)) for each in asked.data))
    folder = _runs(asked) / asked.name
    if (folder / "settings.json").exists():
        raise TrainingError(
            f"There is a run named {asked.name} already; choose another name, or --resume it."
        )
    return settings, TrainingRun(folder)


def _resumed(asked: argparse.Namespace) -> tuple[RunSettings, TrainingRun]:
    given = changed(asked)
    foreign = sorted(set(given) - WITH_RESUME)
    if foreign:
        option = "--" + foreign[0].replace("_", "-")
        raise TrainingError(f"A resumed run keeps what it was started with: leave out {option}.")
    folder = Path(asked.resume)
    if not (folder / "settings.json").exists():
        folder = _runs(asked) / asked.resume
    if not (folder / "settings.json").exists():
        raise TrainingError(f"There is no run {asked.resume}.")
    run = TrainingRun(folder)
    new = {key: given[key] for key in given if key in RunSettings.__dataclass_fields__}
    return checked(settings_from({**run.settings(), **new})), run


def _packed(name_or_folder: str) -> Path:
    folder = Path(name_or_folder)
    if (folder / "corpus.json").is_file():
        return folder.resolve()
    from engine.data.importing import packed_folder
    from engine.store.paths import data_sets_folder

    return packed_folder(name_or_folder, data_sets_folder())


def _runs(asked: argparse.Namespace) -> Path:
    if asked.runs:
        return Path(asked.runs)
    from engine.store.paths import runs_folder

    return runs_folder()


def _model_path(asked: argparse.Namespace, name: str) -> Path:
    """Where the model goes; found out before the training, not after it."""
    path: Path | None = asked.out
    if path is None:
        from engine.store.paths import models_folder

        path = models_folder() / f"{name}.onnx"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrainingError(
            f"The model's folder {path.parent} cannot be made: {error.strerror}."
        ) from error
    if path.is_dir():
        raise TrainingError(f"{path} is a folder; name the model's file.")
    return path


def _stop_requests(on_eof: bool) -> threading.Event:
    """Set by SIGINT, SIGTERM and, where asked for, by the end of stdin."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if on_eof:
        threading.Thread(target=_await_eof, args=(stop,), name="stdin", daemon=True).start()
    return stop


def _await_eof(stop: threading.Event) -> None:
    """Called on the stdin thread. Reads unbuffered: Python would end badly on a held buffer."""
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        pass  # a closed stdin is at its end, too
    stop.set()
