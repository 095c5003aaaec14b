"""Files that were opened or saved last, as a menu."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMenu

from desktop.widgets.menus import add_row

if TYPE_CHECKING:
    from desktop.app import App

MOST = 12


class RecentFiles(QObject):
    """Keeps the list in the settings; a file that has gone is said and dropped when asked for."""

    def __init__(self, app: "App", open_file: Callable[[Path], None]) -> None:
        super().__init__(app)
        self._app = app
        self._open_file = open_file
        self.menu = QMenu("Open recent")
        self.menu.aboutToShow.connect(self.fill)
        app.actions["recent"].setMenu(self.menu)
        app.settings_changed.connect(self._show_state)
        self._show_state()

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files, the last one first."""
        return tuple(map(Path, self._app.settings.recent_files))

    def add(self, path: Path) -> None:
        """A file was opened or saved."""
        name = str(path.absolute())
        others = [each for each in self._app.settings.recent_files if each != name]
        self._app.change_settings(recent_files=(name, *others)[:MOST])

    def open(self, path: Path) -> None:
        """Open a file of the list, if it is still there."""
        if path.is_file():
            self._open_file(path)
            return
        self.drop(path)
        self._app.messages.tell(
            f"{path.name} is not in {path.parent} any more, so it is taken off the list.", "warning"
        )

    def drop(self, path: Path) -> None:
        """Take a file off the list."""
        left = tuple(each for each in self._app.settings.recent_files if each != str(path))
        self._app.change_settings(recent_files=left)

    @Slot()
    def clear(self) -> None:
        """Forget all."""
        self._app.change_settings(recent_files=())

    @Slot()
    def fill(self) -> None:
        """The rows as they are now; two files of one name are told apart by their folders."""
        self.menu.clear()
        paths = self.paths
        names = [path.name for path in paths]
        for path in paths:
            shown = path.name.replace("&", "&&")
            if names.count(path.name) > 1:
                shown = f"{shown}  ({str(path.parent).replace('&', '&&')})"
            add_row(self.menu, shown, partial(self.open, path)).setToolTip(str(path))
        self.menu.addSeparator()
        add_row(self.menu, "Forget these", self.clear)

    @Slot()
    def _show_state(self) -> None:
        self._app.actions["recent"].setEnabled(bool(self._app.settings.recent_files))

    def close(self) -> None:
        """Let go of the menu, which no window owns."""
        self.menu.deleteLater()
