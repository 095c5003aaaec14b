"""What a gesture makes of a composition: values in, a value out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.note_edits import merged


@dataclass(frozen=True, slots=True)
class Selection:
    """Chosen notes of one track; without notes it still tells which track is worked on."""

    track: int = 0
    notes: frozenset[Note] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.notes)

    def within(self, composition: Composition) -> "Selection":
        """What of it a composition still has."""
        if self.track >= len(composition.tracks):
            return Selection()
        if not self.notes:
            return self
        return replace(self, notes=self.notes & frozenset(composition.tracks[self.track].notes))


def changed(
    composition: Composition, selection: Selection, notes: Iterable[Note]
) -> tuple[Composition, Selection]:
    """The composition with the selected notes replaced, and the new notes selected.

    What lies under a new note of its pitch is trimmed, as `merged` tells.
    """
    wanted = frozenset(notes)
    track = composition.tracks[selection.track]
    rest = [note for note in track.notes if note not in selection.notes]
    kept = merged(rest, wanted)
    result = composition.with_track(selection.track, replace(track, notes=kept))
    return result, Selection(selection.track, wanted & frozenset(kept))


def name_of(verb: str, count: int) -> str:
    """What the edit is called in the Undo menu, such as “Move 3 notes”."""
    return f"{verb} note" if count == 1 else f"{verb} {count} notes"
