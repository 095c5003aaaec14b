"""Which notes of a composition sound at a tick."""

from bisect import bisect_left, bisect_right

from desktop.theme import track_role
from engine.music.composition import Composition
from engine.music.mix import is_heard
from engine.music.note import Note

FARTHEST = 400
"""How many notes back one is looked for that still sounds: bounds the work of a frame."""


class SoundingNotes:
    """Which notes of a composition sound at a tick; asked with every frame."""

    def __init__(self) -> None:
        self._starts: list[list[int]] = []
        self._notes: list[tuple[Note, ...]] = []
        self._roles: list[str] = []
        self._longest: list[int] = []

    def set_composition(self, composition: Composition) -> None:
        """The music to look in; muted tracks are not heard."""
        heard = is_heard(composition)
        self._notes = [
            track.notes if audible else ()
            for track, audible in zip(composition.tracks, heard, strict=True)
        ]
        self._starts = [[note.start for note in notes] for notes in self._notes]
        self._longest = [max((n.duration for n in notes), default=0) for notes in self._notes]
        self._roles = [
            track_role(index, track.name, track.program, track.is_drum)
            for index, track in enumerate(composition.tracks)
        ]

    def at(self, tick: float) -> list[tuple[int, str, Note]]:
        """Track, colour role and note of everything that sounds at ``tick``, the melody last."""
        found: list[tuple[int, str, Note]] = []
        for index in reversed(range(len(self._notes))):
            found.extend((index, self._roles[index], note) for note in self._of(index, tick))
        return found

    def _of(self, index: int, tick: float) -> list[Note]:
        starts = self._starts[index]
        high = bisect_right(starts, tick)
        low = max(high - FARTHEST, bisect_left(starts, tick - self._longest[index]))
        return [note for note in self._notes[index][low:high] if note.end > tick]
