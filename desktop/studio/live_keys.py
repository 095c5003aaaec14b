"""Keys that sound: what is played by hand and what the player plays, on the keyboard's picture."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QObject, Signal, Slot

from desktop.theme import track_role
from engine.live.events import LiveEvent
from engine.music.composition import Composition
from engine.music.mix import is_heard
from engine.music.note import Note

FARTHEST = 400
"""How many notes back one is looked for that still sounds: bounds the work of a frame."""
SCREEN = "Screen"
"""The port name of the keys on the screen."""


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

    @Slot()
    def forget(self) -> None:
        """No key is down any more, as when a port went away."""
        self._down.clear()
        self.changed.emit()


class SoundingNotes:
    """Which notes of a composition sound at a tick; asked with every frame."""

    def __init__(self) -> None:
        self._starts: list[list[int]] = []
        self._notes: list[tuple[Note, ...]] = []
        self._roles: list[str] = []
        self._longest: list[int] = []

    def set_composition(self, composition: Composition) -> None:
        """The music to look in; muted tracks are not heard."""
        heard = is_heard(composition)
        self._notes = [
            track.notes if audible else ()
            for track, audible in zip(composition.tracks, heard, strict=True)
        ]
        self._starts = [[note.start for note in notes] for notes in self._notes]
        self._longest = [max((n.duration for n in notes), default=0) for notes in self._notes]
        self._roles = [
            track_role(index, track.name, track.program, track.is_drum)
            for index, track in enumerate(composition.tracks)
        ]

    def at(self, tick: float) -> list[tuple[int, str, Note]]:
        """Track, colour role and note of everything that sounds at ``tick``, the melody last."""
        found: list[tuple[int, str, Note]] = []
        for index in reversed(range(len(self._notes))):
            found.extend((index, self._roles[index], note) for note in self._of(index, tick))
        return found

    def _of(self, index: int, tick: float) -> list[Note]:
        starts = self._starts[index]
        high = bisect_right(starts, tick)
        low = max(high - FARTHEST, bisect_left(starts, tick - self._longest[index]))
        return [note for note in self._notes[index][low:high] if note.end > tick]
