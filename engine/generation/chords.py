"""Chords that a user gives as hints: what a model is told of marks and of chord sheets."""

from collections.abc import Iterable
from pathlib import Path

from engine.errors import FileError
from engine.generation.request import ChordHint
from engine.music.chord_sheet import parse_sheet
from engine.music.chord_symbols import ChordMark, parse_chord
from engine.music.ticks import MeterMap

MAX_BYTES = 1_000_000


def read_chords(path: Path, meters: MeterMap) -> tuple[ChordHint, ...]:
    """The hints of a chord sheet on a composition's bars. Raises `FileError`, `MusicError`."""
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(MAX_BYTES)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(f"The chords in {path} could not be read: {reason}.") from error
    except UnicodeDecodeError as error:
        raise FileError(f"{path} is not a text of chords.") from error
    return hints_of(parse_sheet(text, meters, path.name))


def hints_of(marks: Iterable[ChordMark]) -> tuple[ChordHint, ...]:
    """Marks as a request takes them; where a mark ends a chord no hint is given."""
    return tuple(
        ChordHint(mark.tick, *(parse_chord(mark.symbol) if mark.symbol else (None, frozenset())))
        for mark in marks
    )
