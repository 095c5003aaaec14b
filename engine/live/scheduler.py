"""What sounds when: a composition as events in time, pure and without a clock."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.take import TakeEventKind
from engine.music.track import ControlEvent, Track

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class ScheduledEvent:
    """A message of track ``track`` (its index) at ``tick``; number and value as in MIDI."""

    tick: int
    track: int
    kind: TakeEventKind
    number: int
    value: int


# At one tick: what ends first, then controllers and programs, then what begins.
_ORDER: dict[TakeEventKind, int] = {"note_off": 0, "note_on": 2}


class TrackSchedule:
    """One track's notes by start and by end, and its controllers."""

    def __init__(self, track: Track) -> None:
        self.notes = track.notes
        self.controls = track.controls
        self._by_end = sorted(track.notes, key=_end)
        self._longest = max((note.duration for note in track.notes), default=0)

    def describes(self, track: Track) -> bool:
        """Whether it was made of these very notes and controllers."""
        return self.notes is track.notes and self.controls is track.controls

    def due(self, index: int, from_tick: int, to_tick: int) -> list[ScheduledEvent]:
        """The events of from_tick ≤ tick < to_tick, in no particular order."""
        begin = _between(self.notes, from_tick, to_tick, _start)
        end = _between(self._by_end, from_tick, to_tick, _end)
        controls = _between(self.controls, from_tick, to_tick, _tick)
        return [
            *(ScheduledEvent(n.end, index, "note_off", n.pitch, 0) for n in end),
            *(ScheduledEvent(c.tick, index, c.kind, c.number, c.value) for c in controls),
            *(ScheduledEvent(n.start, index, "note_on", n.pitch, n.velocity) for n in begin),
        ]

    def sounding_at(self, tick: int) -> list[Note]:
        """Notes that began before ``tick`` and go on after it."""
        begun = _between(self.notes, tick - self._longest, tick, _start)
        return [note for note in begun if note.end > tick]

    def controls_at(self, tick: int) -> list[ControlEvent]:
        """The last of each controller before ``tick``: what is in force there."""
        latest: dict[tuple[str, int], ControlEvent] = {}
        for control in self.controls[: bisect_left(self.controls, tick, key=_tick)]:
            latest[control.kind, control.number] = control
        return list(latest.values())


class Schedule:
    """All tracks of a composition; what an earlier one already sorted is taken over."""

    def __init__(self, composition: Composition, earlier: "Schedule | None" = None) -> None:
        known = {id(each.notes): each for each in earlier.tracks} if earlier else {}
        self.composition = composition
        self.tracks: list[TrackSchedule] = []
        for track in composition.tracks:
            found = known.get(id(track.notes))
            usable = found is not None and found.describes(track)
            self.tracks.append(found if found and usable else TrackSchedule(track))

    def due(self, from_tick: int, to_tick: int) -> tuple[ScheduledEvent, ...]:
        """The events of from_tick ≤ tick < to_tick in playing order."""
        events: list[ScheduledEvent] = []
        for index, track in enumerate(self.tracks):
            events.extend(track.due(index, from_tick, to_tick))
        events.sort(key=lambda event: (event.tick, _ORDER.get(event.kind, 1)))
        return tuple(events)


def due(composition: Composition, from_tick: int, to_tick: int) -> tuple[ScheduledEvent, ...]:
    """The events of from_tick ≤ tick < to_tick in playing order: none lost or doubled when time
    is cut into such windows."""
    return Schedule(composition).due(from_tick, to_tick)


def _start(note: Note) -> int:
    return note.start


def _end(note: Note) -> int:
    return note.end


def _tick(control: ControlEvent) -> int:
    return control.tick


def _between(
    items: Sequence[Item], low: int, high: int, key: Callable[[Item], int]
) -> Sequence[Item]:
    return items[bisect_left(items, low, key=key) : bisect_left(items, high, key=key)]
