"""Passes on to the Train page what the Library asks of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Slot

from desktop.library.requests import LibraryRequests
from desktop.main_window import MainWindow
from desktop.pages.train import DATA, TrainPage
from engine.store.runs import RunSummary


class LibraryLinks(QObject):
    """Shows the page that was asked for, made now if it was never shown."""

    def __init__(self, requests: LibraryRequests, window: MainWindow) -> None:
        super().__init__(requests)
        self._window = window
        requests.run_asked.connect(self._show_run)
        requests.comparison_asked.connect(self._compare)
        requests.settings_asked.connect(self._fill_form)
        requests.fine_tuning_asked.connect(self._fine_tune)
        requests.more_epochs_asked.connect(self._go_on)
        requests.data_asked.connect(self._show_data)

    def _train(self) -> TrainPage:
        self._window.show_page("Train")
        page = self._window.page_widget("Train")
        assert isinstance(page, TrainPage)
        return page

    @Slot(object)
    def _show_run(self, folder: Path) -> None:
        self._train().show_run(folder)

    @Slot(object, object)
    def _compare(self, folder: Path, other: RunSummary) -> None:
        page = self._train()
        page.show_run(folder)
        page.run_view.compare(other)

    @Slot(object)
    def _fill_form(self, settings: Mapping[str, Any]) -> None:
        self._train().fill_form(settings)

    @Slot(object)
    def _fine_tune(self, model: Path) -> None:
        self._train().fine_tune(model)

    @Slot(object)
    def _go_on(self, folder: Path) -> None:
        self._train().go_on_with(folder)

    @Slot()
    def _show_data(self) -> None:
        self._train().show_tab(DATA)
