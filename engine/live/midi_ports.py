"""MIDI keyboards: listed, listened to, unplugged and plugged in again."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event, RLock, Thread

from engine.live.audio import DirectInput, SystemPort
from engine.live.events import LiveEvent, TransportCommand, parse
from engine.live.midi_system import (
    MidiSystem,
    Reader,
    open_jack_system,
    open_native_system,
    without_doubles,
)
from engine.live.releases import HeldKeys

SCAN_SECONDS = 1.0
POLL_SECONDS = 0.002
NO_MIDI = (
    "This system offers no MIDI. On Linux load the ALSA sequencer (“sudo modprobe snd-seq”) or "
    "start JACK; the keys A to K play meanwhile."
)
log = logging.getLogger(__name__)

OnEvent = Callable[[LiveEvent], None]
OnTransport = Callable[[TransportCommand], None]


@dataclass(frozen=True, slots=True)
class PortState:
    """A MIDI input; one that is neither ``connected`` nor ``unheard`` is away, and awaited.

    ``direct``: the synthesizer hears it itself, we only record and show it. ``unheard``: it is
    there, but not listened to.
    """

    name: str
    connected: bool
    direct: bool = False
    unheard: bool = False


class _Keyboard:
    """One port that is listened to: parses, and knows what is held."""

    def __init__(self, port: SystemPort, on_event: OnEvent, on_transport: OnTransport) -> None:
        self.port = port
        self.direct = False
        self.reader: Reader | None = None
        self._held = HeldKeys()
        self._on_event = on_event
        self._on_transport = on_transport

    def hear(self, message: bytes, seconds: float) -> None:
        """One message. Called on the MIDI thread; nothing may escape into the library."""
        try:
            self._hear(message, seconds)
        except Exception:
            log.exception("A MIDI message of %s could not be handled", self.port.name)

    def _hear(self, message: bytes, seconds: float) -> None:
        meant = parse(message, seconds, self.port.name)
        if isinstance(meant, TransportCommand):
            self._on_transport(meant)
        elif meant is not None:
            event = replace(meant, direct=True) if self.direct else meant
            self._held.note(event)
            self._on_event(event)

    def let_go(self) -> None:
        """Release what is still held, so that nothing hangs when the port is gone."""
        for event in self._held.releases(time.perf_counter(), self.port.name):
            self._on_event(event)


class MidiInputs:
    """Listens to several keyboards at once; reconnects by name.

    The callbacks are called on the MIDI threads: one looks for ports once a second, one polls
    JACK's, the others belong to the system.
    """

    def __init__(
        self,
        on_event: OnEvent,
        on_transport: OnTransport,
        on_ports_changed: Callable[[tuple[PortState, ...]], None],
    ) -> None:
        self.problem: str | None = None
        """A sentence while this system offers no MIDI at all."""
        self._on_event = on_event
        self._on_transport = on_transport
        self._on_ports_changed = on_ports_changed
        self._systems: dict[str, MidiSystem] = {}
        self._keyboards: dict[str, _Keyboard] = {}
        self._there: tuple[str, ...] = ()
        self._awaited: list[str] = []
        self._told: tuple[PortState, ...] | None = None
        self._chosen: frozenset[str] | None = None
        self._direct: DirectInput | None = None
        self._lock = RLock()
        self._wake = Event()
        self._closed = Event()
        self._threads = [
            Thread(target=self._look, name="midi-ports", daemon=True),
            Thread(target=self._poll, name="midi-poll", daemon=True),
        ]

    def start(self) -> None:
        """Begin to look for keyboards."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stop listening; what is held is released."""
        self._closed.set()
        self._wake.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()
        with self._lock:
            for name in list(self._keyboards):
                self._disconnect(name)
            for system in self._systems.values():
                system.close()
            self._systems.clear()

    def states(self) -> tuple[PortState, ...]:
        """The keyboards that are there, and those that were connected and are awaited."""
        with self._lock:
            awaited = filter(self._is_chosen, self._awaited)
            return tuple(self._state(name) for name in dict.fromkeys((*self._there, *awaited)))

    def _state(self, name: str) -> PortState:
        connected = name in self._keyboards
        unheard = name in self._there and not connected
        return PortState(name, connected, self._hears_directly(name), unheard)

    def _hears_directly(self, name: str) -> bool:
        return name in self._keyboards and self._keyboards[name].direct

    def choose(self, names: frozenset[str] | None) -> None:
        """Listen to these only; None: to all."""
        self._chosen = names
        self._wake.set()

    def use_direct_input(self, direct: DirectInput | None) -> None:
        """Let the synthesizer hear the keyboards itself; None before it is closed."""
        with self._lock:
            for keyboard in self._keyboards.values():
                self._part(keyboard)
            self._direct = direct
            for keyboard in self._keyboards.values():
                keyboard.direct = direct is not None and direct.listen(keyboard.port)
        self._wake.set()

    def _part(self, keyboard: _Keyboard) -> None:
        if keyboard.direct and self._direct is not None:
            self._direct.forget(keyboard.port)
        keyboard.direct = False

    def _look(self) -> None:
        """Look for ports until closed. Runs on its own thread."""
        while not self._closed.is_set():
            self._wake.clear()
            self._scan()
            self._wake.wait(SCAN_SECONDS)

    def _poll(self) -> None:
        """Read the ports that have no thread of their own. Runs on its own thread."""
        while not self._closed.wait(POLL_SECONDS):
            for keyboard in list(self._keyboards.values()):
                if keyboard.reader is not None:
                    keyboard.reader.poll()

    def _scan(self) -> None:
        with self._lock:
            self._find_systems()
            ports = without_doubles([p for s in self._systems.values() for p in s.ports()])
            self._there = tuple(ports)
            for name, keyboard in list(self._keyboards.items()):
                if not self._stays(keyboard, ports.get(name)):
                    self._disconnect(name)
            for name, port in ports.items():
                if name not in self._keyboards and self._is_chosen(name):
                    self._connect(port)
        self._tell()

    def _find_systems(self) -> None:
        for name, system in list(self._systems.items()):
            if not system.alive:
                self._leave(name)
        if not self._systems:
            native = open_native_system()
            if native is not None:
                self._systems["native"] = native
        if "jack" not in self._systems:
            jack = open_jack_system(with_physical="native" not in self._systems)
            if jack is not None:
                self._systems["jack"] = jack
        self.problem = None if self._systems else NO_MIDI

    def _leave(self, name: str) -> None:
        """A system is gone, and its keyboards with it."""
        system = self._systems.pop(name)
        for keyboard in list(self._keyboards.values()):
            if _system_of(keyboard.port) == name:
                self._disconnect(keyboard.port.name)
        system.close()

    def _stays(self, keyboard: _Keyboard, port: SystemPort | None) -> bool:
        reader = keyboard.reader
        return (
            port == keyboard.port
            and self._is_chosen(keyboard.port.name)
            and reader is not None
            and reader.connected()
        )

    def _is_chosen(self, name: str) -> bool:
        return self._chosen is None or name in self._chosen

    def _connect(self, port: SystemPort) -> None:
        keyboard = _Keyboard(port, self._on_event, self._on_transport)
        try:
            keyboard.reader = self._systems[_system_of(port)].open(port, keyboard.hear)
        except OSError as error:
            log.info("%s could not be opened and is tried again: %s", port.name, error)
            return
        keyboard.direct = self._direct is not None and self._direct.listen(port)
        self._keyboards[port.name] = keyboard
        if port.name not in self._awaited:
            self._awaited.append(port.name)

    def _disconnect(self, name: str) -> None:
        keyboard = self._keyboards.pop(name)
        if keyboard.reader is not None:
            keyboard.reader.close()
        self._part(keyboard)
        keyboard.let_go()

    def _tell(self) -> None:
        """Say what changed. Called on the thread that looks for ports."""
        states = self.states()
        if states != self._told and not self._closed.is_set():
            self._told = states
            self._on_ports_changed(states)


def _system_of(port: SystemPort) -> str:
    return "jack" if port.system == "jack" else "native"
