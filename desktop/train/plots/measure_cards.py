"""The measures on held-out songs: a card each, with people's own value as the line to reach."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from engine.store.curves import Curves


class MeasureCards(QWidget):
    """A row of cards: value, its course over the epochs, the people's value, near or far."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curves = Curves()

    def set_curves(self, curves: Curves) -> None:
        """Show a run; the same object may be fed further, `refresh` shows what came."""
        self._curves = curves

    @Slot()
    def refresh(self) -> None:
        """Show what came since the last time."""
