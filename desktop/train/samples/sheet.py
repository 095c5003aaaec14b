"""A sample made ready to be painted: its parts as columns of numbers, its bars, its reach."""

from dataclasses import dataclass

from desktop.roll.grid import Grid, grid_of
from desktop.roll.note_table import NoteTable
from desktop.theme import track_role
from engine.music.composition import Composition
from engine.music.ticks import meter_map

OCTAVE = 12


@dataclass(frozen=True, slots=True)
class Extent:
    """The pitches (both included) and the ticks that a picture has room for."""

    low: int
    high: int
    end: int

    def including(self, other: "Extent") -> "Extent":
        """Room for both."""
        return Extent(
            min(self.low, other.low), max(self.high, other.high), max(self.end, other.end)
        )


@dataclass(frozen=True, slots=True)
class Part:
    """A track's notes with the colour role that it has everywhere."""

    name: str
    role: str
    is_drum: bool
    table: NoteTable


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A composition and what painting needs of it.

    ``end`` is the tick after the last bar in which a note begins: a last note that is held too
    long makes no bar of its own.
    """

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
    def extent(self) -> Extent | None:
        """The room that it takes, in whole octaves and bars; None without pitches."""
        pitches = [
            pitch
            for part in self.parts
            if not part.is_drum and part.table.used_pitches
            for pitch in (part.table.used_pitches[0], part.table.used_pitches[-1])
        ]
        if not pitches:
            return None
        # Octaves, from C to B: a picture of many samples then seldom needs another room.
        low, high = min(pitches) // OCTAVE, max(pitches) // OCTAVE
        return Extent(low * OCTAVE, min(127, high * OCTAVE + OCTAVE - 1), self.end)


def sheet_of(composition: Composition) -> Sheet:
    """Make a composition ready. Called on a worker thread: some thousand notes take a while."""
    meters = meter_map(composition)
    begun = max((track.notes[-1].start for track in composition.tracks if track.notes), default=0)
    end = meters.bar_end(begun + 1)
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
