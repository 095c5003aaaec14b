"""ALSA's MIDI sequencer, as far as connecting two other programs' ports needs it."""

import ctypes
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_ubyte, c_void_p
from functools import cache
from pathlib import Path

DEVICE = Path("/dev/snd/seq")
_OPEN_DUPLEX = 3
_NONBLOCK = 1


class _Address(Structure):
    _fields_ = (("client", c_ubyte), ("port", c_ubyte))


@cache
def _libasound() -> ctypes.CDLL | None:
    """Libasound with its functions declared; None where it is not installed."""
    try:
        library = ctypes.CDLL("libasound.so.2")
    except OSError:
        return None
    signatures: dict[str, list[object]] = {
        "snd_seq_open": [POINTER(c_void_p), c_char_p, c_int, c_int],
        "snd_seq_close": [c_void_p],
        "snd_seq_parse_address": [c_void_p, POINTER(_Address), c_char_p],
        "snd_seq_port_subscribe_malloc": [POINTER(c_void_p)],
        "snd_seq_port_subscribe_free": [c_void_p],
        "snd_seq_port_subscribe_set_sender": [c_void_p, POINTER(_Address)],
        "snd_seq_port_subscribe_set_dest": [c_void_p, POINTER(_Address)],
        "snd_seq_subscribe_port": [c_void_p, c_void_p],
        "snd_seq_unsubscribe_port": [c_void_p, c_void_p],
    }
    for name, arguments in signatures.items():
        getattr(library, name).argtypes = arguments
    return library


def quieten_alsa() -> None:
    """Libasound tells every missing device on stderr; what matters of it we find out by asking.

    Its handler has to be a C function, since it may be called on an audio thread: one of the C
    library that takes no arguments does nothing with these.
    """
    library = _libasound()
    if library is not None:
        nothing = ctypes.cast(ctypes.CDLL(None).getpid, c_void_p)
        library.snd_lib_error_set_handler.argtypes = [c_void_p]
        library.snd_lib_error_set_handler(nothing)


class AlsaSequencer:
    """A client of ALSA's sequencer that only makes connections. Addresses look like 20:0."""

    def __init__(self, library: ctypes.CDLL, handle: c_void_p) -> None:
        self._library = library
        self._handle = handle

    def subscribe(self, sender: str, receiver: str) -> bool:
        """Connect; True when they are connected afterwards."""
        return self._change("snd_seq_subscribe_port", sender, receiver)

    def unsubscribe(self, sender: str, receiver: str) -> None:
        """Part them."""
        self._change("snd_seq_unsubscribe_port", sender, receiver)

    def _change(self, function: str, sender: str, receiver: str) -> bool:
        subscription = c_void_p()
        self._library.snd_seq_port_subscribe_malloc(byref(subscription))
        try:
            ends = (self._address(sender), self._address(receiver))
            self._library.snd_seq_port_subscribe_set_sender(subscription, byref(ends[0]))
            self._library.snd_seq_port_subscribe_set_dest(subscription, byref(ends[1]))
            result: int = getattr(self._library, function)(self._handle, subscription)
            return result == 0
        finally:
            self._library.snd_seq_port_subscribe_free(subscription)

    def _address(self, text: str) -> _Address:
        address = _Address()
        self._library.snd_seq_parse_address(self._handle, byref(address), text.encode())
        return address

    def close(self) -> None:
        """Leave the sequencer."""
        self._library.snd_seq_close(self._handle)


def open_alsa_sequencer() -> AlsaSequencer | None:
    """Join ALSA's sequencer; None where there is none (no library, no kernel module)."""
    # Asked first, since libasound complains on stderr where the device is missing.
    library = _libasound() if DEVICE.exists() else None
    if library is None:
        return None
    handle = c_void_p()
    if library.snd_seq_open(byref(handle), b"default", _OPEN_DUPLEX, _NONBLOCK) < 0:
        return None
    return AlsaSequencer(library, handle)
