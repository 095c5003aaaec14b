"""Writing to the MIDI ports of this machine, and a port of our own. rtmidi stands behind it."""

from contextlib import suppress
from typing import Any, Protocol

import rtmidi

from engine.live.audio import SystemPort
from engine.live.jack_graph import (
    MIDI_TYPE,
    PORT_IS_INPUT,
    PORT_IS_OUTPUT,
    PORT_IS_PHYSICAL,
    JackGraph,
    open_jack_graph,
)
from engine.live.midi_system import OWN_CLIENT, native_system, shown_name
from engine.live.names import unique_name

_PORT = "out"
# Ears of our own, and ports that only pass on what another of the list says.
_NOT_AN_INSTRUMENT = ("tutti-", "Tutti:", "RtMidi", "PipeWire-")


class Writer(Protocol):
    """Writes to one port until it is closed."""

    def send(self, message: bytes) -> None:
        """Write one message now."""

    def connected(self) -> bool:
        """Whether the port is still at the other end."""
        ...

    def close(self) -> None:
        """Write no longer."""


class OutputSystem(Protocol):
    """One of the machine's MIDI systems, to be written to."""

    @property
    def alive(self) -> bool:
        """False once it is gone."""
        ...

    def ports(self) -> list[SystemPort]:
        """The ports that can be written to now."""
        ...

    def open(self, port: SystemPort) -> Writer:
        """Write to a port. Raises `OSError` where it is gone or taken."""
        ...

    def open_virtual(self) -> Writer | None:
        """A port that other programs see as an instrument that plays; None where none can be."""
        ...

    def close(self) -> None:
        """Leave it."""


class NativeWriter:
    """A port of ALSA, CoreMIDI or Windows, or one of ours there."""

    def __init__(self, api: int, address: str | None) -> None:
        """``address`` None opens a port of our own. Raises `OSError`."""
        self._midi = rtmidi.MidiOut(api, name=OWN_CLIENT if address is None else _client())
        try:
            if address is None:
                self._midi.open_virtual_port(_PORT)
            else:
                self._midi.open_port(self._midi.get_ports().index(address))
        except (ValueError, NotImplementedError, rtmidi.RtMidiError) as error:
            self._midi.delete()
            raise OSError(f"{address or OWN_CLIENT} cannot be written to") from error

    def send(self, message: bytes) -> None:
        """Write one message now; one to a port that is just vanishing is lost."""
        with suppress(rtmidi.RtMidiError):
            self._midi.send_message(message)

    def connected(self) -> bool:
        """The list of ports tells."""
        return True

    def close(self) -> None:
        """Give the port back."""
        self._midi.close_port()
        self._midi.delete()


class NativeOutputs:
    """ALSA, CoreMIDI or Windows."""

    alive = True

    def __init__(self, name: str, api: int) -> None:
        self._name = name
        self._api = api
        self._lister: Any = rtmidi.MidiOut(api, name=_client())

    def ports(self) -> list[SystemPort]:
        """The ports that can be written to now."""
        return _named(self._name, self._lister.get_ports())

    def open(self, port: SystemPort) -> Writer:
        """Write to a port."""
        return NativeWriter(self._api, port.address)

    def open_virtual(self) -> Writer | None:
        """A port of our own; Windows has none."""
        if self._name == "windows":
            return None
        with suppress(OSError):
            return NativeWriter(self._api, None)
        return None

    def close(self) -> None:
        """Leave it."""
        self._lister.delete()


class JackWriter:
    """A JACK port of ours, connected to one of another program or free for any.

    libjack's thread fetches the messages at the start of each of its periods: no Python runs there.
    """

    def __init__(self, graph: JackGraph, address: str | None) -> None:
        """``address`` None leaves the connecting to others. Raises `OSError`."""
        self._graph, self._address = graph, address
        client = OWN_CLIENT if address is None else _client()
        before = set(graph.ports(MIDI_TYPE, PORT_IS_OUTPUT))
        self._midi = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name=client)
        self._midi.open_virtual_port(_PORT)
        self._port = f"{client}:{_PORT}"
        if self._port in before:  # another Tutti has the name: JACK numbered ours
            new = set(graph.ports(MIDI_TYPE, PORT_IS_OUTPUT)) - before
            self._port = next(iter(new), self._port)
        if address is not None and not graph.connect(self._port, address):
            self.close()
            raise OSError(f"{address} is gone")

    def send(self, message: bytes) -> None:
        """Write one message; it leaves with the server's next period."""
        self._midi.send_message(message)

    def connected(self) -> bool:
        """Whether the connection stands: a program that came back quickly has a new port."""
        return self._address is None or self._address in self._graph.connections(self._port)

    def close(self) -> None:
        """Leave the port and the server."""
        self._midi.close_port()
        self._midi.delete()


class JackOutputs:
    """The ports of a running JACK server; ``with_physical`` is off where ALSA has them already."""

    def __init__(self, graph: JackGraph, *, with_physical: bool) -> None:
        self._graph = graph
        self._with_physical = with_physical

    @property
    def alive(self) -> bool:
        """False once the server is gone."""
        return self._graph.alive

    def ports(self) -> list[SystemPort]:
        """The ports that can be written to now."""
        addresses = self._graph.ports(MIDI_TYPE, PORT_IS_INPUT)
        if not self._with_physical:
            physical = set(self._graph.ports(MIDI_TYPE, PORT_IS_INPUT | PORT_IS_PHYSICAL))
            addresses = tuple(each for each in addresses if each not in physical)
        return _named("jack", addresses)

    def open(self, port: SystemPort) -> Writer:
        """Write to a port."""
        return JackWriter(self._graph, port.address)

    def open_virtual(self) -> Writer | None:
        """A port of our own, for others to connect to."""
        return JackWriter(self._graph, None)

    def close(self) -> None:
        """Leave the server."""
        self._graph.close()


def open_native_outputs() -> OutputSystem | None:
    """ALSA, CoreMIDI or Windows; None where there is none."""
    return native_system(NativeOutputs)


def open_jack_outputs(*, with_physical: bool) -> OutputSystem | None:
    """The JACK server that runs; None where none does."""
    if rtmidi.API_UNIX_JACK not in rtmidi.get_compiled_api():
        return None
    graph = open_jack_graph(_client())
    return JackOutputs(graph, with_physical=with_physical) if graph is not None else None


def _client() -> str:
    return unique_name("tutti-out")


def _named(system: str, addresses: "list[str] | tuple[str, ...]") -> list[SystemPort]:
    return [
        SystemPort(system, address, shown_name(system, address))
        for address in addresses
        if not any(word in address for word in _NOT_AN_INSTRUMENT)
    ]
