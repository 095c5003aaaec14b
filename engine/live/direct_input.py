"""The fast lane: FluidSynth's own MIDI driver hears a keyboard with no Python in the path.

Every channel of the keyboard sounds on the live channel. What would change the mix or the
instrument (volume, pan, bank, program) is left to the window.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from engine.live.alsa_sequencer import AlsaSequencer
from engine.live.audio import SystemPort
from engine.live.channels import LIVE_CHANNEL
from engine.live.fluid_library import FluidLibrary
from engine.live.jack_graph import JackGraph

# Types of rules: note, controller, program, bend, channel pressure, key pressure.
_NOTE, _CONTROL, _BEND, _CHANNEL_PRESSURE, _KEY_PRESSURE = 0, 1, 3, 4, 5
_ALL_VALUES = (0, 127)
# All controllers but bank (0, 32), volume (7), pan (10), and the transport buttons of the
# DeepComposer keyboard (105 to 107).
_CONTROLLERS = ((1, 6), (8, 9), (11, 31), (33, 104), (108, 127))


@dataclass(frozen=True, slots=True)
class MidiDriver:
    """FluidSynth's MIDI driver and the router before the synthesizer (C objects)."""

    driver: int
    router: int


def open_midi_driver(library: FluidLibrary, settings: int, synth: int) -> MidiDriver | None:
    """Open the driver that the settings name; None when it cannot be."""
    slow = library.slow
    router = slow.new_fluid_midi_router(settings, slow.fluid_synth_handle_midi_event, synth)
    slow.fluid_midi_router_clear_rules(router)
    for kind in (_NOTE, _CHANNEL_PRESSURE, _KEY_PRESSURE):
        _route(library, router, kind, _ALL_VALUES)
    _route(library, router, _BEND, (0, 16383))
    for numbers in _CONTROLLERS:
        _route(library, router, _CONTROL, numbers)
    driver = slow.new_fluid_midi_driver(settings, slow.fluid_midi_router_handle_midi_event, router)
    if driver:
        return MidiDriver(driver, router)
    slow.delete_fluid_midi_router(router)
    return None


def _route(library: FluidLibrary, router: int, kind: int, numbers: tuple[int, int]) -> None:
    slow = library.slow
    rule = slow.new_fluid_midi_router_rule()
    slow.fluid_midi_router_rule_set_chan(rule, 0, 15, 0.0, LIVE_CHANNEL)
    slow.fluid_midi_router_rule_set_param1(rule, *numbers, 1.0, 0)
    slow.fluid_midi_router_add_rule(router, rule, kind)


def close_midi_driver(library: FluidLibrary, midi: MidiDriver) -> None:
    """Give both back, before the synthesizer."""
    library.slow.delete_fluid_midi_driver(midi.driver)
    library.slow.delete_fluid_midi_router(midi.router)


class Lane(Protocol):
    """One system's way to let FluidSynth hear a port."""

    def connect(self, address: str) -> bool:
        """Let FluidSynth hear this port."""
        ...

    def disconnect(self, address: str) -> None:
        """Part them."""
        ...


class JackLane:
    """Connects JACK ports to FluidSynth's own MIDI port."""

    def __init__(self, graph: JackGraph, port: str) -> None:
        self._graph = graph
        self._port = port

    def connect(self, address: str) -> bool:
        """Let FluidSynth hear this port."""
        return self._graph.connect(address, self._port)

    def disconnect(self, address: str) -> None:
        """Part them."""
        self._graph.disconnect(address, self._port)


class AlsaLane:
    """Subscribes FluidSynth's own sequencer port to ALSA ports."""

    def __init__(self, sequencer: AlsaSequencer, port: str) -> None:
        self._sequencer = sequencer
        self._port = port

    def connect(self, address: str) -> bool:
        """Let FluidSynth hear this port."""
        return self._sequencer.subscribe(address, self._port)

    def disconnect(self, address: str) -> None:
        """Part them."""
        self._sequencer.unsubscribe(address, self._port)


class DirectLanes:
    """FluidSynth's ears on each system that has them: a `DirectInput`."""

    def __init__(self, lanes: Mapping[str, Lane]) -> None:
        self._lanes = lanes

    def listen(self, port: SystemPort) -> bool:
        """Hear this port from now on; False where its system has no fast lane."""
        lane = self._lanes.get(port.system)
        return lane is not None and lane.connect(port.address)

    def forget(self, port: SystemPort) -> None:
        """Hear it no longer."""
        lane = self._lanes.get(port.system)
        if lane is not None:
            lane.disconnect(port.address)
