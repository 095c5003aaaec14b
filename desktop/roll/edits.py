"""What is chosen, and what a gesture makes of a composition: values in, a value out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.note_edits import merged

Notes = frozenset[Note]
_NONE: Notes = frozenset()


@dataclass(frozen=True, slots=True)
class Selection:
    """Chosen notes of the track that is worked on, which it tells without notes too.

    ``beside``: those of other tracks, by track, none of them empty.
    """

    track: int = 0
    notes: Notes = _NONE
    beside: tuple[tuple[int, Notes], ...] = ()

    @classmethod
    def of_parts(cls, track: int, parts: Mapping[int, Iterable[Note]]) -> "Selection":
        """Notes of tracks, one of which is worked on."""
        found = {index: frozenset(notes) for index, notes in sorted(parts.items())}
        own = found.pop(track, _NONE)
        return cls(track, own, tuple((index, notes) for index, notes in found.items() if notes))

    def __bool__(self) -> bool:
        return bool(self.notes or self.beside)

    @property
    def count(self) -> int:
        """How many notes are chosen in all tracks."""
        return len(self.notes) + sum(len(notes) for _, notes in self.beside)

    def parts(self) -> dict[int, Notes]:
        """The chosen notes by track, in order of the tracks; tracks without any are left out."""
        own = ((self.track, self.notes),) if self.notes else ()
        return dict(sorted((*own, *self.beside), key=lambda part: part[0]))

    def tracks(self) -> tuple[int, ...]:
        """The tracks with chosen notes; without any the one that is worked on."""
        return tuple(self.parts()) or (self.track,)

    def of(self, track: int) -> Notes:
        """The chosen notes of a track."""
        if track == self.track:
            return self.notes
        return next((notes for index, notes in self.beside if index == track), _NONE)

    def every(self) -> list[Note]:
        """The chosen notes of all tracks."""
        return [note for notes in self.parts().values() for note in notes]

    def at(self, track: int) -> "Selection":
        """The same notes, while another track is worked on."""
        return self if track == self.track else Selection.of_parts(track, self.parts())

    def only(self, track: int) -> "Selection":
        """What of it lies in one track."""
        return Selection(track, self.of(track))

    def within(self, composition: Composition) -> "Selection":
        """What of it a composition still has."""
        count = len(composition.tracks)
        if not self:
            return self if self.track < count else Selection()
        found = {
            index: notes & frozenset(composition.tracks[index].notes)
            for index, notes in self.parts().items()
            if index < count
        }
        return Selection.of_parts(self.track if self.track < count else 0, found)


def exchanged(
    composition: Composition, gone: Selection, wanted: Selection
) -> tuple[Composition, Selection]:
    """The composition with notes replaced by others, and what of these it has, selected.

    What lies under a new note of its pitch is trimmed, as `merged` tells.
    """
    result, kept = composition, {}
    for index in sorted({*gone.parts(), *wanted.parts()}):
        track, old = composition.tracks[index], gone.of(index)
        rest = [note for note in track.notes if note not in old]
        notes = merged(rest, wanted.of(index))
        result = result.with_track(index, replace(track, notes=notes))
        kept[index] = wanted.of(index) & frozenset(notes)
    return result, Selection.of_parts(wanted.track, kept)


def how_many(gone: Selection, wanted: Selection) -> int:
    """How many notes an edit changes: those that go, or those that come if they are more."""
    tracks = {*gone.parts(), *wanted.parts()}
    fewer = sum(len(gone.of(track) - wanted.of(track)) for track in tracks)
    return max(fewer, sum(len(wanted.of(track) - gone.of(track)) for track in tracks))


def name_of(verb: str, count: int) -> str:
    """What the edit is called in the Undo menu, such as “Move 3 notes”."""
    return f"{verb} note" if count == 1 else f"{verb} {count} notes"
