"""What a run tells: every event to its file, and to whoever reads the trainer's stdout."""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from engine.data.measures import table
from engine.errors import TrainingError
from engine.store.training_run import WRITE_SECONDS, TrainingRun
from models.requests import Requests

Event = dict[str, Any]
Report = Callable[[Event], None]
SILENT = frozenset({"step"})  # not said in words: they would be too many


class Reporter:
    """Events to the run's file, to stdout, and to further ``listeners``.

    A broken stdout asks for a stop, it is no error. Steps go to stdout together, at most five times
    a second: a million of them shall not cost more than the training.
    """

    def __init__(
        self, run: TrainingRun, as_json: bool, requests: Requests, *listeners: Report
    ) -> None:
        self.step = 0
        self._run, self._as_json, self._requests = run, as_json, requests
        self._listeners = listeners
        self._waiting: list[str] = []
        self._written = 0.0

    def __call__(self, event: Event) -> None:
        """Tell an event. Raises `TrainingError` where the run cannot be written."""
        self.step = event.get("step", self.step)
        try:
            self._run.append(event)
        except TrainingError:
            # The disk may be what failed: whoever listens shall learn of it all the same.
            if event["event"] != "failed":
                raise
        for listener in self._listeners:
            listener(event)
        self._say(event)

    def _say(self, event: Event) -> None:
        is_step = event["event"] in SILENT
        if self._as_json:
            self._waiting.append(json.dumps(event))
        elif not is_step:
            self._waiting.append(in_words(event))
        if self._waiting and not (is_step and time.monotonic() - self._written < WRITE_SECONDS):
            self._write()

    def _write(self) -> None:
        try:
            print("\n".join(self._waiting), flush=True)
        except (OSError, ValueError):
            self._requests.leave()
            _leave_stdout()
        self._waiting.clear()
        self._written = time.monotonic()


def _leave_stdout() -> None:
    """Whoever read us has gone; nothing must complain of it later, at the program's end say."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    sys.stdout = os.fdopen(os.dup(1), "w", encoding="utf-8")


def in_words(event: Event) -> str:
    """An event as it is told to a person."""
    tell = WORDS.get(event["event"], _ended)
    return tell(event)


def _started(event: Event) -> str:
    return (
        f"Training {event['name']} ({event['preset']}) on {event['device']}: "
        f"{event['steps']} steps, {event['steps_per_epoch']} an epoch.\n"
        f"Held-out songs:\n{table(event['references'])}"
    )


def _measures(event: Event) -> str:
    figures = ", ".join(f"{name} {value:.2f}" for name, value in event["model"].items())
    best = ", the best so far" if event["best"] else ""
    return f"  measures: score {event['score']:.2f}{best} ({figures})"


def _ended(event: Event) -> str:
    return f"{event['event']} at step {event['step']}: {event['model']} (epoch {event['epoch']})"


WORDS: dict[str, Callable[[Event], str]] = {
    "started": _started,
    "epoch": lambda event: f"epoch {event['epoch']} of {event['of']} (step {event['step']})",
    "measures": _measures,
    "sample": lambda event: f"  sample: {event['file']}",
    "plateau": lambda event: f"  {event['reason']}",
    "checkpoint": lambda event: f"  checkpoint at step {event['step']}",
    "paused": lambda event: f"paused at step {event['step']}; --resume goes on",
    "warning": lambda event: str(event["reason"]),
    "failed": lambda event: f"failed at step {event['step']}",
}
