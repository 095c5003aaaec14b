"""The Train page: how a generator is trained, and the runs there are."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from desktop.pages.layout import ColumnPage
from desktop.settings.folders import open_folder
from desktop.settings.form import Section, in_a_row, quiet_label
from engine.store.paths import runs_folder

if TYPE_CHECKING:
    from desktop.app import App

TUTTI = "tutti" if sys.platform == "win32" else "./tutti"
COMMAND = f'{TUTTI} train --data FOLDER --name "My band"'
HOW = (
    "A generator learns from MIDI files of your own. For now that is done in a terminal, by the "
    "command below in Tutti's own folder; FOLDER is where the MIDI files lie. When it is done, the "
    "model stands in the Studio's list."
)
MORE = f"All options: {TUTTI} train --help"
NO_RUNS = "No training run on this machine yet."
MOST_RUNS = 50


class TrainPage(ColumnPage):
    """Says how to train, and lists what was trained on this machine."""

    def __init__(self, app: "App", parent: QWidget | None = None) -> None:
        super().__init__("Train", parent)
        self._app = app
        self.add(self._how())
        self._runs = Section("Runs")
        self._list = quiet_label()
        self._runs.add_wide(self._list)
        folder = QPushButton("Open the folder of runs")
        folder.clicked.connect(self._open_folder)
        self._runs.add_wide(in_a_row(folder))
        self.add(self._runs)

    @property
    def command(self) -> str:
        """The command that is shown."""
        return self._command.text()

    @property
    def runs(self) -> str:
        """The runs that are listed, a line each."""
        return self._list.text()

    def _how(self) -> Section:
        section = Section("Train a generator")
        sentence = QLabel(HOW)
        sentence.setWordWrap(True)
        section.add_wide(sentence)
        self._command = QLineEdit(COMMAND)
        self._command.setReadOnly(True)
        self._command.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._command.setAccessibleName("Command")
        self._command.setMinimumWidth(380)
        copy = QPushButton("Copy")
        copy.clicked.connect(self._copy)
        section.add_wide(in_a_row(self._command, copy))
        section.add_wide(quiet_label(MORE))
        return section

    def showEvent(self, event: QShowEvent) -> None:
        """The runs of this moment."""
        self._app.jobs.run(lambda control: run_lines(runs_folder()), self._show, title="Runs")
        super().showEvent(event)

    def _show(self, lines: tuple[str, ...]) -> None:
        self._list.setText("\n".join(lines) or NO_RUNS)
        self._list.setVisible(True)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(COMMAND)
        self._app.messages.tell("The command is copied.", "good")

    @Slot()
    def _open_folder(self) -> None:
        open_folder(runs_folder(), self._app.messages)


def run_lines(folder: Path) -> tuple[str, ...]:
    """A line for each training run's folder, the latest first. Called on a worker thread."""
    if not folder.is_dir():
        return ()
    runs = [(each.stat().st_mtime, each.name) for each in folder.iterdir() if each.is_dir()]
    return tuple(
        f"{name} · {time.strftime('%d %b %Y, %H:%M', time.localtime(changed))}"
        for changed, name in sorted(runs, reverse=True)[:MOST_RUNS]
    )
