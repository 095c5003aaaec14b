"""The JSB chorales (Boulanger-Lewandowski et al., ICML 2012): four voices on a sixteenth grid.

The file is JSON: per split a list of pieces, each a list of [soprano, alto, tenor, bass] pitches a
step, −1 for a rest. It has no bar lines, and a repeated note looks like a held one.
"""

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from engine.data.arrangement import Reading, content_mark, melody_mark
from engine.data.rules import RoleRule
from engine.data.song import STEPS_PER_BEAT, CorpusCard, IntArray, Song
from engine.data.song_report import CORRECTED, FileReport, TrackReport
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


def files(folder: Path) -> Iterator[str]:
    """The chorales of all splits, as ``FILE#train-000``. Raises `DataError`."""
    splits = _splits(folder)
    for split in sorted(splits):
        for number in range(len(splits[split])):
            yield f"{FILE}#{split}-{number:03d}"


def read(folder: Path, path: str, rule: RoleRule) -> Reading:
    """One chorale, unless the rule leaves it out. Raises `DataError` for a damaged file."""
    if rule.leaves_out(path):
        return Reading(FileReport(path, kept=False, reason=CORRECTED))
    name = path.partition("#")[2]
    split, _, number = name.rpartition("-")
    try:
        piece = np.array(_splits(folder)[split][int(number)], float)
        notes = _notes(piece)
    except (ValueError, TypeError, IndexError, KeyError) as error:
        raise _damaged(folder) from error
    beats = -(-len(piece) // STEPS_PER_BEAT)
    chords = np.full(beats, NO_CHORD, np.int16)
    song = Song(f"jsb/{name}", notes, beats, 4, 0, chords, melody=melody_mark(notes))
    tracks = tuple(
        TrackReport(role, word, CARD.programs[role], 0, int((notes[:, 0] == role).sum()), word, why)
        for role, (word, why) in enumerate(
            (word, f"voice {n}") for n, word in enumerate(CARD.roles, 1)
        )
    )
    kept = FileReport(path, kept=True, meter="4/4", bars=beats // 4, tracks=tracks)
    return Reading(kept, (song,), content_mark(notes, drums=-1) if len(notes) else "")


@lru_cache(maxsize=1)
def _splits(folder: Path) -> dict[str, Sequence[Any]]:
    try:
        splits: dict[str, Sequence[Any]] = json.loads((folder / FILE).read_text("utf-8"))
        if not all(isinstance(pieces, list) for pieces in splits.values()):
            raise ValueError("A split is a list of pieces.")
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise _damaged(folder) from error
    return splits


def _damaged(folder: Path) -> DataError:
    return DataError(f"The chorales in {folder} cannot be read.")


def _notes(piece: Any) -> IntArray:
    """Notes (note, 5) of a piece (step, voice)."""
    if piece.ndim != 2 or piece.shape[1] < 4 or not (piece < 128).all():
        raise ValueError("A piece is a list of four pitches a step.")
    rows = []
    for role in range(4):
        pitch = piece[:, role].astype(np.int32)
        begins = np.flatnonzero(np.concatenate([[True], pitch[1:] != pitch[:-1]]))
        lengths = np.diff(np.append(begins, len(pitch)))
        held = np.full(len(begins), VELOCITY)
        voice = np.stack((np.full(len(begins), role), begins, pitch[begins], lengths, held), 1)
        rows.append(voice[pitch[begins] >= 0])
    notes: IntArray = np.concatenate(rows).astype(np.int32)
    return notes
