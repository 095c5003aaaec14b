"""MIDI files that the tests write: a small band, hymns in four voices, drums."""

from collections.abc import Sequence
from pathlib import Path

from engine.files.midi import write_midi
from engine.music.composition import Composition, MeterChange
from engine.music.note import Note
from engine.music.track import Track, make_track

BEAT = 480
TUNE = (72, 74, 76, 77)


def line(pitches: Sequence[int], length: int = BEAT, start: int = 0) -> list[Note]:
    """One note after the other."""
    return [Note(start + i * length, pitch, length) for i, pitch in enumerate(pitches)]


def triads(roots: Sequence[int], length: int = 4 * BEAT) -> list[Note]:
    """Major triads, one after the other."""
    return [
        Note(i * length, root + above, length)
        for i, root in enumerate(roots)
        for above in (0, 4, 7)
    ]


def band(bars: int = 4, shift: int = 0) -> tuple[Track, ...]:
    """Melody, piano, flute, bass and drums; ``shift`` transposes all but the drums."""
    return (
        make_track("Melody", line([72 + shift, 74 + shift, 76 + shift, 77 + shift] * bars)),
        make_track("Piano", triads([60 + shift, 65 + shift, 67 + shift, 60 + shift] * (bars // 4))),
        make_track(
            "Flute", line([79 + shift, 77 + shift, 76 + shift, 74 + shift] * bars), program=73
        ),
        make_track("Low", line([36 + shift, 36 + shift, 41 + shift, 43 + shift] * bars)),
        make_track("Kit", line([36, 38] * 2 * bars), is_drum=True),
    )


def write_song(path: Path, tracks: Sequence[Track] = (), **changes: object) -> Path:
    """Write a file; without tracks, the band's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_midi(Composition(tracks=tuple(tracks) or band(), **changes), path)  # type: ignore[arg-type]
    return path


def waltz() -> tuple[MeterChange, ...]:
    """Three quarters a bar."""
    return (MeterChange(0, 3, 4),)


def hymn(names: Sequence[str] = ("", "", "", "")) -> tuple[Track, ...]:
    """Four single lines, the first the highest."""
    lows = (72, 65, 60, 48)
    return tuple(
        make_track(name, line([low, low + 2, low + 4, low + 2] * 4))
        for name, low in zip(names, lows, strict=True)
    )
