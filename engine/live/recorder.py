"""What is played, kept: the take being recorded, and the last minutes in any case."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import replace

from engine.live.events import CONTROL_ON, LiveEvent
from engine.music.take import Take, TakeEvent
from engine.music.track import SUSTAIN

RETROSPECTIVE_SECONDS = 300.0
# Bounds the memory of the last minutes: 100 events a second for ten minutes.
RETROSPECTIVE_EVENTS = 60_000


class Recorder:
    """Collects live events; `add` is called on the MIDI thread, the rest on the GUI thread."""

    def __init__(self) -> None:
        self._recent: deque[LiveEvent] = deque(maxlen=RETROSPECTIVE_EVENTS)
        self._taken: list[LiveEvent] | None = None
        self._held: dict[tuple[str, int], LiveEvent] = {}
        self._pedals: dict[str, LiveEvent] = {}
        self._origin = 0.0
        self._beats_per_minute = 120.0

    def add(self, event: LiveEvent) -> None:
        """Keep one event. Called on the MIDI thread; never waits."""
        self._recent.append(event)
        taken = self._taken
        if taken is not None:
            taken.append(event)
        key = (event.port, event.number)
        if event.kind == "note_on":
            self._held[key] = event
        elif event.kind == "note_off":
            self._held.pop(key, None)
        elif _is_pedal(event):
            self._pedals[event.port] = event

    @property
    def recording(self) -> bool:
        """Whether a take is being recorded."""
        return self._taken is not None

    def start(self, at_seconds: float, beats_per_minute: float, now: float | None = None) -> None:
        """Begin a take whose first beat falls on ``at_seconds`` (`time.perf_counter`).

        With a count-in that is later than ``now``, and what is played before it gets negative
        seconds. Keys and pedals already down begin at ``now`` (None: at ``at_seconds``).
        """
        began = at_seconds if now is None else min(now, at_seconds)
        self._origin, self._beats_per_minute = at_seconds, beats_per_minute
        # At once: what is struck while we look at what is down belongs to the take.
        self._taken = taken = list[LiveEvent]()
        down = [event for event in list(self._pedals.values()) if _is_down(event)]
        down += list(self._held.values())
        earlier = [each for each in down if each.seconds <= began and each not in taken]
        taken[:0] = [replace(each, seconds=began) for each in earlier]

    def stop(self, at_seconds: float) -> Take:
        """End the take at ``at_seconds``; keys still down end there."""
        taken, self._taken = self._taken or [], None
        kept = [event for event in taken if event.seconds <= at_seconds]
        return self._take(kept, self._origin, at_seconds, self._beats_per_minute)

    def snapshot(self) -> tuple[TakeEvent, ...]:
        """What the running take holds so far; empty when none runs."""
        return _take_events(list(self._taken or ()), self._origin)

    @property
    def held_since(self) -> Mapping[int, float]:
        """Pitches that are down now, and since when: seconds of the running take."""
        held = list(self._held.values())
        return {event.number: event.seconds - self._origin for event in held}

    def capture_last(
        self, now: float, beats_per_minute: float, seconds: float = RETROSPECTIVE_SECONDS
    ) -> Take | None:
        """What was played in the last minutes, from its first note on; None when there is none."""
        recent = [event for event in list(self._recent) if now - seconds <= event.seconds <= now]
        first = next((i for i, event in enumerate(recent) if event.kind == "note_on"), None)
        if first is None:
            return None
        begin = recent[first].seconds
        pedals = {event.port: event for event in recent[:first] if _is_pedal(event)}
        down = [replace(each, seconds=begin) for each in pedals.values() if _is_down(each)]
        return self._take([*down, *recent[first:]], begin, now, beats_per_minute)

    def _take(
        self, events: Iterable[LiveEvent], origin: float, end: float, beats_per_minute: float
    ) -> Take:
        return Take(_take_events(events, origin), beats_per_minute, max(0.0, end - origin))


def _is_pedal(event: LiveEvent) -> bool:
    return event.kind == "control" and event.number == SUSTAIN


def _is_down(pedal: LiveEvent) -> bool:
    return pedal.value >= CONTROL_ON


def _take_events(events: Iterable[LiveEvent], origin: float) -> tuple[TakeEvent, ...]:
    return tuple(
        TakeEvent(event.seconds - origin, event.kind, event.number, event.value)
        for event in sorted(events, key=lambda event: event.seconds)
    )
