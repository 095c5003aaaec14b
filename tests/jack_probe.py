"""A program on the JACK server: sends MIDI and captures audio in one clock.

Reads one JSON line per command on stdin and answers each with one:
["play", [[seconds, hex], …]]  send messages; answers the frame and the perf_counter of second 0
["play_from", [frame, [[seconds, hex], …]]]  the same with second 0 at a frame
["now", null]                  the server's frame
["listen", port]               connect an audio output to us and capture from now on
["so_far", path]               write the samples until now as .npy; answers the frame of the first
["heard", path]                the same, and capture no longer
["hear_midi", port]            have a MIDI input "midi"; connect an output to it ("" for none)
["midi_heard", null]           the MIDI messages that came since then: [[frame, hex], …]
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
        self.capturing = False
        self.end = 0
        self.first_frame = 0
        self.due: deque[tuple[int, bytes]] = deque()
        self.ear: jack.OwnMidiPort | None = None
        self.came: list[tuple[int, str]] = []
        self.client.set_process_callback(self.process)
        self.client.activate()

    def process(self, frames: int) -> None:
        """One period. Runs on JACK's thread."""
        now = self.client.last_frame_time
        self.midi.clear_buffer()
        while self.due and self.due[0][0] < now + frames:
            frame, message = self.due.popleft()
            self.midi.write_midi_event(max(0, frame - now), message)
        if self.capturing:
            self.capture(now, frames)
        if self.ear is not None:
            for offset, message in self.ear.incoming_midi_events():
                self.came.append((now + offset, bytes(message).hex()))

    def hear_midi(self, port: str) -> bool:
        """Keep the MIDI messages that come from now on."""
        self.ear = self.ear or self.client.midi_inports.register("midi")
        if port and not self.ear.is_connected_to(port):
            self.client.connect(port, self.ear)
        return True

    def midi_heard(self, _nothing: None) -> list[tuple[int, str]]:
        """What came."""
        return list(self.came)

    def capture(self, now: int, frames: int) -> None:
        """Keep a period at its frame: one that the server left out stays silent, nothing shifts."""
        if self.end == 0:
            self.first_frame = now
        at = now - self.first_frame
        if at + frames <= len(self.samples):
            self.samples[at : at + frames] = self.audio.get_array()
            self.end = at + frames

    def play(self, messages: list[tuple[float, str]]) -> dict[str, float]:
        """Send messages at seconds from now."""
        rate = self.client.samplerate
        begin = self.client.frame_time + int(LEAD_SECONDS * rate)
        seconds = time.perf_counter() + LEAD_SECONDS
        self.play_from((begin, messages))
        return {"frame": begin, "seconds": seconds}

    def play_from(self, timed: tuple[int, list[tuple[float, str]]]) -> dict[str, int]:
        """Send messages at seconds from a frame."""
        begin, messages = timed
        rate = self.client.samplerate
        due = [(begin + round(at * rate), bytes.fromhex(text)) for at, text in messages]
        self.due.extend(sorted(due, key=lambda each: each[0]))
        return {"frame": begin}

    def now(self, _nothing: None) -> int:
        """The server's frame."""
        return int(self.client.frame_time)

    def listen(self, port: str) -> bool:
        """Capture a port from now on."""
        if not self.audio.is_connected_to(port):
            self.client.connect(port, self.audio)
        self.samples[:] = 0
        self.end = 0
        self.capturing = True
        return True

    def so_far(self, path: str) -> dict[str, int]:
        """Write what was captured until now."""
        np.save(path, self.samples[: self.end])
        return {"frame": self.first_frame}

    def heard(self, path: str) -> dict[str, int]:
        """Write what was captured, and capture no longer."""
        answer = self.so_far(path)
        self.capturing = False
        return answer


def main() -> None:
    """Answer commands until stdin ends."""
    probe = Probe(sys.argv[1])
    print("ready", flush=True)
    for line in sys.stdin:
        command, argument = json.loads(line)
        print(json.dumps(getattr(probe, command)(argument)), flush=True)


if __name__ == "__main__":
    main()
