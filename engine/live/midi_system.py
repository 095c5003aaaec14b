"""The MIDI systems of this machine: their ports, and reading one. All of rtmidi stands here."""

import re
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from threading import Lock
from typing import Any, Protocol, TypeVar

import rtmidi

from engine.live.alsa_sequencer import DEVICE as ALSA_DEVICE
from engine.live.audio import SystemPort
from engine.live.jack_graph import (
    MIDI_TYPE,
    PORT_IS_OUTPUT,
    PORT_IS_PHYSICAL,
    JackGraph,
    open_jack_graph,
)
from engine.live.names import unique_name

# Called with the bytes and `time.perf_counter` of their arrival, on the MIDI thread.
OnMessage = Callable[[bytes, float], None]
System = TypeVar("System")

QUEUE_MESSAGES = 16_384
_VIRTUAL_PORT = "in"
# A stamp further than this from the clock means that messages were lost on the way: begin anew.
_STAMP_TRUSTED_SECONDS = 2.0
# Under this name other programs see the port that tracks can be played to.
OWN_CLIENT = "Tutti"
# Ports that no keyboard stands behind.
_NOT_A_KEYBOARD = ("Midi Through", "PipeWire-", "tutti-", "RtMidi", "FLUID Synth")
_OWN_PORT = re.compile(rf"{OWN_CLIENT}(-\d+)?:")


class Reader(Protocol):
    """Reads one port until it is closed."""

    def poll(self) -> None:
        """Hand over what came in, where the system does not do so by itself."""

    def connected(self) -> bool:
        """Whether the port is still at the other end."""
        ...

    def close(self) -> None:
        """Read no longer."""


class MidiSystem(Protocol):
    """One of the machine's MIDI systems."""

    @property
    def alive(self) -> bool:
        """False once it is gone."""
        ...

    def ports(self) -> list[SystemPort]:
        """The ports that can be listened to now."""
        ...

    def open(self, port: SystemPort, on_message: OnMessage) -> Reader:
        """Listen. Raises `OSError` where the port is gone or taken."""
        ...

    def close(self) -> None:
        """Leave it."""


class CallbackReader:
    """A port whose system has a thread of its own: ALSA, CoreMIDI, Windows.

    Always a new `rtmidi.MidiIn`: one that was open when its device vanished stays deaf.
    """

    def __init__(self, api: int, address: str, on_message: OnMessage) -> None:
        self._on_message = on_message
        self._midi = _midi_in(api)
        try:
            self._midi.set_callback(self._hear)
            self._midi.open_port(self._midi.get_ports().index(address))
        except (ValueError, rtmidi.RtMidiError) as error:
            self.close()
            raise OSError(f"{address} is gone") from error

    def _hear(self, message: tuple[list[int], float], _data: object) -> None:
        self._on_message(bytes(message[0]), time.perf_counter())

    def poll(self) -> None:
        """Messages come by themselves."""

    def connected(self) -> bool:
        """The list of ports tells."""
        return True

    def close(self) -> None:
        """The callback first, then the port."""
        self._midi.cancel_callback()
        self._midi.close_port()
        self._midi.delete()


class CallbackSystem:
    """ALSA, CoreMIDI or Windows."""

    alive = True

    def __init__(self, name: str, api: int) -> None:
        self._name = name
        self._api = api
        self._lister = _midi_in(api)

    def ports(self) -> list[SystemPort]:
        """The ports that can be listened to now."""
        return [
            SystemPort(self._name, address, shown_name(self._name, address))
            for address in self._lister.get_ports()
            if _is_keyboard(address)
        ]

    def open(self, port: SystemPort, on_message: OnMessage) -> Reader:
        """Listen to a port."""
        return CallbackReader(self._api, port.address, on_message)

    def close(self) -> None:
        """Leave it."""
        self._lister.delete()


class GapStamps:
    """When messages arrived, from the gaps between them and the moments they were fetched.

    A gap is exact, a fetch comes somewhat late: the least late one so far tells where the sum of
    the gaps lies on our clock.
    """

    def __init__(self) -> None:
        self._sum = 0.0
        self._offset = float("inf")

    def stamp(self, gap: float, now: float) -> float:
        """The arrival of a message ``gap`` seconds after the one before, fetched ``now``."""
        self._sum += gap
        self._offset = min(self._offset, now - self._sum)
        if now - self._sum - self._offset > _STAMP_TRUSTED_SECONDS:
            self._offset = now - self._sum
        return self._sum + self._offset


class JackReader:
    """A JACK port, polled: a Python callback would run on JACK's own thread and stall the server.

    Stamps come from JACK's own thread, which measured the gaps between messages.
    """

    def __init__(self, graph: JackGraph, address: str, on_message: OnMessage) -> None:
        client = unique_name("tutti-in")
        self._midi = _midi_in(rtmidi.API_UNIX_JACK, client)
        self._midi.open_virtual_port(_VIRTUAL_PORT)
        self._graph = graph
        self._address = address
        self._port = f"{client}:{_VIRTUAL_PORT}"
        self._on_message = on_message
        self._lock = Lock()
        self._closed = False
        self._stamps = GapStamps()
        if not graph.connect(address, self._port):
            self.close()
            raise OSError(f"{address} is gone")

    def poll(self) -> None:
        """Hand over what came in."""
        with self._lock:
            if not self._closed:
                self._hand_over()

    def _hand_over(self) -> None:
        while (message := self._midi.get_message()) is not None:
            seconds = self._stamps.stamp(message[1], time.perf_counter())
            self._on_message(bytes(message[0]), seconds)

    def connected(self) -> bool:
        """Whether the connection stands: a program that came back quickly has a new port."""
        return self._port in self._graph.connections(self._address)

    def close(self) -> None:
        """Leave the port and the server; what has come in until now is still handed over."""
        with self._lock:
            self._hand_over()
            self._closed = True
            self._midi.close_port()
            self._midi.delete()


class JackSystem:
    """The ports of a running JACK server.

    ``with_physical`` is off where ALSA is listened to as well: it has the same keyboards.
    """

    def __init__(self, graph: JackGraph, *, with_physical: bool) -> None:
        self._graph = graph
        self._with_physical = with_physical

    @property
    def alive(self) -> bool:
        """False once the server is gone."""
        return self._graph.alive

    def ports(self) -> list[SystemPort]:
        """The ports that can be listened to now."""
        addresses = self._graph.ports(MIDI_TYPE, PORT_IS_OUTPUT)
        if not self._with_physical:
            physical = set(self._graph.ports(MIDI_TYPE, PORT_IS_OUTPUT | PORT_IS_PHYSICAL))
            addresses = tuple(each for each in addresses if each not in physical)
        return [
            SystemPort("jack", address, shown_name("jack", address))
            for address in addresses
            if _is_keyboard(address)
        ]

    def open(self, port: SystemPort, on_message: OnMessage) -> Reader:
        """Listen to a port."""
        return JackReader(self._graph, port.address, on_message)

    def close(self) -> None:
        """Leave the server."""
        self._graph.close()


def open_native_system() -> MidiSystem | None:
    """ALSA, CoreMIDI or Windows; None where there is none."""
    return native_system(CallbackSystem)


def native_system(make: Callable[[str, int], System]) -> System | None:
    """What ``make`` opens of this machine's own system by name and rtmidi's API; None of none."""
    if sys.platform == "linux" and not ALSA_DEVICE.exists():
        return None
    for name, api in (
        ("alsa", rtmidi.API_LINUX_ALSA),
        ("coremidi", rtmidi.API_MACOSX_CORE),
        ("windows", rtmidi.API_WINDOWS_MM),
    ):
        if api in rtmidi.get_compiled_api():
            with suppress(rtmidi.RtMidiError):
                return make(name, api)
    return None


def open_jack_system(*, with_physical: bool) -> MidiSystem | None:
    """The JACK server that runs; None where none does."""
    if rtmidi.API_UNIX_JACK not in rtmidi.get_compiled_api():
        return None
    graph = open_jack_graph(unique_name("tutti-midi"))
    return JackSystem(graph, with_physical=with_physical) if graph is not None else None


def alsa_address(client_name: str) -> str:
    """The address (20:0) of the first ALSA input port whose client has this name; "" for none."""
    with suppress(rtmidi.RtMidiError):
        for name in rtmidi.MidiOut(rtmidi.API_LINUX_ALSA).get_ports():
            if client_name in name:
                return str(name.rsplit(" ", 1)[-1])
    return ""


def _is_keyboard(address: str) -> bool:
    return not (_OWN_PORT.match(address) or any(word in address for word in _NOT_A_KEYBOARD))


def without_doubles(ports: list[SystemPort]) -> dict[str, SystemPort]:
    """Ports by name; a second of one name is numbered."""
    named: dict[str, SystemPort] = {}
    for port in ports:
        number, name = 1, port.name
        while name in named:
            number += 1
            name = f"{port.name} ({number})"
        named[name] = replace(port, name=name)
    return named


def _midi_in(api: int, name: str | None = None) -> Any:
    """A new input that hides no message: hidden ones would drop out of the gaps' sum."""
    midi = rtmidi.MidiIn(api, name=name or unique_name("tutti-in"), queue_size_limit=QUEUE_MESSAGES)
    midi.ignore_types(sysex=False, timing=False, active_sense=False)
    return midi


# What changes when a keyboard is plugged in again: ALSA's numbers, a2j's, Windows' index.
_CHANGING = {
    "alsa": re.compile(r"\s+\d+:\d+$"),
    "jack": re.compile(r"\s+\[\d+\]"),
    "windows": re.compile(r"\s+\d+$"),
}


def shown_name(system: str, address: str) -> str:
    """The name without what changes from one plugging to the next."""
    changing = _CHANGING.get(system)
    name = changing.sub("", address) if changing else address
    client, _, port = name.partition(":")
    if system == "alsa" and port.startswith(client):
        return port
    return name
