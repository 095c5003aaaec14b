"""What was played into a melody, kept beside it: every pass, as played, and which of them sound.

The melody is what its recordings and all edits made of it. From the recordings alone it can be made
again: drawn to a grid, as another pass had it, or as it was played.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from engine.errors import MusicError
from engine.music.note import Note
from engine.music.track import ControlEvent, Track, without_overlaps

Shape = Callable[[tuple[Note, ...]], Iterable[Note]]
MOST_PASSES = 64
"""Of a loop: what was played before them stays in the library as a take."""


@dataclass(frozen=True, slots=True)
class PlayedPass:
    """Notes and controllers as they were played, on the composition's ticks, in order."""

    notes: tuple[Note, ...]
    controls: tuple[ControlEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording from tick ``start`` to ``end``: its passes, and the ``sounding`` ones' numbers.

    ``under`` is what was there before and goes on sounding, as in overdubbing; None: it was
    replaced. Raises `MusicError` where there is no pass, or a sounding one is none of them.
    """

    start: int
    end: int
    passes: tuple[PlayedPass, ...]
    sounding: tuple[int, ...] = (0,)
    under: tuple[Note, ...] | None = None

    def __post_init__(self) -> None:
        numbers = range(len(self.passes))
        if not self.sounding or any(each not in numbers for each in self.sounding):
            raise MusicError("A recording needs a pass that sounds.")
        if not 0 <= self.start <= self.end:
            raise MusicError("A recording must end after it begins.")

    def covers(self, tick: int) -> bool:
        """Whether a note that begins there was recorded here."""
        return self.start <= tick < self.end

    @property
    def heard(self) -> tuple[PlayedPass, ...]:
        """The passes that sound."""
        return tuple(self.passes[number] for number in self.sounding)


def as_it_is(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """The shape of what is left as it was played."""
    return notes


def laid(melody: Track, recorded: Recorded, shape: Shape, before: Sequence[Recorded] = ()) -> Track:
    """A melody with a recording in it, its notes given another shape, such as a grid's.

    Where a recording of ``before`` lies, what is under an overdub stays as the melody has it.
    """
    is_over = recorded.under is not None
    kept = [
        _cut(note, recorded)
        for note in melody.notes
        if not recorded.covers(note.start)
        or (is_over and any(each.covers(note.start) for each in before))
    ]
    under = (
        note for note in recorded.under or () if not any(each.covers(note.start) for each in before)
    )
    played = (note for each in recorded.heard for note in shape(each.notes))
    inside = (note for note in played if note.start < recorded.end)
    notes = without_overlaps([*kept, *under, *inside])[0]
    return replace(melody, notes=notes, controls=_controls(melody, recorded))


def _cut(note: Note, recorded: Recorded) -> Note:
    """What is replaced ends where the recording begins."""
    if recorded.under is None and note.start < recorded.start < note.end:
        return replace(note, duration=recorded.start - note.start)
    return note


def _controls(melody: Track, recorded: Recorded) -> tuple[ControlEvent, ...]:
    played = [event for each in recorded.heard for event in each.controls]
    if recorded.under is None:
        kept = [event for event in melody.controls if not recorded.covers(event.tick)]
    else:
        kept = list(melody.controls)
    others = set(kept)
    added = [event for event in played if event not in others]
    return tuple(sorted([*kept, *added], key=lambda event: event.tick))


def remembered(before: Sequence[Recorded], recorded: Recorded) -> tuple[Recorded, ...]:
    """The recordings with one more; those that it replaces whole are no longer of use."""
    if recorded.under is not None:
        return (*before, recorded)
    kept = (
        each for each in before if not (recorded.start <= each.start and each.end <= recorded.end)
    )
    return (*kept, recorded)


def relaid(
    melody: Track,
    recordings: Sequence[Recorded],
    shape: Shape = as_it_is,
    start: int = 0,
    end: int | None = None,
    early: int = 0,
) -> Track:
    """The melody made again from its recordings where they lie between two ticks (None: no end).

    What was written by hand there goes; what was never recorded stays. A note that was played up to
    ``early`` ticks before a tick belongs to what is after it.
    """
    until = max([0, *(each.end for each in recordings)]) if end is None else end
    done: list[Recorded] = []
    for recorded in recordings:
        part = _between(recorded, start, until, early)
        if part is not None:
            melody = laid(melody, part, shape, done)
            done.append(part)
    return melody


def _between(recorded: Recorded, start: int, end: int, early: int) -> Recorded | None:
    """The part of a recording whose notes begin between two ticks."""
    first, last = max(recorded.start, start), min(recorded.end, end)
    if first >= last:
        return None
    if (first, last) == (recorded.start, recorded.end):
        return recorded
    least = first - early if first > recorded.start else 0
    most = last - early if last < recorded.end else last
    passes = tuple(
        PlayedPass(
            tuple(note for note in each.notes if least <= note.start < most),
            tuple(event for event in each.controls if first <= event.tick < last),
        )
        for each in recorded.passes
    )
    under = recorded.under
    if under is not None:
        under = tuple(note for note in under if first <= note.start < last)
    return replace(recorded, start=first, end=last, passes=passes, under=under)
