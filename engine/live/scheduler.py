"""What sounds when: a composition as events in time, pure and without a clock."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from engine.music.composition import Composition
from engine.music.mix import is_heard, sounding_controls
from engine.music.note import Note
from engine.music.take import TakeEventKind
from engine.music.track import (
    CENTRE_PAN,
    CHORUS,
    DEFAULT_VOLUME,
    PAN,
    REVERB,
    VOLUME,
    ControlEvent,
    ControlKind,
    Track,
)

Item = TypeVar("Item")

# A controller by kind and number, and what it stands at.
Control = tuple[ControlKind, int]
ControlState = dict[Control, int]

PROGRAM: Control = ("program", 0)
_VOLUME: Control = ("control", VOLUME)
# Where a controller stands that nothing has moved; 0 for those not named.
NEUTRAL: ControlState = {
    _VOLUME: DEFAULT_VOLUME,
    ("control", PAN): CENTRE_PAN,
    ("control", 8): 64,  # balance
    ("control", 11): 127,  # expression
}
# The sends too: no reset of controllers touches them (MIDI's RP-015).
_ALWAYS_STATED: tuple[Control, ...] = (
    PROGRAM,
    _VOLUME,
    ("control", PAN),
    ("control", REVERB),
    ("control", CHORUS),
)


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


class NoteIndex:
    """Notes by start and by end."""

    def __init__(self, notes: tuple[Note, ...]) -> None:
        self.notes = notes
        self.by_end = sorted(notes, key=_end)
        self.longest = max((note.duration for note in notes), default=0)


class TrackSchedule:
    """One track: when its notes begin and end, and how its controllers stand.

    Where it is not ``heard``, the synthesizer plays it at volume 0, so that it can come back in the
    middle of a note. An instrument on a MIDI port is not to be turned down, since it may be played
    by hand meanwhile: there no note is struck.
    """

    def __init__(self, track: Track, heard: bool, index: NoteIndex) -> None:
        self.track = track
        self._turned_down = not heard and track.output is None
        self._struck = heard or track.output is None
        self.index = index
        self._controls = sounding_controls(track)

    def due(self, number: int, from_tick: int, to_tick: int) -> list[ScheduledEvent]:
        """The events of from_tick ≤ tick < to_tick, in no particular order."""
        begin = _between(self.index.notes, from_tick, to_tick, _start) if self._struck else ()
        end = _between(self.index.by_end, from_tick, to_tick, _end)
        controls = _between(self._controls, from_tick, to_tick, _tick)
        return [
            *(ScheduledEvent(n.end, number, "note_off", n.pitch, 0) for n in end),
            *(ScheduledEvent(c.tick, number, c.kind, c.number, self._audible(c)) for c in controls),
            *(ScheduledEvent(n.start, number, "note_on", n.pitch, n.velocity) for n in begin),
        ]

    def _audible(self, control: ControlEvent) -> int:
        """A track's volume stays at 0 while it is turned down."""
        silent = (control.kind, control.number) == _VOLUME and self._turned_down
        return 0 if silent else control.value

    def sounding_at(self, tick: int) -> list[Note]:
        """Notes that are struck before ``tick`` and go on after it."""
        if not self._struck:
            return []
        begun = _between(self.index.notes, tick - self.index.longest, tick, _start)
        return [note for note in begun if note.end > tick]

    def state_at(self, tick: int) -> ControlState:
        """How every controller that the track uses stands just before ``tick``."""
        state = {control: NEUTRAL.get(control, 0) for control in _ALWAYS_STATED}
        for event in self._controls:
            control = (event.kind, event.number)
            if event.tick < tick or event.tick == 0:
                state[control] = event.value
            else:
                state.setdefault(control, NEUTRAL.get(control, 0))
        if self._turned_down:
            state[_VOLUME] = 0
        return state


class Schedule:
    """All tracks of a composition; what an earlier one already sorted is taken over."""

    def __init__(self, composition: Composition, earlier: "Schedule | None" = None) -> None:
        indexes = {id(each.index.notes): each.index for each in earlier.tracks} if earlier else {}
        self.composition = composition
        self.tracks: list[TrackSchedule] = [
            TrackSchedule(track, heard, indexes.get(id(track.notes)) or NoteIndex(track.notes))
            for track, heard in zip(composition.tracks, is_heard(composition), strict=True)
        ]

    @property
    def end(self) -> int:
        """The composition's end, without looking at every note: asked for many times a second."""
        ends = [each.index.by_end[-1].end for each in self.tracks if each.index.by_end]
        return max(ends, default=0)

    def due(self, from_tick: int, to_tick: int) -> tuple[ScheduledEvent, ...]:
        """The events of from_tick ≤ tick < to_tick in playing order."""
        events: list[ScheduledEvent] = []
        for number, track in enumerate(self.tracks):
            events.extend(track.due(number, from_tick, to_tick))
        events.sort(key=lambda event: (event.tick, _ORDER.get(event.kind, 1)))
        return tuple(events)


def due(composition: Composition, from_tick: int, to_tick: int) -> tuple[ScheduledEvent, ...]:
    """The events of from_tick ≤ tick < to_tick in playing order.

    None is lost or doubled when time is cut into such windows.
    """
    return Schedule(composition).due(from_tick, to_tick)


def changes(before: Mapping[Control, int], after: Mapping[Control, int]) -> ControlState:
    """What must be sent so that controllers that stood as ``before`` stand as ``after``."""
    controls = dict.fromkeys((*before, *after))
    wanted = {each: after.get(each, NEUTRAL.get(each, 0)) for each in controls}
    return {each: value for each, value in wanted.items() if before.get(each) != value}


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
