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
                self.sequencer.seconds = PERIOD * ((self.now - 1_000.0 + 1e-9) // PERIOD)
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
