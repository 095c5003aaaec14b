"""The JACK server as seen from beside it: its period, its ports and their connections.

A client of libjack that processes nothing, so no Python ever runs on JACK's own thread.
"""

import ctypes
import ctypes.util
import logging
import os
import sys
from ctypes import POINTER, c_char_p, c_int, c_uint32, c_ulong, c_void_p
from dataclasses import dataclass
from functools import cache
from threading import Lock, Thread

log = logging.getLogger(__name__)

AUDIO_TYPE = b"32 bit float mono audio"
MIDI_TYPE = b"8 bit raw midi"
PORT_IS_INPUT, PORT_IS_OUTPUT, PORT_IS_PHYSICAL = 1, 2, 4
_NO_START_SERVER = 1
_PLAYBACK_LATENCY = 1
_LEAVE_SECONDS = 2.0

_LIBRARY_NAMES = {
    "linux": "libjack.so.0",
    "darwin": "libjack.0.dylib",
    "win32": "libjack64.dll",
}
_SHUTDOWN_FUNCTION = ctypes.CFUNCTYPE(None, c_void_p)
_MESSAGE_FUNCTION = ctypes.CFUNCTYPE(None, c_char_p)


class _LatencyRange(ctypes.Structure):
    _fields_ = (("min", c_uint32), ("max", c_uint32))


def _ignore(_message: bytes) -> None:
    """Libjack's complaints: what matters of them we find out by asking."""


_say_nothing = _MESSAGE_FUNCTION(_ignore)


@cache
def _libjack() -> ctypes.CDLL | None:
    """Libjack with its functions declared; None where it is not installed."""
    name = _LIBRARY_NAMES.get(sys.platform) or ctypes.util.find_library("jack")
    try:
        library = ctypes.CDLL(name) if name else None
    except OSError:
        return None
    if library is not None:
        _declare(library)
        library.jack_set_error_function(_say_nothing)
        library.jack_set_info_function(_say_nothing)
    return library


def _declare(library: ctypes.CDLL) -> None:
    signatures: dict[str, tuple[object, list[object]]] = {
        "jack_client_open": (c_void_p, [c_char_p, c_int, POINTER(c_int)]),
        "jack_client_close": (c_int, [c_void_p]),
        "jack_get_buffer_size": (c_uint32, [c_void_p]),
        "jack_get_sample_rate": (c_uint32, [c_void_p]),
        "jack_get_ports": (POINTER(c_char_p), [c_void_p, c_char_p, c_char_p, c_ulong]),
        "jack_free": (None, [c_void_p]),
        "jack_connect": (c_int, [c_void_p, c_char_p, c_char_p]),
        "jack_disconnect": (c_int, [c_void_p, c_char_p, c_char_p]),
        "jack_port_by_name": (c_void_p, [c_void_p, c_char_p]),
        "jack_port_get_all_connections": (POINTER(c_char_p), [c_void_p, c_void_p]),
        "jack_port_get_latency_range": (None, [c_void_p, c_int, POINTER(_LatencyRange)]),
        "jack_on_shutdown": (None, [c_void_p, _SHUTDOWN_FUNCTION, c_void_p]),
        "jack_set_error_function": (None, [_MESSAGE_FUNCTION]),
        "jack_set_info_function": (None, [_MESSAGE_FUNCTION]),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments


@dataclass(frozen=True, slots=True)
class JackPeriod:
    """What the server really runs at: frames a period, frames a second."""

    frames: int
    sample_rate: int


class JackGraph:
    """A connection to a running JACK server; all calls are safe on any thread."""

    def __init__(self, library: ctypes.CDLL, client: int) -> None:
        self._library = library
        self._client: int | None = client
        self._lock = Lock()
        self.alive = True
        """False once the server is gone."""
        self._on_shutdown = _SHUTDOWN_FUNCTION(self._note_death)
        library.jack_on_shutdown(client, self._on_shutdown, None)

    def _note_death(self, _nothing: object) -> None:
        """Called on libjack's thread, which has nothing left to do."""
        self.alive = False

    def period(self) -> JackPeriod:
        """The server's period and sample rate."""
        with self._lock:
            frames = self._library.jack_get_buffer_size(self._client)
            return JackPeriod(int(frames), int(self._library.jack_get_sample_rate(self._client)))

    def ports(self, port_type: bytes, flags: int) -> tuple[str, ...]:
        """Full names of the ports of a type that have all these flags."""
        with self._lock:
            if self._client is None or not self.alive:
                return ()
            return self._names(self._library.jack_get_ports(self._client, None, port_type, flags))

    def connections(self, port: str) -> tuple[str, ...]:
        """The ports that a port is connected to; none where it is gone."""
        with self._lock:
            found = self._port(port)
            if found is None:
                return ()
            return self._names(self._library.jack_port_get_all_connections(self._client, found))

    def connect(self, source: str, destination: str) -> bool:
        """Connect two ports; True when they are connected afterwards."""
        with self._lock:
            if self._client is not None and self.alive:
                self._library.jack_connect(self._client, source.encode(), destination.encode())
        return destination in self.connections(source)

    def disconnect(self, source: str, destination: str) -> None:
        """Part two ports; nothing happens where they were not connected."""
        with self._lock:
            if self._client is not None and self.alive:
                self._library.jack_disconnect(self._client, source.encode(), destination.encode())

    def playback_latency(self, port: str) -> int:
        """Frames from this output port to the loudspeaker, as its destinations declare them."""
        latency = _LatencyRange()
        with self._lock:
            found = self._port(port)
            if found is not None:
                self._library.jack_port_get_latency_range(
                    found, _PLAYBACK_LATENCY, ctypes.byref(latency)
                )
        return int(latency.max)

    def close(self) -> bool:
        """Leave the server, at most for two seconds; False where it did not let go in that time.

        A dead one cannot be left: libjack may crash, so that is omitted. Rarely libjack stops its
        own thread while that holds a lock, and then waits for the lock for ever.
        """
        with self._lock:
            client, self._client = self._client, None
        if client is None or not self.alive:
            return True
        # By a method: a thread that waits keeps the object, of which libjack may call the shutdown.
        leave = Thread(target=self._leave, args=(client,), name="jack-leave", daemon=True)
        leave.start()
        leave.join(_LEAVE_SECONDS)
        if leave.is_alive():
            log.warning("the JACK server did not let go within %g seconds", _LEAVE_SECONDS)
        return not leave.is_alive()

    def _leave(self, client: int) -> None:
        self._library.jack_client_close(client)

    def _port(self, name: str) -> int | None:
        if self._client is None or not self.alive:
            return None
        port: int | None = self._library.jack_port_by_name(self._client, name.encode())
        return port

    def _names(self, array: "ctypes._Pointer[c_char_p]") -> tuple[str, ...]:
        """A null-terminated array of names, copied and given back."""
        names: list[str] = []
        if not array:  # type: ignore[truthy-bool]  # a null pointer is false
            return ()
        while (name := array[len(names)]) is not None:
            names.append(name.decode(errors="replace"))
        self._library.jack_free(array)
        return tuple(names)


def open_jack_graph(name: str) -> JackGraph | None:
    """Join the JACK server that runs; None when none does (it is never started by us)."""
    library = _libjack()
    if library is None:
        return None
    os.environ.setdefault("JACK_NO_START_SERVER", "1")
    status = c_int()
    client = library.jack_client_open(name.encode(), _NO_START_SERVER, ctypes.byref(status))
    return JackGraph(library, client) if client else None
