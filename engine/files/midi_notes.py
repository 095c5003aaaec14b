"""Note-on and note-off messages become notes, also where they do not pair up."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.music.note import Note
from engine.music.track import without_overlaps

HANGING_QUARTERS = 4  # a note that nothing ends lasts a whole note at most
LENGTHS_PER_QUARTER = 8  # a note without length becomes a thirty-second

KeyEvent = tuple[int, int]  # tick, velocity; velocity 0 releases


@dataclass(slots=True)
class Mending:
    """How many notes of a file had to be mended, and how."""

    overlapping: int = 0
    doubled: int = 0
    hanging: int = 0
    without_length: int = 0


@dataclass(slots=True)
class _Paired:
    notes: list[list[int]] = field(default_factory=list)  # start, end, velocity
    hanging: int = 0


def paired_notes(
    keys: dict[int, list[KeyEvent]], end: int, ticks_per_quarter: int, mending: Mending
) -> tuple[Note, ...]:
    """The notes of one channel, sorted; ``keys`` has each pitch's events in the order of the file.

    A release ends the oldest note of its pitch that sounds. ``end`` is the track's last tick;
    ``mending`` counts what was not as it should be.
    """
    notes: list[Note] = []
    for pitch, events in keys.items():
        paired = _pair(events, end, HANGING_QUARTERS * ticks_per_quarter)
        mending.hanging += paired.hanging
        mending.without_length += _lengthen(paired.notes, ticks_per_quarter)
        notes.extend(
            Note(start, pitch, stop - start, velocity) for start, stop, velocity in paired.notes
        )
    kept, changed = without_overlaps(notes)
    doubled = len(notes) - len(kept)
    mending.doubled += doubled
    mending.overlapping += changed - doubled
    return kept


def _pair(events: list[KeyEvent], end: int, longest: int) -> _Paired:
    """First come, first released; from where that no longer comes out even, one at a time."""
    paired = _Paired()
    sounding: deque[list[int]] = deque()
    even_events = even_notes = 0
    for index, (tick, velocity) in enumerate(events):
        if velocity:
            sounding.append([tick, tick, velocity])
            paired.notes.append(sounding[-1])
        elif sounding:
            sounding.popleft()[1] = tick
        if not sounding:
            even_events, even_notes = index + 1, len(paired.notes)
    if sounding:
        # A release is missing: paired by turns, every later note would end too late.
        del paired.notes[even_notes:]
        _pair_singly(events[even_events:], end, longest, paired)
    return paired


def _pair_singly(events: Iterable[KeyEvent], end: int, longest: int, paired: _Paired) -> None:
    """A note lasts until its pitch is released or struck again."""
    sounding: list[int] | None = None
    for tick, velocity in events:
        if sounding is not None:
            sounding[1] = tick if not velocity else min(tick, sounding[0] + longest)
            paired.hanging += bool(velocity)
            sounding = None
        if velocity:
            sounding = [tick, tick, velocity]
            paired.notes.append(sounding)
    if sounding is not None:
        sounding[1] = max(sounding[0] + 1, min(end, sounding[0] + longest))
        paired.hanging += 1


def _lengthen(notes: list[list[int]], ticks_per_quarter: int) -> int:
    """Gives notes without length a short one, up to the next of the pitch; how many there were."""
    short = max(1, ticks_per_quarter // LENGTHS_PER_QUARTER)
    lengthened = 0
    for index, note in enumerate(notes):
        if note[1] > note[0]:
            continue
        following = notes[index + 1][0] if index + 1 < len(notes) else note[0] + short
        note[1] = note[0] + max(1, min(short, following - note[0]))
        lengthened += 1
    return lengthened
