"""Notes of several tracks as one: what is done to some is done to all of them, and as far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from desktop.roll.edits import Selection
from engine.music.composition import Composition
from engine.music.note_columns import BoolArray, NoteColumns, columns_of, laid_together

Change = Callable[[NoteColumns], NoteColumns]
"""Makes other notes of some: as many, in the same order."""


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """Notes of tracks as columns one behind the other, and where those of each track lie.

    ``unpitched``, where given, marks notes of drums beside others that have a pitch: these keep
    their drum when the others are transposed.
    """

    spans: Mapping[int, slice]
    columns: NoteColumns
    unpitched: BoolArray | None = None

    def of(self, track: int) -> NoteColumns | None:
        """The notes of a track; None where it has no part in it."""
        span = self.spans.get(track)
        return None if span is None else self.columns.part(span)

    def after(self, change: Change) -> "Gathered":
        """What a change makes of all of them together."""
        columns = change(self.columns)
        if self.unpitched is not None:
            pitches = np.where(self.unpitched, self.columns.pitches, columns.pitches)
            columns = replace(columns, pitches=pitches)
        return replace(self, columns=columns)

    def selection(self, track: int) -> Selection:
        """All of them selected, while a track is worked on."""
        parts = {index: self.columns.part(span).notes() for index, span in self.spans.items()}
        return Selection.of_parts(track, parts)


def gathered(parts: Mapping[int, NoteColumns], composition: Composition) -> Gathered:
    """Notes of tracks of a composition as one."""
    spans, marks, place = {}, [], 0
    for track, columns in parts.items():
        spans[track] = slice(place, place + len(columns))
        place += len(columns)
        marks.append(np.full(len(columns), composition.tracks[track].is_drum))
    drums = np.concatenate([np.zeros(0, dtype=np.bool_), *marks])
    mixed = bool(drums.any()) and not bool(drums.all())
    return Gathered(spans, laid_together(parts.values()), drums if mixed else None)


def gathered_notes(selection: Selection, composition: Composition) -> Gathered:
    """The selected notes of a composition as one."""
    parts = {track: columns_of(sorted(notes)) for track, notes in selection.parts().items()}
    return gathered(parts, composition)
