"""Where the music is in time: stretches of ticks laid along the audio clock."""

from dataclasses import dataclass

from engine.music.ticks import TempoMap


@dataclass(frozen=True, slots=True)
class Stretch:
    """From audio time ``seconds`` on the music runs from ``tick``, until the next stretch."""

    seconds: float
    tick: int
    tempos: TempoMap

    def seconds_at(self, tick: float) -> float:
        """The audio time of a tick."""
        return self.seconds + self.tempos.seconds_at(tick) - self.tempos.seconds_at(self.tick)

    def tick_at(self, seconds: float) -> float:
        """The tick, not rounded, at an audio time; the stretch's first before it begins."""
        elapsed = max(0.0, seconds - self.seconds)
        return self.tempos.tick_at(self.tempos.seconds_at(self.tick) + elapsed)


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far the music has been handed to the sequencer."""

    seconds: float
    tick: int


def tick_heard(stretches: tuple[Stretch, ...], seconds: float) -> float:
    """The tick at an audio time; the first stretch's first before all of them."""
    current = stretches[0]
    for stretch in stretches:
        if stretch.seconds <= seconds:
            current = stretch
    return current.tick_at(seconds)
