"""What is heard: JACK audio of the studio's synthesizer, captured by the second process."""

from pathlib import Path

import numpy as np

from engine.live.jack_graph import JackGraph
from tests.flows.studio import until
from tests.jack_server import SAMPLE_RATE, JackProbe, Samples, audio_outputs, onsets

# A machine that runs all tests holds programs up: a long period forgives it, and no flow measures
# latency.
FLOW_PERIOD = 1024
# What the ear captures at the port is heard so much later by somebody at the loudspeaker.
LOUDSPEAKER_FRAMES = FLOW_PERIOD * 3 // 2
SILENCE = 0.002
BEATS_PER_MINUTE = 120.0
BEAT_FRAMES = SAMPLE_RATE * 60 / BEATS_PER_MINUTE
COUNT_IN_SECONDS = 20.0
MOMENT_SECONDS = 0.4
# A click rings on for a while, far more softly than it began; beats are further apart.
CLICK_FRAMES = 10_000


class Ear:
    """Listens to the studio's left loudspeaker."""

    def __init__(self, probe: JackProbe, graph: JackGraph, folder: Path) -> None:
        self._probe = probe
        self._graph = graph
        self._file = folder / "heard.npy"

    def listen(self) -> None:
        """Capture from now on, anew."""
        outputs = until(lambda: audio_outputs(self._graph), "the synthesizer's outputs")
        self._probe.listen(outputs[0])

    def heard(self) -> Samples:
        """Everything since `listen`."""
        return self._probe.heard_so_far(self._file)[1]

    def clicks(self) -> list[int]:
        """The server's frames at which a click began since `listen`."""
        first, samples = self._probe.heard_so_far(self._file)
        threshold = max(SILENCE, loudest(samples) / 4)
        return [first + frame for frame in onsets(samples, threshold, CLICK_FRAMES)]

    def count_in(self) -> int:
        """The frame at which a bar of four, counted in at `BEATS_PER_MINUTE`, is over.

        Fails where the server lost the bar's first click, or another.
        """
        clicks = until(
            lambda: counted if len(counted := self.clicks()) >= 3 else [],
            "three clicks",
            patience_seconds=COUNT_IN_SECONDS,
        )
        gaps = np.diff(clicks[:3])
        assert np.allclose(gaps, BEAT_FRAMES, atol=0.02 * SAMPLE_RATE), gaps
        first, samples = self._probe.heard_so_far(self._file)
        peaks = [loudest(samples[at - first : at - first + CLICK_FRAMES]) for at in clicks[:2]]
        assert peaks[0] > peaks[1], "The first click of the bar was lost."
        return round(clicks[0] + 4 * BEAT_FRAMES) + LOUDSPEAKER_FRAMES

    def moment(self) -> Samples:
        """The next moment."""
        begin = len(self.heard())
        length = int(MOMENT_SECONDS * SAMPLE_RATE)
        until(lambda: len(self.heard()) >= begin + length, "more sound from the server")
        return self.heard()[begin : begin + length]

    def wait_for_sound(self) -> None:
        """Wait until something sounds."""
        until(lambda: loudest(self.moment()) > SILENCE, "a sound")

    def wait_for_silence(self) -> None:
        """Wait until a whole moment is silent."""
        until(lambda: loudest(self.moment()) < SILENCE, "silence")


def loudest(samples: Samples) -> float:
    """The largest value, 0 of none."""
    return float(np.abs(samples).max(initial=0.0))
