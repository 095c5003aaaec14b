"""What the buttons and menus of a run do."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop.messages import MessageAction
from desktop.train.offers import Offers
from desktop.train.run_changes import RunChanges
from desktop.train.run_watch import LIVE, RunWatch
from engine.store.runs import SHIPPED_SUFFIX, settings_of

if TYPE_CHECKING:
    from desktop.app import App

NO_MODEL = "The model that this run made is gone; keep an epoch of it again."


class RunDeeds(QObject):
    """Acts on the run that is watched."""

    form_wanted = Signal(dict, bool)
    """Settings for the form, and whether to train with them at once."""
    go_on_wanted = Signal(object)
    """The folder of a run that is to get more epochs."""
    epoch_used = Signal(int)
    epoch_not_used = Signal()
    busy_changed = Signal()

    def __init__(self, app: "App", watch: RunWatch, window: QWidget) -> None:
        super().__init__(window)
        self._app = app
        self._watch = watch
        self._keeping = False
        self.offers = Offers()
        self.changes = RunChanges(app, window, watch.show)

    @property
    def is_shipped(self) -> bool:
        """Whether the run came with Tutti: it is looked at, never changed."""
        folder = self._watch.folder
        return folder is not None and folder.suffix == SHIPPED_SUFFIX

    def not_possible(self) -> frozenset[str]:
        """The buttons that do nothing for this run now."""
        without: set[str] = set()
        if not self._watch.is_own:
            without.add("kill")
        if self.is_shipped:
            without |= {"go_on", "resume", "keep"}
        if self._keeping or not self._watch.curves.samples:
            without.add("keep")
        if self._watch.state == "failed" and not self._watch.curves.checkpoints:
            without.add("resume")
        if self._app.training.process.running:
            without |= {"resume", "go_on"}
        return frozenset(without)

    @Slot(str)
    def do(self, verb: str) -> None:
        """What a button asks for."""
        folder = self._watch.folder
        if folder is None:
            return
        training = self._app.training
        deeds: dict[str, Callable[[], None]] = {
            "pause": lambda: training.pause(folder),
            "stop": lambda: training.stop(folder),
            "resume": lambda: training.resume(folder),
            "kill": training.process.kill,
            "go_on": lambda: self.go_on_wanted.emit(folder),
            "keep": lambda: self._keep(folder, None),
            "use": self._use,
            "offer": lambda: self._take_offer(folder),
        }
        deeds[verb]()

    def rows(self) -> list[tuple[str, Callable[[], None]]]:
        """What the menu offers: words, and what they do."""
        folder = self._watch.folder
        if folder is None:
            return []
        rows: list[tuple[str, Callable[[], None]]] = [
            ("New run with these settings", lambda: self._clone(folder, {}, False)),
            ("Show the folder", lambda: self.changes.show_folder(folder)),
        ]
        if not self.is_shipped and self._watch.state not in LIVE:
            rows += [
                ("Rename …", lambda: self.changes.rename(folder)),
                ("Delete", lambda: self.changes.delete(folder)),
            ]
        return rows

    @Slot(int)
    def use_epoch(self, epoch: int) -> None:
        """Make a model of an epoch and offer it."""
        if self._watch.folder is not None:
            self._keep(self._watch.folder, epoch)

    @Slot()
    def show_library(self) -> None:
        """The page where all runs stand."""
        self._app.actions["page_library"].trigger()

    def _keep(self, folder: Path, epoch: int | None) -> None:
        training = self._app.training
        self._be_busy(True)

        def made(path: Path) -> None:
            self._be_busy(False)
            which = f"Epoch {epoch}" if epoch is not None else "The best epoch"
            play = MessageAction("Play it in the Studio", lambda: training.use_asked.emit(path))
            self._app.messages.tell(
                f"{which} of {folder.name} is {path.stem} in the Studio's list.", "good", play
            )
            if epoch is not None:
                self.epoch_used.emit(epoch)

        def failed() -> None:
            self._be_busy(False)
            self.epoch_not_used.emit()

        training.keep(folder, epoch, made, failed)

    def _be_busy(self, busy: bool) -> None:
        self._keeping = busy
        self.busy_changed.emit()

    def _use(self) -> None:
        told = self._watch.curves.model
        folder = self._watch.folder
        if self.is_shipped and folder is not None:
            self._app.training.use_asked.emit(folder.with_suffix(".onnx"))
        elif told and Path(told).is_file():
            self._app.training.use_asked.emit(Path(told))
        else:
            self._app.messages.tell(NO_MODEL, "warning")

    def _take_offer(self, folder: Path) -> None:
        offer = self._watch.curves.offer or {}
        if offer.get("setting"):
            self._clone(folder, {str(offer["setting"]): offer.get("value")}, True)

    def _clone(self, folder: Path, changes: dict[str, Any], at_once: bool) -> None:
        self._app.jobs.run(
            lambda control: settings_of(folder),
            lambda found: self.form_wanted.emit({**found, **changes}, at_once),
            title="Reading a run's settings",
        )
