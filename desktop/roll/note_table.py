"""A track's notes as columns, so that what is on the screen is found at once."""

from bisect import bisect_left
from math import ceil, floor

import numpy as np

from engine.music.note import Note
from engine.music.note_columns import BoolArray, IntArray, columns_of

_FEW = 64


class NoteTable:
    """The notes of one track, sorted by start, as columns of ticks, pitches and velocities."""

    def __init__(self, notes: tuple[Note, ...]) -> None:
        self.notes = notes
        self.columns = columns_of(notes)
        self.starts: IntArray = self.columns.starts
        self.ends: IntArray = self.columns.ends
        self.pitches: IntArray = self.columns.pitches
        self.velocities: IntArray = self.columns.velocities
        self.used_pitches = tuple(np.unique(self.pitches).tolist())
        # The furthest end so far never falls, so it can be searched although ends can.
        self._reach: IntArray = np.maximum.accumulate(self.ends)
        self._marks: tuple[tuple[frozenset[Note], BoolArray], ...] = ()

    def __len__(self) -> int:
        return len(self.notes)

    @property
    def end(self) -> int:
        """First tick after the last note, 0 without notes."""
        return int(self._reach[-1]) if len(self.notes) else 0

    def between(self, first_tick: float, last_tick: float) -> IntArray:
        """Indices of the notes that touch a span of ticks, in order."""
        places = self.places(first_tick, last_tick)
        if isinstance(places, slice):
            return np.arange(places.start, places.stop, dtype=np.int64)
        return places

    def places(self, first_tick: float, last_tick: float) -> slice | IntArray:
        """Where the notes that touch a span of ticks stand: from one place to another, mostly."""
        # Whole ticks: numpy would copy a column of integers to look up a fraction in it.
        low = int(np.searchsorted(self._reach, floor(first_tick), side="right"))
        high = int(np.searchsorted(self.starts, ceil(last_tick), side="left"))
        high = max(low, high)
        # Only what began before the span may have ended before it.
        begun = int(np.searchsorted(self.starts[low:high], ceil(first_tick), side="left"))
        sounding = self.ends[low : low + begun] > first_tick
        if sounding.all():
            return slice(low, high)
        later = np.arange(low + begun, high, dtype=np.int64)
        return np.concatenate([low + np.flatnonzero(sounding), later])

    def begun_from(self, first_tick: float, before: float) -> IntArray:
        """Indices of the notes that start at one tick or later, but before another."""
        places = self.begun_places(first_tick, before)
        return np.arange(places.start, places.stop, dtype=np.int64)

    def begun_places(self, first_tick: float, before: float) -> slice:
        """Where the notes stand that start at one tick or later, but before another."""
        low = int(np.searchsorted(self.starts, ceil(first_tick), side="left"))
        high = int(np.searchsorted(self.starts, ceil(before), side="left"))
        return slice(low, max(low, high))

    def index_of(self, note: Note) -> int | None:
        """Where a note stands, None if the track does not have it."""
        index = bisect_left(self.notes, note)
        return index if index < len(self.notes) and self.notes[index] == note else None

    def marked(self, notes: frozenset[Note]) -> BoolArray:
        """Which of the table's notes are among these; the last two answers are remembered."""
        if not notes:
            return np.zeros(len(self.notes), dtype=np.bool_)
        for known, mask in self._marks:
            if known is notes:
                return mask
        mask = self._mark(notes)
        self._marks = ((notes, mask), *self._marks[:1])
        return mask

    def _mark(self, notes: frozenset[Note]) -> BoolArray:
        mask = np.zeros(len(self.notes), dtype=np.bool_)
        if len(notes) <= _FEW:
            found = (self.index_of(note) for note in notes)
            mask[[index for index in found if index is not None]] = True
        else:
            mask[:] = [note in notes for note in self.notes]
        return mask

    def chosen(self, indices: IntArray) -> frozenset[Note]:
        """The notes at some places."""
        return frozenset(self.notes[index] for index in indices.tolist())
