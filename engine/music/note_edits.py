"""What an edit makes of a track's notes: notes in, notes out, never two of a pitch at once.

Where an edited note would lie over another of its pitch, the edited one stays as it was put. The
other is trimmed to what lies before or after it; one that is wholly covered becomes part of it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from engine.music.note import Note
from engine.music.track import without_overlaps


def merged(rest: Iterable[Note], placed: Iterable[Note]) -> tuple[Note, ...]:
    """The notes of a track, in order, after some were put where others may lie.

    ``rest`` are those that were not touched; they must not overlap each other. What remains of one
    that reaches over a placed note is its beginning; of one that begins under it, its end.
    """
    kept = without_overlaps(placed)[0]
    spans: dict[int, list[tuple[int, int]]] = {}
    for note in kept:
        spans.setdefault(note.pitch, []).append((note.start, note.end))
    trimmed = (_trimmed(note, spans[note.pitch]) if note.pitch in spans else note for note in rest)
    return tuple(sorted([*(note for note in trimmed if note is not None), *kept]))


def _trimmed(note: Note, spans: Sequence[tuple[int, int]]) -> Note | None:
    """What remains of a note beside spans that are in order; None where all of it is covered."""
    after = bisect_right(spans, note.start, key=lambda span: span[0])
    start = max(note.start, spans[after - 1][1]) if after else note.start
    end = min(note.end, spans[after][0]) if after < len(spans) else note.end
    if start == note.start and end == note.end:
        return note
    return replace(note, start=start, duration=end - start) if start < end else None


def split_at(notes: Iterable[Note], tick: int) -> tuple[Note, ...]:
    """The notes, those that sound at ``tick`` (not those that begin there) as two each."""
    result: list[Note] = []
    for note in notes:
        if note.start < tick < note.end:
            result.append(replace(note, duration=tick - note.start))
            result.append(replace(note, start=tick, duration=note.end - tick))
        else:
            result.append(note)
    return tuple(sorted(result))


def joined(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Of each pitch one note, from its first beginning to its last end, as loud as the first."""
    by_pitch = sorted(notes, key=lambda note: (note.pitch, note.start))
    groups = (list(group) for _, group in groupby(by_pitch, key=lambda note: note.pitch))
    return tuple(
        sorted(
            replace(group[0], duration=max(note.end for note in group) - group[0].start)
            for group in groups
        )
    )


def of_pitches(notes: Iterable[Note], pitches: Iterable[int]) -> frozenset[Note]:
    """The notes of some pitches."""
    wanted = frozenset(pitches)
    return frozenset(note for note in notes if note.pitch in wanted)


def rescaled(notes: Iterable[Note], before: int, after: int) -> tuple[Note, ...]:
    """Notes of a resolution of ``before`` ticks a quarter in one of ``after``."""
    if before == after:
        return tuple(notes)
    return tuple(
        replace(
            note,
            start=note.start * after // before,
            duration=max(1, note.end * after // before - note.start * after // before),
        )
        for note in notes
    )
