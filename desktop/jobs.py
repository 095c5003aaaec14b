"""Slow work on a worker thread, its result on the GUI thread.

One of the three doors through which another thread reaches the window. Every job ends in exactly
one way: ``done`` is called with the result, ``failed`` with a sentence, or nothing is called since
it was cancelled, or since the dialog whose method it is has gone; `Job.ended` is emitted in every
case, after that call.

A worker emits a signal of `Jobs` alone, which outlives all workers: were it a job's own, the GUI
thread could delete the job while the worker is still leaving the emission, which Qt does not
survive.
"""

import logging
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event
from time import perf_counter
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from engine.errors import TuttiError

Result = TypeVar("Result")

WORKERS = 4

log = logging.getLogger(__name__)


class UnexpectedError(TuttiError):
    """A job met a fault of Tutti's own; the report dialog tells the rest."""


class JobCancelled(Exception):
    """Raised inside work by `JobControl.check`; ends the job without a word."""


class JobControl:
    """What running work may ask and tell. Its methods are called on the worker thread."""

    def __init__(self, report: Callable[[float, str], None]) -> None:
        self._report = report
        self._cancel = Event()

    def progress(self, fraction: float, text: str = "") -> None:
        """Say how far the work is, 0 to 1, and with which part it is busy."""
        self._report(min(1.0, max(0.0, fraction)), text)

    def cancelled(self) -> bool:
        """Whether somebody asked the work to stop; its result is thrown away then."""
        return self._cancel.is_set()

    def check(self) -> None:
        """Leave the work here if it was cancelled."""
        if self._cancel.is_set():
            raise JobCancelled

    def cancel(self) -> None:
        """Ask the work to stop. Called on any thread."""
        self._cancel.set()


class Job(QObject, Generic[Result]):
    """One piece of slow work. Lives on the GUI thread."""

    progressed = Signal(float, str)
    ended = Signal()

    def __init__(
        self,
        work: Callable[[JobControl], Result],
        done: Callable[[Result], None],
        failed: Callable[[TuttiError], None],
        title: str,
        parent: "Jobs",
    ) -> None:
        super().__init__(parent)
        self.title = title
        self.running = True
        self.seconds = 0.0
        """How long the work took, once it is done."""
        self._work = work
        self._done = done
        self._on_failed = failed
        self._post = parent.post
        self._control = JobControl(lambda *told: self._post(partial(self._tell, *told)))

    def cancel(self) -> None:
        """Ask the work to stop; neither ``done`` nor ``failed`` is called any more."""
        self._control.cancel()

    @property
    def cancelled(self) -> bool:
        """Whether the job was cancelled."""
        return self._control.cancelled()

    def run(self) -> None:
        """Do the work. Called on a worker thread."""
        began = perf_counter()
        try:
            self._control.check()
            result = self._work(self._control)
            self.seconds = perf_counter() - began
        except JobCancelled:
            self._control.cancel()
            self._post(partial(self._fail, None))
        except Exception as error:  # noqa: BLE001 — the boundary: the window must hear of it
            self._post(partial(self._fail, error))
        else:
            self._post(partial(self._finish, result))

    def _tell(self, fraction: float, text: str) -> None:
        if not self.cancelled:
            self.progressed.emit(fraction, text)

    def _finish(self, result: Any) -> None:
        self.running = False
        try:
            if not self.cancelled and is_there(self._done):
                self._done(result)
        finally:
            self.ended.emit()

    def _fail(self, error: Exception | None) -> None:
        self.running = False
        try:
            if error is not None and not self.cancelled and is_there(self._on_failed):
                self._on_failed(self._as_sentence(error))
        finally:
            self.ended.emit()

    def _as_sentence(self, error: Exception) -> TuttiError:
        if isinstance(error, TuttiError):
            return error
        sys.excepthook(type(error), error, error.__traceback__)
        return UnexpectedError(f"{self.title or 'A task'} stopped because of a fault in Tutti.")


class Jobs(QObject):
    """Runs jobs; the only owner of worker threads in the window."""

    started = Signal(object)
    _posted = Signal(object)

    def __init__(
        self, on_failure: Callable[[TuttiError], None], parent: QObject | None = None
    ) -> None:
        """``on_failure`` hears of the jobs that bring no ``failed`` of their own."""
        super().__init__(parent)
        self._on_failure = on_failure
        self._executor = ThreadPoolExecutor(WORKERS, thread_name_prefix="job")
        self._running: set[Job[Any]] = set()
        self._closed = False
        # Queued by name: what a receiver connects to `progressed`, even a lambda, then runs here.
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> tuple[Job[Any], ...]:
        """The jobs that have not ended."""
        return tuple(self._running)

    def run(
        self,
        work: Callable[[JobControl], Result],
        done: Callable[[Result], None],
        failed: Callable[[TuttiError], None] | None = None,
        title: str = "",
    ) -> Job[Result]:
        """Start ``work`` on a worker thread; ``done`` or ``failed`` is called on the GUI thread.

        ``title`` names the work in a report ("Rendering stopped because …").
        """
        job = Job(work, done, failed or self._on_failure, title, self)
        self._running.add(job)
        job.ended.connect(self._forget)
        if self._closed:
            log.warning("%s was asked for after closing", title)
            job.cancel()
        self._start(job)
        return job

    def post(self, call: Callable[[], None]) -> None:
        """Have something of a job called on the GUI thread, in order. Called on any thread."""
        self._posted.emit(call)

    @Slot(object)
    def _deliver(self, call: Callable[[], None]) -> None:
        if is_there(call):
            call()

    def _start(self, job: Job[Any]) -> None:
        if self._closed:
            job.running = False
            self._running.discard(job)
            return
        self._executor.submit(job.run)
        self.started.emit(job)

    @Slot()
    def _forget(self) -> None:
        job = self.sender()
        if isinstance(job, Job):
            self._running.discard(job)
            job.deleteLater()

    def close(self) -> None:
        """Cancel what runs and wait until every worker thread is gone."""
        self._closed = True
        for job in self._running:
            job.cancel()
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._running.clear()


def is_there(receiver: Callable[..., object]) -> bool:
    """Whether a function can be called: a method of a dialog that was closed cannot."""
    while isinstance(receiver, partial):
        receiver = receiver.func
    owner = getattr(receiver, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)
