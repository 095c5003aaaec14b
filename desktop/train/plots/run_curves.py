"""The curves of a run: losses and similarity index, side by side."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from desktop.jobs import Jobs
from desktop.messages import Messages
from engine.store.curves import Curves


class RunCurves(QWidget):
    """Losses and similarity index of a run, with another run laid over them if asked for."""

    def __init__(self, jobs: Jobs, messages: Messages, parent: QWidget | None = None) -> None:
        """``jobs`` write what is exported; ``messages`` say where."""
        super().__init__(parent)
        self._jobs, self._messages = jobs, messages
        self._curves = Curves()
        self._overlay: tuple[str, Curves] | None = None

    def set_curves(self, curves: Curves) -> None:
        """Show a run; the same object may be fed further, `refresh` shows what came."""
        self._curves = curves

    def add_overlay(self, name: str, curves: Curves) -> None:
        """Lay another run over it, dashed and named; in the place of one laid over before."""
        self._overlay = name, curves

    @Slot()
    def clear_overlay(self) -> None:
        """Show the run alone again."""
        self._overlay = None

    @Slot()
    def refresh(self) -> None:
        """Show what came since the last time; may be called as often as events come."""
