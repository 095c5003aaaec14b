"""What is heard now: the synthesizer's clock, smoothed between its periods.

Audio is computed in bursts of a period and heard a buffer later. Right after a burst the clock is
truest, so the smallest distance between the system's clock and it, over the last seconds, is the
one to go by.
"""

import time
from collections import deque
from threading import Lock

from engine.live.sequencer import Sequencer

WINDOW_SECONDS = 2.0


class AudioClock:
    """Turns audio time into `time.perf_counter` and back; safe on any thread."""

    def __init__(self, sequencer: Sequencer, latency_ms: float | None) -> None:
        self._sequencer = sequencer
        self.latency_seconds = (latency_ms or 0.0) / 1000
        # (perf_counter, distance): distances rise along it, so the first is the smallest.
        self._distances: deque[tuple[float, float]] = deque()
        self._last_heard = float("-inf")
        self._lock = Lock()

    def rendered(self) -> float:
        """Seconds of audio computed so far."""
        with self._lock:
            return self._observe(time.perf_counter())

    def _observe(self, now: float) -> float:
        rendered = self._sequencer.seconds
        distance = now - rendered
        while self._distances and self._distances[-1][1] >= distance:
            self._distances.pop()
        self._distances.append((now, distance))
        while now - self._distances[0][0] > WINDOW_SECONDS:
            self._distances.popleft()
        return rendered

    def heard(self) -> float:
        """The audio time that sounds now; never runs ahead of the sound and never goes back."""
        with self._lock:
            now = time.perf_counter()
            rendered = self._observe(now)
            smooth = now - self._distances[0][1] - self.latency_seconds
            self._last_heard = max(self._last_heard, min(smooth, rendered))
            return self._last_heard

    def perf_counter_at(self, audio_seconds: float) -> float:
        """When an audio time sounds."""
        with self._lock:
            self._observe(time.perf_counter())
            return audio_seconds + self._distances[0][1] + self.latency_seconds
