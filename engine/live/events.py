"""What comes in from a keyboard: bytes turned into events and transport commands."""

from dataclasses import dataclass
from enum import Enum

from engine.music.take import TakeEventKind

DEEPCOMPOSER_PORT = "AKM322"
BEND_CENTRE = 8192
CONTROL_ON = 64
SCREEN = "Screen"
"""The port name of the keys on the screen."""


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """One channel message of a keyboard.

    ``seconds`` is `time.perf_counter` at its arrival; ``number`` a pitch or a controller, ``value``
    a velocity or a value (−8192 to 8191 for ``bend``). ``port`` is the name shown to the user.
    ``direct`` means that the synthesizer has already heard it without us: record and show it,
    but do not sound it.
    """

    seconds: float
    kind: TakeEventKind
    number: int
    value: int
    port: str
    direct: bool = False


class TransportCommand(Enum):
    """A transport button on a keyboard."""

    PLAY = "play"
    STOP = "stop"
    RECORD = "record"


# The three buttons of the DeepComposer keyboard; it sends 127 at the press and 0 at the release.
_DEEPCOMPOSER_BUTTONS = {
    105: TransportCommand.PLAY,
    106: TransportCommand.STOP,
    107: TransportCommand.RECORD,
}
# MIDI Machine Control, F0 7F <device> 06 <command> F7: stop, play, deferred play, record strobe,
# record exit, pause.
_MACHINE_CONTROL = {
    0x01: TransportCommand.STOP,
    0x02: TransportCommand.PLAY,
    0x03: TransportCommand.PLAY,
    0x06: TransportCommand.RECORD,
    0x07: TransportCommand.STOP,
    0x09: TransportCommand.STOP,
}
# Status nibble to kind and number of bytes.
_CHANNEL_MESSAGES: dict[int, tuple[TakeEventKind, int]] = {
    0x80: ("note_off", 3),
    0x90: ("note_on", 3),
    0xA0: ("key_pressure", 3),
    0xB0: ("control", 3),
    0xC0: ("program", 2),
    0xD0: ("channel_pressure", 2),
    0xE0: ("bend", 3),
}


def parse(message: bytes, seconds: float, port: str) -> LiveEvent | TransportCommand | None:
    """One MIDI message as an event or a command; None for what means nothing here.

    A note-on with velocity 0 becomes a note-off, here and nowhere else. Broken messages are None.
    """
    if not message:
        return None
    if message[0] == 0xF0:
        return _machine_control(message)
    kind, length = _CHANNEL_MESSAGES.get(message[0] & 0xF0, (None, 0))
    if kind is None or len(message) != length or max(message[1:]) > 127:
        return None
    if kind == "control" and DEEPCOMPOSER_PORT in port and message[1] in _DEEPCOMPOSER_BUTTONS:
        return _DEEPCOMPOSER_BUTTONS[message[1]] if message[2] else None
    number, value = _number_and_value(kind, message)
    if kind == "note_on" and value == 0:
        kind = "note_off"
    return LiveEvent(seconds, kind, number, value, port)


def _number_and_value(kind: TakeEventKind, message: bytes) -> tuple[int, int]:
    if kind == "bend":
        return 0, message[1] + 128 * message[2] - BEND_CENTRE
    if kind in ("program", "channel_pressure"):
        return 0, message[1]
    return message[1], message[2]


def _machine_control(message: bytes) -> TransportCommand | None:
    if len(message) < 6 or message[1] != 0x7F or message[3] != 0x06 or message[-1] != 0xF7:
        return None
    return _MACHINE_CONTROL.get(message[4])
