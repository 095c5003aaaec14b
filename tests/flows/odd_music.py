"""Music and files that are unusual, damaged, or far too much."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from engine.files.melodies import sample_melodies
from engine.files.midi import write_midi
from engine.music.composition import Composition, MeterChange, TempoChange
from engine.music.note import Note
from engine.music.track import make_track

SCALE = (60, 62, 64, 65, 67, 69, 71, 72)
QUARTER = 480


def write(path: Path, notes: Iterable[Note], program: int = 0, **changes: Any) -> Path:
    """A MIDI file whose melody has these notes."""
    melody = make_track("Melody", tuple(notes), program=program)
    write_midi(Composition(tracks=(melody,), **changes), path)
    return path


def quarters(count: int) -> list[Note]:
    """A scale up and again, a quarter each."""
    return [Note(i * QUARTER, SCALE[i % 8], QUARTER) for i in range(count)]


def unusual(folder: Path) -> list[Path]:
    """Melodies that must simply work."""
    waltz, pickup = (MeterChange(0, 3, 4),), (MeterChange(0, 1, 4), MeterChange(QUARTER, 4, 4))
    slower = (TempoChange(0, 500_000), TempoChange(8 * QUARTER, 700_000))
    return [
        write(folder / "one-note.mid", [Note(0, 60, QUARTER)]),
        write(folder / "waltz.mid", quarters(24), meters=waltz),
        write(folder / "slower.mid", quarters(24), tempos=slower),
        write(folder / "pick-up.mid", quarters(25), meters=pickup),
        write(folder / "300-bars.mid", quarters(1200)),
    ]


def damaged(folder: Path) -> dict[Path, str]:
    """Files that cannot be opened, and words of the sentence that says so."""
    whole = sample_melodies()[0].path.read_bytes()
    files = {
        "text.mid": (b"This is a text.\n", "text.mid is not a MIDI file"),
        "empty.mid": (b"", "empty.mid is empty"),
        "cut.mid": (whole[:20], "cut.mid is a MIDI file without tracks"),
    }
    for name, (content, _) in files.items():
        (folder / name).write_bytes(content)
    return {folder / name: words for name, (_, words) in files.items()}


def cut_in_half(folder: Path) -> Path:
    """A file whose first half can be saved."""
    whole = sample_melodies()[0].path.read_bytes()
    path = folder / "half.mid"
    path.write_bytes(whole[: len(whole) // 2])
    return path


def a_hundred_thousand_notes(folder: Path) -> Path:
    """3125 bars of sixteenths, two at a time."""
    notes = [Note(i * 60, 36 + i % 60, 60) for i in range(100_000)]
    return write(folder / "many.mid", notes)
