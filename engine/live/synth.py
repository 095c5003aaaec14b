"""The synthesizer, opened: FluidSynth with the best driver and sound font there is."""

from pathlib import Path

from engine.errors import AudioError
from engine.live.audio import AudioSettings, DirectInput, SilentSynth, Synth

__all__ = [
    "AudioSettings",
    "DirectInput",
    "FluidSynthOutput",
    "SilentSynth",
    "Synth",
    "audio_drivers",
    "find_sound_font",
    "open_synth",
    "sound_fonts",
]


class FluidSynthOutput(SilentSynth):
    """A running FluidSynth."""


def open_synth(settings: AudioSettings) -> FluidSynthOutput:
    """Load the sound font and open the audio driver (slow; any thread). Raises `AudioError`."""
    raise AudioError("Sound is not there yet.")


def audio_drivers() -> tuple[str, ...]:
    """The audio drivers that this system's FluidSynth was built with."""
    return ()


def sound_fonts() -> tuple[Path, ...]:
    """Sound fonts on this machine, the best first."""
    return ()


def find_sound_font() -> Path:
    """The best sound font there is. Raises `AudioError` when there is none."""
    raise AudioError("No sound font was found.")
