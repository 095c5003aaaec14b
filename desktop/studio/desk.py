"""What is seen and heard: the document, with the take that is auditioned in it."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from desktop.document import Document
from desktop.studio.edits import with_mix
from desktop.studio.generation import Generation
from desktop.studio.song_steps import with_step
from engine.music.composition import Composition, Origin
from engine.music.note import Note
from engine.music.sections import SectionMark


class Desk(QObject):
    """The composition with the auditioned take; every edit of the page goes through here.

    An edit of the notes that are shown keeps the take that stands in it: whoever works on a take
    wants it. Its place in the mix, and chords beside it, can be changed without.
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
        self._trial: Composition | None = None
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
        if shown is not None:
            composition = replace(composition, steps=self._kept_step().steps)
        self._document.edit(composition, name)
        if shown is not None:
            self.take_kept.emit(self._generation.takes[shown].name)

    def edit_on(self, composition: Composition, name: str) -> None:
        """Go on with the edit before, as one step with it: a key is held."""
        if self._generation.shown is None:
            self._document.edit_on(composition, name)
        else:
            self.edit(composition, name)

    def edit_beside(self, composition: Composition, name: str) -> None:
        """Change what stands beside the band, its chords and the melody, as one step.

        A take that is auditioned goes on being so, kept or not.
        """
        document = self._document.composition
        changed = replace(document, chords=composition.chords)
        self._document.edit(changed.with_track(0, composition.melody), name)

    def edit_sections(self, sections: tuple[SectionMark, ...], name: str) -> None:
        """Mark other sections, as one step; a take that is auditioned goes on being so."""
        self._document.edit(replace(self._document.composition, sections=sections), name)

    def mix(self, index: int, title: str, /, **values: Any) -> None:
        """Change a track's place in the mix; an auditioned take goes on being so.

        One step that Undo takes back, but for a part that only the take has.
        """
        if index == 0:
            self.edit_beside(with_mix(self._document.composition, 0, **values), title)
            return
        document, part = self._document.composition, self._shown.tracks[index].name
        names = [track.name for track in document.tracks]
        if self._generation.shown is None:
            self._document.edit(with_mix(document, index, **values), title)
        elif part in names[1:]:
            at = names.index(part, 1)
            self._document.edit(with_mix(document, at, **values), title)
        elif "name" in values:  # by which all else finds the part
            self.edit(with_mix(self._shown, index, **values), title)
        else:
            self._generation.mix_take(part, values)
            self.refresh()

    def keep(self, name: str) -> None:
        """Make what is shown the composition, as one edit and a step of the song."""
        self._document.edit(self._kept_step(), name)

    def _kept_step(self) -> Composition:
        """What is shown, with the take that stands in it as the song's last step."""
        shown, generation = self._generation.shown, self._generation
        if shown is None:
            return self._shown
        words = ", ".join(filter(None, [generation.round.words, generation.takes[shown].name]))
        return with_step(self._shown, words)

    def try_out(self, composition: Composition | None) -> None:
        """Show and play this without an edit, until the document changes; None: no longer."""
        if composition is not self._trial:
            self._trial = composition
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Work out anew what is shown."""
        heard = self._generation.heard(self._document.composition)
        self._shown = heard if self._trial is None else self._trial
        self.changed.emit(self._shown)

    @Slot(object)
    def _on_document(self, composition: Composition) -> None:
        """The composition itself is shown after an edit, an undo or a redo of its band."""
        self._trial = None
        before, self._band = self._band, _band_of(composition)
        if before != self._band:
            self._generation.forget_mix()
        if self._generation.shown is None or before == self._band:
            self.refresh()
        else:
            self._generation.show_take(None)

    @Slot(object)
    def _forget_takes(self, _composition: Composition) -> None:
        self._generation.forget()


def _band_of(composition: Composition) -> tuple[list[tuple[str, tuple[Note, ...]]], Origin | None]:
    """What tells whether an edit was about what the band plays."""
    return [(track.name, track.notes) for track in composition.accompaniment], composition.origin
