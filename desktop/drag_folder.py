"""Where files lie that are dragged out to other programs."""

import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from engine.files.file_names import free_name

PREFIX = "tutti-drag-"
STALE_SECONDS = 86_400.0


class DragFolder(QObject):
    """A folder that goes when the window closes.

    Whoever takes a file may copy it after the drop, so it cannot go before.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder: Path | None = None

    def place(self, name: str) -> Path:
        """A path of this name that is free. Raises `OSError`."""
        if self._folder is None:
            remove_stale()
            self._folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        return free_name(self._folder / name)

    @Slot()
    def clean(self) -> None:
        """Remove the files; the program ends."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def remove_stale() -> None:
    """What a program that was killed left behind."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > STALE_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
