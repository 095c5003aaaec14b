"""What is done to a run on disk: another name, away and back, its folder shown."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QInputDialog, QWidget

from desktop.messages import MessageAction
from desktop.settings.folders import open_folder
from engine.store import runs as store

if TYPE_CHECKING:
    from desktop.app import App


class RunChanges:
    """Each change is made off the GUI thread; ``changed`` is called with the run's new folder."""

    def __init__(self, app: "App", window: QWidget, changed: Callable[[Path | None], None]) -> None:
        self._app = app
        self._window = window
        self._changed = changed

    def rename(self, folder: Path) -> None:
        """Ask for another name."""
        name, taken = QInputDialog.getText(self._window, "Rename the run", "Name", text=folder.name)
        if taken and name.strip() != folder.name:
            self._do(lambda: store.rename(folder, name.strip()), self._tell, "Renaming a run")

    def delete(self, folder: Path) -> None:
        """Put a run away; the message brings it back."""

        def gone(trashed: Path) -> None:
            self._tell(None)
            undo = MessageAction("Undo", lambda: self._restore(trashed))
            self._app.messages.tell(f"{folder.name} is deleted.", "info", undo)

        self._do(lambda: store.trash(folder), gone, "Deleting a run")

    def show_folder(self, folder: Path) -> None:
        """The run's folder in the system's file manager."""
        open_folder(folder, self._app.messages)

    def _restore(self, trashed: Path) -> None:
        self._do(lambda: store.restore(trashed), self._tell, "Bringing a run back")

    def _tell(self, folder: Path | None) -> None:
        self._app.training.runs_changed.emit()
        self._changed(folder)

    def _do(self, work: Callable[[], Path], done: Callable[[Path], None], title: str) -> None:
        self._app.jobs.run(lambda control: work(), done, title=title)
