"""The Learn tab of the Train page."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.learn.material import Material
from desktop.learn.tour import Tour

if TYPE_CHECKING:
    from desktop.app import App


class LearnPanel(QWidget):
    """The tour, the first steps, *Build your own* and the glossary."""

    preset_wanted = Signal(str)
    """Choose this preset in the form."""
    tab_wanted = Signal(str)
    """Show this tab of the Train page: Run, Data or Learn."""
    page_wanted = Signal(str)
    """Show this page of the window: Studio, …"""
    settings_chosen = Signal(dict)
    """Put these settings, by name, into the form."""

    def __init__(self, app: "App", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._material = Material()
        self.tour = Tour(self._material)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tour)

    def set_run(
        self, curves: Any, description: dict[str, Any] | None, folder: Path | None = None
    ) -> None:
        """Draw from a run: its curves, the trainer's description of its networks, its samples."""
