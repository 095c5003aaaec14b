"""Keys, scales and chords: what a melody and its accompaniment imply.

Pitch classes are 0 (C) to 11 (B). A chord is a root and a quality; the qualities and their pitch
classes are one table, so that data sets, networks, hints and the window mean the same by a name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.music.note import Note

FloatArray = npt.NDArray[np.float64]

PITCH_CLASSES = 12
NAMES_SHARP = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
NAMES_FLAT = ("C", "D♭", "D", "E♭", "E", "F", "G♭", "G", "A♭", "A", "B♭", "B")
FLAT_MAJOR_KEYS = frozenset({1, 3, 5, 8, 10})
MAJOR_SCALE = (0, 2, 4, 5, 7, 9, 11)

# (name in data sets, suffix on paper, pitch classes above the root)
QUALITIES: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("maj", "", (0, 4, 7)),
    ("min", "m", (0, 3, 7)),
    ("sus2", "sus2", (0, 2, 7)),
    ("sus4", "sus4", (0, 5, 7)),
    ("7", "7", (0, 4, 7, 10)),
    ("maj7", "maj7", (0, 4, 7, 11)),
    ("min7", "m7", (0, 3, 7, 10)),
    ("dim", "dim", (0, 3, 6)),
    ("hdim7", "m7♭5", (0, 3, 6, 10)),
    ("aug", "aug", (0, 4, 8)),
)
QUALITY_INDEX = {name: index for index, (name, _, _) in enumerate(QUALITIES)}
NO_CHORD = PITCH_CLASSES * len(QUALITIES)
CHORD_CLASSES = NO_CHORD + 1

# Krumhansl and Kessler's probe-tone profiles (Krumhansl, Cognitive Foundations of Musical Pitch,
# 1990).
MAJOR_PROFILE = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
MINOR_PROFILE = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)


@dataclass(frozen=True, slots=True)
class Key:
    """A key: its tonic's pitch class, and whether it is minor."""

    tonic: int
    minor: bool = False

    @property
    def scale_tonic(self) -> int:
        """Tonic of the major scale with the same notes (the relative major for a minor key)."""
        return (self.tonic + 3) % PITCH_CLASSES if self.minor else self.tonic

    @property
    def scale(self) -> frozenset[int]:
        """Pitch classes of the diatonic scale."""
        return frozenset((self.scale_tonic + step) % PITCH_CLASSES for step in MAJOR_SCALE)

    @property
    def name(self) -> str:
        """Such as ``C major`` or ``F♯ minor``."""
        return (
            f"{pitch_class_name(self.tonic, self.scale_tonic)} {'minor' if self.minor else 'major'}"
        )


def pitch_class_name(pitch_class: int, scale_tonic: int = 0) -> str:
    """The pitch class as it is spelled in the major scale on ``scale_tonic``."""
    names = NAMES_FLAT if scale_tonic in FLAT_MAJOR_KEYS else NAMES_SHARP
    return names[pitch_class % PITCH_CLASSES]


def pitch_name(pitch: int, scale_tonic: int = 0) -> str:
    """Name and octave, middle C (60) being C4."""
    return f"{pitch_class_name(pitch, scale_tonic)}{pitch // PITCH_CLASSES - 1}"


def pitch_class_weights(notes: Iterable[Note]) -> FloatArray:
    """How long each pitch class sounds, in ticks, shape (12,)."""
    weights = np.zeros(PITCH_CLASSES)
    for note in notes:
        weights[note.pitch % PITCH_CLASSES] += note.duration
    return weights


def estimate_key(notes: Iterable[Note]) -> Key | None:
    """The key that fits the notes best, None without notes.

    Krumhansl and Schmuckler's algorithm: the correlation of the duration-weighted pitch-class
    histogram with the 24 rotated key profiles.
    """
    weights = pitch_class_weights(notes)
    if not weights.any():
        return None
    keys = [Key(tonic, minor) for minor in (False, True) for tonic in range(PITCH_CLASSES)]
    profiles = (MAJOR_PROFILE, MINOR_PROFILE)
    fits = [_correlation(weights, np.roll(profiles[key.minor], key.tonic)) for key in keys]
    return keys[int(np.argmax(fits))]


def _correlation(first: FloatArray, second: FloatArray) -> float:
    a, b = first - first.mean(), second - second.mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / scale if scale else 0.0


def chord_index(root: int, quality: str) -> int:
    """Class of a chord in `CHORD_CLASSES`, from its root and its quality's name."""
    return (root % PITCH_CLASSES) * len(QUALITIES) + QUALITY_INDEX[quality]


def chord_vector(index: int) -> tuple[int, ...]:
    """A chord class as 24 zeros and ones: the root, then the pitch-class set; all zero for none."""
    vector = [0] * (2 * PITCH_CLASSES)
    if index != NO_CHORD:
        root, quality = divmod(index, len(QUALITIES))
        vector[root] = 1
        for interval in QUALITIES[quality][2]:
            vector[PITCH_CLASSES + (root + interval) % PITCH_CLASSES] = 1
    return tuple(vector)


def chord_name(index: int, scale_tonic: int = 0) -> str:
    """A chord class as a musician writes it, such as ``Am7``; empty for no chord."""
    if index == NO_CHORD:
        return ""
    root, quality = divmod(index, len(QUALITIES))
    return pitch_class_name(root, scale_tonic) + QUALITIES[quality][1]


def _template_matrix() -> FloatArray:
    return np.array([chord_vector(index)[PITCH_CLASSES:] for index in range(NO_CHORD)], float)


TEMPLATES = _template_matrix()
_PLAIN_FIRST = 1e-3 * np.array(
    [QUALITY_INDEX[QUALITIES[i % len(QUALITIES)][0]] for i in range(NO_CHORD)]
)


def best_chord(weights: Sequence[float] | FloatArray, bass: int | None = None) -> int:
    """The chord that explains most of the sounding time per pitch class (shape (12,)).

    What lies inside counts for, what lies outside against it, and so does a chord tone that never
    sounds; a bass on the root breaks ties. `NO_CHORD` for fewer than two pitch classes.
    """
    sounding = np.asarray(weights, float)
    total = sounding.sum()
    if np.count_nonzero(sounding) < 2 or total <= 0:
        return NO_CHORD
    share = sounding / total
    inside = TEMPLATES @ share
    missing = TEMPLATES @ (share < 0.02) / TEMPLATES.sum(1)
    score = inside - 0.5 * missing - _PLAIN_FIRST
    if bass is not None:
        score[(bass % PITCH_CLASSES) * len(QUALITIES) :][: len(QUALITIES)] += 0.15
    return int(np.argmax(score))


def implied_chords(tracks: Iterable[Iterable[Note]], boundaries: Sequence[int]) -> tuple[int, ...]:
    """The chord that the tracks imply between each two neighbouring ticks of ``boundaries``.

    Pass pitched tracks only: drums have no harmony.
    """
    edges = np.asarray(boundaries)
    spans = max(0, len(edges) - 1)
    weights = np.zeros((spans, PITCH_CLASSES))
    lowest = np.full(spans, 128)
    for notes in tracks:
        for note in notes:
            first = max(0, int(np.searchsorted(edges, note.start, side="right")) - 1)
            last = min(spans, int(np.searchsorted(edges, note.end, side="left")))
            for span in range(first, last):
                overlap = min(note.end, edges[span + 1]) - max(note.start, edges[span])
                if overlap > 0:
                    weights[span, note.pitch % PITCH_CLASSES] += overlap
                    lowest[span] = min(lowest[span], note.pitch)
    return tuple(
        best_chord(row, int(low) if low < 128 else None)
        for row, low in zip(weights, lowest, strict=True)
    )
