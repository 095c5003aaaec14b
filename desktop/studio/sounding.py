"""Which notes of a composition sound at a tick."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace

from desktop.theme import track_role
from engine.music.composition import Composition
from engine.music.mix import is_heard
from engine.music.note import Note

FARTHEST = 400
"""How many notes back one is looked for that still sounds: bounds the work of a frame."""


class SoundingNotes:
    """Which notes of a composition sound at a tick; asked with every frame."""

    def __init__(self) -> None:
        self._tracks: list[_Part] = []

    def set_composition(self, composition: Composition) -> None:
        """The music to look in; muted tracks are not heard. What did not change is kept."""
        before = {id(part.notes): part for part in self._tracks}
        heard = is_heard(composition)
        self._tracks = []
        for index, (track, audible) in enumerate(zip(composition.tracks, heard, strict=True)):
            role = track_role(index, track.name, track.program, track.is_drum)
            notes = track.notes if audible else ()
            known = before.get(id(notes))
            self._tracks.append(replace(known, role=role) if known else _part(notes, role))

    def at(self, tick: float) -> list[tuple[int, str, Note]]:
        """Track, colour role and note of everything that sounds at ``tick``, the melody last."""
        found: list[tuple[int, str, Note]] = []
        for index in reversed(range(len(self._tracks))):
            part = self._tracks[index]
            found.extend((index, part.role, note) for note in part.at(tick))
        return found


@dataclass(frozen=True, slots=True)
class _Part:
    notes: tuple[Note, ...]
    starts: list[int]
    longest: int
    role: str

    def at(self, tick: float) -> list[Note]:
        high = bisect_right(self.starts, tick)
        low = max(high - FARTHEST, bisect_left(self.starts, tick - self.longest))
        return [note for note in self.notes[low:high] if note.end > tick]


def _part(notes: tuple[Note, ...], role: str) -> _Part:
    longest = max((note.duration for note in notes), default=0)
    return _Part(notes, [note.start for note in notes], longest, role)
