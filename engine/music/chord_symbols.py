"""Chords as they are written: ``C``, ``Am7``, ``F/A``, ``B♭m7♭5``.

A symbol is a root (``C``, ``F#``, ``Bb``), a quality of the table below, and a bass after a slash
if wanted. ``N.C.`` and ``-`` stand for no chord.
"""

import re
from dataclasses import dataclass

from engine.errors import MusicError
from engine.music import harmony

ROOTS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
ACCIDENTALS = {"#": 1, "♯": 1, "b": -1, "♭": -1}
NO_CHORD = frozenset({"N.C.", "N.C", "NC", "N", "-", "–"})
LONGEST = 24
"""Letters of a symbol; nobody writes a longer one."""

# How the qualities that all of Tutti knows are written after the root.
SPELLINGS: dict[str, tuple[str, ...]] = {
    "maj": ("", "M", "maj", "major"),
    "min": ("m", "min", "minor", "mi", "-"),
    "sus2": ("sus2",),
    "sus4": ("sus4", "sus"),
    "7": ("7", "dom7"),
    "maj7": ("maj7", "M7", "ma7", "j7", "Δ", "Δ7"),
    "min7": ("m7", "min7", "mi7", "-7"),
    "dim": ("dim", "°", "o"),
    "hdim7": ("m7♭5", "min7♭5", "-7♭5", "ø", "ø7", "hdim7"),
    "aug": ("aug", "+"),
}
# What only chord sheets name: suffixes, and the semitones above the root.
FURTHER: dict[str, tuple[int, ...]] = {
    "5": (0, 7),
    **dict.fromkeys(("7sus4", "7sus"), (0, 5, 7, 10)),
    "6": (0, 4, 7, 9),
    **dict.fromkeys(("m6", "min6"), (0, 3, 7, 9)),
    **dict.fromkeys(("mM7", "mmaj7", "mΔ7"), (0, 3, 7, 11)),
    **dict.fromkeys(("dim7", "°7", "o7"), (0, 3, 6, 9)),
    **dict.fromkeys(("7♯5", "+7", "aug7"), (0, 4, 8, 10)),
    "7♭5": (0, 4, 6, 10),
    "7♭9": (0, 1, 4, 7, 10),
    "7♯9": (0, 3, 4, 7, 10),
    **dict.fromkeys(("add9", "add2", "2"), (0, 2, 4, 7)),
    **dict.fromkeys(("madd9", "madd2"), (0, 2, 3, 7)),
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
_PRINTED: dict[tuple[int, ...], str] = {
    **{classes: suffix for suffix, classes in reversed(FURTHER.items())},
    **{classes: suffix for _, suffix, classes in harmony.QUALITIES},
}
CHORD = re.compile(r"([A-Ga-g])([#♯b♭]?)(.*)", re.DOTALL)
GERMAN = re.compile(r"[Hh]([#♯b♭]?)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, order=True)
class ChordMark:
    """From ``tick`` on, until the next mark, the chord of this symbol; an empty one ends it.

    Raises `MusicError` for what is no chord's symbol; it is kept as `symbol_of` writes it.
    """

    tick: int
    symbol: str = ""

    def __post_init__(self) -> None:
        if self.tick < 0:
            raise MusicError("A chord cannot stand before the composition does.")
        try:
            written = symbol_of(self.symbol)
        except ValueError as error:
            raise MusicError(f"{error}") from error
        object.__setattr__(self, "symbol", written)


def parse_chord(name: str) -> tuple[int | None, frozenset[int]]:
    """Root and pitch classes of a chord's name. Raises `ValueError` with a sentence."""
    root, quality, bass = _parts(name)
    if root is None:
        return None, frozenset()
    classes = {(root + interval) % 12 for interval in QUALITIES[quality]}
    if bass:
        classes.add(_pitch_class(bass))
    return root, frozenset(classes)


def symbol_of(name: str) -> str:
    """A chord's name as it is printed: ``bbm7b5`` is ``B♭m7♭5``; empty for no chord.

    Raises `ValueError` with a sentence.
    """
    if not name.strip():
        return ""
    root, quality, bass = _parts(name)
    if root is None:
        return ""
    plain = name.strip()
    letter = plain[: 2 if plain[1:2] in ACCIDENTALS else 1]
    return f"{_printed(letter)}{_PRINTED[QUALITIES[quality]]}{f'/{_printed(bass)}' if bass else ''}"


def _parts(name: str) -> tuple[int | None, str, str]:
    """Root (None for no chord), quality as in the table, and bass. Raises `ValueError`."""
    plain = name.strip()
    if plain in NO_CHORD:
        return None, "", ""
    match = CHORD.fullmatch(plain) if len(plain) <= LONGEST else None
    if match is None:
        raise _unknown(plain)
    quality, bass = _split_bass(_tidied(match[3]))
    if quality not in QUALITIES:
        raise _unknown(plain)
    return _pitch_class(match[1] + match[2]), quality, bass


def _unknown(name: str) -> ValueError:
    german = GERMAN.fullmatch(name)
    if german is not None:
        english = {"": "B", "b": "Bb", "♭": "Bb"}.get(german[1], "B" + german[1])
        return ValueError(f"“{name}” is not a chord that Tutti knows; write {english} for H.")
    shown = name if len(name) <= LONGEST else f"{name[:LONGEST]}…"
    return ValueError(f"“{shown}” is not a chord that Tutti knows; write C, Am7 or F/A.")


def _tidied(suffix: str) -> str:
    """Without brackets and with printed accidentals: ``m7(b5)`` is ``m7♭5``."""
    plain = suffix.replace("(", "").replace(")", "")
    return re.sub(r"b(?=\d)", "♭", re.sub(r"#(?=\d)", "♯", plain))


def _split_bass(suffix: str) -> tuple[str, str]:
    """Quality and bass; 6/9 is a quality."""
    quality, slash, bass = suffix.rpartition("/")
    if not slash or suffix in QUALITIES:
        return suffix, ""
    match = CHORD.fullmatch(bass)
    return (quality, bass) if match and not match[3] else ("?", "")


def _pitch_class(name: str) -> int:
    return (ROOTS[name[0].upper()] + ACCIDENTALS.get(name[1:], 0)) % 12


def _printed(name: str) -> str:
    """A root or bass: ``bb`` is ``B♭``."""
    return name[0].upper() + name[1:].replace("#", "♯").replace("b", "♭")
