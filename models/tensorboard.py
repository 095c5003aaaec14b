"""A run's curves as TensorBoard reads them: event files beside the JSON lines.

`tensorboardX` writes them without TensorFlow. Its own writer keeps a thread and a queue of another
process; records are few here, so they are written at once and a kill loses none that were flushed.
"""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tensorboardX.proto.event_pb2 import Event, SessionLog
from tensorboardX.proto.summary_pb2 import Summary
from tensorboardX.record_writer import RecordWriter

from engine.errors import TrainingError
from engine.files.atomic import writing_failed

STEP_SECONDS = 0.2  # TensorBoard draws a thousand points of a curve: not every step is needed
FLUSH_SECONDS = 10.0  # each one waits for the disk


class BoardWriter:
    """Writes the numbers of events. Raises `TrainingError` where they cannot be written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writer: RecordWriter | None = None
        self._last = 0.0
        self._flushed = 0.0

    def __call__(self, event: Mapping[str, Any]) -> None:
        """Take an event of the run."""
        kind = event["event"]
        if kind == "step" and time.monotonic() - self._last < STEP_SECONDS:
            return
        try:
            if kind == "started":
                self._open(int(event["from_step"]))
            if self._writer is not None and kind in ("step", "epoch", "measures"):
                self._write(event)
        except OSError as error:
            raise TrainingError(writing_failed(self._folder, error)) from error

    def close(self) -> None:
        """End the file."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _open(self, from_step: int) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"events.out.tfevents.{time.time_ns()}.tutti"
        self._writer = RecordWriter(str(path))
        self._add(Event(wall_time=time.time(), file_version="brain.Event:2"))
        # What an earlier file tells of later steps is no longer true: the run begins again here.
        start = SessionLog(status=SessionLog.START)
        self._add(Event(wall_time=time.time(), step=from_step + 1, session_log=start))
        self._writer.flush()

    def _write(self, event: Mapping[str, Any]) -> None:
        assert self._writer is not None
        values = [Summary.Value(tag=tag, simple_value=value) for tag, value in _numbers(event)]
        summary = Summary(value=values)
        self._add(Event(wall_time=time.time(), step=event["step"], summary=summary))
        self._last = time.monotonic()
        if self._last - self._flushed > FLUSH_SECONDS or event["event"] == "measures":
            self._writer.flush()
            self._flushed = time.monotonic()

    def _add(self, record: Any) -> None:
        assert self._writer is not None
        self._writer.write(record.SerializeToString())


def _numbers(event: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    if event["event"] == "measures":
        yield from ((f"measures/{name}", value) for name, value in event["model"].items())
        yield "measures/score", event["score"]
    elif event["event"] == "epoch":
        yield "epoch", event["epoch"]
    else:
        yield from ((f"loss/{k}", v) for k, v in event.items() if k not in ("event", "step"))
