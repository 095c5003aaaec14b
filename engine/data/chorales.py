"""The JSB chorales (Boulanger-Lewandowski et al., ICML 2012): four voices on a sixteenth grid.

The file is JSON: per split a list of pieces, each a list of [soprano, alto, tenor, bass] pitches a
step, −1 for a rest. It has no bar lines, and a repeated note looks like a held one.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.data.corpus import STEPS_PER_BEAT, CorpusCard, RoleNote, Song
from engine.errors import DataError
from engine.music.harmony import NO_CHORD

FILE = "Jsb16thSeparated.json"
VELOCITY = 80
CARD = CorpusCard(
    name="jsb",
    version="9a7f733",
    licence="none stated (Bach: public domain)",
    roles=("Soprano", "Alto", "Tenor", "Bass"),
    programs=(73, 71, 70, 43),
    tags=("classical",),
)


def is_chorales(folder: Path) -> bool:
    """Whether the folder holds the chorales' file."""
    return (folder / FILE).is_file()


def songs(folder: Path) -> Iterator[Song]:
    """All chorales of all splits. Raises `DataError`."""
    try:
        splits = json.loads((folder / FILE).read_text("utf-8"))
        for split in sorted(splits):
            for number, piece in enumerate(splits[split]):
                yield _song(f"jsb/{split}-{number:03d}", piece)
    except (OSError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise DataError(f"The chorales in {folder} cannot be read.") from error


def _song(name: str, piece: Sequence[Sequence[float]]) -> Song:
    steps = len(piece)
    notes = [
        note for role in range(4) for note in _voice(role, [int(chord[role]) for chord in piece])
    ]
    beats = -(-steps // STEPS_PER_BEAT)
    return Song(name, tuple(sorted(notes)), beats, 4, 0, (NO_CHORD,) * beats)


def _voice(role: int, pitches: Sequence[int]) -> Iterator[RoleNote]:
    begin = 0
    for step in range(1, len(pitches) + 1):
        if step == len(pitches) or pitches[step] != pitches[begin]:
            if pitches[begin] >= 0:
                yield RoleNote(role, begin, pitches[begin], step - begin, VELOCITY)
            begin = step
