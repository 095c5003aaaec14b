"""Training as the window knows it: the one trainer it started, and every run there is."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from desktop.jobs import Jobs
from desktop.messages import MessageAction, Messages
from desktop.trainer_query import Question, TrainerQuery, arguments
from desktop.training_process import Outcome, TrainingProcess
from desktop.training_words import ending_words, found_words
from engine.errors import TuttiError
from engine.store import runs as store
from engine.store.paths import runs_folder
from engine.store.runs import RunSummary

log = logging.getLogger(__name__)


class Training(QObject):
    """Starts, pauses, stops and resumes runs, whoever trains them, and tells how they end."""

    runs_changed = Signal()
    """A run was begun, has ended, or is called otherwise."""
    requested = Signal(object, str)
    """The folder of a run that another process trains, and what it was asked just now."""
    show_asked = Signal(object)
    """The folder of a run that the user wants to see."""
    model_made = Signal(object)
    """The path of a model that a run has just made: to be listed."""
    use_asked = Signal(object)
    """The path of a model that the user wants to play with."""

    def __init__(self, jobs: Jobs, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._messages = messages
        self.query = TrainerQuery(self)
        self.process = TrainingProcess(self)
        self.process.ended.connect(self.tell_end)
        self.process.state_changed.connect(self.runs_changed)

    @property
    def folder(self) -> Path | None:
        """The run that a trainer of this window works on."""
        return self.process.folder if self.process.running else None

    def is_own(self, folder: Path) -> bool:
        """Whether a trainer of this window works on the run."""
        return folder == self.folder

    def start(self, settings: Mapping[str, Any]) -> Path:
        """Train a new run with settings by name, and return its folder. Raises `TrainingError`."""
        folder = runs_folder() / str(settings["name"])
        store.check_new_name(runs_folder(), folder.name)
        self.process.start(arguments(settings), folder)
        return folder

    def resume(self, folder: Path, **changes: Any) -> None:
        """Go on with a run; a refusal is told."""
        try:
            self.process.resume(folder, *arguments(changes))
        except TuttiError as error:
            self._messages.tell_error(error)

    def pause(self, folder: Path) -> None:
        """Save and end, so that the device is free; `resume` goes on exactly."""
        if self.is_own(folder):
            self.process.pause()
        else:
            self._request(folder, "pause")

    def stop(self, folder: Path) -> None:
        """Stop and keep."""
        if self.is_own(folder):
            self.process.stop()
        else:
            self._request(folder, "stop")

    def _request(self, folder: Path, what: store.Request) -> None:
        self._jobs.run(
            lambda control: store.request(folder, what),
            lambda _none: self.requested.emit(folder, what),
            title=f"Asking {what}",
        )

    def keep(
        self,
        folder: Path,
        epoch: int | None,
        done: Callable[[Path], None],
        failed: Callable[[], None],
    ) -> Question:
        """Make a model of an epoch, None being the best; a failure is told as well."""

        def made(answer: Mapping[str, Any]) -> None:
            path = Path(str(answer.get("model", "")))
            self.model_made.emit(path)
            done(path)

        def refused(error: TuttiError) -> None:
            self._messages.tell_error(error)
            failed()

        return self.query.keep(folder, epoch, made, refused)

    def look_for_runs(self) -> None:
        """At the window's start: tell of a run that goes on elsewhere, or was cut off."""
        folder = runs_folder()

        def found(runs: tuple[RunSummary, ...]) -> None:
            for run in runs:
                self._tell_found(run)

        def look() -> tuple[RunSummary, ...]:
            store.empty_trash(folder)
            return store.runs(folder, with_shipped=False)

        self._jobs.run(lambda control: look(), found, title="Looking for training runs")

    def _tell_found(self, run: RunSummary) -> None:
        words = found_words(run)
        if words and not self.is_own(run.folder):
            show = MessageAction("Show it", lambda: self.show_asked.emit(run.folder))
            self._messages.tell(words, "info", show, stays=True)

    @Slot(object)
    def tell_end(self, outcome: Outcome) -> None:
        """A run has ended, whoever trained it: its model is listed, and the user hears of it."""
        self.runs_changed.emit()
        sentence, level = ending_words(outcome)
        action = MessageAction("Show it", lambda: self.show_asked.emit(outcome.folder))
        model = outcome.event.get("model")
        if outcome.ending in ("finished", "stopped") and isinstance(model, str):
            path = Path(model)
            self.model_made.emit(path)
            action = MessageAction("Play it in the Studio", lambda: self.use_asked.emit(path))
        elif outcome.ending == "crashed":
            action = MessageAction("Resume", lambda: self.resume(outcome.folder))
        self._messages.tell(sentence, level, action)

    def close(self) -> None:
        """The window goes: what was not let go stops and keeps, as a process of its own."""
        self.query.close()
        self.process.close()
