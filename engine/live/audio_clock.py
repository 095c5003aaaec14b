"""What is heard now: the synthesizer's clock, smoothed between its periods.

Audio is computed in bursts of a period and heard a buffer later. Right after a burst the clock is
truest, so the smallest distance between the system's clock and it, over the last seconds, is the
one to go by.
"""

import time
from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from threading import Lock

from engine.live.sequencer import Sequencer

WINDOW_SECONDS = 2.0
# What was heard when is remembered so finely, and for about an hour and a half.
MARK_SECONDS = 0.05
MARKS = 100_000
# A clock that stood still for longer has lost its driver: whoever plays on keeps their own time.
STOPPED_SECONDS = 1.0
# The distance at a moment is the smallest of the marks that follow within this time.
SETTLING_SECONDS = 0.5

Mark = tuple[float, float]
"""`time.perf_counter`, and its distance to the audio's clock."""


class AudioClock:
    """Turns audio time into `time.perf_counter` and back; safe on any thread."""

    def __init__(self, sequencer: Sequencer, latency_ms: float | None) -> None:
        self._sequencer = sequencer
        self.latency_seconds = (latency_ms or 0.0) / 1000
        # (perf_counter, distance): distances rise along it, so the first is the smallest.
        self._distances: deque[Mark] = deque()
        self._trail: deque[Mark] = deque(maxlen=MARKS)
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
        self._mark(now, distance)
        return rendered

    def _mark(self, now: float, distance: float) -> None:
        if not self._trail or now - self._trail[-1][0] >= MARK_SECONDS:
            self._trail.append((now, distance))
        elif distance < self._trail[-1][1]:
            self._trail[-1] = (self._trail[-1][0], distance)

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

    def heard_at(self, moments: Sequence[float]) -> list[float]:
        """The audio times that sounded at past moments of `time.perf_counter`; they never go back.

        Unlike the system's clock it counts neither what a dropout left out nor the drift of the
        sound card, so what was played to the click lies on the click.
        """
        with self._lock:
            self._observe(time.perf_counter())
            marks = _settled(list(self._trail))
        return [moment - _at(marks, moment) - self.latency_seconds for moment in moments]


def _settled(marks: Sequence[Mark]) -> list[Mark]:
    """The marks with the true distance at each: bursts of a period taken out, stops left out."""
    least: deque[Mark] = deque()  # distances rise along it, the first is the smallest
    settled: list[Mark] = []
    for now, distance in reversed(marks):
        while least and least[-1][1] >= distance:
            least.pop()
        least.append((now, distance))
        while least[0][0] - now > SETTLING_SECONDS:
            least.popleft()
        settled.append((now, least[0][1]))
    return _without_stops(settled[::-1])


def _without_stops(marks: Sequence[Mark]) -> list[Mark]:
    """The marks, the system's clock going on in place of one that stood still for long."""
    kept: list[Mark] = []
    left_out = 0.0
    first = 0
    while first < len(marks):
        last = first
        while last + 1 < len(marks) and _stands(marks[last], marks[last + 1]):
            last += 1
        stood = marks[last][1] - marks[first][1]
        stopped = stood > STOPPED_SECONDS
        run = marks[first : last + 1]
        kept += [(now, (run[0][1] if stopped else distance) - left_out) for now, distance in run]
        left_out += stood if stopped else 0.0
        first = last + 1
    return kept


def _stands(before: Mark, after: Mark) -> bool:
    """Whether hardly any sound was computed from one mark to the next."""
    return after[1] - before[1] > 0.9 * (after[0] - before[0])


def _at(marks: Sequence[Mark], moment: float) -> float:
    """The distance at a moment, between two marks along the line."""
    after = bisect_right(marks, moment, key=lambda mark: mark[0])
    if after == 0 or after == len(marks):
        return marks[0][1] if after == 0 else marks[-1][1]
    (t0, d0), (t1, d1) = marks[after - 1], marks[after]
    return d0 + (d1 - d0) * (moment - t0) / (t1 - t0)
