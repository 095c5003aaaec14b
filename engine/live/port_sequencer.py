"""Tracks played on MIDI ports in time with the sound, and the way to them past the synthesizer."""

import heapq
import os
import sys
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from threading import Condition, Thread, get_native_id

from engine.live.audio_clock import AudioClock
from engine.live.channels import assign_channels, playback_channel
from engine.live.midi_outputs import MidiOutputs
from engine.live.sequencer import BEND_CENTRE, BEND_MAX, Sequencer
from engine.music.composition import Composition
from engine.music.take import TakeEventKind
from engine.music.track import SUSTAIN

ALL_NOTES_OFF = 123
# The clock is looked at again at least so often: it follows the sound card, not the system.
LONGEST_WAIT_SECONDS = 0.25
_STATUS: dict[TakeEventKind, int] = {
    "note_off": 0x80,
    "note_on": 0x90,
    "key_pressure": 0xA0,
    "control": 0xB0,
    "program": 0xC0,
    "channel_pressure": 0xD0,
    "bend": 0xE0,
}


@dataclass(frozen=True, slots=True)
class Route:
    """Where a track is played instead of in the synthesizer: a port by name, and its channel."""

    port: str
    channel: int


def routes_of(composition: Composition) -> dict[int, Route]:
    """The routes of the tracks that have an output, by the synthesizer's channel.

    On the port a track has the channel that it would have in an exported file.
    """
    channels = assign_channels(composition)
    return {
        playback_channel(number): Route(track.output, channels[number])
        for number, track in enumerate(composition.tracks)
        if track.output is not None
    }


def message_of(kind: TakeEventKind, channel: int, number: int, value: int) -> bytes:
    """The bytes of a channel message; a bend counts from −8192."""
    status = _STATUS[kind] | channel
    if kind in ("program", "channel_pressure"):
        return bytes((status, value))
    if kind == "bend":
        whole = min(BEND_MAX, value + BEND_CENTRE)
        return bytes((status, whole & 0x7F, whole >> 7))
    return bytes((status, number, value))


@dataclass(frozen=True, slots=True, order=True)
class _Due:
    at: float
    order: int
    source: int
    route: Route
    message: bytes


class PortSequencer:
    """Writes messages when the sound of their time is heard. Safe on any thread."""

    def __init__(self, clock: AudioClock, outputs: MidiOutputs) -> None:
        self._clock = clock
        self._outputs = outputs
        self._due: list[_Due] = []
        self._order = count()
        self._held: Counter[tuple[Route, int]] = Counter()
        self._used: set[Route] = set()
        self._changed = Condition()
        self._closed = False
        self._thread: Thread | None = None

    def send(
        self,
        at: float,
        source: int,
        route: Route,
        kind: TakeEventKind,
        number: int,
        value: int,
    ) -> None:
        """Write a message at an audio time; what is late leaves at once."""
        message = message_of(kind, route.channel, number, value)
        with self._changed:
            if self._closed:
                return
            heapq.heappush(self._due, _Due(at, next(self._order), source, route, message))
            if self._thread is None:
                self._thread = Thread(target=self._run, name="midi-out", daemon=True)
                self._thread.start()
            if self._due[0].at == at:
                self._changed.notify()

    def take_back(self, source: int) -> None:
        """Forget the messages of a source that have not been written."""
        with self._changed:
            self._due = [due for due in self._due if due.source != source]
            heapq.heapify(self._due)

    def take_back_all(self) -> None:
        """Forget every message that has not been written."""
        with self._changed:
            self._due.clear()

    def silence(self) -> None:
        """Let go of every key and pedal, and say so once more to each channel that was used."""
        with self._changed:
            for (route, pitch), times in self._held.items():
                for _ in range(times):
                    self._write(route, message_of("note_off", route.channel, pitch, 0))
            self._held.clear()
            for route in sorted(self._used, key=lambda each: (each.port, each.channel)):
                for control in (SUSTAIN, ALL_NOTES_OFF):
                    self._write(route, message_of("control", route.channel, control, 0))
            self._used.clear()

    def close(self) -> None:
        """Let go of everything and end the thread."""
        self.silence()
        with self._changed:
            self._closed = True
            self._due.clear()
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        """Write what is due until closed. Runs on its own thread."""
        _hurry()
        with self._changed:
            while not self._closed:
                if not self._due:
                    self._changed.wait()
                    continue
                wait = self._clock.perf_counter_at(self._due[0].at) - time.perf_counter()
                if wait > 0:
                    self._changed.wait(min(wait, LONGEST_WAIT_SECONDS))
                else:
                    self._play(heapq.heappop(self._due))

    def _play(self, due: _Due) -> None:
        kind, pitch = due.message[0] & 0xF0, due.message[1]
        key = (due.route, pitch)
        if kind == _STATUS["note_on"]:
            self._held[key] += 1
        elif kind == _STATUS["note_off"]:
            if self._held[key] > 1:
                self._held[key] -= 1
            else:
                del self._held[key]
        self._used.add(due.route)
        self._write(due.route, due.message)

    def _write(self, route: Route, message: bytes) -> None:
        self._outputs.send(route.port, message)


def _hurry() -> None:
    """Real time for this thread where the system grants it, as it does to those who play music.

    It sleeps but for microseconds, so it takes nothing from others; without, a busy machine plays
    its notes some milliseconds late.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            os.sched_setscheduler(get_native_id(), os.SCHED_FIFO, os.sched_param(1))


class RoutedSequencer:
    """The synthesizer's sequencer, but for the tracks that are played on ports."""

    def __init__(self, sound: Sequencer, ports: PortSequencer) -> None:
        self.routes: Mapping[int, Route] = {}
        """By the synthesizer's channel; replaced as a whole, while nothing plays."""
        self._sound = sound
        self._ports = ports

    @property
    def seconds(self) -> float:
        """The clock of the sound."""
        return self._sound.seconds

    def send(
        self, at: float, source: int, channel: int, kind: TakeEventKind, number: int, value: int
    ) -> None:
        """Play an event at an audio time, where its track is played."""
        route = self.routes.get(channel)
        if route is None:
            self._sound.send(at, source, channel, kind, number, value)
        else:
            self._ports.send(at, source, route, kind, number, value)

    def take_back(self, source: int) -> None:
        """Forget the events of a source that have not been played."""
        self._sound.take_back(source)
        self._ports.take_back(source)

    def take_back_all(self) -> None:
        """Forget every event that has not been played."""
        self._sound.take_back_all()
        self._ports.take_back_all()
