import time
from itertools import pairwise
from types import SimpleNamespace

import pytest

from engine.live.audio_clock import AudioClock
from tests.engine.live.sequencers import HandSequencer

LATENCY = 0.02
PERIOD = 0.01


class Clocks:
    """The system's clock and the audio's, moved together."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_000.0
        self.lag = 0.0
        self.speed = 1.0
        self.sequencer = HandSequencer()
        self.clock = AudioClock(self.sequencer, 1000 * LATENCY)
        clock = SimpleNamespace(perf_counter=lambda: self.now)
        monkeypatch.setattr("engine.live.audio_clock.time", clock)

    def run(self, seconds: float, *, audio: bool = True) -> list[float]:
        """What is heard, millisecond by millisecond; audio comes in whole periods."""
        heard = []
        for _ in range(round(1000 * seconds)):
            self.now = round(self.now + 0.001, 6)
            if audio:
                run = self.speed * (self.now - 1_000.0 - self.lag)
                self.sequencer.seconds = PERIOD * ((run + 1e-9) // PERIOD)
            heard.append(self.clock.heard())
        return heard


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    return Clocks(monkeypatch)


def test_between_periods_time_runs_on_evenly(clocks: Clocks) -> None:
    clocks.run(1.0)
    heard = clocks.run(1.0)
    steps = [b - a for a, b in pairwise(heard)]
    assert steps == pytest.approx([0.001] * len(steps), abs=1e-6)
    assert heard[-1] == pytest.approx(2.0 - LATENCY, abs=1e-6)


def test_it_never_runs_ahead_of_the_sound_when_the_driver_stands_still(clocks: Clocks) -> None:
    clocks.run(1.0)
    heard = clocks.run(5.0, audio=False)
    assert max(heard) <= clocks.sequencer.seconds


def test_it_never_goes_back_when_the_driver_goes_on(clocks: Clocks) -> None:
    heard = clocks.run(1.0) + clocks.run(3.0, audio=False)
    clocks.sequencer.seconds = 1.0
    heard += clocks.run(3.0)
    assert heard == sorted(heard)


def test_it_tells_when_an_audio_time_will_sound(clocks: Clocks) -> None:
    clocks.run(1.0)
    assert clocks.clock.perf_counter_at(3.0) == pytest.approx(1_003.0 + LATENCY, abs=0.001)


def test_the_real_clock_is_as_fast_as_the_systems(synth: object) -> None:
    clock = AudioClock(synth.sequencer, synth.latency_ms)  # type: ignore[attr-defined]
    for _ in range(50):
        clock.heard()
        time.sleep(0.005)
    began, heard = time.perf_counter(), clock.heard()
    time.sleep(1.0)
    assert clock.heard() - heard == pytest.approx(time.perf_counter() - began, abs=0.1)


def test_a_dropout_in_the_past_is_counted_as_it_was_heard(clocks: Clocks) -> None:
    clocks.run(2.0)
    before = clocks.now
    clocks.run(0.3, audio=False)
    clocks.lag = 0.3
    after = clocks.now
    clocks.run(3.0)
    first, second, last = clocks.clock.heard_at([before - 1.0, after + 1.0, after + 2.0])
    assert second - first == pytest.approx(2.0, abs=0.02)
    assert last - second == pytest.approx(1.0, abs=0.005)


def test_what_was_heard_when_never_goes_back(clocks: Clocks) -> None:
    for number in range(12):
        clocks.run(0.4)
        clocks.run(0.02 * number, audio=False)
        clocks.lag += 0.02 * number
    moments = [1_000.0 + 0.007 * number for number in range(800)]
    heard = clocks.clock.heard_at(moments)
    assert heard == sorted(heard)


def test_after_the_driver_is_lost_time_goes_on(clocks: Clocks) -> None:
    clocks.run(1.0)
    lost = clocks.now
    clocks.run(5.0, audio=False)
    first, second = clocks.clock.heard_at([lost + 1.0, lost + 4.0])
    assert second - first == pytest.approx(3.0, abs=0.01)


def test_a_drifting_sound_card_is_followed(clocks: Clocks) -> None:
    clocks.speed = 1.001
    clocks.run(20.0)
    first, last = clocks.clock.heard_at([1_002.0, 1_018.0])
    assert last - first == pytest.approx(16.0 * 1.001, abs=0.004)
