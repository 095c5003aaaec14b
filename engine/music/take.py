"""A take: what was played, as it was played, in seconds."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from engine.music.note import Note
from engine.music.ticks import TempoMap
from engine.music.track import ControlEvent, ControlKind

TakeEventKind = Literal[
    "note_on", "note_off", "control", "program", "bend", "channel_pressure", "key_pressure"
]
CONTROL_KINDS: dict[TakeEventKind, ControlKind] = {
    "control": "control",
    "program": "program",
    "bend": "bend",
    "channel_pressure": "channel_pressure",
    "key_pressure": "key_pressure",
}


@dataclass(frozen=True, slots=True)
class TakeEvent:
    """One message of a performance.

    ``seconds`` count from the moment recording began (the first beat after the count-in); what was
    played in the count-in is negative. ``number`` is a pitch or a controller, ``value`` a velocity
    or a value (−8192 to 8191 for ``bend``). A ``note_on`` has a velocity of 1 or more.
    """

    seconds: float
    kind: TakeEventKind
    number: int
    value: int


@dataclass(frozen=True, slots=True)
class Take:
    """A raw performance, never edited: quantising makes a melody and keeps the take.

    ``beats_per_minute`` is the click's tempo in quarter notes, ``duration`` the seconds until
    recording stopped: a key that was still down then ends there.
    """

    events: tuple[TakeEvent, ...]
    beats_per_minute: float
    duration: float


def with_seconds(take: Take, seconds: Callable[[Sequence[float]], Sequence[float]]) -> Take:
    """A take by another clock: ``seconds`` turns its times, which rise, into others that rise."""
    times = seconds([*(event.seconds for event in take.events), take.duration])
    events = tuple(
        replace(event, seconds=time) for event, time in zip(take.events, times[:-1], strict=True)
    )
    return replace(take, events=events, duration=max(0.0, times[-1]))


@dataclass(frozen=True, slots=True)
class PlayedNote:
    """A note of a take: seconds since recording began."""

    start: float
    end: float
    pitch: int
    velocity: int


def played_notes(take: Take) -> tuple[PlayedNote, ...]:
    """The notes of a take in the order of their onsets.

    A key struck again without a release ends its first note there; one still down ends with the
    take.
    """
    held: dict[int, TakeEvent] = {}
    notes: list[PlayedNote] = []

    def release(pitch: int, seconds: float) -> None:
        event = held.pop(pitch, None)
        if event is not None:
            notes.append(PlayedNote(event.seconds, max(seconds, event.seconds), pitch, event.value))

    for event in take.events:
        if event.kind == "note_on":
            release(event.number, event.seconds)
            held[event.number] = event
        elif event.kind == "note_off":
            release(event.number, event.seconds)
    for pitch in list(held):
        release(pitch, take.duration)
    return tuple(sorted(notes, key=lambda note: (note.start, note.pitch)))


def notes_in_ticks(
    notes: Iterable[PlayedNote], tempo_map: TempoMap, start_tick: int = 0
) -> tuple[Note, ...]:
    """Played notes on a composition's ticks, timing as played; recording began at ``start_tick``.

    A note struck before the composition's first tick starts there; one that has also ended by then
    belongs to the count-in and is left out.
    """
    offset = tempo_map.seconds_at(start_tick)
    placed = []
    for note in notes:
        start = round(tempo_map.tick_at(offset + note.start))
        end = round(tempo_map.tick_at(offset + note.end))
        if start < 0 and end <= 0:
            continue
        start = max(0, start)
        end = max(start + 1, end)
        placed.append(Note(start, note.pitch, end - start, note.velocity))
    return tuple(sorted(placed))


def controls_in_ticks(
    take: Take, tempo_map: TempoMap, start_tick: int = 0
) -> tuple[ControlEvent, ...]:
    """The take's pedal, bend and other controllers on a composition's ticks."""
    offset = tempo_map.seconds_at(start_tick)
    return tuple(
        ControlEvent(
            max(0, round(tempo_map.tick_at(offset + event.seconds))),
            CONTROL_KINDS[event.kind],
            event.number,
            event.value,
        )
        for event in take.events
        if event.kind in CONTROL_KINDS
    )
