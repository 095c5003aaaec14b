"""What is held down on a keyboard, and how to let go of it when the keyboard is gone."""

from collections.abc import Iterator

from engine.live.events import CONTROL_ON, LiveEvent
from engine.music.track import SUSTAIN


class HeldKeys:
    """Keys, pedal and bend of one port."""

    def __init__(self) -> None:
        self._keys: set[int] = set()
        self._pedal = False
        self._bent = False

    def note(self, event: LiveEvent) -> None:
        """Keep what an event leaves held."""
        if event.kind == "note_on":
            self._keys.add(event.number)
        elif event.kind == "note_off":
            self._keys.discard(event.number)
        elif event.kind == "bend":
            self._bent = event.value != 0
        elif event.kind == "control" and event.number == SUSTAIN:
            self._pedal = event.value >= CONTROL_ON

    def releases(self, seconds: float, port: str) -> Iterator[LiveEvent]:
        """The events that let go of everything, to be sounded by us; nothing is held afterwards."""
        keys, pedal, bent = sorted(self._keys), self._pedal, self._bent
        self._keys, self._pedal, self._bent = set(), False, False
        for pitch in keys:
            yield LiveEvent(seconds, "note_off", pitch, 0, port)
        if pedal:
            yield LiveEvent(seconds, "control", SUSTAIN, 0, port)
        if bent:
            yield LiveEvent(seconds, "bend", 0, 0, port)
