"""What is seen and heard: the document, with the take that is auditioned in it."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from desktop.document import Document
from desktop.studio.generation import Generation
from engine.music.composition import Composition


class Desk(QObject):
    """The composition with the auditioned take; every edit of the page goes through here.

    An edit of what is shown keeps the take that stands in it: whoever works on a take wants it.
    """

    changed = Signal(object)
    """What is seen and heard from now on."""

    take_kept = Signal(str)
    """The name of a take that was kept because it was worked on."""

    def __init__(
        self, document: Document, generation: Generation, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._generation = generation
        self._shown = document.composition
        self._band = _band_of(self._shown)
        document.loaded.connect(self._forget_takes)
        document.changed.connect(self._on_document)
        generation.shown_changed.connect(self.refresh)

    @property
    def shown(self) -> Composition:
        """What is seen and heard."""
        return self._shown

    def edit(self, composition: Composition, name: str) -> None:
        """Make this the composition, as one step that Undo takes back."""
        shown = self._generation.shown
        self._document.edit(composition, name)
        if shown is not None:
            self.take_kept.emit(self._generation.takes[shown].name)

    def edit_beside(self, composition: Composition, name: str) -> None:
        """Change what stands beside the band, its chords and the melody, as one step.

        A take that is auditioned goes on being so, kept or not.
        """
        document = self._document.composition
        changed = replace(document, chords=composition.chords)
        self._document.edit(changed.with_track(0, composition.melody), name)

    def keep(self, name: str) -> None:
        """Make what is shown the composition, as one step."""
        self._document.edit(self._shown, name)

    @Slot()
    def refresh(self) -> None:
        """Work out anew what is shown."""
        self._shown = self._generation.heard(self._document.composition)
        self.changed.emit(self._shown)

    @Slot(object)
    def _on_document(self, composition: Composition) -> None:
        """The composition itself is shown after an edit, an undo or a redo of its band."""
        before, self._band = self._band, _band_of(composition)
        if self._generation.shown is None or before == self._band:
            self.refresh()
        else:
            self._generation.show_take(None)

    @Slot(object)
    def _forget_takes(self, _composition: Composition) -> None:
        self._generation.forget()


def _band_of(composition: Composition) -> tuple[Any, ...]:
    """What tells whether an edit was about the band."""
    return composition.accompaniment, composition.origin
