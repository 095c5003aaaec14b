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
IntArray = npt.NDArray[np.int64]

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
LEADING = frozenset({"dim", "hdim7"})
"""Qualities whose root from outside the scale leads upwards."""
LOWERED_DEGREES = frozenset({3, 8, 10})
"""Semitones above the major tonic of the degrees that are borrowed lowered."""
QUALITY_INDEX = {name: index for index, (name, _, _) in enumerate(QUALITIES)}
NO_CHORD = PITCH_CLASSES * len(QUALITIES)
CHORD_CLASSES = NO_CHORD + 1
NO_BASS = 128
"""Above every pitch: nothing sounds."""

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
    sounding = np.array([(note.pitch, note.duration) for note in notes], int).reshape(-1, 2)
    weights = np.bincount(sounding[:, 0] % PITCH_CLASSES, sounding[:, 1], PITCH_CLASSES)
    return weights.astype(np.float64)


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
    """A chord class as a musician writes it, such as ``Am7``; empty for no chord.

    A root from outside the scale is a lowered third, sixth or seventh (B♭ in C major), but that of
    a diminished chord leads upwards (G♯dim in A minor).
    """
    if index == NO_CHORD:
        return ""
    root, quality = divmod(index, len(QUALITIES))
    degree = (root - scale_tonic) % PITCH_CLASSES
    name = pitch_class_name(root, scale_tonic)
    if degree not in MAJOR_SCALE and QUALITIES[quality][0] in LEADING:
        name = NAMES_SHARP[root]
    elif degree in LOWERED_DEGREES:
        name = NAMES_FLAT[root]
    return name + QUALITIES[quality][1]


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
    sounding = np.asarray(weights, float).reshape(1, PITCH_CLASSES)
    return int(best_chords(sounding, np.array([NO_BASS if bass is None else bass]))[0])


def best_chords(weights: FloatArray, basses: IntArray) -> IntArray:
    """`best_chord` of each row of weights (spans, 12) with each span's bass, or `NO_BASS`."""
    total = weights.sum(1)
    share = weights / np.where(total > 0, total, 1)[:, None]
    missing = (share < 0.02).astype(float) @ TEMPLATES.T / TEMPLATES.sum(1)
    score = share @ TEMPLATES.T - 0.5 * missing - _PLAIN_FIRST
    (with_bass,) = np.nonzero(basses < NO_BASS)
    by_root = score.reshape(-1, PITCH_CLASSES, len(QUALITIES))
    by_root[with_bass, basses[with_bass] % PITCH_CLASSES] += 0.15
    # Chords of the same notes score the same: rounding lets the first of them win, always.
    best = np.argmax(np.round(score, 9), axis=1)
    clear = (np.count_nonzero(weights, axis=1) >= 2) & (total > 0)
    return np.where(clear, best, NO_CHORD)


def implied_chords(tracks: Iterable[Iterable[Note]], boundaries: Sequence[int]) -> tuple[int, ...]:
    """The chord that the tracks imply between each two neighbouring ticks of ``boundaries``.

    Pass pitched tracks only: drums have no harmony.
    """
    edges = np.asarray(boundaries, int)
    spans = max(0, len(edges) - 1)
    weights = np.zeros((spans, PITCH_CLASSES))
    lowest = np.full(spans, NO_BASS)
    notes = [(note.start, note.end, note.pitch) for track in tracks for note in track]
    starts, ends, pitches = np.array(notes, int).reshape(-1, 3).T
    at = np.maximum(0, np.searchsorted(edges, starts, side="right") - 1)
    last = np.minimum(spans, np.searchsorted(edges, ends, side="left"))
    # All notes at once: each turn adds what lies in their next span, until the longest has ended.
    while (inside := at < last).any():
        at, last, starts, ends = at[inside], last[inside], starts[inside], ends[inside]
        pitches = pitches[inside]
        overlap = np.minimum(ends, edges[at + 1]) - np.maximum(starts, edges[at])
        np.add.at(weights, (at, pitches % PITCH_CLASSES), np.maximum(0, overlap))
        np.minimum.at(lowest, at, np.where(overlap > 0, pitches, NO_BASS))
        at = at + 1
    return tuple(int(chord) for chord in best_chords(weights, lowest))
