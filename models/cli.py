"""The trainer's command line: settings in, JSON lines out.

It needs torch, Fabric and numpy and a packed data set; what reads MIDI is imported only when a data
set is still to be imported.
"""

import argparse
import contextlib
import json
import re
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from engine.errors import TrainingError, TuttiError
from engine.store.training_run import TrainingRun
from models.presets import PRESETS
from models.settings import RunSettings, preset_named, settings_from

NAME = re.compile(r"[\w][\w .\-]{0,63}")
LOUD = frozenset({"started", "epoch", "measures", "checkpoint", "finished", "stopped", "warning"})


def parser() -> argparse.ArgumentParser:
    """The arguments of ``tutti train``."""
    made = argparse.ArgumentParser(prog="tutti train", description="Train a generator of your own.")
    made.add_argument("--data", action="append", default=[], metavar="NAME_OR_FOLDER")
    made.add_argument("--name", help="the model's name")
    made.add_argument("--preset", default="pop", choices=sorted(PRESETS))
    made.add_argument("--tag", action="append", default=[])
    made.add_argument("--epochs", type=int)
    made.add_argument("--learning-rate", type=float)
    made.add_argument("--update-ratio", type=int)
    made.add_argument("--batch-size", type=int)
    made.add_argument("--adversarial-weight", type=float)
    made.add_argument("--adversarial-from", type=float)
    made.add_argument("--width", type=int)
    made.add_argument("--deep-width", type=int)
    made.add_argument("--window-beats", type=int)
    made.add_argument("--seed", type=int, default=0)
    made.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    made.add_argument("--precision", choices=("auto", "32", "bf16"), default="auto")
    made.add_argument("--checkpoint-minutes", type=float, default=5.0)
    made.add_argument("--measure-every", type=int, default=5, metavar="EPOCHS")
    made.add_argument("--measured-segments", type=int, default=24)
    made.add_argument("--resume", metavar="RUN", help="a run's name or folder")
    made.add_argument("--runs", type=Path, help="where runs lie (default: the user's data folder)")
    made.add_argument("--out", type=Path, help="the model file (default: among the user's models)")
    made.add_argument("--json", action="store_true", help="one JSON line per event")
    made.add_argument("--stop-on-eof", action="store_true", help="end of stdin means stop and keep")
    return made


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
    stop = _stop_requests(asked.stop_on_eof)
    report = _reporter(run, asked.json, stop)
    # Imported late: wrong arguments are answered at once, without torch.
    from models.devices import make_fabric
    from models.task import task_for
    from models.train import train

    fabric = make_fabric(settings.device, settings.precision, report)
    task = task_for(settings, fabric)
    run.save_settings(settings.as_json())
    try:
        train(task, settings, run, fabric, report, stop.is_set, asked.out or _model_path(settings.name))
    except TrainingError as error:
        report({"event": "failed", "reason": str(error)})
        raise


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
        data=tuple(str(_packed(each)) for each in asked.data),
        tags=tuple(asked.tag),
        seed=asked.seed,
        epochs=asked.epochs,
        checkpoint_minutes=asked.checkpoint_minutes,
        measure_every=max(1, asked.measure_every),
        measured_segments=max(2, asked.measured_segments),
        precision=asked.precision,
        device=asked.device,
    )
    run = TrainingRun(_runs(asked) / asked.name)
    if run.settings_path.exists():
        raise TrainingError(
            f"There is a run named {asked.name} already; choose another name, or --resume it."
        )
    return settings, run


def _resumed(asked: argparse.Namespace) -> tuple[RunSettings, TrainingRun]:
    folder = Path(asked.resume)
    if not (folder / "settings.json").exists():
        folder = _runs(asked) / asked.resume
    if not (folder / "settings.json").exists():
        raise TrainingError(f"There is no run {asked.resume}.")
    run = TrainingRun(folder)
    return settings_from(run.settings()), run


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


def _model_path(name: str) -> Path:
    from engine.store.paths import models_folder

    models_folder().mkdir(parents=True, exist_ok=True)
    return models_folder() / f"{name}.onnx"


def _stop_requests(on_eof: bool) -> threading.Event:
    """Set by SIGINT, SIGTERM and, where asked for, by the end of stdin."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if on_eof:
        threading.Thread(target=_await_eof, args=(stop,), name="stdin", daemon=True).start()
    return stop


def _await_eof(stop: threading.Event) -> None:
    """Called on the stdin thread."""
    while sys.stdin.readline():
        pass
    stop.set()


def _reporter(
    run: TrainingRun, as_json: bool, stop: threading.Event
) -> Callable[[dict[str, Any]], None]:
    """Events to the run's file and to stdout; a broken stdout asks for a stop, it is no error."""

    def report(event: dict[str, Any]) -> None:
        run.append(event)
        if as_json or event["event"] in LOUD:
            try:
                print(json.dumps(event) if as_json else _in_words(event), flush=True)
            except (BrokenPipeError, ValueError):
                stop.set()
                with contextlib.suppress(OSError):
                    sys.stdout = open(  # noqa: SIM115  # it stays open until the process ends
                        "/dev/null" if sys.platform != "win32" else "NUL", "w", encoding="utf-8"
                    )

    return report


def _in_words(event: dict[str, Any]) -> str:
    kind = event["event"]
    if kind == "started":
        rows = "\n".join(f"  {name}: {values}" for name, values in event["references"].items())
        return (
            f"Training {event['name']} ({event['preset']}) on {event['device']}: "
            f"{event['steps']} steps, {event['steps_per_epoch']} an epoch.\nHeld-out songs:\n{rows}"
        )
    if kind == "epoch":
        return f"epoch {event['epoch']} of {event['of']} (step {event['step']})"
    if kind == "measures":
        return f"  measures: {event['model']}"
    if kind == "checkpoint":
        return f"  checkpoint at step {event['step']}"
    if kind == "warning":
        return str(event["reason"])
    return f"{kind} at step {event['step']}: {event['model']}"
