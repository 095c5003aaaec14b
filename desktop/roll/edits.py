"""What a gesture makes of a composition: values in, a value out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.music.composition import Composition
from engine.music.note import MAX_PITCH, MAX_VELOCITY, Note
from engine.music.track import without_overlaps


@dataclass(frozen=True, slots=True)
class Selection:
    """Chosen notes of one track."""

    track: int = 0
    notes: frozenset[Note] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.notes)

    def within(self, composition: Composition) -> "Selection":
        """What of it a composition still has."""
        if not self.notes or self.track >= len(composition.tracks):
            return Selection()
        return replace(self, notes=self.notes & frozenset(composition.tracks[self.track].notes))


def moved(notes: Iterable[Note], ticks: int, semitones: int) -> frozenset[Note]:
    """Notes moved together as far as all of them may go."""
    group = tuple(notes)
    if not group:
        return frozenset()
    ticks = max(ticks, -min(note.start for note in group))
    semitones = max(semitones, -min(note.pitch for note in group))
    semitones = min(semitones, MAX_PITCH - max(note.pitch for note in group))
    return frozenset(
        replace(note, start=note.start + ticks, pitch=note.pitch + semitones) for note in group
    )


def lengthened(notes: Iterable[Note], ticks: int, least: int) -> frozenset[Note]:
    """Notes made longer or shorter at their end, none below ``least`` ticks (or its own length)."""
    return frozenset(
        replace(note, duration=max(min(least, note.duration), note.duration + ticks))
        for note in notes
    )


def begun_later(notes: Iterable[Note], ticks: int, least: int) -> frozenset[Note]:
    """Notes whose beginning is drawn to another place, their ends staying."""
    result = []
    for note in notes:
        last = note.end - min(least, note.duration)
        start = min(max(0, note.start + ticks), last)
        result.append(replace(note, start=start, duration=note.end - start))
    return frozenset(result)


def louder(notes: Iterable[Note], by: int) -> frozenset[Note]:
    """Notes whose velocity is changed by so much, within 1 to 127."""
    return frozenset(
        replace(note, velocity=min(max(1, note.velocity + by), MAX_VELOCITY)) for note in notes
    )


def changed(
    composition: Composition, selection: Selection, notes: frozenset[Note]
) -> tuple[Composition, Selection]:
    """The composition with the selected notes replaced, and the new notes selected.

    A note that would sound into the next of its pitch is shortened there.
    """
    track = composition.tracks[selection.track]
    rest = (note for note in track.notes if note not in selection.notes)
    kept = without_overlaps([*rest, *notes])[0]
    result = composition.with_track(selection.track, replace(track, notes=kept))
    chosen = notes & frozenset(kept)
    return result, Selection(selection.track, chosen)


def added(composition: Composition, track: int, note: Note) -> tuple[Composition, Selection]:
    """The composition with one note more, selected."""
    return changed(composition, Selection(track), frozenset({note}))


def deleted(composition: Composition, selection: Selection) -> Composition:
    """The composition without the selected notes."""
    return changed(composition, selection, frozenset())[0]


def name_of(verb: str, selection: Selection) -> str:
    """What the edit is called in the Undo menu, such as “Move 3 notes”."""
    count = len(selection.notes)
    return f"{verb} note" if count == 1 else f"{verb} {count} notes"
