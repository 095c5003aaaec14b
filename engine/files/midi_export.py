"""A composition becomes the bytes of a MIDI file of type 1.

Tempo and meter stand at the head of track 0, where every reader looks for them, and track 0 is the
melody all the same: so the first track of the file is the first track of the composition.
"""

from collections.abc import Iterable, Iterator
from operator import itemgetter

from engine.errors import FileError
from engine.files.midi_chunks import (
    BEND,
    CHANNEL_PRESSURE,
    CONTROL,
    END_OF_TRACK,
    HEADER,
    KEY_PRESSURE,
    META,
    NOTE_OFF,
    NOTE_ON,
    PROGRAM,
    SET_TEMPO,
    TIME_SIGNATURE,
    TRACK,
    TRACK_NAME,
)
from engine.live.channels import assign_channels
from engine.music.composition import Composition, MeterChange, TempoChange
from engine.music.mix import sounding_controls
from engine.music.track import ControlEvent, ControlKind, Track

MAX_TICKS_PER_QUARTER = 0x7FFF
MAX_MICROSECONDS = 0xFFFFFF  # three bytes: 3.6 quarter notes a minute
MAX_DELTA = 0x0FFFFFFF
TEXT = 0x01
BEND_CENTRE = 8192
CLOCKS_PER_CLICK, NOTATED_32NDS = 24, 8  # the usual values of a time signature's last two bytes

_STATUS: dict[ControlKind, int] = {
    "control": CONTROL,
    "program": PROGRAM,
    "bend": BEND,
    "channel_pressure": CHANNEL_PRESSURE,
    "key_pressure": KEY_PRESSURE,
}

# A message: its tick, its place among those of one tick, its bytes. What ends comes before the
# controllers and what begins after them, so that a repeated note is not cut off as it starts.
_Event = tuple[int, int, bytes]
_FIRST, _ENDS, _CONTROLS, _BEGINS = range(4)


def midi_bytes(composition: Composition) -> bytes:
    """The whole file. Raises `FileError` for what MIDI cannot say."""
    if composition.ticks_per_quarter > MAX_TICKS_PER_QUARTER:
        raise FileError(f"A MIDI file has at most {MAX_TICKS_PER_QUARTER} ticks a quarter note.")
    channels = assign_channels(composition)
    header = b"".join(
        number.to_bytes(2) for number in (1, len(composition.tracks), composition.ticks_per_quarter)
    )
    chunks = [_chunk(HEADER, header)]
    for index, (track, channel) in enumerate(zip(composition.tracks, channels, strict=True)):
        heading = _conductor(composition) if index == 0 else ()
        chunks.append(_chunk(TRACK, _track(track, channel, heading)))
    return b"".join(chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + len(body).to_bytes(4) + body


def _conductor(composition: Composition) -> Iterator[_Event]:
    for meter in composition.meters:
        yield meter.tick, _FIRST, _meter(meter)
    for tempo in composition.tempos:
        yield tempo.tick, _FIRST, _tempo(tempo)


def _meter(change: MeterChange) -> bytes:
    power = change.denominator.bit_length() - 1
    if change.denominator != 1 << power or not 1 <= change.numerator <= 255:
        raise FileError(
            f"A MIDI file cannot hold the meter {change.numerator}/{change.denominator}."
        )
    values = (change.numerator, power, CLOCKS_PER_CLICK, NOTATED_32NDS)
    return _meta(TIME_SIGNATURE, bytes(values))


def _tempo(change: TempoChange) -> bytes:
    if not 1 <= change.microseconds_per_quarter <= MAX_MICROSECONDS:
        raise FileError(
            f"A MIDI file cannot hold {change.beats_per_minute:.3g} beats a minute; "
            "choose a tempo from 4 up."
        )
    return _meta(SET_TEMPO, change.microseconds_per_quarter.to_bytes(3))


def _meta(kind: int, payload: bytes) -> bytes:
    return bytes((META, kind)) + _variable_length(len(payload)) + payload


def _track(track: Track, channel: int, heading: Iterable[_Event]) -> bytes:
    events: list[_Event] = [
        (0, _FIRST, _meta(TRACK_NAME, track.name.encode(errors="replace"))),
        *heading,
    ]
    events.extend(
        (event.tick, _CONTROLS, _control(event, channel)) for event in sounding_controls(track)
    )
    on, off = NOTE_ON | channel, NOTE_OFF | channel
    for note in track.notes:
        events.append((note.start, _BEGINS, bytes((on, note.pitch, note.velocity))))
        events.append((note.start + note.duration, _ENDS, bytes((off, note.pitch, 0))))
    events.sort(key=itemgetter(0, 1))
    return _timed(events) + b"\x00" + _meta(END_OF_TRACK, b"")


def _control(event: ControlEvent, channel: int) -> bytes:
    status = _STATUS[event.kind] | channel
    if event.kind in ("program", "channel_pressure"):
        return bytes((status, event.value))
    if event.kind == "bend":
        value = event.value + BEND_CENTRE
        return bytes((status, value & 0x7F, value >> 7))
    return bytes((status, event.number, event.value))


def _timed(events: Iterable[_Event]) -> bytes:
    """The messages, each after the ticks since the one before."""
    parts: list[bytes] = []
    now = 0
    for tick, _, message in events:
        while tick - now > MAX_DELTA:  # too long for one number: an empty text on the way
            parts.append(_variable_length(MAX_DELTA) + _meta(TEXT, b""))
            now += MAX_DELTA
        parts.append(_variable_length(tick - now))
        parts.append(message)
        now = tick
    return b"".join(parts)


def _variable_length(number: int) -> bytes:
    """Seven bits a byte, the highest first; all but the last have the top bit set."""
    if number < 0x80:
        return _SHORT[number]
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return bytes(reversed(groups))


_SHORT = tuple(bytes((number,)) for number in range(0x80))
