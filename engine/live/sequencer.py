"""The clock that music is scheduled on: FluidSynth's own, or a silent one."""

import time
from collections.abc import Callable
from ctypes import PyDLL
from threading import Lock
from typing import Protocol

from engine.live.fluid_library import FluidLibrary
from engine.music.take import TakeEventKind

# Ticks a second. The clock itself advances by blocks of 64 frames, in whole milliseconds; finer
# ticks only keep the order of events that fall together, which a heap alone would not keep.
TICKS_PER_SECOND = 20_000
TICKS_PER_MILLISECOND = TICKS_PER_SECOND // 1000
# Ticks are 32 bits and would start anew after 59 hours: begin again well before.
RENEW_AFTER_TICKS = 2**31
_ALL_TYPES = -1
_ALL_SOURCES = -1
BEND_CENTRE = 8192
BEND_MAX = 16383


class Sequencer(Protocol):
    """Plays events at audio times; safe on any thread. Times are seconds of `seconds`."""

    @property
    def seconds(self) -> float:
        """How much audio has been computed; stands still when the audio driver does."""
        ...

    def send(
        self, at: float, source: int, channel: int, kind: TakeEventKind, number: int, value: int
    ) -> None:
        """Play an event at an audio time; of those at one time the first sent sounds first.

        ``source`` (0 to 32767) groups what may be taken back together.
        """

    def take_back(self, source: int) -> None:
        """Forget the events of a source that have not been played."""

    def take_back_all(self) -> None:
        """Forget every event that has not been played."""


class SilentSequencer:
    """Time without sound."""

    @property
    def seconds(self) -> float:
        """The system's clock."""
        return time.perf_counter()

    def send(
        self, at: float, source: int, channel: int, kind: TakeEventKind, number: int, value: int
    ) -> None:
        """Nothing sounds."""

    def take_back(self, source: int) -> None:
        """There is nothing to take back."""

    def take_back_all(self) -> None:
        """There is nothing to take back."""


class FluidSequencer:
    """FluidSynth's sequencer, driven by the frames it renders: Python's jitter is never heard."""

    def __init__(
        self, library: FluidLibrary, synth: int, *, renew_after_ticks: int = RENEW_AFTER_TICKS
    ) -> None:
        self._library = library
        self._call = library.quick
        self._synth = synth
        self._renew_after_ticks = renew_after_ticks
        self._event = library.slow.new_fluid_event()
        self._lock = Lock()
        self._seconds_before = 0.0
        self._closed = False
        self._begin()

    def _begin(self) -> None:
        slow = self._library.slow
        self._sequencer = slow.new_fluid_sequencer2(0)
        slow.fluid_sequencer_set_time_scale(self._sequencer, float(TICKS_PER_SECOND))
        self._destination = slow.fluid_sequencer_register_fluidsynth(self._sequencer, self._synth)
        self._last_millisecond = self._last_tick = 0

    @property
    def seconds(self) -> float:
        """Seconds of audio rendered, in steps of 64 frames."""
        with self._lock:
            if self._closed:
                return self._seconds_before
            return self._seconds_before + self._ticks() / TICKS_PER_SECOND

    def _ticks(self) -> int:
        return int(self._call.fluid_sequencer_get_tick(self._sequencer))

    def send(
        self, at: float, source: int, channel: int, kind: TakeEventKind, number: int, value: int
    ) -> None:
        """Play an event at an audio time."""
        with self._lock:
            if self._closed:
                return
            FILL[kind](self._call, self._event, channel, number, value)
            self._call.fluid_event_set_source(self._event, source)
            self._call.fluid_event_set_dest(self._event, self._destination)
            tick = self._in_order(max(0, round(1000 * (at - self._seconds_before))))
            self._call.fluid_sequencer_send_at(self._sequencer, self._event, tick, 1)

    def _in_order(self, millisecond: int) -> int:
        """A tick after that of the event before, where both fall into one millisecond.

        The clock shows whole milliseconds, so all ticks up to the millisecond's sound with it.
        """
        tick = (millisecond - 1) * TICKS_PER_MILLISECOND + 1
        if millisecond >= self._last_millisecond:
            tick = max(tick, self._last_tick + 1)
        self._last_millisecond, self._last_tick = millisecond, tick
        return max(0, tick)

    def take_back(self, source: int) -> None:
        """Forget the events of a source that have not been played."""
        with self._lock:
            if not self._closed:
                self._remove(source)

    def take_back_all(self) -> None:
        """Forget every event that has not been played."""
        with self._lock:
            if self._closed:
                return
            self._remove(_ALL_SOURCES)
            if self._ticks() > self._renew_after_ticks:
                self._seconds_before += self._ticks() / TICKS_PER_SECOND
                self._end()
                self._begin()

    def _remove(self, source: int) -> None:
        self._call.fluid_sequencer_remove_events(
            self._sequencer, source, self._destination, _ALL_TYPES
        )

    def _end(self) -> None:
        slow = self._library.slow
        slow.fluid_sequencer_unregister_client(self._sequencer, self._destination)
        slow.delete_fluid_sequencer(self._sequencer)

    def close(self) -> None:
        """Forget everything, before the synthesizer is closed; nothing is played afterwards."""
        with self._lock:
            self._seconds_before += self._ticks() / TICKS_PER_SECOND
            self._closed = True
            self._remove(_ALL_SOURCES)
            self._end()
            self._library.slow.delete_fluid_event(self._event)


def _note_on(call: PyDLL, event: int, channel: int, pitch: int, velocity: int) -> None:
    call.fluid_event_noteon(event, channel, pitch, velocity)


def _note_off(call: PyDLL, event: int, channel: int, pitch: int, _value: int) -> None:
    call.fluid_event_noteoff(event, channel, pitch)


def _control(call: PyDLL, event: int, channel: int, number: int, value: int) -> None:
    call.fluid_event_control_change(event, channel, number, value)


def _program(call: PyDLL, event: int, channel: int, _number: int, program: int) -> None:
    call.fluid_event_program_change(event, channel, program)


def _bend(call: PyDLL, event: int, channel: int, _number: int, value: int) -> None:
    call.fluid_event_pitch_bend(event, channel, min(BEND_MAX, value + BEND_CENTRE))


def _channel_pressure(call: PyDLL, event: int, channel: int, _number: int, value: int) -> None:
    call.fluid_event_channel_pressure(event, channel, value)


def _key_pressure(call: PyDLL, event: int, channel: int, pitch: int, value: int) -> None:
    call.fluid_event_key_pressure(event, channel, pitch, value)


FILL: dict[TakeEventKind, Callable[[PyDLL, int, int, int, int], None]] = {
    "note_on": _note_on,
    "note_off": _note_off,
    "control": _control,
    "program": _program,
    "bend": _bend,
    "channel_pressure": _channel_pressure,
    "key_pressure": _key_pressure,
}
