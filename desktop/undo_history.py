"""The steps that can be taken back: a list of values, with the face of Qt's own undo stack.

Not `QUndoStack` itself. It deletes its commands in C++, while a command that is written in Python
belongs to a cycle (command, document, stack) that the garbage collector takes apart in any order:
where it met a command first, the stack kept a pointer to freed memory and the process died with it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from desktop.step_weight import weight_beside
from engine.music.composition import Composition


@dataclass(frozen=True, slots=True)
class Swap:
    """One step: what was before it, what is after it, and its name for the menu."""

    before: Composition
    after: Composition
    name: str

    @property
    def weight(self) -> int:
        """Bytes that it keeps in memory beside what other steps keep; an estimate."""
        return weight_beside(self.after, self.before)


class UndoHistory(QObject):
    """Steps and how many of them are done; tells `QUndoStack`'s signals in its order."""

    indexChanged = Signal(int)
    canUndoChanged = Signal(bool)
    undoTextChanged = Signal(str)
    canRedoChanged = Signal(bool)
    redoTextChanged = Signal(str)

    def __init__(
        self,
        show: Callable[[Composition], None],
        limit: int,
        most_bytes: int,
        parent: QObject | None = None,
    ) -> None:
        """``show`` is called with what a step leads to.

        Of more than ``limit`` steps, or of more than ``most_bytes``, the oldest are forgotten; the
        last one stays whatever it takes.
        """
        super().__init__(parent)
        self._show = show
        self._limit = limit
        self._most_bytes = most_bytes
        self._steps: list[Swap] = []
        self._weights: list[int] = []
        self.forgotten = 0
        """How many steps were forgotten since `clear`, as there were too many."""
        self._index = 0

    def push(self, step: Swap, *, goes_on: bool = False) -> None:
        """Do a step; what was taken back is forgotten. ``goes_on``: as one with the step before."""
        self._show(step.after)
        del self._steps[self._index :], self._weights[self._index :]
        if goes_on and self._steps:
            step = replace(self._steps.pop(), after=step.after)
            self._weights.pop()
        self._steps.append(step)
        self._weights.append(step.weight)
        self._forget_oldest()
        self._index = len(self._steps)
        self._tell()

    def _forget_oldest(self) -> None:
        """What is beyond the limits; a song of 100,000 notes has 0.8 MB a step, or 13."""
        gone, held = max(0, len(self._steps) - self._limit), sum(self._weights)
        held -= sum(self._weights[:gone])
        while held > self._most_bytes and gone < len(self._steps) - 1:
            held -= self._weights[gone]
            gone += 1
        del self._steps[:gone], self._weights[:gone]
        self.forgotten += gone

    def undo(self) -> None:
        """Take the last step back."""
        self.setIndex(self._index - 1)

    def redo(self) -> None:
        """Do again what was taken back last."""
        self.setIndex(self._index + 1)

    def setIndex(self, index: int) -> None:
        """Go to where so many of the steps are done, one by one."""
        wanted = min(max(0, index), len(self._steps))
        before = self._index
        while self._index > wanted:
            self._show(self._steps[self._index - 1].before)
            self._index -= 1
        while self._index < wanted:
            self._show(self._steps[self._index].after)
            self._index += 1
        if self._index != before:
            self._tell()

    def clear(self) -> None:
        """Forget every step."""
        self.forgotten = 0
        if self._steps:
            self._steps.clear()
            self._weights.clear()
            self._index = 0
            self._tell()

    def index(self) -> int:
        """How many steps are done."""
        return self._index

    def count(self) -> int:
        """How many steps there are, those that were taken back among them."""
        return len(self._steps)

    def canUndo(self) -> bool:
        """Whether there is a step to take back."""
        return self._index > 0

    def canRedo(self) -> bool:
        """Whether there is a step to do again."""
        return self._index < len(self._steps)

    def undoText(self) -> str:
        """The name of the step that Undo takes back, empty where there is none."""
        return self._steps[self._index - 1].name if self.canUndo() else ""

    def redoText(self) -> str:
        """The name of the step that Redo does again, empty where there is none."""
        return self._steps[self._index].name if self.canRedo() else ""

    def _tell(self) -> None:
        self.indexChanged.emit(self._index)
        self.canUndoChanged.emit(self.canUndo())
        self.undoTextChanged.emit(self.undoText())
        self.canRedoChanged.emit(self.canRedo())
        self.redoTextChanged.emit(self.redoText())
