"""How loud it is, track by track: the same music rendered a second time, only to be measured.

FluidSynth tells no levels, and no Python may run where it makes the sound. So a second one without
a driver gets every message that the first gets, on its own thread follows what is heard, at half
the rate, and keeps each channel apart. It shares the sound font's samples with the first.
"""

import ctypes
import math
import os
from collections.abc import Callable
from ctypes import c_void_p
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Thread

import numpy as np

from engine.live.channels import SYNTH_CHANNELS
from engine.live.fluid_library import FluidLibrary
from engine.live.sequencer import FluidSequencer, Sequencer
from engine.music.take import TakeEventKind

SAMPLE_RATE = 24_000
BLOCK_FRAMES = 720
BLOCK_SECONDS = BLOCK_FRAMES / SAMPLE_RATE
POLYPHONY = 256
# It rests when nothing has been heard for so long and nothing is to come.
REST_AFTER_SECONDS = 1.0
SILENCE = 1e-4  # −80 dB
# Held up for longer than this it gives up what it missed.
FARTHEST_BEHIND_SECONDS = 0.5
_SIDES = 2
_EFFECTS = 4  # reverb and chorus, each left and right


@dataclass(frozen=True, slots=True)
class Levels:
    """The highest samples since the levels were taken last; 1 is full scale, more is clipped.

    ``channels`` by the synthesizer's channel, without reverb and chorus; ``left`` and ``right`` are
    of all that sounds, with them.
    """

    channels: tuple[float, ...]
    left: float
    right: float


SILENT = Levels((0.0,) * SYNTH_CHANNELS, 0.0, 0.0)


def decibels(level: float) -> float:
    """A level below (or above) full scale, −120 at the least."""
    return 20 * math.log10(max(level, 1e-6))


class LevelDouble:
    """The second synthesizer. `do` and `send` are safe on any thread, `take` is for one reader."""

    def __init__(
        self, library: FluidLibrary, font: Path, gain: float, real: Sequencer, latency: float
    ) -> None:
        """``real`` is the clock of what sounds, ``latency`` seconds from there to the ear."""
        self._library = library
        self._real = real
        self._latency = latency
        self._make_synth(font, gain)
        self._make_buffers()
        self._sequencer = FluidSequencer(library, self._synth)
        self._peaks = np.zeros(SYNTH_CHANNELS * _SIDES, dtype=np.float32)
        self._sides = [0.0, 0.0]
        self._offset = self._heard()
        self._busy_until = -math.inf
        self._quiet_seconds = 0.0
        self._lock = Lock()
        self._wake, self._closed = Event(), Event()
        self._thread = Thread(target=self._run, name="levels", daemon=True)
        self._thread.start()

    def _make_synth(self, font: Path, gain: float) -> None:
        slow = self._library.slow
        self._settings = slow.new_fluid_settings()
        for name, whole in (
            ("synth.midi-channels", SYNTH_CHANNELS),
            ("synth.audio-channels", SYNTH_CHANNELS),
            ("synth.audio-groups", SYNTH_CHANNELS),
            ("synth.polyphony", POLYPHONY),
            ("synth.lock-memory", 0),
        ):
            slow.fluid_settings_setint(self._settings, name.encode(), whole)
        slow.fluid_settings_setnum(self._settings, b"synth.sample-rate", float(SAMPLE_RATE))
        slow.fluid_settings_setnum(self._settings, b"synth.gain", gain)
        self._synth = slow.new_fluid_synth(self._settings)
        slow.fluid_synth_sfload(self._synth, os.fsencode(font), 1)

    def _make_buffers(self) -> None:
        self._out = np.zeros((SYNTH_CHANNELS * _SIDES, BLOCK_FRAMES), dtype=np.float32)
        self._effects = np.zeros((_EFFECTS, BLOCK_FRAMES), dtype=np.float32)
        self._out_rows = _rows(self._out)
        self._effect_rows = _rows(self._effects)

    def do(self, function: Callable[..., int], *arguments: int) -> None:
        """What the first synthesizer does now."""
        self._rouse(self._heard())
        function(self._synth, *arguments)

    def set_gain(self, gain: float) -> None:
        """How loud everything is."""
        self._library.slow.fluid_synth_set_gain(self._synth, gain)

    def send(
        self, at: float, source: int, channel: int, kind: TakeEventKind, number: int, value: int
    ) -> None:
        """What the first synthesizer will do at an audio time."""
        self._rouse(at)
        self._sequencer.send(at - self._offset, source, channel, kind, number, value)

    def take_back(self, source: int) -> None:
        """Forget the events of a source that have not been heard."""
        self._sequencer.take_back(source)

    def take_back_all(self) -> None:
        """Forget every event that has not been heard."""
        self._sequencer.take_back_all()

    def take(self) -> Levels:
        """The levels since they were taken last."""
        with self._lock:
            peaks = self._peaks.reshape(-1, _SIDES).max(axis=1)
            left, right = self._sides
            self._peaks[:] = 0
            self._sides = [0.0, 0.0]
        return Levels(tuple(peaks.tolist()), left, right)

    def close(self) -> None:
        """End the thread and give the synthesizer back."""
        self._closed.set()
        self._wake.set()
        self._thread.join()
        self._sequencer.close()
        self._library.slow.delete_fluid_synth(self._synth)
        self._library.slow.delete_fluid_settings(self._settings)

    def _heard(self) -> float:
        return self._real.seconds - self._latency

    def _rouse(self, until: float) -> None:
        """Go on rendering at least until an audio time."""
        with self._lock:
            if not self._wake.is_set():
                self._offset = self._heard() - self._sequencer.seconds
                self._quiet_seconds = 0.0
                self._wake.set()
            self._busy_until = max(self._busy_until, until)

    def _run(self) -> None:
        """Follow what is heard until closed. Runs on its own thread."""
        while not self._closed.is_set():
            self._wake.wait()
            self._closed.wait(BLOCK_SECONDS)
            self._follow()

    def _follow(self) -> None:
        behind = self._heard() - self._offset - self._sequencer.seconds
        if behind > FARTHEST_BEHIND_SECONDS:
            self._offset += behind - FARTHEST_BEHIND_SECONDS
            behind = FARTHEST_BEHIND_SECONDS
        for _ in range(int(behind / BLOCK_SECONDS)):
            self._render()
        with self._lock:
            resting = self._quiet_seconds > REST_AFTER_SECONDS and self._heard() > self._busy_until
            if resting and not self._closed.is_set():
                self._wake.clear()

    def _render(self) -> None:
        """One block, and its peaks."""
        self._out[:] = 0  # FluidSynth adds to what is there
        self._effects[:] = 0
        self._library.slow.fluid_synth_process(
            self._synth, BLOCK_FRAMES, _EFFECTS, self._effect_rows, len(self._out), self._out_rows
        )
        left = self._out[0::2].sum(axis=0) + self._effects[0] + self._effects[2]
        right = self._out[1::2].sum(axis=0) + self._effects[1] + self._effects[3]
        sides = [float(np.abs(side).max()) for side in (left, right)]
        with self._lock:
            np.maximum(self._peaks, np.abs(self._out).max(axis=1), out=self._peaks)
            self._sides = [max(pair) for pair in zip(self._sides, sides, strict=True)]
            quiet = max(sides) < SILENCE
            self._quiet_seconds = self._quiet_seconds + BLOCK_SECONDS if quiet else 0.0


class DoubledSequencer:
    """The sequencer of what sounds, and of its double."""

    def __init__(self, real: Sequencer, double: LevelDouble) -> None:
        self._real = real
        self._double = double

    @property
    def seconds(self) -> float:
        """The clock of what sounds."""
        return self._real.seconds

    def send(
        self, at: float, source: int, channel: int, kind: TakeEventKind, number: int, value: int
    ) -> None:
        """Play an event at an audio time."""
        self._real.send(at, source, channel, kind, number, value)
        self._double.send(at, source, channel, kind, number, value)

    def take_back(self, source: int) -> None:
        """Forget the events of a source that have not been played."""
        self._real.take_back(source)
        self._double.take_back(source)

    def take_back_all(self) -> None:
        """Forget every event that has not been played."""
        self._real.take_back_all()
        self._double.take_back_all()


def _rows(buffer: "np.ndarray[tuple[int, int], np.dtype[np.float32]]") -> "ctypes.Array[c_void_p]":
    """The addresses of a buffer's rows, as C wants them."""
    return (c_void_p * len(buffer))(*(row.ctypes.data for row in buffer))
