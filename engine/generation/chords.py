"""Chord sheets: what a user writes as hints, in plain text.

Two ways of writing, which may be mixed; ``#`` at a line's start or after a space begins a comment::

    1.1 C            bar.beat, then the chord that holds from there on
    2.3 G7
    | C | Am F | % |     bars one after another; a bar's chords share it evenly, % repeats one

Bars are counted as on the ruler: a pick-up is bar 1. ``N.C.`` (or ``-``) is no hint. A chord is a
root (``C``, ``F#``, ``Bb``), a quality of the table below, and a bass after a slash if wanted.
"""

import re
from pathlib import Path

from engine.errors import FileError, MusicError
from engine.generation.request import ChordHint
from engine.music import harmony
from engine.music.ticks import MeterMap

ROOTS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
ACCIDENTALS = {"#": 1, "♯": 1, "b": -1, "♭": -1}
NO_CHORD = frozenset({"N.C.", "NC", "N", "-"})
REPEAT = "%"
MAX_BYTES = 1_000_000
MAX_BAR = 100_000

# How the qualities that all of Tutti knows are written after the root.
SPELLINGS: dict[str, tuple[str, ...]] = {
    "maj": ("", "M", "maj", "major"),
    "min": ("m", "min", "minor", "-"),
    "sus2": ("sus2",),
    "sus4": ("sus4", "sus"),
    "7": ("7",),
    "maj7": ("maj7", "M7", "Δ", "Δ7"),
    "min7": ("m7", "min7", "-7"),
    "dim": ("dim", "°", "o"),
    "hdim7": ("m7b5", "m7♭5", "ø", "ø7", "hdim7"),
    "aug": ("aug", "+"),
}
# What only chord sheets name: suffixes, and the semitones above the root.
FURTHER: dict[str, tuple[int, ...]] = {
    "5": (0, 7),
    "7sus4": (0, 5, 7, 10),
    "6": (0, 4, 7, 9),
    **dict.fromkeys(("m6", "min6"), (0, 3, 7, 9)),
    **dict.fromkeys(("mM7", "mmaj7", "m(maj7)"), (0, 3, 7, 11)),
    **dict.fromkeys(("dim7", "°7", "o7"), (0, 3, 6, 9)),
    **dict.fromkeys(("7#5", "+7", "aug7"), (0, 4, 8, 10)),
    "7b9": (0, 1, 4, 7, 10),
    **dict.fromkeys(("add9", "add2"), (0, 2, 4, 7)),
    "6/9": (0, 2, 4, 7, 9),
    "9": (0, 2, 4, 7, 10),
    **dict.fromkeys(("maj9", "M9"), (0, 2, 4, 7, 11)),
    **dict.fromkeys(("m9", "min9"), (0, 2, 3, 7, 10)),
    "11": (0, 2, 5, 7, 10),
    "m11": (0, 2, 3, 5, 7, 10),
    "13": (0, 2, 4, 7, 9, 10),
}
QUALITIES: dict[str, tuple[int, ...]] = FURTHER | {
    suffix: classes for name, _, classes in harmony.QUALITIES for suffix in SPELLINGS[name]
}
CHORD = re.compile(r"([A-G])([#♯b♭]?)(.*)", re.DOTALL)
PLACED = re.compile(r"(\d+)\.(\d+)\s+(\S+)")
COMMENT = re.compile(r"(^|\s)#.*")


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
    return parse_chords(text, meters, path.name)


def parse_chords(text: str, meters: MeterMap, where: str = "The chords") -> tuple[ChordHint, ...]:
    """The hints of a sheet's text. Raises `MusicError` with a sentence that names the line."""
    hints: list[ChordHint] = []
    bar, before = 1, list[str]()
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        plain = COMMENT.sub("", line).strip()
        try:
            if plain.startswith("|"):
                bar = _bars(plain, bar, before, meters, hints)
            elif plain:
                bar = _placed(plain, meters, hints)
        except ValueError as error:
            raise MusicError(f"{where}, line {number}: {error}") from error
    if not hints:
        raise MusicError(f"{where}: there is no chord in it.")
    return tuple(sorted(hints, key=lambda hint: hint.tick))


def parse_chord(name: str) -> tuple[int | None, frozenset[int]]:
    """Root and pitch classes of a chord's name. Raises `ValueError` with a clause."""
    if name in NO_CHORD:
        return None, frozenset()
    match = CHORD.fullmatch(name)
    quality, bass = _split_bass(match[3]) if match else ("?", "")
    if match is None or quality not in QUALITIES:
        raise ValueError(f"“{name}” is not a chord that Tutti knows.")
    root = (ROOTS[match[1]] + ACCIDENTALS.get(match[2], 0)) % 12
    classes = {(root + interval) % 12 for interval in QUALITIES[quality]}
    if bass:
        lowest, _classes = parse_chord(bass)
        classes |= set() if lowest is None else {lowest}
    return root, frozenset(classes)


def _split_bass(suffix: str) -> tuple[str, str]:
    """Quality and bass; 6/9 is a quality."""
    quality, slash, bass = suffix.rpartition("/")
    if not slash or suffix in QUALITIES:
        return suffix, ""
    return quality, bass if CHORD.fullmatch(bass) else "?"


def _placed(line: str, meters: MeterMap, hints: list[ChordHint]) -> int:
    """One ``bar.beat chord`` line; the bar after it."""
    match = PLACED.fullmatch(line)
    if match is None:
        raise ValueError("write “bar.beat chord”, such as “2.1 Am”, or bars between “|”.")
    bar, beat = int(match[1]), int(match[2])
    if not 1 <= bar <= MAX_BAR or beat < 1:
        raise ValueError("bars and beats are counted from 1.")
    start = meters.bar_start(bar)
    tick = start + (beat - 1) * meters.beat_ticks_at(start)
    if tick >= meters.bar_start(bar + 1):
        raise ValueError(f"bar {bar} has no beat {beat}.")
    hints.append(ChordHint(tick, *parse_chord(match[3])))
    return bar + 1


def _bars(line: str, bar: int, before: list[str], meters: MeterMap, hints: list[ChordHint]) -> int:
    """Bars from ``bar`` on, the last one's names in ``before``; the bar after them."""
    for written in filter(None, line.split("|")):
        names = written.split()
        before[:] = before if names == [REPEAT] else names
        start, length = meters.bar_start(bar), meters.bar_start(bar + 1) - meters.bar_start(bar)
        for index, name in enumerate(before):
            if name != REPEAT:
                tick = start + index * length // len(before)
                hints.append(ChordHint(tick, *parse_chord(name)))
        bar += 1
        if bar > MAX_BAR:
            raise ValueError("that are more bars than Tutti counts.")
    return bar
