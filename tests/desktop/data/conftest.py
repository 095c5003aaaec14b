"""The Data tab with a catalogue of one small set, and a set of one's own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.data.panel import DataSetsPanel
from desktop.data.set_row import SetRow
from engine.data.importing import import_folder
from engine.store.paths import data_sets_folder
from tests.archive_server import ArchiveServer, serving
from tests.desktop.data.data_steps import LONG_MS, until
from tests.engine.data.catalogue_set import entry, offer_songs
from tests.midi_songs import write_songs


@pytest.fixture
def songs(tmp_path: Path) -> Path:
    return write_songs(tmp_path / "My songs")


@pytest.fixture
def server(songs: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ArchiveServer]:
    """Hands out the one set that the catalogue can fetch; another one has a recipe."""
    with serving(ArchiveServer()) as server:
        offer_songs(server, songs, monkeypatch)
        sets = (
            entry(source=server.address),
            entry(name="made", title="Made", recipe="Make it yourself."),
        )
        for module in ("overview", "work"):
            monkeypatch.setattr(f"desktop.data.{module}.CATALOGUE", sets)
        yield server


@pytest.fixture
def panel(qtbot: QtBot, app: App, server: ArchiveServer) -> DataSetsPanel:
    panel = DataSetsPanel(app)
    qtbot.addWidget(panel)
    panel.resize(1000, 700)
    with qtbot.waitSignal(panel.work.sets_read, timeout=LONG_MS):
        panel.show()
    return panel


@pytest.fixture(scope="module")
def packed_songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set that was imported once for all tests that only need one."""
    folder = tmp_path_factory.mktemp("packed")
    import_folder(write_songs(folder / "songs"), "mine", ("pop", "own"), folder)
    return folder / "mine"


@pytest.fixture
def mine(qtbot: QtBot, panel: DataSetsPanel, packed_songs: Path) -> SetRow:
    """The row of the set `mine`, whose report is shown."""
    shutil.copytree(packed_songs, data_sets_folder() / "mine")
    panel.work.read()
    until(qtbot, lambda: "mine" in panel.overview.rows)
    panel.overview.rows["mine"].report.click()
    until(qtbot, lambda: panel.shows_report and bool(panel.report.table.found))
    return panel.overview.rows["mine"]
