"""The bytes of a Standard MIDI File: chunks and messages, and no music yet.

Our own reader, because files come from strangers: it keeps what can be read of a damaged file,
and it loses no kind of message. Source: Standard MIDI Files 1.0, RP-001.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.errors import FileError

MAX_BYTES = 32 * 1024 * 1024
MAX_MESSAGES = 1_000_000  # half a million notes: far above any score, a second or two to read
MAX_CHUNKS = 4096
MAX_TRACKS = 256

HEADER, TRACK = b"MThd", b"MTrk"
HEADER_SEARCH = 256  # some files carry a MacBinary or RIFF header before their own
NOTE_OFF, NOTE_ON, KEY_PRESSURE, CONTROL = 0x80, 0x90, 0xA0, 0xB0
PROGRAM, CHANNEL_PRESSURE, BEND = 0xC0, 0xD0, 0xE0
META, SYSTEM = 0xFF, 0xF0
TRACK_NAME, END_OF_TRACK, SET_TEMPO, TIME_SIGNATURE = 0x03, 0x2F, 0x51, 0x58
KEY_SIGNATURE = 0x59
TEXT, LYRIC = 0x01, 0x05
FULL_VOLUME = 0x3FFF
_SYSTEM_LENGTHS = {0xF1: 1, 0xF2: 2, 0xF3: 1}  # illegal in a file, met all the same

Message = tuple[int, int, int, int]  # tick, status with its channel, first and second data byte


class _Damage(Exception):
    """The bytes of a track make no sense from here on."""


@dataclass(slots=True)
class TrackChunk:
    """What one track chunk says, in the order of the file; all times are ticks from its start.

    ``tempos`` are (tick, microseconds a quarter), ``meters`` (tick, numerator, denominator),
    ``keys`` (tick, sharps or minus the flats, whether minor), ``texts``, ``lyrics`` (tick, text).
    ``masters`` are the device's own volume, (tick, 0 to `FULL_VOLUME`).
    ``specials`` counts the meta and system events, also those that are not kept.
    ``cut``: it breaks off or is damaged, and what stands before that was read.
    """

    name: bytes = b""
    messages: list[Message] = field(default_factory=list)
    tempos: list[tuple[int, int]] = field(default_factory=list)
    meters: list[tuple[int, int, int]] = field(default_factory=list)
    keys: list[tuple[int, int, bool]] = field(default_factory=list)
    texts: list[tuple[int, bytes]] = field(default_factory=list)
    lyrics: list[tuple[int, bytes]] = field(default_factory=list)
    masters: list[tuple[int, int]] = field(default_factory=list)
    specials: int = 0
    end: int = 0
    ended: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True)
class MidiChunks:
    """A file's header and tracks; ``division`` is the signed number of its header."""

    kind: int
    division: int
    declared_tracks: int
    tracks: tuple[TrackChunk, ...]


def read_chunks(content: bytes, name: str) -> MidiChunks:
    """The chunks of a file's bytes; ``name`` is the file's in sentences.

    Raises `FileError` where nothing can be read or the file is larger than Tutti opens.
    """
    if not content:
        raise FileError(f"{name} is empty. Choose another file.")
    start = content.find(HEADER, 0, HEADER_SEARCH)
    if start < 0:
        raise FileError(
            f"{name} is not a MIDI file. Choose one that a music program saved as MIDI (.mid)."
        )
    header = content[start : start + 14]
    if len(header) < 14:
        raise FileError(f"{name} breaks off in its first bytes. Choose another copy of it.")
    kind, declared = (int.from_bytes(header[at : at + 2]) for at in (8, 10))
    division = int.from_bytes(header[12:14], signed=True)
    following = start + 8 + max(6, int.from_bytes(header[4:8]))
    return MidiChunks(kind, division, declared, _read_tracks(content, following, name))


def _read_tracks(content: bytes, position: int, name: str) -> tuple[TrackChunk, ...]:
    tracks: list[TrackChunk] = []
    messages = 0
    while position + 8 <= len(content):
        start = position + 8
        end = start + int.from_bytes(content[position + 4 : start])
        if content[position : position + 4] == TRACK:
            chunk, end = _read_track(content, start, end)
            tracks.append(chunk)
            messages += len(chunk.messages) + chunk.specials
            if messages > MAX_MESSAGES or len(tracks) > MAX_CHUNKS:
                raise too_large(name)
        position = end
    return tuple(tracks)


def too_large(name: str) -> FileError:
    """The refusal of a file beyond all measure."""
    return FileError(
        f"{name} is larger than Tutti opens (32 MB, {MAX_MESSAGES:,} events, {MAX_TRACKS} tracks). "
        "Split it in another program first."
    )


def _read_track(content: bytes, start: int, end: int) -> tuple[TrackChunk, int]:
    """The track whose bytes begin at ``start``, and where the next chunk begins.

    A wrong length is mended: by the next track's own beginning, or by the End of Track.
    """
    view = memoryview(content)  # its slices copy nothing, however wrong the lengths are
    chunk, used = _read_events(view[start:end])
    if not chunk.ended and end < len(content) and content[end : end + 4] != TRACK:
        found = content.find(TRACK, end)
        end = found if found >= 0 else len(content)
        chunk, used = _read_events(view[start:end])
    elif chunk.ended and content[start + used : start + used + 4] == TRACK:
        end = start + used
    chunk.cut = chunk.cut or (end > len(content) and not chunk.ended)
    return chunk, end


def _read_events(body: memoryview) -> tuple[TrackChunk, int]:
    """What can be read of a track's bytes, and how many of them that took."""
    chunk = TrackChunk()
    try:
        return chunk, _read_all(body, chunk)
    except (IndexError, _Damage):
        # Past the end of the bytes, or in their midst: what came before is good music.
        chunk.cut = True
        return chunk, len(body)


def _read_all(body: memoryview, chunk: TrackChunk) -> int:
    # Written flat: this loop runs once for each of 200,000 messages of a large file.
    position = tick = status = 0
    length, messages = len(body), chunk.messages
    while position < length and not chunk.ended and len(messages) + chunk.specials <= MAX_MESSAGES:
        delta, position = _variable_length(body, position)
        tick = chunk.end = tick + delta
        if body[position] >= SYSTEM:
            chunk.specials += 1
            position = _read_special(body, position, tick, chunk)
            continue
        if body[position] >= NOTE_OFF:
            status = body[position]
            position += 1
        elif not status:
            raise _Damage
        if status & 0xE0 == PROGRAM:  # program and channel pressure have one data byte
            messages.append((tick, status, body[position], 0))
            position += 1
        else:
            messages.append((tick, status, body[position], body[position + 1]))
            position += 2
    return position


def _variable_length(body: memoryview, position: int) -> tuple[int, int]:
    """The number at ``position``, seven bits a byte, and the position after it."""
    byte = body[position]
    if byte < 0x80:
        return byte, position + 1
    number = byte & 0x7F
    for following in range(position + 1, position + 4):
        byte = body[following]
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            return number, following + 1
    raise _Damage


def _read_special(body: memoryview, position: int, tick: int, chunk: TrackChunk) -> int:
    """Takes the system or meta event at ``position``; the position after it.

    Running status goes on after it, as in many files, though the standard says that it ends.
    """
    status = body[position]
    if status not in (META, 0xF0, 0xF7):
        return position + 1 + _SYSTEM_LENGTHS.get(status, 0)
    kind = body[position + 1] if status == META else _EXCLUSIVE
    length, start = _variable_length(body, position + (2 if status == META else 1))
    if start + length > len(body):
        raise _Damage
    take = _TAKES.get(kind)
    if take is not None:
        take(bytes(body[start : start + length]), tick, chunk)
    return start + length


def _take_name(text: bytes, tick: int, chunk: TrackChunk) -> None:
    chunk.name = chunk.name or text


def _take_end(_text: bytes, _tick: int, chunk: TrackChunk) -> None:
    chunk.ended = True


def _take_tempo(value: bytes, tick: int, chunk: TrackChunk) -> None:
    microseconds = int.from_bytes(value[:3])
    if len(value) >= 3 and microseconds:
        chunk.tempos.append((tick, microseconds))


def _take_meter(value: bytes, tick: int, chunk: TrackChunk) -> None:
    # A denominator beyond the 64th, or no beats at all, is not a meter that anyone wrote.
    if len(value) >= 2 and value[0] and value[1] <= 6:
        chunk.meters.append((tick, value[0], 1 << value[1]))


def _take_key(value: bytes, tick: int, chunk: TrackChunk) -> None:
    sharps = int.from_bytes(value[:1], signed=True)
    if len(value) >= 2 and -7 <= sharps <= 7 and value[1] <= 1:
        chunk.keys.append((tick, sharps, value[1] == 1))


def _take_text(text: bytes, tick: int, chunk: TrackChunk) -> None:
    chunk.texts.append((tick, text))


def _take_lyric(text: bytes, tick: int, chunk: TrackChunk) -> None:
    chunk.lyrics.append((tick, text))


def _take_exclusive(message: bytes, tick: int, chunk: TrackChunk) -> None:
    """Of the messages to a device as a whole its volume, as every maker's understands it."""
    if len(message) >= 6 and message[0] == 0x7F and message[2:4] == b"\x04\x01":
        chunk.masters.append((tick, (message[5] & 0x7F) << 7 | message[4] & 0x7F))


_EXCLUSIVE = -1  # beside the kinds of meta events
_TAKES: dict[int, Callable[[bytes, int, TrackChunk], None]] = {
    _EXCLUSIVE: _take_exclusive,
    TRACK_NAME: _take_name,
    END_OF_TRACK: _take_end,
    SET_TEMPO: _take_tempo,
    TIME_SIGNATURE: _take_meter,
    KEY_SIGNATURE: _take_key,
    TEXT: _take_text,
    LYRIC: _take_lyric,
}
