"""What is asked for in the Library happens on the Train page."""

import pytest
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.pages.library import LibraryPage
from desktop.pages.train import TrainPage
from desktop.shell import Shell
from desktop.train.samples.what_it_plays import WhatItPlays
from engine.store.paths import runs_folder
from engine.store.runs import summary
from tests.recorded_runs import write_run


@pytest.fixture
def library(shell: Shell) -> LibraryPage:
    shell.window.show_page("Library")
    page = shell.window.page_widget("Library")
    assert isinstance(page, LibraryPage)
    return page


def train_page(shell: Shell) -> TrainPage:
    assert shell.window.page == "Train"
    page = shell.window.page_widget("Train")
    assert isinstance(page, TrainPage)
    return page


# One window for all of it: each one asks a trainer program what it offers.
def test_what_is_asked_for_is_there_on_a_page_that_was_never_shown(
    qtbot: QtBot, app: App, shell: Shell, library: LibraryPage
) -> None:
    first, second = (write_run(runs_folder() / name) for name in ("First", "Second"))
    shipped = next(model.path for model in app.models if model.shipped)
    assert shell.window.acceptDrops()

    library.requests.fine_tuning_asked.emit(shipped)
    page = train_page(shell)
    qtbot.waitUntil(lambda: page.side.form.start.start.path == shipped)

    library.requests.comparison_asked.emit(first, summary(second))
    assert page.run_view.folder == first
    plays = page.findChild(WhatItPlays)
    qtbot.waitUntil(lambda: plays.chosen is not None and plays.chosen.epoch == 2)
    qtbot.waitUntil(lambda: "Second" in page.run_view.curves.bar.overlay.text())

    library.requests.more_epochs_asked.emit(second)
    qtbot.waitUntil(lambda: page.side.form.goes_on == second)

    library.requests.data_asked.emit()
    assert page.data.isVisible()
