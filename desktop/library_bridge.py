"""The door through which the library's writer reaches the window."""

from PySide6.QtCore import QObject, Signal


class LibraryBridge(QObject):
    """Turns calls on the writer's thread into signals; slots of the GUI thread get them queued."""

    problem = Signal(str)
    recovered = Signal()
    changed = Signal()

    def send_problem(self, sentence: str) -> None:
        """Something cannot be written. Called on the writer's thread."""
        self.problem.emit(sentence)

    def send_recovered(self) -> None:
        """Writing works again. Called on the writer's thread."""
        self.recovered.emit()

    def send_change(self) -> None:
        """Something was written. Called on the writer's thread."""
        self.changed.emit()
