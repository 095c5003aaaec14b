"""MIDI files of small songs that the tests make themselves, in folders to be imported."""

from pathlib import Path

from engine.files.midi import write_midi
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import Track

BEAT = 480
TUNE = (0, 2, 4, 5, 7, 5, 4, 2)


def song(number: int, melody: str = "Melody", *, bars: int = 16, lone: bool = False) -> Composition:
    """A tune over a bass and chords, another one for each number; ``lone``: the tune alone."""
    beats = range(4 * bars)
    steps = [TUNE[(beat * (number + 3) + beat // 7) % 8] for beat in beats]
    tune = [Note(beat * BEAT, 60 + number % 12 + step, BEAT) for beat, step in enumerate(steps)]
    bass = [Note(4 * BEAT * bar, 36 + number % 12, 4 * BEAT) for bar in range(bars)]
    chords = [
        Note(4 * BEAT * bar, 48 + number % 12 + third, 4 * BEAT)
        for bar in range(bars)
        for third in (0, 4, 7)
    ]
    parts = [Track(melody, 73).with_notes(tune)]
    if not lone:
        parts += [Track("Bass", 33).with_notes(bass), Track("Keys", 4).with_notes(chords)]
    return Composition(f"Song {number}", tracks=tuple(parts))


def write_songs(folder: Path, count: int = 3, melody: str = "Melody") -> Path:
    """A folder of songs and, beside them, a lone tune and a file that is no music."""
    folder.mkdir(parents=True)
    for number in range(count):
        write_midi(song(number, melody), folder / f"song{number}.mid")
    write_midi(song(count, lone=True), folder / "alone.mid")
    (folder / "broken.mid").write_bytes(b"MThd no music at all")
    return folder
