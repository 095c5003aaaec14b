"""When notes begin and how long they last, changed afterwards; none is lost, none sounds twice.

Each function takes notes and gives the same number of notes, sorted.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random

from engine.music.note import MAX_VELOCITY, Note
from engine.music.rhythm import BarGrid

Places = frozenset[tuple[int, int]]
"""Where notes begin: start and pitch of each."""
LOOSEST = 1 / 20
"""Of a quarter note: by how much notes typically stray at full looseness (25 ms at 120)."""
LOUDEST_CHANGE = 10
"""By how much velocities typically stray then."""
FARTHEST = 2.5
"""Typical distances that a note may stray at most."""


def quantized(
    notes: Iterable[Note],
    grid: BarGrid,
    strength: float = 1.0,
    *,
    ends: bool = True,
    taken: Places = frozenset(),
) -> tuple[Note, ...]:
    """Notes drawn to a grid by ``strength``, 0 (nothing moves) to 1 (all stand on it).

    ``ends`` draws their ends too; otherwise a note keeps its length. Of two notes of a pitch that
    would fall together the later stays where it was, and so does one whose place is ``taken``.
    """
    before = sorted(notes)
    return apart([_drawn(note, grid, strength, ends) for note in before], before, taken)


def _drawn(note: Note, grid: BarGrid, strength: float, ends: bool) -> Note:
    place = grid.nearest(note.start)
    start = max(0, round(note.start + strength * (place - note.start)))
    if not ends:
        return replace(note, start=start)
    last = max(grid.nearest(note.end), grid.after(place))
    end = round(note.end + strength * (last - note.end))
    return replace(note, start=start, duration=max(1, end - start))


def apart(
    moved: Sequence[Note], before: Sequence[Note], taken: Places = frozenset()
) -> tuple[Note, ...]:
    """Moved notes so that no pitch sounds twice; ``before`` has each of them as it was, sorted.

    One that would begin with or before its forerunner, or where notes that stay begin (``taken``),
    goes back to where it began, or a tick after the forerunner; one that is struck again is
    shortened.
    """
    kept: list[Note] = []
    last: dict[int, int] = {}
    for note, old in zip(moved, before, strict=True):
        index = last.get(note.pitch)
        if (note.start, note.pitch) in taken:
            note = replace(note, start=old.start)
        if index is not None:
            first = kept[index]
            if note.start <= first.start:
                free = _free(max(old.start, first.start + 1), note.pitch, taken)
                note = replace(note, start=free)
            if first.end > note.start:
                kept[index] = replace(first, duration=note.start - first.start)
        last[note.pitch] = len(kept)
        kept.append(note)
    return tuple(sorted(kept))


def _free(start: int, pitch: int, taken: Places) -> int:
    """The first tick from ``start`` on at which nothing else begins."""
    while (start, pitch) in taken:
        start += 1
    return start


def humanized(
    notes: Iterable[Note],
    ticks_per_quarter: int,
    looseness: float,
    seed: int,
    taken: Places = frozenset(),
) -> tuple[Note, ...]:
    """Notes that stray a little in time and loudness, the same for the same seed.

    ``looseness`` 0 leaves all; at 1 they stray by 1/20 of a quarter note and 10 of velocity
    (standard deviations). A chord strays together, its notes a little on their own.
    """
    if looseness <= 0:
        return tuple(sorted(notes))
    before = sorted(notes)
    far = LOOSEST * ticks_per_quarter * looseness
    return apart([_strayed(note, far, looseness, seed) for note in before], before, taken)


def _strayed(note: Note, far: float, looseness: float, seed: int) -> Note:
    # By what the note is, not by its place in a list: the same wherever a selection begins.
    together = Random(f"{seed} {note.start}").gauss(0, 0.9)
    alone = Random(f"{seed} {note.start} {note.pitch}")
    stray = min(FARTHEST, max(-FARTHEST, together + alone.gauss(0, 0.4)))
    velocity = round(note.velocity + LOUDEST_CHANGE * looseness * alone.gauss(0, 1))
    return replace(
        note,
        start=max(0, round(note.start + far * stray)),
        velocity=min(MAX_VELOCITY, max(1, velocity)),
    )


def legato(notes: Iterable[Note], onsets: Iterable[int]) -> tuple[Note, ...]:
    """Notes that last until the next of ``onsets``; one after which none comes stays."""
    before = sorted(notes)
    places = sorted(set(onsets))
    made = []
    for note in before:
        index = bisect_right(places, note.start)
        end = places[index] if index < len(places) else note.end
        made.append(replace(note, duration=end - note.start))
    return apart(made, before)


def shortened(notes: Iterable[Note], share: float) -> tuple[Note, ...]:
    """Notes that last a share of what they did, such as 0.5 for staccato."""
    return tuple(
        replace(note, duration=max(1, round(note.duration * share))) for note in sorted(notes)
    )


def of_length(notes: Iterable[Note], ticks: int) -> tuple[Note, ...]:
    """Notes that last so many ticks, less where their pitch is struck again."""
    before = sorted(notes)
    return apart([replace(note, duration=max(1, ticks)) for note in before], before)
