"""A take that went round in a loop, cut into its passes."""

from collections import defaultdict
from math import ceil, floor

from engine.music.take import CONTROL_KINDS, PlayedNote, Take, TakeEvent, played_notes
from engine.music.track import SUSTAIN

PEDAL_DOWN = 64
SHORTEST_PASS = 0.05
"""Of a round: what is broken off before is no pass."""


def passes_of(take: Take, seconds: float, early: float = 0.0) -> tuple[Take, ...]:
    """One take for each round of ``seconds``, empty ones too; the last may be shorter.

    A note struck up to ``early`` seconds before a round begins is meant for it, and begins just
    before its time 0. A note that is held over the end of its round ends there; a pedal that is
    down there is down at the start of the next.
    """
    count = max(1, ceil(take.duration / seconds - SHORTEST_PASS))
    events: dict[int, list[TakeEvent]] = defaultdict(list)
    for note in played_notes(take):
        number = max(0, floor((note.start + early) / seconds))
        events[number] += _played(note, number * seconds, seconds)
    for number, event in _controls(take, seconds, count):
        events[number].append(event)
    return tuple(
        Take(
            tuple(sorted(events[number], key=_order)),
            take.beats_per_minute,
            min(seconds, max(0.0, take.duration - number * seconds)),
        )
        for number in range(count)
    )


def _order(event: TakeEvent) -> tuple[float, bool]:
    return event.seconds, event.kind == "note_on"


def _played(note: PlayedNote, origin: float, seconds: float) -> list[TakeEvent]:
    start = note.start - origin
    end = max(start, min(note.end - origin, seconds))
    return [
        TakeEvent(start, "note_on", note.pitch, note.velocity),
        TakeEvent(end, "note_off", note.pitch, 0),
    ]


def _controls(take: Take, seconds: float, count: int) -> list[tuple[int, TakeEvent]]:
    """Controllers with the number of their pass; the pedal is pressed anew where it is down."""
    placed = []
    pedal, at = 0, 0
    for event in take.events:
        if event.kind not in CONTROL_KINDS:
            continue
        number = min(count - 1, max(0, floor(event.seconds / seconds)))
        if pedal >= PEDAL_DOWN:
            placed += [(each, _pedal(pedal)) for each in range(at + 1, number + 1)]
        at = number
        if event.kind == "control" and event.number == SUSTAIN:
            pedal = event.value
        shifted = TakeEvent(event.seconds - number * seconds, event.kind, event.number, event.value)
        placed.append((number, shifted))
    if pedal >= PEDAL_DOWN:
        placed += [(each, _pedal(pedal)) for each in range(at + 1, count)]
    return placed


def _pedal(value: int) -> TakeEvent:
    return TakeEvent(0.0, "control", SUSTAIN, value)
