"""The settings on disk, written off the GUI thread."""

from pathlib import Path

from PySide6.QtCore import QObject

from desktop.jobs import Jobs
from desktop.messages import Messages
from engine.errors import StoreError, TuttiError
from engine.store.settings import Settings, save_settings


class SettingsFile(QObject):
    """Writes the last of the settings it was given; those in between need not reach the disk."""

    def __init__(self, path: Path, jobs: Jobs, messages: Messages, parent: QObject) -> None:
        super().__init__(parent)
        self._path = path
        self._jobs = jobs
        self._messages = messages
        self._wanted: Settings | None = None
        self._writing: Settings | None = None

    def keep(self, settings: Settings) -> None:
        """Write these soon; waits for no disk."""
        self._wanted = settings
        if self._writing is None:
            self._write()

    def _write(self) -> None:
        settings, self._wanted = self._wanted, None
        if settings is None:
            return
        self._writing = settings
        self._jobs.run(
            lambda control: save_settings(settings, self._path),
            lambda _nothing: self._end(),
            self._fail,
            "Keeping the settings",
        )

    def _end(self) -> None:
        self._writing = None
        self._write()

    def _fail(self, error: TuttiError) -> None:
        self._messages.tell_error(error)
        self._end()

    def close(self) -> None:
        """Write what is not written yet, at once; after the jobs are closed."""
        waiting = self._wanted or self._writing
        self._wanted = self._writing = None
        if waiting is None:
            return
        try:
            save_settings(waiting, self._path)
        except StoreError as error:
            self._messages.tell_error(error)
