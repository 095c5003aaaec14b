"""The composition being edited, and its past."""

from uuid import uuid4

from PySide6.QtCore import QObject, Signal

from desktop.undo_history import Swap, UndoHistory
from engine.music.composition import Composition

UNDO_STEPS = 500
UNDO_BYTES = 256_000_000
"""Of a song of ten thousand notes that are all moved each time, still more than a hundred steps."""


class Document(QObject):
    """Holds the composition; a view asks for an edit, `changed` carries the new value back.

    Undo is the list of old values: a composition is immutable, so a step costs what it changed.
    """

    changed = Signal(object)
    loaded = Signal(object)
    """Emitted before `changed` when another composition was opened: scroll back, forget takes."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._composition = Composition()
        self.composition_id = new_composition_id()
        self.undo_stack = UndoHistory(self._show, UNDO_STEPS, UNDO_BYTES, self)

    @property
    def composition(self) -> Composition:
        """The composition as it is now."""
        return self._composition

    def edit(self, composition: Composition, name: str) -> None:
        """Replace the composition as one step that Undo takes back ("Undo Keep take A")."""
        if composition != self._composition:
            self.undo_stack.push(Swap(self._composition, composition, name))

    def edit_on(self, composition: Composition, name: str) -> None:
        """Replace the composition as one step with the edit before it, where that has this name."""
        if composition != self._composition:
            goes_on = self.undo_stack.undoText() == name
            step = Swap(self._composition, composition, name)
            self.undo_stack.push(step, goes_on=goes_on)

    def load(self, composition: Composition, composition_id: str | None = None) -> None:
        """Open another composition; its past is empty. A new one gets an id of its own."""
        self.undo_stack.clear()
        self.composition_id = composition_id or new_composition_id()
        self._composition = composition
        self.loaded.emit(composition)
        self.changed.emit(composition)

    def undo(self) -> None:
        """Take the last edit back."""
        self.undo_stack.undo()

    def redo(self) -> None:
        """Make the edit that was taken back again."""
        self.undo_stack.redo()

    def _show(self, composition: Composition) -> None:
        self._composition = composition
        self.changed.emit(composition)


def new_composition_id() -> str:
    """A name for a composition that the library has not seen."""
    return uuid4().hex
