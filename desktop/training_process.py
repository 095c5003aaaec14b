"""The trainer as a process of its own: started, paused, stopped, left to itself, and listened to.

What a run tells is read from its file, which holds the same lines as the trainer's stdout: so a run
of this window, one of a terminal and one that outlived its window are followed by the same code. A
`QProcess` would kill the trainer when it goes; this one shall live on where the user wants that.
"""

import contextlib
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.priority import apart, give_way
from desktop.run_tail import TICK_MS, RunTail
from desktop.trainer_query import ROOT, TRAINER, last_sentence, trainer_environment
from engine.errors import TrainingError
from engine.store.event_tail import Event
from engine.store.runs import ENDS

ProcessState = Literal["idle", "starting", "running", "pausing", "stopping"]
Ending = Literal["paused", "stopped", "finished", "failed", "refused", "crashed"]

MOST_READS_AT_END = 64
CRASHED = (
    "The trainer of {name} ended unexpectedly ({how}). Resume goes on from its last checkpoint."
)
OUT_OF_MEMORY = (
    "The trainer of {name} was ended by the system, as it does when memory runs out. Resume goes "
    "on from its last checkpoint; a smaller batch needs less."
)

LET_GO: list["subprocess.Popen[bytes]"] = []
"""Trainers that live on by themselves; kept, or Python would warn of each that it forgets."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a trainer ended: ``refused`` before it began, ``crashed`` without a last word.

    ``sentence`` is for the user where something went wrong; ``event`` its last event, or empty.
    """

    ending: Ending
    folder: Path
    sentence: str
    event: Event


class TrainingProcess(QObject):
    """The one trainer of this window."""

    events = Signal(list)
    """Events as they come, at most ten times a second."""
    event_told = Signal(dict)
    """Each event but the steps."""
    state_changed = Signal(str)
    ended = Signal(object)
    """The `Outcome`, once the process is gone."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state: ProcessState = "idle"
        self.folder: Path | None = None
        """The folder of the run that trains, or that trained last."""
        self._last: Event = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._tail = RunTail(self)
        self._tail.events.connect(self._hear)
        self._tail.rewound.connect(self._follow_again)
        self._watch = QTimer(self)
        self._watch.setInterval(TICK_MS)
        self._watch.timeout.connect(self._look)

    @property
    def running(self) -> bool:
        """Whether a trainer of this window lives."""
        return self._process is not None

    @property
    def process_id(self) -> int | None:
        """The trainer's, while it lives."""
        return self._process.pid if self._process is not None else None

    def start(self, arguments: Sequence[str], folder: Path) -> None:
        """Start a trainer for the run in ``folder``. Raises `TrainingError`; one at a time."""
        if self._process is not None:
            raise TrainingError("A run is training already: pause it or stop it first.")
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 — closed when the trainer has ended
        command = [sys.executable, *TRAINER, *arguments, "--stop-on-eof"]
        path = folder / "events.jsonl"
        # Before it starts: a quick trainer could write while the system lets this process wait.
        told_before = path.stat().st_size if path.exists() else 0
        try:
            self._process = _open(command, self._errors)
        except OSError as error:
            self._close_errors()
            raise TrainingError(f"The trainer could not be started: {error.strerror}.") from error
        give_way(self._process.pid)
        log.info("Trainer %d: %s", self._process.pid, " ".join(arguments))
        self.folder, self._last = folder, {}
        self._become("starting")
        self._tail.follow(path, told_before)
        self._watch.start()

    def resume(self, folder: Path, *changes: str) -> None:
        """Go on with a run from its last checkpoint. Raises `TrainingError`."""
        self.start(["--resume", str(folder), *changes], folder)

    @Slot()
    def pause(self) -> None:
        """Save, end and free the device; `resume` goes on exactly."""
        if self._ask("pause"):
            self._become("pausing")

    @Slot()
    def stop(self) -> None:
        """Stop and keep: save, export the model, end."""
        if self._ask("stop"):
            self._become("stopping")

    def detach(self) -> None:
        """Let the trainer go on without this window."""
        self._ask("detach")
        self._let_go()

    @Slot()
    def kill(self) -> None:
        """End the trainer at once; what came after its last checkpoint is lost."""
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """The window goes: a trainer that was not detached stops and keeps, on its own."""
        if self._process is not None:
            self._let_go()

    def _let_go(self) -> None:
        if self._process is None:
            return
        self._close_stdin(self._process)
        LET_GO.append(self._process)
        self._forget()

    def _ask(self, word: str) -> bool:
        stdin = self._process.stdin if self._process is not None else None
        if stdin is None or stdin.closed:
            return False
        try:
            stdin.write(f"{word}\n".encode())
            stdin.flush()
        except OSError:  # it has ended; the next look tells
            return False
        return True

    @Slot(list)
    def _hear(self, events: list[Event]) -> None:
        if self.state == "starting":
            self._begin(events)
        told = [each for each in events if each["event"] != "step"]
        self._last = events[-1]
        self.events.emit(events)
        for each in told:
            self.event_told.emit(each)

    def _begin(self, events: list[Event]) -> None:
        """A resumed run's last lines are of the session before until it has started."""
        if events[-1]["event"] not in ENDS and any(e["event"] == "started" for e in events):
            self._become("running")

    @Slot()
    def _follow_again(self) -> None:
        """A resumed run has cut its lines; what it tells from now on stands at their end."""
        if self.folder is not None and self._process is not None:
            self._tail.follow_end(self.folder / "events.jsonl")

    @Slot()
    def _look(self) -> None:
        if self._process is None or self._process.poll() is None:
            return
        for _ in range(MOST_READS_AT_END):
            if not self._tail.read():
                break
        outcome = self._outcome(self._process)
        self._close_stdin(self._process)
        self._forget()
        log.info("Trainer ended: %s %s", outcome.ending, outcome.sentence)
        self.ended.emit(outcome)

    def _outcome(self, process: "subprocess.Popen[bytes]") -> Outcome:
        assert self.folder is not None
        errors = self._read_errors()
        ending = ENDS.get(self._last.get("event", ""))
        if ending == "failed":
            return Outcome("failed", self.folder, str(self._last.get("reason", "")), self._last)
        if self.state == "starting" and process.returncode > 0:
            return Outcome("refused", self.folder, last_sentence(errors), {})
        if ending is not None and not process.returncode:
            return Outcome(_ended(ending), self.folder, "", self._last)
        return Outcome("crashed", self.folder, self._crash(process, errors), self._last)

    def _crash(self, process: "subprocess.Popen[bytes]", errors: str) -> str:
        assert self.folder is not None
        if errors.strip():
            log.error("The trainer's last words:\n%s", errors)
        code, name = process.returncode, self.folder.name
        if sys.platform != "win32" and code == -signal.SIGKILL:
            return OUT_OF_MEMORY.format(name=name)
        return CRASHED.format(name=name, how=f"signal {-code}" if code < 0 else f"status {code}")

    def _read_errors(self) -> str:
        if self._errors is None:
            return ""
        self._errors.seek(0)
        return self._errors.read(1 << 20).decode("utf-8", "replace")

    def _close_errors(self) -> None:
        if self._errors is not None:
            self._errors.close()
            self._errors = None

    def _forget(self) -> None:
        self._watch.stop()
        self._tail.stop()
        self._close_errors()
        self._process = None
        self._become("idle")

    def _close_stdin(self, process: "subprocess.Popen[bytes]") -> None:
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()

    def _become(self, state: ProcessState) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)


def _ended(ending: str) -> Ending:
    return "paused" if ending == "paused" else "stopped" if ending == "stopped" else "finished"


def _open(command: list[str], errors: IO[bytes]) -> "subprocess.Popen[bytes]":
    """A process with a pipe to its stdin, apart from the window."""
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **trainer_environment()},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        **apart(),
    )
