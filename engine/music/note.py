"""One note of a track."""

from dataclasses import dataclass

from engine.errors import MusicError

MAX_PITCH = 127
MAX_VELOCITY = 127


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """A note; sorts by start, then pitch.

    ``start`` and ``duration`` are ticks of the composition, ``pitch`` and ``velocity`` MIDI's.
    Raises `MusicError` for a pitch outside 0 to 127, a velocity outside 1 to 127, a negative
    start or a duration below one tick.
    """

    start: int
    pitch: int
    duration: int
    velocity: int = 80

    def __post_init__(self) -> None:
        if not 0 <= self.pitch <= MAX_PITCH:
            raise MusicError(f"A note's pitch must lie between 0 and 127, not {self.pitch}.")
        if not 1 <= self.velocity <= MAX_VELOCITY:
            raise MusicError(f"A note's velocity must lie between 1 and 127, not {self.velocity}.")
        if self.start < 0:
            raise MusicError("A note cannot start before the composition does.")
        if self.duration < 1:
            raise MusicError("A note must last at least one tick.")

    @property
    def end(self) -> int:
        """First tick at which the note no longer sounds."""
        return self.start + self.duration
