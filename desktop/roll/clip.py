"""Copied notes: they keep their places within the grid, and their time in any resolution."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from desktop.roll.edits import Selection
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.note_edits import rescaled
from engine.music.note_grid import NoteGrid
from engine.music.track import Track


@dataclass(frozen=True, slots=True)
class ClipPart:
    """What was copied of one track: its notes, and by what the track is found again."""

    track: int
    name: str
    is_drum: bool
    notes: tuple[Note, ...]

    def home(self, tracks: Sequence[Track], at_hand: Iterable[int]) -> int | None:
        """The track at hand that it came from, or the like of it: by name, then by place."""
        alike = [index for index in at_hand if tracks[index].is_drum == self.is_drum]
        named = [index for index in alike if tracks[index].name == self.name]
        if self.track in named or (self.track in alike and not named):
            return self.track
        return named[0] if named else None


@dataclass(frozen=True, slots=True)
class Clip:
    """Notes counted from the line of the grid before the first of them, by track."""

    parts: tuple[ClipPart, ...]
    ticks_per_quarter: int

    def placed(
        self, tick: int, composition: Composition, track: int, at_hand: Iterable[int]
    ) -> dict[int, list[Note]]:
        """The notes from a tick on, by track.

        Those of one track go into ``track``, which is worked on; those of several into the tracks
        that they came from, as far as these are ``at_hand``.
        """
        found: dict[int, list[Note]] = {}
        tracks, hands = composition.tracks, tuple(at_hand)
        for part in self.parts:
            home = track if len(self.parts) == 1 else part.home(tracks, hands)
            if home is not None:
                quarter = composition.ticks_per_quarter
                notes = rescaled(part.notes, self.ticks_per_quarter, quarter)
                put = found.setdefault(home, [])
                put += [replace(note, start=note.start + tick) for note in notes]
        return found


def clip_of(selection: Selection, composition: Composition, grid: NoteGrid) -> Clip:
    """The clip of some notes, at least one."""
    origin = span_of(selection.every(), grid)[0]
    tracks = composition.tracks
    return Clip(
        tuple(
            ClipPart(index, tracks[index].name, tracks[index].is_drum, _counted(notes, origin))
            for index, notes in selection.parts().items()
        ),
        grid.ticks_per_quarter,
    )


def _counted(notes: Iterable[Note], origin: int) -> tuple[Note, ...]:
    return tuple(replace(note, start=note.start - origin) for note in sorted(notes))


def repeated(selection: Selection, grid: NoteGrid) -> Mapping[int, list[Note]]:
    """Some notes, at least one, once more behind themselves, by track."""
    start, end = span_of(selection.every(), grid)
    return {
        index: [replace(note, start=note.start + end - start) for note in notes]
        for index, notes in selection.parts().items()
    }


def span_of(notes: Iterable[Note], grid: NoteGrid) -> tuple[int, int]:
    """The lines of the grid around some notes, at least one."""
    ordered = sorted(notes)
    end = max(note.end for note in ordered)
    line = grid.before(end)
    return grid.before(ordered[0].start), line if line == end else grid.after(end)
