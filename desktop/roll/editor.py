"""What is selected, and what a gesture carries: one edit goes out when it is let go."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from desktop.roll.clip import Clip
from desktop.roll.edits import Selection, exchanged, how_many, name_of
from desktop.roll.gathered import Change, Gathered, gathered, gathered_notes
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.note_columns import IntArray, NoteColumns

DRAWN_VELOCITY = 90
"""How hard a drawn note is struck before any was touched."""
_REMEMBERED = 32
"""Of so many compositions that were shown before it is known what was selected."""
EditAsker = Callable[[Composition, str, bool], None]


@dataclass(frozen=True, slots=True, eq=False)
class Carried:
    """Notes in the hand, as they would become; ``chosen`` whether they are selected then.

    What is not chosen is painted as any note of its track.
    """

    hand: Gathered
    chosen: bool = True


@dataclass(frozen=True, slots=True)
class Nudged:
    """What steps by the arrow keys began with, so that they pass over other notes unharmed."""

    before: Composition
    selection: Selection
    hand: Gathered
    after: Composition

    def goes_on(self, composition: Composition, selection: Selection) -> bool:
        """Whether nothing else has happened since the last step."""
        same = len(composition.tracks) == len(self.after.tracks) and all(
            composition.tracks[track].notes is self.after.tracks[track].notes
            for track in self.hand.spans
        )
        return same and selection == self.hand.selection(self.selection.track)


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
        self._left = deque[tuple[Composition, Selection]](maxlen=_REMEMBERED)
        self.composition = Composition()
        self.selection = Selection()
        self.hidden = Selection()
        self.carried: Carried | None = None
        self.touched: Mapping[int, IntArray] | None = None
        """Places of the notes that a rubber band touches, by track."""
        self.clip: Clip | None = None
        self.brush: Note | None = None
        """A note like the last one that was touched: a drawn one takes after it."""

    def watch(self, tell: Callable[[], None]) -> None:
        """Call ``tell`` when other notes are selected or copied, or other bars marked."""
        self._watchers.append(tell)

    def load(self, composition: Composition) -> None:
        """Take over the document's composition; what it still has stays selected.

        One that is shown again (Undo, Redo) has its selection again, where that is lost.
        """
        wanted = self.selection if self._expected is None else self._expected
        kept = wanted.within(composition)
        if kept != wanted or not wanted:
            before = (chosen for left, chosen in self._left if left is composition)
            kept = next(before, kept)
        if composition is not self.composition:
            others = [each for each in self._left if each[0] is not self.composition]
            self._left.clear()
            self._left.extend([*others, (self.composition, self.selection)])
        self.composition = composition
        self._let_go()
        self._select(kept)

    def choose(self, selection: Selection) -> None:
        """Select other notes."""
        self._select(selection)
        self._on_change()

    def _select(self, selection: Selection) -> None:
        if selection != self.selection:
            self.selection = selection
            self.tell()

    def tell(self) -> None:
        """Say that commands may find other things to work on."""
        for tell in self._watchers:
            tell()

    def toggle(self, track: int, note: Note) -> None:
        """Add a note to the selection, or take it out."""
        selection = self.selection.at(track)
        self.choose(replace(selection, notes=selection.notes ^ {note}))

    def remember(self, clip: Clip) -> None:
        """Copy notes: they can be pasted from now on."""
        self.clip = clip
        self.tell()

    def touch(self, places: Mapping[int, IntArray] | None) -> None:
        """Show notes as selected while a rubber band lies over them."""
        self.touched = places
        self._on_change()

    def carry(
        self, notes: NoteColumns, instead: Selection | None = None, *, chosen: bool = True
    ) -> None:
        """Show the selected notes of the track (or those of ``instead``) as they would become."""
        place = self.selection if instead is None else instead
        self.carry_all(gathered({place.track: notes}, self.composition), place, chosen=chosen)

    def carry_all(self, hand: Gathered, instead: Selection, *, chosen: bool = True) -> None:
        """Show notes of any tracks in the place of others, as they would become."""
        if self.hidden is not instead:
            self.hidden = instead
        self.carried = Carried(hand, chosen)
        self._on_change()

    def drop(self, verb: str) -> None:
        """Ask for the carried notes to become real, unless nothing has changed."""
        hidden, carried = self.hidden, self.carried
        self.abandon()
        if carried is None:
            return
        wanted = carried.hand.selection(hidden.track)
        count = how_many(hidden, wanted)
        if not count:
            return
        if carried.chosen:
            self.replace(hidden, wanted, verb, count)
        else:
            result, _ = exchanged(self.composition, hidden, wanted)
            self._ask(result, self._surviving(result), verb, count)

    def abandon(self) -> None:
        """Put everything back where it was."""
        self._let_go()
        self._on_change()

    def nudge(self, verb: str, change: Change, *, held: bool = False) -> None:
        """Ask for the selected notes to change by a step; ``held``: together with the one before.

        Steps in a row count from where the first began: what lay on the way is whole again when
        the notes have passed.
        """
        going_on = self._nudged
        if going_on is None or not going_on.goes_on(self.composition, self.selection):
            before, selection = self.composition, self.selection
            hand = gathered_notes(selection, before)
            held = False
        else:
            before, selection, hand = going_on.before, going_on.selection, going_on.hand
        moved = hand.after(change)
        wanted = moved.selection(selection.track)
        if wanted == hand.selection(selection.track):
            return
        result, chosen = exchanged(before, selection, wanted)
        self._ask(result, chosen, verb, wanted.count, held)
        self._nudged = Nudged(before, selection, moved, result)

    def put(self, track: int, notes: Iterable[Note], verb: str) -> None:
        """Ask for notes to be added to a track, and select them."""
        self.replace(Selection(track), Selection(track, frozenset(notes)), verb)

    def exchange(self, track: int, old: Iterable[Note], new: Iterable[Note], verb: str) -> None:
        """Ask for notes of a track to be replaced by others, which are selected then."""
        self.replace(Selection(track, frozenset(old)), Selection(track, frozenset(new)), verb)

    def replace(
        self, gone: Selection, wanted: Selection, verb: str, count: int | None = None
    ) -> None:
        """Ask for notes of any tracks to be replaced by others, which are selected then.

        ``count`` of them are named in the Undo menu, else as many as go, or come.
        """
        if wanted.parts() != gone.parts():
            result, chosen = exchanged(self.composition, gone, wanted)
            self._ask(result, chosen, verb, count or gone.count or wanted.count)

    def delete(self, verb: str = "Delete") -> None:
        """Ask for the selected notes to go."""
        self.replace(self.selection, Selection(self.selection.track), verb)

    def take_after(self, note: Note) -> None:
        """Let notes that are drawn from now on be like this one."""
        self.brush = note

    def take_length(self, ticks: int) -> None:
        """Let notes that are drawn from now on be so long."""
        self.brush = replace(self.brush or Note(0, 60, 1, DRAWN_VELOCITY), duration=ticks)

    def _ask(
        self, result: Composition, selection: Selection, verb: str, count: int, held: bool = False
    ) -> None:
        if selection:
            self.brush = max(selection.notes or selection.every())
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
