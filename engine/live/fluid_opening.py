"""Opening FluidSynth: sound font, audio driver, clock and MIDI ears, one after the other.

What was opened before a failure is given back by the same stack that closes it all later.
"""

import ctypes
import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from engine.errors import AudioError
from engine.live.alsa_sequencer import open_alsa_sequencer, quieten_alsa
from engine.live.audio import AudioSettings
from engine.live.channels import CLICK_CHANNEL, SYNTH_CHANNELS
from engine.live.direct_input import (
    AlsaLane,
    JackLane,
    Lane,
    close_midi_driver,
    open_midi_driver,
)
from engine.live.fluid_library import FAILED, FluidLibrary, driver_names, fluid_library
from engine.live.fluid_output import FluidSynthOutput, OpenedAudio
from engine.live.jack_graph import (
    AUDIO_TYPE,
    MIDI_TYPE,
    PORT_IS_INPUT,
    PORT_IS_OUTPUT,
    JackGraph,
    open_jack_graph,
)
from engine.live.levels import LevelDouble
from engine.live.midi_system import alsa_address
from engine.live.names import unique_name
from engine.live.sequencer import FluidSequencer
from engine.live.sound_fonts import find_sound_font
from engine.music.track import VOLUME

# The best first; JACK only where its server runs already.
_BEST_DRIVERS = {
    "linux": ("jack", "pipewire", "pulseaudio", "alsa"),
    "darwin": ("coreaudio",),
    "win32": ("wasapi", "dsound", "waveout"),
}
_POLYPHONY = 256
_CLICK_VOLUME = 127
_LATENCY_KNOWN_AFTER_SECONDS = 0.5
# FluidSynth's own bounds.
_PERIOD_SIZES = range(64, 8193)
_PERIOD_COUNTS = range(2, 65)
_SAMPLE_RATES = range(8_000, 96_001)
# One at a time: the log function is the library's, and new JACK ports are found by comparing.
_opening = Lock()


def open_synth(settings: AudioSettings) -> FluidSynthOutput:
    """Load the sound font and open the audio driver. Raises `AudioError`.

    Slow (a large font takes seconds), so call it off the GUI thread; any thread will do.
    """
    font = settings.sound_font or find_sound_font()
    _check(settings, font)
    library = fluid_library()
    quieten_alsa()
    with _opening, library.logged(), ExitStack() as stack:
        output = _Opening(settings, font, library, stack).open()
        output.closes_with(stack.pop_all())
        return output


def _check(settings: AudioSettings, font: Path) -> None:
    if not font.is_file():
        raise AudioError(f"The sound font {font} is not there. Choose another in Settings.")
    try:
        with font.open("rb") as file:
            begin = file.read(12)
    except OSError as error:
        reason = (error.strerror or "the system refused").lower()
        raise AudioError(
            f"The sound font {font} could not be read: {reason}. Choose another in Settings."
        ) from error
    if begin[:4] != b"RIFF" or begin[8:] != b"sfbk":
        raise AudioError(
            f"{font.name} is not a sound font. Choose an .sf2 or .sf3 file in Settings."
        )
    if settings.period_size not in _PERIOD_SIZES or settings.period_count not in _PERIOD_COUNTS:
        raise AudioError("The audio buffer must be 2 to 64 periods of 64 to 8192 frames.")
    if settings.sample_rate not in _SAMPLE_RATES:
        raise AudioError("The sample rate must be 8,000 to 96,000 frames a second.")


@dataclass(slots=True)
class _Opening:
    """One opening; ``stack`` gets what closes each part."""

    wanted: AudioSettings
    font: Path
    library: FluidLibrary
    stack: ExitStack

    def open(self) -> FluidSynthOutput:
        """The synthesizer, running."""
        slow = self.library.slow
        graph = self._join_jack()
        settings = slow.new_fluid_settings()
        self.stack.callback(slow.delete_fluid_settings, settings)
        client = self._apply(settings, graph)
        synth = slow.new_fluid_synth(settings)
        self.stack.callback(slow.delete_fluid_synth, synth)
        self._load_sound_font(synth)
        sequencer = FluidSequencer(self.library, synth)
        self.stack.callback(sequencer.close)
        driver = self._open_driver(settings, synth, graph)
        lanes = self._open_lanes(settings, synth, graph, client)
        audio = self._read_back(driver, settings, graph, client)
        double = self._open_double(sequencer, audio)
        output = FluidSynthOutput(self.library, synth, sequencer, audio, lanes, double)
        output.program(CLICK_CHANNEL, 0, is_drum=True)
        output.control(CLICK_CHANNEL, VOLUME, _CLICK_VOLUME)
        return output

    def _join_jack(self) -> JackGraph | None:
        graph = open_jack_graph(unique_name("tutti-graph"))
        if graph is not None:
            self.stack.callback(graph.close)
        return graph

    def _apply(self, settings: int, graph: JackGraph | None) -> str:
        """All settings but the drivers'; the name of our client in JACK and ALSA."""
        wanted, client = self.wanted, unique_name("tutti")
        rate = wanted.sample_rate
        if graph is not None and wanted.driver in (None, "jack"):
            rate = graph.period().sample_rate
        for name in ("audio.jack.id", "midi.jack.id", "midi.portname"):
            self._set_text(settings, name, client)
        slow = self.library.slow
        slow.fluid_settings_setnum(settings, b"synth.gain", wanted.gain)
        slow.fluid_settings_setnum(settings, b"synth.sample-rate", float(rate))
        for name, whole in (
            ("audio.period-size", wanted.period_size),
            ("audio.periods", wanted.period_count),
            ("audio.jack.autoconnect", 1),
            ("midi.autoconnect", 0),
            ("synth.midi-channels", SYNTH_CHANNELS),
            ("synth.polyphony", _POLYPHONY),
        ):
            slow.fluid_settings_setint(settings, name.encode(), whole)
        return client

    def _set_text(self, settings: int, name: str, text: str) -> None:
        self.library.slow.fluid_settings_setstr(settings, name.encode(), text.encode())

    def _load_sound_font(self, synth: int) -> None:
        if self.library.slow.fluid_synth_sfload(synth, os.fsencode(self.font), 1) == FAILED:
            raise AudioError(
                f"The sound font {self.font.name} is damaged, or of a kind that this FluidSynth "
                "cannot read. Choose another in Settings."
            )

    def _open_driver(self, settings: int, synth: int, graph: JackGraph | None) -> str:
        """The first driver that opens, by name."""
        drivers = self._drivers(graph)
        for name in drivers:
            self._set_text(settings, "audio.driver", name)
            driver = self.library.slow.new_fluid_audio_driver(settings, synth)
            if driver:
                delete = self.library.slow.delete_fluid_audio_driver
                self.stack.callback(_unless_dead, graph if name == "jack" else None, delete, driver)
                return name
        raise AudioError(
            f"No audio device could be opened (tried: {', '.join(drivers) or 'none'}). Connect "
            "loudspeakers or headphones, or choose another driver in Settings."
        )

    def _drivers(self, graph: JackGraph | None) -> tuple[str, ...]:
        """The drivers to try. JACK is left out without a server: it would take seconds to fail."""
        wanted = self.wanted.driver
        if wanted == "jack" and graph is None:
            raise AudioError("JACK does not run. Start it, or choose another driver in Settings.")
        if wanted is not None:
            return (wanted,)
        best = _BEST_DRIVERS.get(sys.platform, ())
        there = driver_names(self.library)
        return tuple(n for n in best if n in there and (n != "jack" or graph is not None))

    def _open_lanes(
        self, settings: int, synth: int, graph: JackGraph | None, client: str
    ) -> dict[str, Lane]:
        """FluidSynth's ears on every system that lets two programs read one port."""
        lanes: dict[str, Lane] = {}
        alsa = open_alsa_sequencer()
        if alsa is not None:
            self.stack.callback(alsa.close)
            if self._open_midi(settings, synth, "alsa_seq", None):
                lanes["alsa"] = AlsaLane(alsa, alsa_address(client))
        if graph is not None and self._open_midi(settings, synth, "jack", graph):
            port = _own_port(graph, client, MIDI_TYPE, PORT_IS_INPUT)
            if port is not None:
                lanes["jack"] = JackLane(graph, port)
        return lanes

    def _open_midi(self, settings: int, synth: int, driver: str, graph: JackGraph | None) -> bool:
        self._set_text(settings, "midi.driver", driver)
        midi = open_midi_driver(self.library, settings, synth)
        if midi is not None:
            self.stack.callback(_unless_dead, graph, close_midi_driver, self.library, midi)
        return midi is not None

    def _read_back(
        self, driver: str, settings: int, graph: JackGraph | None, client: str
    ) -> OpenedAudio:
        """What really runs. Under JACK the server decides, whatever FluidSynth was asked."""
        if driver == "jack" and graph is not None:
            period = graph.period()
            port = _own_port(graph, client, AUDIO_TYPE, PORT_IS_OUTPUT)
            latency = _jack_latency(graph, port) or period.frames
            return OpenedAudio(driver, period.sample_rate, period.frames, latency, self.font)
        size = self._number(settings, "audio.period-size")
        count = self._number(settings, "audio.periods")
        return OpenedAudio(driver, self.wanted.sample_rate, size, size * count, self.font)

    def _open_double(self, sequencer: FluidSequencer, audio: OpenedAudio) -> LevelDouble | None:
        if not self.wanted.metered:
            return None
        latency = audio.latency_frames / audio.sample_rate
        double = LevelDouble(self.library, self.font, self.wanted.gain, sequencer, latency)
        self.stack.callback(double.close)
        return double

    def _number(self, settings: int, name: str) -> int:
        value = ctypes.c_int()
        self.library.slow.fluid_settings_getint(settings, name.encode(), ctypes.byref(value))
        return value.value


def _unless_dead(graph: JackGraph | None, close: Callable[..., object], *objects: object) -> None:
    """Close, but leave behind what belongs to a JACK server that died.

    Libjack crashes when such a client is closed after another has joined a new server.
    """
    if graph is None or graph.alive:
        close(*objects)


def _own_port(graph: JackGraph, client: str, port_type: bytes, flags: int) -> str | None:
    ports = graph.ports(port_type, flags)
    return next((port for port in ports if port.startswith(f"{client}:")), None)


def _jack_latency(graph: JackGraph, port: str | None) -> int:
    """Frames from our port to the loudspeaker; the server works it out soon after connecting."""
    until = time.monotonic() + _LATENCY_KNOWN_AFTER_SECONDS
    while port is not None:
        latency = graph.playback_latency(port)
        if latency or time.monotonic() > until:
            return latency
        time.sleep(0.01)
    return 0
