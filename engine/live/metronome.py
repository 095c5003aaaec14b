"""Where the click falls."""

from dataclasses import dataclass

from engine.music.composition import Composition
from engine.music.ticks import MeterMap, meter_map, tempo_map

# General MIDI's wood blocks: high for the first beat of a bar, low for the others; as loud as a
# melody, since a count-in that startles is no help.
_ACCENT, _BEAT = (76, 84), (77, 60)


@dataclass(frozen=True, slots=True)
class Click:
    """A click at ``tick``; ``accent`` on the first beat of a bar."""

    tick: int
    accent: bool


@dataclass(frozen=True, slots=True)
class CountInClick:
    """A click ``seconds_before`` the music starts."""

    seconds_before: float
    accent: bool


def click_note(accent: bool) -> tuple[int, int]:
    """Pitch and velocity of a click."""
    return _ACCENT if accent else _BEAT


def clicks(meters: MeterMap, from_tick: int, to_tick: int) -> tuple[Click, ...]:
    """The written beats of from_tick ≤ tick < to_tick."""
    found = []
    tick = meters.next_beat(from_tick)
    while tick < to_tick:
        found.append(Click(tick, meters.position_at(tick).beat == 1))
        tick = meters.next_beat(tick + 1)
    return tuple(found)


def count_in(composition: Composition, bars: int, from_tick: int) -> tuple[CountInClick, ...]:
    """Clicks of so many bars, in the meter and tempo of ``from_tick``, that end there.

    A pick-up written as a short first meter is counted in the meter that follows it.
    """
    meters, tempos = meter_map(composition), tempo_map(composition)
    counted = from_tick
    if meters.position_at(from_tick).bar == 1:
        counted = max(from_tick, meters.bar_start(2), key=meters.bar_ticks_at)
    meter = meters.meter_at(counted)
    beats = meter.numerator
    # Not by ticks: a beat of seven and a half of them would be counted too fast.
    beat_seconds = 60 / tempos.tempo_at(from_tick).beats_per_minute * 4 / meter.denominator
    return tuple(
        CountInClick((bars * beats - index) * beat_seconds, index % beats == 0)
        for index in range(bars * beats)
    )
