"""The door through which the library's writer reaches the window."""

from PySide6.QtCore import QObject, Signal


class LibraryBridge(QObject):
    """Turns calls on the writer's thread into signals on the GUI thread.

    The writer may have something to tell before anybody in the window listens: it waits here until
    the window's events run, so nothing is lost.
    """

    problem = Signal(str)
    recovered = Signal()
    changed = Signal()
    _problem_came = Signal(str)
    _recovery_came = Signal()
    _change_came = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._problem_came.connect(self.problem)
        self._recovery_came.connect(self.recovered)
        self._change_came.connect(self.changed)

    def send_problem(self, sentence: str) -> None:
        """Something cannot be written. Called on the writer's thread."""
        self._problem_came.emit(sentence)

    def send_recovered(self) -> None:
        """Writing works again. Called on the writer's thread."""
        self._recovery_came.emit()

    def send_change(self) -> None:
        """Something was written. Called on the writer's thread."""
        self._change_came.emit()
