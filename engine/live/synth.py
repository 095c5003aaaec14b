"""The synthesizer: what there is to choose from, and opening it."""

from engine.live.audio import AudioSettings, DirectInput, SilentSynth, Synth, SystemPort
from engine.live.fluid_library import driver_names, fluid_library
from engine.live.fluid_opening import open_synth
from engine.live.fluid_output import FluidSynthOutput
from engine.live.sound_fonts import find_sound_font, sound_fonts

__all__ = [
    "AudioSettings",
    "DirectInput",
    "FluidSynthOutput",
    "SilentSynth",
    "Synth",
    "SystemPort",
    "audio_drivers",
    "find_sound_font",
    "open_synth",
    "sound_fonts",
]

_NOT_FOR_PLAYING = frozenset({"file", "sdl2", "oss"})


def audio_drivers() -> tuple[str, ...]:
    """The audio drivers that this system's FluidSynth was built with. Raises `AudioError`."""
    names = driver_names(fluid_library())
    return tuple(name for name in names if name not in _NOT_FOR_PLAYING)
