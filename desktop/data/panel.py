"""The Data tab of the Train page: the sets that there are, and what was found in one of them."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from desktop.data.findings import Findings
from desktop.data.overview import Overview
from desktop.data.report_view import ReportView
from desktop.data.work import DataWork

if TYPE_CHECKING:
    from desktop.app import App

MIDI_FILES = "MIDI files (*.mid *.midi *.smf)"


class DataSetsPanel(QWidget):
    """Overview and report, one at a time; the work goes on whichever is shown."""

    data_sets_changed = Signal()
    """Sets came, went, or have other songs or tags."""

    def __init__(self, app: "App", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self.work = DataWork(app, self)
        self.overview = Overview(self.work)
        self.report = ReportView(app)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.overview)
        self._stack.addWidget(self.report)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 8, 0)
        column.addWidget(self._stack)
        self._connect()

    def _connect(self) -> None:
        self.overview.folder_wanted.connect(self._choose_folder)
        self.overview.files_wanted.connect(self._choose_files)
        self.overview.refused.connect(self._tell)
        self.work.changed.connect(self.data_sets_changed)
        self.work.examined.connect(self._show_examined)
        self.work.work_changed.connect(self._on_work)
        self.work.report_asked.connect(self.show_report)
        self.report.back_asked.connect(self.show_overview)
        self.report.import_asked.connect(self.work.import_again)
        self.report.cancel_asked.connect(self.work.cancel)

    @property
    def shows_report(self) -> bool:
        """Whether what was found in a set is shown."""
        return self._stack.currentWidget() is self.report

    def showEvent(self, event: QShowEvent) -> None:
        """The sets of this moment."""
        self.work.read()
        super().showEvent(event)

    @Slot()
    def show_overview(self) -> None:
        """Show all sets."""
        self._stack.setCurrentWidget(self.overview)

    @Slot(str)
    def show_report(self, name: str) -> None:
        """Show what was found in a set."""
        self.report.read(name)
        self._stack.setCurrentWidget(self.report)

    def add(self, *paths: Path) -> None:
        """Ask under which name files and folders are to be imported."""
        self.show_overview()
        self.overview.ask_name(paths)

    @Slot(object)
    def _show_examined(self, findings: Findings) -> None:
        self.report.show_findings(findings)
        self._stack.setCurrentWidget(self.report)

    @Slot(str)
    def _on_work(self, name: str) -> None:
        self.report.show_work(name, self.work.work(name))

    @Slot(str)
    def _tell(self, sentence: str) -> None:
        self._app.messages.tell(sentence, "warning")

    @Slot()
    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "A folder of MIDI files", self._last_folder)
        if chosen:
            self._app.change_settings(last_folder=chosen)
            self.add(Path(chosen))

    @Slot()
    def _choose_files(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, "MIDI files", self._last_folder, MIDI_FILES)
        if chosen:
            self._app.change_settings(last_folder=str(Path(chosen[0]).parent))
            self.add(*map(Path, chosen))

    @property
    def _last_folder(self) -> str:
        return self._app.settings.last_folder or str(Path.home())
