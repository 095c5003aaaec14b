"""The Data tab."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from desktop.app import App


class DataSetsPanel(QWidget):
    """The data sets there are, and those there could be."""

    data_sets_changed = Signal()

    def __init__(self, app: "App", parent: QWidget | None = None) -> None:
        super().__init__(parent)
