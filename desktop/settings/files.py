"""Where everything lies."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.settings.folders import open_folder
from desktop.settings.form import Section, in_a_row, quiet_label
from engine.store.paths import data_folder

if TYPE_CHECKING:
    from desktop.app import App


class FilesSection(Section):
    """The folder of the library, the settings, the models and the log."""

    def __init__(self, app: "App", parent: QWidget | None = None) -> None:
        super().__init__("Files", parent)
        self._app = app
        folder = QPushButton("Open folder")
        folder.setAccessibleName("Open the data folder")
        folder.clicked.connect(self._open)
        self.add_wide(quiet_label("Takes, compositions, models, settings and the log lie here:"))
        self.add_wide(quiet_label(str(data_folder())))
        self.add_wide(in_a_row(folder))

    @Slot()
    def _open(self) -> None:
        open_folder(data_folder(), self._app.messages)
