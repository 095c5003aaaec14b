"""A running FluidSynth: its own audio thread, its own clock, its own MIDI ears."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

from engine.live.audio import DirectInput
from engine.live.channels import SYNTH_CHANNELS
from engine.live.direct_input import DirectLanes, Lane
from engine.live.fluid_library import FluidLibrary
from engine.live.levels import DoubledSequencer, LevelDouble, Levels
from engine.live.sequencer import BEND_CENTRE, BEND_MAX, FluidSequencer, Sequencer
from engine.music.take import TakeEventKind
from engine.music.track import SUSTAIN

_MELODIC, _DRUMS = 0, 1
_DRUM_BANK = 128
_ALL_CHANNELS = -1
# An audio clock that stands still this long has lost its driver.
DEAD_AFTER_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class OpenedAudio:
    """How sound really is made, read back after opening; sizes in frames of ``sample_rate``."""

    driver: str
    sample_rate: int
    period_size: int
    latency_frames: int
    sound_font: Path


class FluidSynthOutput:
    """FluidSynth, sounding. Every method is safe on any thread, and does nothing after `close`."""

    def __init__(
        self,
        library: FluidLibrary,
        synth: int,
        sequencer: FluidSequencer,
        audio: OpenedAudio,
        lanes: dict[str, Lane],
        double: LevelDouble | None = None,
    ) -> None:
        self._library = library
        self._call = library.quick
        self._synth = synth
        self._watched = (time.perf_counter(), -1.0)
        self._closing = ExitStack()
        # A key that is struck while another thread closes must not reach what is gone.
        self._lock = RLock()
        self._closed = False
        self.audio = audio
        self.sample_rate = audio.sample_rate
        self.driver, self.period_size = audio.driver, audio.period_size
        self.sound_font: Path | None = audio.sound_font
        self._double = double
        self.sequencer: Sequencer = sequencer
        if double is not None:
            self.sequencer = DoubledSequencer(sequencer, double)
        self.direct_input: DirectInput | None = DirectLanes(lanes) if lanes else None

    def closes_with(self, closing: ExitStack) -> None:
        """What `close` gives back, in reverse order of opening."""
        self._closing = closing

    @property
    def latency_ms(self) -> float | None:
        """From a computed frame to its sound."""
        return 1000 * self.audio.latency_frames / self.audio.sample_rate

    @property
    def description(self) -> str:
        """Driver, period, sample rate and sound font."""
        audio = self.audio
        rate = f"{audio.sample_rate / 1000:g} kHz"
        return f"{audio.driver}, {audio.period_size} frames at {rate}, {audio.sound_font.stem}"

    @property
    def problem(self) -> str | None:
        """A sentence once the audio clock has stood still, else None; ask now and then."""
        now, seconds = time.perf_counter(), self.sequencer.seconds
        since, before = self._watched
        if seconds != before:
            self._watched = (now, seconds)
            return None
        if now - since < DEAD_AFTER_SECONDS:
            return None
        return (
            f"The sound has stopped: the audio driver “{self.audio.driver}” no longer answers. "
            "Check the device, then choose the driver again in Settings."
        )

    def note_on(self, channel: int, pitch: int, velocity: int) -> None:
        """Strike a key."""
        self._do(self._call.fluid_synth_noteon, channel, pitch, velocity)

    def note_off(self, channel: int, pitch: int) -> None:
        """Release a key."""
        self._do(self._call.fluid_synth_noteoff, channel, pitch)

    def control(self, channel: int, number: int, value: int) -> None:
        """Move a controller."""
        self._do(self._call.fluid_synth_cc, channel, number, value)

    def program(self, channel: int, program: int, is_drum: bool = False) -> None:
        """Choose an instrument of General MIDI, or a drum kit."""
        kind, bank = (_DRUMS, _DRUM_BANK) if is_drum else (_MELODIC, 0)
        self._do(self._library.slow.fluid_synth_set_channel_type, channel, kind)
        self._do(self._call.fluid_synth_bank_select, channel, bank)
        self._do(self._call.fluid_synth_program_change, channel, program)

    def bend(self, channel: int, value: int) -> None:
        """Bend the pitch, −8192 to 8191."""
        self._do(self._call.fluid_synth_pitch_bend, channel, min(BEND_MAX, value + BEND_CENTRE))

    def set_gain(self, gain: float) -> None:
        """How loud everything is, 0 to 10; what sounds grows or fades at once."""
        with self._lock:
            if not self._closed:
                self._library.slow.fluid_synth_set_gain(self._synth, gain)
                if self._double is not None:
                    self._double.set_gain(gain)

    def overheard(self, channel: int, kind: TakeEventKind, number: int, value: int) -> None:
        """A message that the synthesizer heard by itself: only its double does not know of it."""
        with self._lock:
            if self._double is not None and not self._closed:
                self._double.send(self.sequencer.seconds, 0, channel, kind, number, value)

    def levels(self) -> Levels | None:
        """The levels since this was asked last; None where none are measured."""
        with self._lock:
            return self._double.take() if self._double is not None and not self._closed else None

    def panic(self) -> None:
        """Silence everything at once and let go of every key and pedal; keep the instruments."""
        self.sequencer.take_back_all()
        for channel in range(SYNTH_CHANNELS):
            self.control(channel, SUSTAIN, 0)
            self.bend(channel, 0)
        self._do(self._call.fluid_synth_all_notes_off, _ALL_CHANNELS)
        self._do(self._call.fluid_synth_all_sounds_off, _ALL_CHANNELS)

    def sounding_voices(self) -> int:
        """How many voices sound or die away."""
        with self._lock:
            count = self._call.fluid_synth_get_active_voice_count
            return 0 if self._closed else int(count(self._synth))

    def close(self) -> None:
        """Give back the audio driver."""
        with self._lock:
            self._closed = True
        self._closing.close()

    def _do(self, function: Callable[..., int], *arguments: int) -> int:
        with self._lock:
            if self._closed:
                return 0
            result = function(self._synth, *arguments)
            if self._double is not None:
                self._double.do(function, *arguments)
            return result
