"""A program on the JACK server: sends MIDI and captures audio in one clock.

Reads one JSON line per command on stdin and answers each with one:
["play", [[seconds, hex], …]]  send messages; answers the frame and the perf_counter of second 0
["listen", port]               connect an audio output to us and capture from now on
["heard", path]                write the samples as .npy; answers the frame of the first
"""

import json
import sys
import time
from collections import deque

import jack
import numpy as np

CAPTURE_SECONDS = 120
# Messages are due this much later, so that the first is not late.
LEAD_SECONDS = 0.05


class Probe:
    """MIDI out and audio in of one JACK client."""

    def __init__(self, name: str) -> None:
        self.client = jack.Client(name, no_start_server=True)
        self.midi = self.client.midi_outports.register("out")
        self.audio = self.client.inports.register("in")
        self.samples = np.zeros(CAPTURE_SECONDS * self.client.samplerate, dtype=np.float32)
        self.captured: int | None = None
        self.first_frame = 0
        self.due: deque[tuple[int, bytes]] = deque()
        self.client.set_process_callback(self.process)
        self.client.activate()

    def process(self, frames: int) -> None:
        """One period. Runs on JACK's thread."""
        now = self.client.last_frame_time
        self.midi.clear_buffer()
        while self.due and self.due[0][0] < now + frames:
            frame, message = self.due.popleft()
            self.midi.write_midi_event(max(0, frame - now), message)
        if self.captured is not None and self.captured + frames <= len(self.samples):
            if self.captured == 0:
                self.first_frame = now
            self.samples[self.captured : self.captured + frames] = self.audio.get_array()
            self.captured += frames

    def play(self, messages: list[tuple[float, str]]) -> dict[str, float]:
        """Send messages at seconds from now."""
        rate = self.client.samplerate
        begin = self.client.frame_time + int(LEAD_SECONDS * rate)
        seconds = time.perf_counter() + LEAD_SECONDS
        timed = [(begin + round(at * rate), bytes.fromhex(text)) for at, text in messages]
        self.due.extend(sorted(timed, key=lambda each: each[0]))
        return {"frame": begin, "seconds": seconds}

    def listen(self, port: str) -> bool:
        """Capture a port from now on."""
        self.client.connect(port, self.audio)
        self.captured = 0
        return True

    def heard(self, path: str) -> dict[str, int]:
        """Write what was captured."""
        captured, self.captured = self.captured or 0, None
        np.save(path, self.samples[:captured])
        return {"frame": self.first_frame}


def main() -> None:
    """Answer commands until stdin ends."""
    probe = Probe(sys.argv[1])
    print("ready", flush=True)
    for line in sys.stdin:
        command, argument = json.loads(line)
        print(json.dumps(getattr(probe, command)(argument)), flush=True)


if __name__ == "__main__":
    main()
