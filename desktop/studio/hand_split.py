"""A two-handed take: the right hand is the melody, what the left one played are chords."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from desktop.studio.chord_edits import named_marks, with_marks
from desktop.studio.desk import Desk
from engine.music.composition import Composition
from engine.music.hands import split_hands

if TYPE_CHECKING:
    from desktop.app import App

ONE_HAND = "These notes fit one hand, so there is no left hand to take chords from."
NO_CHORDS = "No chords are heard in what the left hand played, so the melody stays as it was."


def with_hands(composition: Composition) -> Composition | None:
    """Melody and chords of two hands; None where all fit one hand."""
    left, right = split_hands(composition.melody.notes, composition.ticks_per_quarter)
    if not left or not right:
        return None
    marked = with_marks(composition, named_marks([left], composition))
    return marked.with_track(0, composition.melody.with_notes(right))


class HandSplit(QObject):
    """Does it in one stroke, and tells what it found."""

    def __init__(self, app: "App", desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._desk = desk
        app.actions["split_hands"].triggered.connect(self.split)

    @Slot()
    def split(self) -> None:
        """Split the melody."""
        shown = self._desk.shown
        split = with_hands(shown)
        if split is None:
            self._app.messages.tell(ONE_HAND)
            return
        if not any(mark.symbol for mark in split.chords):
            self._app.messages.tell(NO_CHORDS)
            return
        self._desk.edit_beside(split, "Split the hands")
        count = len(shown.melody.notes) - len(split.melody.notes)
        chords = list(dict.fromkeys(mark.symbol for mark in split.chords if mark.symbol))
        told = ", ".join(chords[:6]) + ("…" if len(chords) > 6 else "")
        self._app.messages.tell(f"{count} notes of the left hand became chords: {told}.")
