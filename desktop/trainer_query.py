"""Questions to the trainer program: what can be set, how long a run would take, what a network is.

Each question is a process of its own that answers with one JSON object. What computes for long runs
at a lower priority than the window, and all can be given up at any time.
"""

import json
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal, Slot

from desktop.priority import give_way, modest_threads
from engine.errors import TrainingError, TuttiError

ROOT = Path(__file__).resolve().parents[1]
KILL_WAIT_MS = 3_000

Answer = dict[str, Any]
Done = Callable[[Answer], None]
Failed = Callable[[TuttiError], None]

log = logging.getLogger(__name__)


class TrainerFault(TrainingError):
    """The trainer had no answer for a reason of its own: another time it may have one."""


class TrainerQuery(QObject):
    """Asks the trainer program; answers come back on the GUI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked: set[Question] = set()

    def presets(self, done: Done, failed: Failed) -> "Question":
        """The presets and all settings with their sentences and ranges; needs no torch.

        It takes a moment and the form waits for it, so it gives way to nothing.
        """
        return self.ask(["--presets"], done, failed, gives_way=False)

    def probe(self, settings: Mapping[str, Any], done: Done, failed: Failed) -> "Question":
        """Device, memory, windows and time of a run with these settings, from a short try."""
        return self.ask(["--probe", *arguments(settings)], done, failed)

    def describe(self, settings: Mapping[str, Any], done: Done, failed: Failed) -> "Question":
        """Layers, shapes and parameters of the networks of these settings."""
        return self.ask(["--describe", *arguments(settings)], done, failed)

    def keep(
        self, run: Path, epoch: int | None, done: Done, failed: Failed, out: Path | None = None
    ) -> "Question":
        """Make a model of a run's epoch; None keeps the best by the measures."""
        asked = ["--keep", str(run), "--epoch", "best" if epoch is None else str(epoch)]
        return self.ask([*asked, *(["--out", str(out)] if out else [])], done, failed)

    def ask(
        self, words: Sequence[str], done: Done, failed: Failed, *, gives_way: bool = True
    ) -> "Question":
        """Start the trainer with these arguments and ``--json``."""
        question = Question([*words, "--json"], done, failed, self)
        if gives_way:
            question.give_way()
        self._asked.add(question)
        question.ended.connect(self._forget)
        question.begin()
        return question

    @Slot()
    def _forget(self) -> None:
        question = self.sender()
        if isinstance(question, Question):
            self._asked.discard(question)
            question.deleteLater()

    def close(self) -> None:
        """Give up what is still being asked."""
        for question in tuple(self._asked):
            question.cancel()
            question.wait()


class Question(QObject):
    """One question to the trainer. Ends in one way: an answer, a sentence, or given up."""

    ended = Signal()

    def __init__(
        self, words: Sequence[str], done: Done, failed: Failed, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._done = done
        self._failed = failed
        self.running = True
        self._process = QProcess(self)
        self._process.setProgram(sys.executable)
        self._process.setArguments([*TRAINER, *words])
        self._process.setProcessEnvironment(_environment())
        self._process.finished.connect(self._read)
        self._process.errorOccurred.connect(self._on_error)

    def give_way(self) -> None:
        """Let the process have only what the window leaves, once it has begun."""
        self._process.started.connect(self._yield_to_the_window)

    def begin(self) -> None:
        """Start the process."""
        self._process.start()
        self._process.closeWriteChannel()

    def cancel(self) -> None:
        """Give up; neither ``done`` nor ``failed`` is called any more."""
        if not self.running:
            return
        self.running = False
        self._process.finished.disconnect(self._read)
        self._process.errorOccurred.disconnect(self._on_error)
        self._process.finished.connect(self.ended)  # not waited for: that may take its time
        self._process.kill()

    def wait(self) -> None:
        """Until the process of a question that was given up is gone."""
        self._process.waitForFinished(KILL_WAIT_MS)

    @Slot()
    def _yield_to_the_window(self) -> None:
        give_way(int(self._process.processId()))

    @Slot(int, QProcess.ExitStatus)
    def _read(self, code: int, status: QProcess.ExitStatus) -> None:
        output = bytes(self._process.readAllStandardOutput().data())
        errors = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
        answer = None if code or status is not QProcess.ExitStatus.NormalExit else answer_in(output)
        self._end(answer, errors)

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._end(None, f"{NOT_STARTED}: {self._process.errorString()}.")

    def _end(self, answer: Answer | None, errors: str) -> None:
        if not self.running:
            return
        self.running = False
        try:
            if answer is not None:
                self._done(answer)
            else:
                self._failed(_failure(errors))
        finally:
            self.ended.emit()


TRAINER = ("-P", "-m", "models")
"""Python's arguments that start the trainer program."""
NOT_STARTED = "The trainer could not be started"
NO_WORD = "The trainer gave no answer. Its words are in the log."


def trainer_environment() -> dict[str, str]:
    """Variables that the trainer needs beside those of the window."""
    ours = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    return ours | modest_threads()


def arguments(settings: Mapping[str, Any]) -> list[str]:
    """Settings by name as the trainer's arguments; None and False are left out.

    A list is given once for each of its values: ``{"data": ["a", "b"]}`` is ``--data=a --data=b``.
    """
    words: list[str] = []
    for name, value in settings.items():
        option = "--" + {"tags": "tag"}.get(name, name).replace("_", "-")
        if value is True:
            words.append(option)
        elif isinstance(value, list | tuple):
            words += [f"{option}={each}" for each in value]
        elif value is not None and value is not False:
            words.append(f"{option}={value}")
    return words


def last_sentence(errors: str) -> str:
    """What a trainer that failed said last on stderr; the rest goes to the log."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    if not lines:
        return NO_WORD
    if any(line.startswith("Traceback (") for line in lines):
        log.error("The trainer failed:\n%s", errors)
        return f"The trainer met a fault of its own ({lines[-1]}). The log tells more."
    return lines[-1]


def _failure(errors: str) -> TrainingError:
    sentence = last_sentence(errors)
    own = sentence == NO_WORD or sentence.startswith(NOT_STARTED) or "Traceback (" in errors
    return TrainerFault(sentence) if own else TrainingError(sentence)


def answer_in(output: bytes) -> Answer | None:
    """The JSON object that a program answered with; libraries may have printed before it."""
    for text in (output, *reversed(output.splitlines())):
        try:
            found = json.loads(text)
        except ValueError:
            continue
        if isinstance(found, dict):
            return found
    return None


def _environment() -> QProcessEnvironment:
    environment = QProcessEnvironment.systemEnvironment()
    for name, value in trainer_environment().items():
        environment.insert(name, value)
    return environment
