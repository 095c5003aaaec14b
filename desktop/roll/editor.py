"""What is selected, and what a gesture carries: one edit goes out when it is let go."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from desktop.roll.clip import Clip
from desktop.roll.edits import Selection, changed, name_of
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.note_columns import IntArray, NoteColumns, columns_of

Change = Callable[[NoteColumns], NoteColumns]
EditAsker = Callable[[Composition, str, bool], None]


@dataclass(frozen=True, slots=True, eq=False)
class Carried:
    """Notes in the hand, as they would become; ``chosen`` whether they are selected then.

    What is not chosen is painted as any note of its track.
    """

    track: int
    notes: NoteColumns
    chosen: bool = True


@dataclass(frozen=True, slots=True)
class Nudged:
    """What steps by the arrow keys began with, so that they pass over other notes unharmed."""

    before: Composition
    selection: Selection
    notes: tuple[Note, ...]
    after: Composition

    def goes_on(self, composition: Composition, selection: Selection) -> bool:
        """Whether nothing else has happened since the last step."""
        track = self.selection.track
        return (
            selection.track == track
            and track < len(composition.tracks)
            and composition.tracks[track].notes is self.after.tracks[track].notes
            and selection.notes == frozenset(self.notes)
        )


class NoteEditor:
    """Holds the composition as shown, the selection, and the notes in the hand.

    ``on_change`` is called when the picture differs; ``on_edit`` with the composition asked for,
    the edit's name, and whether it goes on with the edit before it (a key that is held). The
    editor changes nothing itself: the document answers through `load`.
    """

    def __init__(self, on_change: Callable[[], None], on_edit: EditAsker) -> None:
        self._on_change = on_change
        self._watchers: list[Callable[[], None]] = []
        self._on_edit = on_edit
        self._expected: Selection | None = None
        self._nudged: Nudged | None = None
        self.composition = Composition()
        self.selection = Selection()
        self.hidden = Selection()
        self.carried: Carried | None = None
        self.touched: IntArray | None = None
        """Places of notes of the selection's track that a rubber band touches."""
        self.clip: Clip | None = None
        self.brush: Note | None = None
        """A note like the last one that was touched: a drawn one takes after it."""

    def watch(self, tell: Callable[[], None]) -> None:
        """Call ``tell`` when other notes are selected."""
        self._watchers.append(tell)

    def load(self, composition: Composition) -> None:
        """Take over the document's composition; what it still has stays selected."""
        wanted = self.selection if self._expected is None else self._expected
        self.composition = composition
        self._let_go()
        self._select(wanted.within(composition))

    def choose(self, selection: Selection) -> None:
        """Select other notes."""
        self._select(selection)
        self._on_change()

    def _select(self, selection: Selection) -> None:
        if selection != self.selection:
            self.selection = selection
            for tell in self._watchers:
                tell()

    def toggle(self, track: int, note: Note) -> None:
        """Add a note to the selection, or take it out."""
        notes = self.selection.notes if self.selection.track == track else frozenset()
        self.choose(Selection(track, notes ^ {note}))

    def touch(self, indices: IntArray | None) -> None:
        """Show notes as selected while a rubber band lies over them."""
        self.touched = indices
        self._on_change()

    def carry(
        self, notes: NoteColumns, instead: Selection | None = None, *, chosen: bool = True
    ) -> None:
        """Show the selected notes (or those of ``instead``) as they would become."""
        place = self.selection if instead is None else instead
        if self.hidden is not place:
            self.hidden = place
        self.carried = Carried(place.track, notes, chosen)
        self._on_change()

    def drop(self, verb: str) -> None:
        """Ask for the carried notes to become real, unless nothing has changed."""
        hidden, carried = self.hidden, self.carried
        self.abandon()
        if carried is None:
            return
        notes = frozenset(carried.notes.notes())
        if notes == hidden.notes:
            return
        count = max(len(notes - hidden.notes), len(hidden.notes - notes))
        if carried.chosen:
            self._replace(hidden, notes, verb, count)
        else:
            result, _ = changed(self.composition, hidden, notes)
            self._ask(result, self._surviving(result), verb, count)

    def abandon(self) -> None:
        """Put everything back where it was."""
        self._let_go()
        self._on_change()

    def replace_selected(self, verb: str, notes: Iterable[Note]) -> None:
        """Ask for other notes in the place of the selected ones."""
        wanted = frozenset(notes)
        if wanted != self.selection.notes:
            self._replace(self.selection, wanted, verb, len(self.selection.notes))

    def nudge(self, verb: str, change: Change, *, held: bool = False) -> None:
        """Ask for the selected notes to change by a step; ``held``: together with the one before.

        Steps in a row count from where the first began: what lay on the way is whole again when
        the notes have passed.
        """
        going_on = self._nudged
        if going_on is None or not going_on.goes_on(self.composition, self.selection):
            before, selection = self.composition, self.selection
            notes = tuple(sorted(selection.notes))
            held = False
        else:
            before, selection, notes = going_on.before, going_on.selection, going_on.notes
        wanted = tuple(change(columns_of(notes)).notes())
        if wanted == notes:
            return
        result, chosen = changed(before, selection, wanted)
        self._ask(result, chosen, verb, len(wanted), held)
        self._nudged = Nudged(before, selection, wanted, result)

    def put(self, track: int, notes: Iterable[Note], verb: str) -> None:
        """Ask for notes to be added to a track, and select them."""
        wanted = frozenset(notes)
        if wanted:
            self._replace(Selection(track), wanted, verb, len(wanted))

    def exchange(self, track: int, old: Iterable[Note], new: Iterable[Note], verb: str) -> None:
        """Ask for notes of a track to be replaced by others, which are selected then."""
        gone = Selection(track, frozenset(old))
        wanted = frozenset(new)
        if wanted != gone.notes:
            self._replace(gone, wanted, verb, len(gone.notes))

    def delete(self, verb: str = "Delete") -> None:
        """Ask for the selected notes to go."""
        if self.selection:
            self._replace(self.selection, frozenset(), verb, len(self.selection.notes))

    def take_after(self, note: Note) -> None:
        """Let notes that are drawn from now on be like this one."""
        self.brush = note

    def _replace(self, selection: Selection, notes: frozenset[Note], verb: str, count: int) -> None:
        result, chosen = changed(self.composition, selection, notes)
        self._ask(result, chosen, verb, count)

    def _ask(
        self, result: Composition, selection: Selection, verb: str, count: int, held: bool = False
    ) -> None:
        if selection.notes:
            self.brush = max(selection.notes)
        self._nudged = None
        self._expected = selection
        self._on_edit(result, name_of(verb, count), held)
        self._expected = None

    def _surviving(self, result: Composition) -> Selection:
        return self.selection.within(result)

    def _let_go(self) -> None:
        self.hidden = Selection()
        self.carried = None
        self.touched = None
