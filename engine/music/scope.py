"""Which notes an edit is about: a track's, those that begin in some bars, or chosen ones."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import without_overlaps

Scopes = tuple["Scope", ...]
"""Notes of several tracks, of each track one scope."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Notes of one track that begin at ``start`` or later and before ``end`` (None: all later).

    ``notes``, where given, are the only ones of them that count.
    """

    track: int = 0
    start: int = 0
    end: int | None = None
    notes: frozenset[Note] | None = None

    def holds(self, note: Note) -> bool:
        """Whether a note of the track belongs to it."""
        inside = note.start >= self.start and (self.end is None or note.start < self.end)
        return inside and (self.notes is None or note in self.notes)

    def chosen(self, composition: Composition) -> tuple[Note, ...]:
        """The notes, in order."""
        return tuple(note for note in composition.tracks[self.track].notes if self.holds(note))


def with_changed(
    composition: Composition,
    scope: Scope,
    change: Callable[[tuple[Note, ...]], Iterable[Note]],
) -> Composition:
    """The composition with the notes of a scope changed; the same object where none is.

    All others stay, but for one that sounds into a changed note of its pitch: it ends there.
    """
    track = composition.tracks[scope.track]
    chosen = scope.chosen(composition)
    changed = tuple(change(chosen))
    if changed == chosen:
        return composition
    rest = [note for note in track.notes if not scope.holds(note)]
    return composition.with_track(
        scope.track, track.with_notes(without_overlaps([*rest, *changed])[0])
    )
