"""The run that is shown: read once, then followed, whoever trains it."""

import time
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.jobs import Job, JobControl, Jobs
from desktop.run_tail import RunTail
from desktop.training import Training
from desktop.training_process import Outcome
from engine.store.curves import Curves, read_curves
from engine.store.event_tail import Event
from engine.store.run_lock import is_held
from engine.store.run_summary import summary

ShownState = Literal[
    "none", "reading", "starting", "running", "pausing", "stopping", "paused", "stopped",
    "finished", "failed", "interrupted",
]  # fmt: skip
LIVE: frozenset[str] = frozenset({"starting", "running", "pausing", "stopping"})
LOOK_MS = 2_000


class RunWatch(QObject):
    """Curves and state of one run, kept up to date."""

    opened = Signal()
    """Other ``curves`` than before: of another run, or of this one read anew."""
    moved = Signal()
    """The curves were fed; at most ten times a second."""
    state_changed = Signal()

    def __init__(self, training: Training, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._training = training
        self._jobs = jobs
        self._job: Job[tuple[Curves, int, bool]] | None = None
        self._held = False
        self._asked: ShownState | None = None
        """What another process that trains the run was asked to do, until it has ended."""
        self._let_go = False
        """Whether a trainer that is not this window's has left the run, its end not told yet."""
        self._before: tuple[Path | None, str] = (None, "none")
        self._first: tuple[float, int] | None = None
        self.folder: Path | None = None
        self.curves = Curves()
        self._tail = RunTail(self)
        self._tail.events.connect(self._feed)
        self._tail.rewound.connect(self.read_again)
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._look_at_lock)
        training.process.state_changed.connect(self._on_process)
        training.requested.connect(self._on_request)

    @property
    def state(self) -> ShownState:
        """What the run does at this moment."""
        if self.folder is None:
            return "none"
        if self._training.is_own(self.folder):
            own = self._training.process.state
            return "starting" if own == "idle" else own
        if self._job is not None:
            return "reading"
        if self._held:
            return self._asked or "running"
        told = self.curves.state
        # A run that tells of no end, and that nobody holds, lost its trainer.
        return "interrupted" if told == "running" or told == "waiting" else told

    @property
    def is_own(self) -> bool:
        """Whether this window trains it."""
        return self.folder is not None and self._training.is_own(self.folder)

    def show(self, folder: Path | None) -> None:
        """Show another run, or none."""
        if folder == self.folder:
            return
        self._stop()
        self.folder = folder
        self.curves, self._held, self._asked, self._let_go = Curves(), False, None, False
        if folder is not None:
            self._look.start()
            self.read_again()
        self.opened.emit()
        self._tell()

    @Slot()
    def read_again(self) -> None:
        """Read the run from its beginning, then follow it."""
        folder = self.folder
        if folder is None:
            return
        if self._job is not None:
            self._job.cancel()
        path = folder / "events.jsonl"

        def work(control: JobControl) -> tuple[Curves, int, bool]:
            curves, offset = read_curves(path, cancelled=control.cancelled)
            curves.called = summary(folder).name
            return curves, offset, is_held(folder)

        def done(found: tuple[Curves, int, bool]) -> None:
            self._job = None
            self.curves, offset, self._held = found
            self._first = None
            self._tail.follow(path, offset)
            self.opened.emit()
            self._tell()

        self._job = self._jobs.run(work, done, title=f"Reading {folder.name}")

    def seconds_left(self) -> float | None:
        """A forecast from the speed so far; None while nothing is known."""
        curves = self.curves
        steps = curves.total_steps - curves.last_step
        clock = curves.clock()
        if steps <= 0:
            return None
        if clock is not None and clock[0][-1] > clock[0][0]:
            each = 60 * float(clock[1][-1] - clock[1][0]) / float(clock[0][-1] - clock[0][0])
            return steps * each
        if self._first is None or curves.last_step <= self._first[1]:
            return None
        since = time.monotonic() - self._first[0]
        return steps * since / (curves.last_step - self._first[1])

    def close(self) -> None:
        """Follow nothing any more."""
        self._stop()
        self.folder = None

    def _stop(self) -> None:
        self._tail.stop()
        self._look.stop()
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._first = None

    @Slot(list)
    def _feed(self, events: list[Event]) -> None:
        self.curves.feed_many(events)
        if self._first is None and self.curves.last_step:
            self._first = (time.monotonic(), self.curves.last_step)
        self.moved.emit()
        self._tell()

    @Slot()
    def _on_process(self) -> None:
        """A trainer of this window begins or ends; if it was ours, the lock is its no more."""
        if self.folder is not None and self.folder == self._training.process.folder:
            self._held = False
            self._look_at_lock()
        self._tell()

    @Slot(object, str)
    def _on_request(self, folder: Path, what: str) -> None:
        if folder == self.folder:
            self._asked = "pausing" if what == "pause" else "stopping"
            self._tell()

    @Slot()
    def _look_at_lock(self) -> None:
        folder = self.folder
        if folder is None:
            return

        def done(held: bool) -> None:
            if folder == self.folder and self._job is None:
                was_own = folder == self._training.process.folder
                self._let_go |= self._held and not held and not was_own
                self._held = held
                self._asked = self._asked if held else None
                self._tell()

        self._jobs.run(lambda control: is_held(folder), done, title="Looking at a run")

    def _tell(self) -> None:
        now = (self.folder, self.state)
        if now != self._before:
            self._before = now
            self.state_changed.emit()
        if self._let_go and self.folder is not None and (ending := self._ended_well()):
            self._let_go = False
            event = {"model": self.curves.model} if self.curves.model else {}
            self._training.tell_end(Outcome(ending, self.folder, "", event))

    def _ended_well(self) -> Literal["finished", "stopped"] | None:
        found = self.curves.state
        return found if found == "finished" or found == "stopped" else None
