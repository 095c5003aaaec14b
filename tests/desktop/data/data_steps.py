"""What the tests of the Data tab do again and again."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from pytestqt.qtbot import QtBot

from desktop.data.catalogue_card import CatalogueCard
from desktop.data.panel import DataSetsPanel
from desktop.settings.form import Choice

LONG_MS = 40_000  # on a busy machine a process takes long to start


def card(panel: DataSetsPanel) -> CatalogueCard:
    return panel.overview.cards["tiny"]


def until(qtbot: QtBot, holds: Callable[[], object]) -> None:
    """Wait for it."""
    qtbot.waitUntil(lambda: bool(holds()), timeout=LONG_MS)


def until_here(qtbot: QtBot, panel: DataSetsPanel, name: str) -> None:
    def here() -> bool:
        return name in panel.overview.sets and not panel.work.under_way

    until(qtbot, here)


def dropped(*paths: Path) -> QDropEvent:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(50, 50), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    event.kept_alive = mime  # type: ignore[attr-defined]  # Qt does not own it
    return event


def dragged(*paths: Path) -> QDragEnterEvent:
    """What comes over a widget before it is dropped there."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDragEnterEvent(
        QPoint(50, 50), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    event.kept_alive = mime  # type: ignore[attr-defined]  # Qt does not own it
    event.ignore()
    return event


def imported(qtbot: QtBot, panel: DataSetsPanel, songs: Path, name: str = "mine") -> None:
    """Drop a folder, name it, wait until it is packed and its report is shown."""
    panel.overview.dropEvent(dropped(songs))
    panel.overview.naming.name.setText(name)
    panel.overview.naming.tags.setText("Pop, own ,, pop")
    panel.overview.naming.go.click()
    until_here(qtbot, panel, name)
    until(qtbot, lambda: panel.shows_report and bool(panel.report.table.found))


def choose_role(choice: Choice, role: str) -> None:
    index = choice.findData(role)
    choice.setCurrentIndex(index)
    choice.activated.emit(index)
