"""Keys that are played by hand."""

from collections import Counter
from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QObject, Signal, Slot

from engine.live.events import SCREEN, LiveEvent


class LiveKeys(QObject):
    """Sends the screen's keys the way of every played key, and knows which keys are down."""

    changed = Signal()
    """A key went down or up."""
    played = Signal()
    """A note was struck by hand."""
    released = Signal()
    """A note struck by hand has ended."""

    def __init__(self, hear: Callable[[LiveEvent], None], parent: QObject | None = None) -> None:
        """``hear`` sounds, records and shows one event."""
        super().__init__(parent)
        self._hear = hear
        self._down: Counter[int] = Counter()
        self._velocities: dict[int, int] = {}

    @property
    def down(self) -> dict[int, int]:
        """Pitches that are held by hand, and how hard they were struck."""
        return {pitch: self._velocities[pitch] for pitch, keys in self._down.items() if keys}

    @Slot(int, int)
    def press(self, pitch: int, velocity: int) -> None:
        """A key of the screen goes down."""
        self._hear(LiveEvent(perf_counter(), "note_on", pitch, velocity, SCREEN))

    @Slot(int)
    def release(self, pitch: int) -> None:
        """A key of the screen comes up."""
        self._hear(LiveEvent(perf_counter(), "note_off", pitch, 0, SCREEN))

    @Slot(object)
    def show_event(self, event: LiveEvent) -> None:
        """Something was played, on any port."""
        if event.kind == "note_on":
            self._down[event.number] += 1
            self._velocities[event.number] = event.value
            self.played.emit()
        elif event.kind == "note_off":
            self._down[event.number] = max(0, self._down[event.number] - 1)
            self.released.emit()
        else:
            return
        self.changed.emit()
