"""MIDI files written out as bytes, for tests of what reads them."""

from collections.abc import Callable

from engine.files.midi import ImportedMidi
from engine.music.note import Note

TEXT, TRACK_NAME, TEMPO, METER = 0x01, 0x03, 0x51, 0x58
END = "00 FF 2F 00"
A_NOTE = "00 90 3C 50  60 80 3C 00 "  # C4 for 96 ticks

Read = Callable[[bytes], ImportedMidi]


def notes_of(imported: ImportedMidi) -> tuple[Note, ...]:
    """The melody's notes."""
    return imported.composition.melody.notes


def midi_file(
    kind: int, division: int, *tracks: str | bytes, announced: int | None = None
) -> bytes:
    """A whole file of tracks in hex (or as bytes), each without its header."""
    count = len(tracks) if announced is None else announced
    header = b"".join(n.to_bytes(2) for n in (kind, count)) + division.to_bytes(
        2, signed=division < 0
    )
    return chunk(b"MThd", header) + b"".join(chunk(b"MTrk", body) for body in tracks)


def chunk(name: bytes, body: str | bytes) -> bytes:
    """A chunk with its true length."""
    body = bytes.fromhex(body) if isinstance(body, str) else body
    return name + len(body).to_bytes(4) + body


def meta(kind: int, payload: bytes) -> str:
    """A meta event without time, in hex."""
    return f"00 FF {kind:02X} {len(payload):02X} {payload.hex(' ')} "


def name(text: str) -> str:
    """A track's name, in hex."""
    return meta(TRACK_NAME, text.encode())
