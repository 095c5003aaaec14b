"""What is selected, and what a gesture carries: one edit goes out when it is let go."""

from collections.abc import Callable
from dataclasses import replace

from desktop.roll.edits import Selection, added, changed, deleted, name_of
from engine.music.composition import Composition
from engine.music.note import Note


class NoteEditor:
    """Holds the composition as shown, the selection, and the notes in the hand.

    ``on_change`` is called when the picture differs, ``on_edit`` with the composition asked for
    and the edit's name. The editor changes nothing itself: the document answers through `load`.
    """

    def __init__(
        self, on_change: Callable[[], None], on_edit: Callable[[Composition, str], None]
    ) -> None:
        self._on_change = on_change
        self._on_edit = on_edit
        self._expected: Selection | None = None
        self.composition = Composition()
        self.selection = Selection()
        self.hidden = Selection()
        self.carried: frozenset[Note] = frozenset()
        self.clipboard: frozenset[Note] = frozenset()
        self.last_duration: int | None = None

    def load(self, composition: Composition) -> None:
        """Take over the document's composition; what it still has stays selected."""
        wanted = self.selection if self._expected is None else self._expected
        self.composition = composition
        self.selection = wanted.within(composition)
        self._let_go()

    def choose(self, selection: Selection) -> None:
        """Select other notes."""
        self.selection = selection
        self._on_change()

    def toggle(self, track: int, note: Note) -> None:
        """Add a note to the selection, or take it out."""
        notes = self.selection.notes if self.selection.track == track else frozenset()
        self.choose(Selection(track, notes ^ {note}))

    def carry(self, notes: frozenset[Note]) -> None:
        """Show the selected notes as they would become."""
        if self.hidden is not self.selection:
            self.hidden = self.selection
        self.carried = notes
        self._on_change()

    def drop(self, verb: str) -> None:
        """Ask for the carried notes to become real, unless nothing has changed."""
        selection, carried = self.hidden, self.carried
        if not selection or carried == selection.notes:
            self.abandon()
            return
        self.replace_selected(verb, carried)
        self.abandon()

    def abandon(self) -> None:
        """Put everything back where it was."""
        self._let_go()
        self._on_change()

    def replace_selected(self, verb: str, notes: frozenset[Note]) -> None:
        """Ask for other notes in the place of the selected ones."""
        if notes != self.selection.notes:
            self._ask(*changed(self.composition, self.selection, notes), verb, self.selection)

    def add(self, track: int, note: Note) -> None:
        """Ask for one note more."""
        result, selection = added(self.composition, track, note)
        self._ask(result, selection, "Add", selection)

    def delete(self, verb: str = "Delete") -> None:
        """Ask for the selected notes to go."""
        if self.selection:
            result = deleted(self.composition, self.selection)
            self._ask(result, Selection(self.selection.track), verb, self.selection)

    def paste(self, notes: frozenset[Note], verb: str, track: int | None = None) -> None:
        """Ask for notes to be added to the selection's track (or another), and select them."""
        if notes:
            place = Selection(self.selection.track if track is None else track)
            result, selection = changed(self.composition, place, notes)
            self._ask(result, selection, verb, replace(place, notes=notes))

    def _ask(
        self, result: Composition, selection: Selection, verb: str, touched: Selection
    ) -> None:
        if selection.notes:
            self.last_duration = max(note.duration for note in selection.notes)
        self._expected = selection
        self._on_edit(result, name_of(verb, touched))
        self._expected = None

    def _let_go(self) -> None:
        self.hidden = Selection()
        self.carried = frozenset()
