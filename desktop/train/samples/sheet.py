"""A sample made ready to be painted: its parts as columns of numbers, its bars, its reach."""

from dataclasses import dataclass

from desktop.roll.grid import Grid, grid_of
from desktop.roll.note_table import NoteTable
from desktop.theme import track_role
from engine.music.composition import Composition
from engine.music.ticks import meter_map

OCTAVE = 12
NO_NOTES = (48, 72)


@dataclass(frozen=True, slots=True)
class Part:
    """A track's notes with the colour role that it has everywhere."""

    name: str
    role: str
    is_drum: bool
    table: NoteTable


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A composition and what painting needs of it; ``end`` is the tick after its last bar."""

    composition: Composition
    parts: tuple[Part, ...]
    grid: Grid
    end: int

    @property
    def has_drums(self) -> bool:
        """Whether a part plays instruments without pitch."""
        return any(part.is_drum and len(part.table) for part in self.parts)

    @property
    def notes(self) -> int:
        """How many notes there are in all parts."""
        return sum(len(part.table) for part in self.parts)

    @property
    def reach(self) -> tuple[int, int] | None:
        """The lowest and the highest pitch; None without notes."""
        pitches = [
            pitch
            for part in self.parts
            if not part.is_drum and part.table.used_pitches
            for pitch in (part.table.used_pitches[0], part.table.used_pitches[-1])
        ]
        return (min(pitches), max(pitches)) if pitches else None


def sheet_of(composition: Composition) -> Sheet:
    """Make a composition ready. Called on a worker thread: some thousand notes take a while."""
    meters = meter_map(composition)
    end = meters.bar_end(max(1, composition.end))
    parts = tuple(
        Part(
            track.name,
            track_role(index, track.name, track.program, track.is_drum),
            track.is_drum,
            NoteTable(track.notes),
        )
        for index, track in enumerate(composition.tracks)
    )
    return Sheet(composition, parts, grid_of(composition, meters, end), end)


def whole_octaves(low: int, high: int) -> tuple[int, int]:
    """The octaves, from C to B, that hold two pitches: a span that grows seldom."""
    return low // OCTAVE * OCTAVE, min(127, high // OCTAVE * OCTAVE + OCTAVE - 1)
