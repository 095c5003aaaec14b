"""FluidSynth without a driver: music in, samples out, as fast as the machine can."""

import math
from ctypes import c_int, c_void_p
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt

from engine.errors import AudioError
from engine.live.fluid_library import FAILED, fluid_library
from engine.music.take import TakeEventKind

Samples = npt.NDArray[np.float32]

STEREO = 2
POLYPHONY = 512  # more than live: nobody waits for the next 128 frames here
MAX_CHANNELS = 256  # FluidSynth's own limit
MELODIC, DRUMS = 0, 1
BEND_CENTRE = 8192
_FLOAT_BYTES = 4


class OfflineSynth:
    """A synthesizer that renders on demand; use it in a ``with`` block.

    ``drums`` says for each channel whether it plays drums; channels count from 0 to 255. Raises
    `AudioError` where FluidSynth or the sound font is missing.
    """

    def __init__(
        self, sound_font: Path, sample_rate: int, gain: float, drums: tuple[bool, ...]
    ) -> None:
        library = fluid_library()
        self._call = library.slow
        self._quick = library.quick
        self._call.fluid_synth_write_float.argtypes = [
            c_void_p, c_int, c_void_p, c_int, c_int, c_void_p, c_int, c_int,
        ]  # fmt: skip
        self._settings = self._make_settings(sample_rate, gain, len(drums))
        self._synth = self._call.new_fluid_synth(self._settings)
        if self._call.fluid_synth_sfload(self._synth, bytes(sound_font), 1) == FAILED:
            self.close()
            raise AudioError(
                f"The sound font {sound_font} could not be loaded. Choose another in Settings."
            )
        for channel, is_drum in enumerate(drums):
            kind = DRUMS if is_drum else MELODIC
            self._call.fluid_synth_set_channel_type(self._synth, channel, kind)

    def _make_settings(self, sample_rate: int, gain: float, channels: int) -> int:
        settings = int(self._call.new_fluid_settings())
        wanted = min(MAX_CHANNELS, 16 * max(1, math.ceil(channels / 16)))
        self._call.fluid_settings_setint(settings, b"synth.midi-channels", wanted)
        self._call.fluid_settings_setint(settings, b"synth.polyphony", POLYPHONY)
        self._call.fluid_settings_setint(settings, b"synth.lock-memory", 0)
        self._call.fluid_settings_setnum(settings, b"synth.sample-rate", float(sample_rate))
        self._call.fluid_settings_setnum(settings, b"synth.gain", gain)
        return settings

    def __enter__(self) -> "OfflineSynth":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Frees the synthesizer; twice does no harm."""
        if self._settings:
            self._call.delete_fluid_synth(self._synth)
            self._call.delete_fluid_settings(self._settings)
            self._settings = 0

    def send(self, channel: int, kind: TakeEventKind, number: int, value: int) -> None:
        """One message; its kinds are those of a take."""
        call, synth = self._quick, self._synth
        match kind:
            case "note_on":
                call.fluid_synth_noteon(synth, channel, number, value)
            case "note_off":
                call.fluid_synth_noteoff(synth, channel, number)
            case "control":
                call.fluid_synth_cc(synth, channel, number, value)
            case "program":
                call.fluid_synth_program_change(synth, channel, value)
            case "bend":
                call.fluid_synth_pitch_bend(synth, channel, value + BEND_CENTRE)
            case "channel_pressure":
                call.fluid_synth_channel_pressure(synth, channel, value)
            case "key_pressure":
                call.fluid_synth_key_pressure(synth, channel, number, value)

    @property
    def voices(self) -> int:
        """How many voices still sound."""
        return int(self._quick.fluid_synth_get_active_voice_count(self._synth))

    def render(self, frames: int) -> Samples:
        """The next samples, (frame, channel), full scale at ±1; louder music goes beyond it."""
        samples = np.zeros((frames, STEREO), dtype=np.float32)
        left = samples.ctypes.data
        right = left + _FLOAT_BYTES
        # Each side starts at offset 0 of its own pointer and steps over the other's samples.
        self._call.fluid_synth_write_float(
            self._synth, frames, c_void_p(left), 0, STEREO, c_void_p(right), 0, STEREO
        )
        return samples
