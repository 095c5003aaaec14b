"""The trainer's command line: settings in, JSON lines out.

It needs torch, Fabric and numpy and a packed data set; what reads MIDI is imported only when a data
set is still to be imported, and torch only once the arguments are known to be right.
"""

import argparse
import contextlib
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from engine.errors import TuttiError
from engine.store.run_lock import RunLock
from engine.store.training_run import TrainingRun
from models.arguments import parser
from models.explanations import explanations
from models.first_process import is_first_process
from models.from_arguments import model_path, new_run, resumed_run, run_named, settings_asked
from models.reports import Report, Reporter
from models.requests import Requests
from models.settings import RunSettings, checked, settings_from


def main(arguments: Sequence[str]) -> int:
    """Run the trainer; returns the exit code."""
    asked = parser().parse_args(arguments)
    try:
        question = _question(asked)
        if question is None:
            _run(asked)
        else:
            print(json.dumps(question(asked), indent=None if asked.json else 1))
    except TuttiError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _question(asked: argparse.Namespace) -> Callable[[argparse.Namespace], Any] | None:
    """What answers instead of a training, None where it is one."""
    if asked.presets:
        return lambda _: explanations()
    if asked.probe:
        return _probe
    if asked.describe:
        return _describe
    return _keep if asked.keep else None


def _probe(asked: argparse.Namespace) -> dict[str, Any]:
    from models.probe import probe

    return probe(settings_asked(asked), asked.runs)


def _describe(asked: argparse.Namespace) -> dict[str, Any]:
    from models.describe import describe

    return describe(settings_asked(asked))


def _keep(asked: argparse.Namespace) -> dict[str, Any]:
    run = run_named(asked.keep, asked)
    from models.keeping import keep_epoch

    settings = checked(settings_from(run.settings()))
    name = asked.name or settings.name
    return keep_epoch(run, settings, asked.epoch, name, model_path(asked, name))


def _run(asked: argparse.Namespace) -> None:
    settings, run = resumed_run(asked) if asked.resume else new_run(asked)
    path = model_path(asked, settings.name)
    requests = Requests()
    requests.heed_signals()
    if not is_first_process():
        _train(settings, run, _say_nothing, requests, path)
        return
    with RunLock(run.folder), contextlib.ExitStack() as after:
        if not asked.resume:
            run.begin_anew()
        requests.heed_file(run.request_path)
        if asked.stop_on_eof:
            requests.heed_stdin()
        report = _reporter(asked, run, requests, after)
        _train_and_tell(settings, run, report, requests, path)


def _say_nothing(event: dict[str, Any]) -> None:
    """Of several processes the first alone speaks."""


def _train_and_tell(
    settings: RunSettings, run: TrainingRun, report: Reporter, requests: Requests, path: Path
) -> None:
    try:
        _train(settings, run, report, requests, path)
    except TuttiError as error:
        _failed(report, str(error), getattr(error, "offer", None))
        raise
    except Exception as error:  # The trainer's boundary: whoever listens learns of a bug, too.
        reason = f"The trainer met an unexpected error: {type(error).__name__}: {error}"
        _failed(report, reason, None)
        raise


def _failed(report: Reporter, reason: str, offer: dict[str, Any] | None) -> None:
    report({"event": "failed", "step": report.step, "reason": reason, "offer": offer})


def _reporter(
    asked: argparse.Namespace, run: TrainingRun, requests: Requests, after: contextlib.ExitStack
) -> Reporter:
    """What tells the run's events, to TensorBoard's files as well where they can be written."""
    try:
        from models.tensorboard import BoardWriter
    except ImportError:
        report = Reporter(run, asked.json, requests)
        reason = "TensorBoard's files are not written: tensorboardX is not installed here."
        report({"event": "warning", "step": 0, "reason": reason})
        return report
    board = BoardWriter(run.tensorboard_folder)
    after.callback(board.close)
    return Reporter(run, asked.json, requests, board)


def _train(
    settings: RunSettings, run: TrainingRun, report: Report, requests: Requests, path: Path
) -> None:
    # Imported late: wrong arguments are answered at once, without torch.
    from models.device_facts import device_facts
    from models.devices import make_fabric
    from models.failures import memory_told
    from models.fine_tune import parent_named
    from models.ranks import as_first_says
    from models.session import Session
    from models.task import task_for
    from models.train import train

    with memory_told(settings):
        fabric = make_fabric(
            settings.device, settings.precision, report, settings.devices, settings.nodes
        )
        task = task_for(settings, fabric)
        if settings.start_from is not None and not as_first_says(fabric, run.has_checkpoint):
            task.begin_with(parent_named(settings.start_from, run.folder.parent))
        if fabric.is_global_zero:
            run.save_settings(settings.as_json())
        facts = device_facts(fabric, settings.device)
        session = Session(task, settings, run, fabric, report, facts)
        train(session, requests.asked, path)
