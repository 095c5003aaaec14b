"""The words of a MIDI file: its lyrics, or the texts of a karaoke file."""

from collections.abc import Iterable, Sequence
from operator import attrgetter

from engine.files.midi_chunks import TrackChunk
from engine.music.lyrics import LONGEST, Lyric

MOST = 50_000
KARAOKE = b"@"
LINE_ENDS = "\r\n"


def lyrics_of(chunks: Sequence[TrackChunk], last_tick: int) -> tuple[Lyric, ...]:
    """The words in order; a karaoke file has them as texts beside its own marks (``@KMIDI``)."""
    found = [lyric for chunk in chunks for lyric in chunk.lyrics]
    if not found:
        sung = [chunk for chunk in chunks if _is_karaoke(chunk)]
        found = [text for chunk in sung for text in chunk.texts if not text[1].startswith(KARAOKE)]
    words = (Lyric(tick, _text(text)) for tick, text in found if tick <= last_tick)
    return tuple(sorted((each for each in words if each.text), key=attrgetter("tick"))[:MOST])


def _is_karaoke(chunk: TrackChunk) -> bool:
    return any(text.startswith(KARAOKE) for _, text in chunk.texts) or _name(chunk) == "words"


def _name(chunk: TrackChunk) -> str:
    return chunk.name.decode("ascii", "replace").strip().casefold()


def _text(text: bytes) -> str:
    """With the spaces and line ends that tell where a word and where a line is over."""
    try:
        words = text.decode("utf-8")
    except UnicodeDecodeError:
        words = text.decode("cp1252", "replace")
    return "".join(_kept(words))[:LONGEST]


def _kept(words: str) -> Iterable[str]:
    return (each for each in words if each.isprintable() or each in LINE_ENDS)
