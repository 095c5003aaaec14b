"""What a run tells: every event to its file, and to whoever reads the trainer's stdout."""

import json
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

from engine.data.measures import table
from engine.store.training_run import TrainingRun

Event = dict[str, Any]
Report = Callable[[Event], None]
# Said in words as well; steps would be too many.
LOUD = frozenset({"started", "epoch", "measures", "checkpoint", "finished", "stopped", "warning"})


def reporter(run: TrainingRun, as_json: bool, stop: threading.Event) -> Report:
    """Events to the run's file and to stdout; a broken stdout asks for a stop, it is no error."""

    def report(event: Event) -> None:
        run.append(event)
        if as_json or event["event"] in LOUD:
            try:
                print(json.dumps(event) if as_json else in_words(event), flush=True)
            except (OSError, ValueError):
                stop.set()
                _leave_stdout()

    return report


def _leave_stdout() -> None:
    """Whoever read us has gone; nothing must complain of it later, at the program's end say."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    sys.stdout = os.fdopen(os.dup(1), "w", encoding="utf-8")


def in_words(event: Event) -> str:
    """An event as it is told to a person."""
    kind = event["event"]
    if kind == "started":
        return (
            f"Training {event['name']} ({event['preset']}) on {event['device']}: "
            f"{event['steps']} steps, {event['steps_per_epoch']} an epoch.\n"
            f"Held-out songs:\n{table(event['references'])}"
        )
    if kind == "epoch":
        return f"epoch {event['epoch']} of {event['of']} (step {event['step']})"
    if kind == "measures":
        figures = ", ".join(f"{name} {value:.2f}" for name, value in event["model"].items())
        return f"  measures: {figures}"
    if kind == "checkpoint":
        return f"  checkpoint at step {event['step']}"
    if kind == "warning":
        return str(event["reason"])
    return f"{kind} at step {event['step']}: {event['model']}"
