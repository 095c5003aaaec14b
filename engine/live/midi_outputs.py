"""Instruments that tracks are played on: listed, written to, unplugged and plugged in again."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, RLock, Thread

from engine.live.audio import SystemPort
from engine.live.midi_out_system import (
    OutputSystem,
    Writer,
    open_jack_outputs,
    open_native_outputs,
)
from engine.live.midi_system import without_doubles
from engine.music.track import SUSTAIN

SCAN_SECONDS = 1.0
# For every channel: the pedal, all sound and all notes off, the bend back to its middle.
_PANIC = tuple(
    message
    for channel in range(16)
    for message in (
        bytes((0xB0 | channel, SUSTAIN, 0)),
        bytes((0xB0 | channel, 120, 0)),
        bytes((0xB0 | channel, 123, 0)),
        bytes((0xE0 | channel, 0, 64)),
    )
)
VIRTUAL = "Tutti (port for other programs)"
"""The output that other programs connect to themselves."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OutputState:
    """An output that is there, or that a track wants: then ``connected`` tells whether it plays.

    A ``wanted`` one that is not connected is away, and awaited: its tracks are silent.
    """

    name: str
    wanted: bool
    connected: bool


class MidiOutputs:
    """Writes to the ports that are wanted, each by its name; looks for them on its own thread."""

    def __init__(self, on_changed: Callable[[tuple[OutputState, ...]], None]) -> None:
        """``on_changed`` is called on the thread that looks for ports."""
        self.on_opened: Callable[[str], None] | None = None
        """Called with the name of a port that can be written to from now on: its instruments are
        to be chosen. On the thread that looks for ports."""
        self._on_changed = on_changed
        self._systems: dict[str, OutputSystem] = {}
        self._there: tuple[str, ...] = ()
        self._wanted: frozenset[str] = frozenset()
        self._writers: dict[str, list[tuple[str, SystemPort | None, Writer]]] = {}
        self._told: tuple[OutputState, ...] | None = None
        self._lock = RLock()
        self._wake, self._closed = Event(), Event()
        self._thread = Thread(target=self._look, name="midi-out-ports", daemon=True)

    def start(self) -> None:
        """Begin to look for ports."""
        self._thread.start()

    def close(self) -> None:
        """Give all ports back; what sounds there is to be let go before."""
        self._closed.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        with self._lock:
            for name in list(self._writers):
                self._leave(name)
            for system in self._systems.values():
                system.close()
            self._systems.clear()

    def want(self, names: frozenset[str]) -> None:
        """Open these, as soon as they are there, and no others."""
        with self._lock:
            changed, self._wanted = names != self._wanted, names
        if changed:
            self._wake.set()

    def states(self) -> tuple[OutputState, ...]:
        """The ports that are there, and those that are wanted."""
        with self._lock:
            names = dict.fromkeys((*self._there, *sorted(self._wanted)))
            return tuple(
                OutputState(name, name in self._wanted, name in self._writers) for name in names
            )

    def plays(self, name: str) -> bool:
        """Whether this port can be written to."""
        return name in self._writers

    def send(self, name: str, message: bytes) -> bool:
        """Write one message now; False where the port is away. Safe on any thread."""
        with self._lock:
            writers = self._writers.get(name, ())
            for _, _, writer in writers:
                writer.send(message)
            return bool(writers)

    def panic(self) -> None:
        """Let go of every key and pedal on all channels of all open ports, and silence them."""
        with self._lock:
            for writers in self._writers.values():
                for _, _, writer in writers:
                    for message in _PANIC:
                        writer.send(message)

    def _look(self) -> None:
        """Look for ports until closed. Runs on its own thread."""
        while not self._closed.is_set():
            self._wake.clear()
            for name in self._scan():
                if self.on_opened is not None:
                    self.on_opened(name)
            self._tell()
            self._wake.wait(SCAN_SECONDS)

    def _scan(self) -> list[str]:
        """Look once; the names of the ports that were opened."""
        with self._lock:
            self._find_systems()
            ports = without_doubles([p for s in self._systems.values() for p in s.ports()])
            self._there = (VIRTUAL, *ports) if self._systems else tuple(ports)
            for name in list(self._writers):
                if name not in self._wanted or not self._stays(name, ports.get(name)):
                    self._leave(name)
            missing = sorted(self._wanted - set(self._writers))
            return [name for name in missing if self._open(name, ports.get(name))]

    def _find_systems(self) -> None:
        for name, system in list(self._systems.items()):
            if not system.alive:
                del self._systems[name]
                for port in [p for p, w in self._writers.items() if any(s == name for s, *_ in w)]:
                    self._leave(port)
                system.close()
        if "native" not in self._systems:
            native = open_native_outputs()
            if native is not None:
                self._systems["native"] = native
        if "jack" not in self._systems:
            jack = open_jack_outputs(with_physical="native" not in self._systems)
            if jack is not None:
                self._systems["jack"] = jack

    def _stays(self, name: str, port: SystemPort | None) -> bool:
        writers = self._writers[name]
        if name == VIRTUAL:
            return len(writers) == len(self._systems)  # a system that has come gets one too
        return all(known == port and writer.connected() for _, known, writer in writers)

    def _open(self, name: str, port: SystemPort | None) -> bool:
        if name == VIRTUAL:
            opened = [(key, None, system.open_virtual()) for key, system in self._systems.items()]
            self._writers[name] = [(key, none, w) for key, none, w in opened if w is not None]
        elif port is not None:
            system = "jack" if port.system == "jack" else "native"
            try:
                self._writers[name] = [(system, port, self._systems[system].open(port))]
            except OSError as error:
                log.info("%s could not be opened and is tried again: %s", name, error)
        if not self._writers.get(name):
            self._writers.pop(name, None)
        return name in self._writers

    def _leave(self, name: str) -> None:
        for _, _, writer in self._writers.pop(name):
            writer.close()

    def _tell(self) -> None:
        states = self.states()
        if states != self._told and not self._closed.is_set():
            self._told = states
            self._on_changed(states)
