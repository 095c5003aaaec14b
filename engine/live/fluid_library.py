"""The FluidSynth C library: found, loaded, its functions declared. Nothing else knows ctypes of it.

`slow` releases Python's lock while it works (loading, opening, closing). `quick` keeps it: a call
of microseconds that gave the lock away would wait milliseconds to have it back beside a busy
thread, and a hundred scheduled events are many calls.
"""

import ctypes
import ctypes.util
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import c_char_p, c_double, c_float, c_int, c_short, c_uint, c_void_p
from functools import cache
from threading import Lock

from engine.errors import AudioError

FAILED = -1
log = logging.getLogger(__name__)

_NAMES = {
    "linux": ("libfluidsynth.so.3", "libfluidsynth.so.2"),
    "darwin": (
        "libfluidsynth.3.dylib",
        "/opt/homebrew/lib/libfluidsynth.dylib",
        "/usr/local/lib/libfluidsynth.dylib",
    ),
    "win32": ("libfluidsynth-3.dll", "fluidsynth-3.dll", "libfluidsynth.dll"),
}
_HOW_TO_INSTALL = {
    "linux": "Install it with “sudo apt install libfluidsynth3” (or your system's own package)",
    "darwin": "Install it with “brew install fluid-synth”",
    "win32": "Download it from fluidsynth.org and put its bin folder on the PATH",
}

LOG_FUNCTION = ctypes.CFUNCTYPE(None, c_int, c_char_p, c_void_p)
OPTION_FUNCTION = ctypes.CFUNCTYPE(None, c_void_p, c_char_p, c_char_p)
_LOG_LEVELS = (logging.ERROR, logging.ERROR, logging.WARNING, logging.INFO, logging.DEBUG)

# Result and arguments by letter; z is text.
_TYPES = {
    "p": c_void_p,
    "i": c_int,
    "u": c_uint,
    "s": c_short,
    "d": c_double,
    "f": c_float,
    "z": c_char_p,
}
_SLOW = {
    "new_fluid_settings": "p:",
    "delete_fluid_settings": "-:p",
    "fluid_settings_setstr": "i:pzz",
    "fluid_settings_setnum": "i:pzd",
    "fluid_settings_setint": "i:pzi",
    "fluid_settings_getint": "i:pzp",
    "fluid_settings_foreach_option": "-:pzpp",
    "new_fluid_synth": "p:p",
    "delete_fluid_synth": "-:p",
    "fluid_synth_sfload": "i:pzi",
    "fluid_synth_set_channel_type": "i:pii",
    "fluid_synth_set_gain": "-:pf",
    "fluid_synth_process": "i:piipip",
    "new_fluid_audio_driver": "p:pp",
    "delete_fluid_audio_driver": "-:p",
    "new_fluid_midi_driver": "p:ppp",
    "delete_fluid_midi_driver": "-:p",
    "new_fluid_midi_router": "p:ppp",
    "delete_fluid_midi_router": "i:p",
    "fluid_midi_router_clear_rules": "i:p",
    "new_fluid_midi_router_rule": "p:",
    "fluid_midi_router_rule_set_chan": "-:piifi",
    "fluid_midi_router_rule_set_param1": "-:piifi",
    "fluid_midi_router_add_rule": "i:ppi",
    "new_fluid_sequencer2": "p:i",
    "delete_fluid_sequencer": "-:p",
    "fluid_sequencer_register_fluidsynth": "s:pp",
    "fluid_sequencer_unregister_client": "-:ps",
    "fluid_sequencer_set_time_scale": "-:pd",
    "new_fluid_event": "p:",
    "delete_fluid_event": "-:p",
    "fluid_event_unregistering": "-:p",
}
_QUICK = {
    "fluid_synth_noteon": "i:piii",
    "fluid_synth_noteoff": "i:pii",
    "fluid_synth_cc": "i:piii",
    "fluid_synth_pitch_bend": "i:pii",
    "fluid_synth_channel_pressure": "i:pii",
    "fluid_synth_key_pressure": "i:piii",
    "fluid_synth_bank_select": "i:pii",
    "fluid_synth_program_change": "i:pii",
    "fluid_synth_all_notes_off": "i:pi",
    "fluid_synth_all_sounds_off": "i:pi",
    "fluid_synth_get_active_voice_count": "i:p",
    "fluid_synth_get_cpu_load": "d:p",
    "fluid_sequencer_get_tick": "u:p",
    "fluid_sequencer_send_at": "i:ppui",
    "fluid_sequencer_remove_events": "-:pssi",
    "fluid_event_set_source": "-:ps",
    "fluid_event_set_dest": "-:ps",
    "fluid_event_noteon": "-:piss",
    "fluid_event_noteoff": "-:pis",
    "fluid_event_control_change": "-:pisi",
    "fluid_event_program_change": "-:pii",
    "fluid_event_bank_select": "-:pis",
    "fluid_event_pitch_bend": "-:pii",
    "fluid_event_channel_pressure": "-:pii",
    "fluid_event_key_pressure": "-:pisi",
}


class FluidLibrary:
    """The library's functions: `slow` ones give Python's lock away, `quick` ones keep it."""

    def __init__(self, path: str) -> None:
        self.slow = ctypes.CDLL(path)
        self.quick = ctypes.PyDLL(path)
        _declare(self.slow, _SLOW)
        _declare(self.quick, _QUICK)
        self._logging = Lock()
        self.be_quiet()

    def be_quiet(self) -> None:
        """No log lines. A Python function would be called on the audio thread and wait for us."""
        for level in range(len(_LOG_LEVELS)):
            self.slow.fluid_set_log_function(level, None, None)

    @contextmanager
    def logged(self) -> Iterator[None]:
        """While something is opened: what the library says goes to logging."""

        tell = LOG_FUNCTION(_log)
        with self._logging:
            for level in range(len(_LOG_LEVELS)):
                self.slow.fluid_set_log_function(level, tell, None)
            try:
                yield
            finally:
                self.be_quiet()


def _log(level: int, message: bytes, _data: object) -> None:
    text = message.decode(errors="replace")
    log.log(min(_LOG_LEVELS[level], logging.INFO), "FluidSynth: %s", text)


def _declare(library: ctypes.CDLL, functions: dict[str, str]) -> None:
    for name, signature in functions.items():
        result, arguments = signature.split(":")
        function = getattr(library, name)
        function.restype = _TYPES.get(result)
        function.argtypes = [_TYPES[letter] for letter in arguments.lower()]


def driver_names(library: FluidLibrary) -> tuple[str, ...]:
    """The audio drivers that this FluidSynth was built with."""
    names: list[str] = []

    def add(_data: object, _setting: bytes, option: bytes) -> None:
        names.append(option.decode())

    settings = library.slow.new_fluid_settings()
    each = OPTION_FUNCTION(add)
    library.slow.fluid_settings_foreach_option(settings, b"audio.driver", None, each)
    library.slow.delete_fluid_settings(settings)
    return tuple(names)


@cache
def fluid_library() -> FluidLibrary:
    """FluidSynth, loaded once. Raises `AudioError` saying how to install it."""
    for name in (*_NAMES.get(sys.platform, ()), *_found()):
        try:
            return FluidLibrary(name)
        except OSError:
            continue
    how = _HOW_TO_INSTALL.get(sys.platform, "Install it")
    raise AudioError(f"FluidSynth, which makes the sound, is not installed. {how}, then restart.")


def _found() -> Iterator[str]:
    """Names the system finds for us (slow, so asked last)."""
    for name in ("fluidsynth", "fluidsynth-3", "libfluidsynth-3"):
        path = ctypes.util.find_library(name)
        if path:
            yield path
