"""Measures of single parts: voices under a soprano, a bass on its roots, drums on their places.

Definitions after the project's measures: figures mean something only beside people's own.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from engine.data.measures import (
    BoolArray,
    FloatArray,
    Notes,
    Segment,
    chroma,
    overlap,
    sounding,
)
from engine.music.harmony import PITCH_CLASSES
from engine.music.piano_roll import StepNote

CONSONANT = frozenset({0, 3, 4, 5, 7, 8, 9})
TRIADS = 24
POSITIONS = 16
KICKS, SNARES, HATS = {35, 36}, {37, 38, 39, 40}, {42, 44, 46}
DRUM_GROUPS = ("kick", "snare", "hat", "others")


Line = list[int | None]


def _lines(notes: Notes, steps: int) -> Line:
    """What a one-voice part sounds at each step; of several the lowest."""
    line: Line = [None] * steps
    for note in sorted(notes, key=lambda each: -each.pitch):
        for step in range(note.step, min(steps, note.step + note.length)):
            line[step] = note.pitch
    return line


def consonance(part: Notes, segment: Segment) -> float:
    """Percent of a part's steps under a melody note that are 0, 3, 4, 5, 7, 8 or 9 semitones off.

    Modulo the octave.
    """
    pairs = [
        (above, below)
        for above, below in zip(
            _lines(segment.melody, segment.steps), _lines(part, segment.steps), strict=True
        )
        if above is not None and below is not None
    ]
    if not pairs:
        return float("nan")
    good = sum((above - below) % PITCH_CLASSES in CONSONANT for above, below in pairs)
    return 100.0 * good / len(pairs)


def silent_steps(part: Notes, segment: Segment) -> float:
    """Percent of the melody's sounding steps on which a part is silent."""
    melody: BoolArray = np.any(sounding(segment.melody, segment.steps), axis=1)
    voice: BoolArray = np.any(sounding(part, segment.steps), axis=1)
    total = int(melody.sum())
    return 100.0 * float((melody & ~voice).sum()) / total if total else float("nan")


def lines_of_voices(segment: Segment) -> list[Line]:
    """What the melody and each part sound at each step."""
    return [_lines(part, segment.steps) for part in (segment.melody, *segment.tracks)]


def crossings(segment: Segment) -> float:
    """Percent of steps on which two neighbouring voices (the melody the highest) have crossed."""
    lines = lines_of_voices(segment)
    crossed = total = 0
    for step in range(segment.steps):
        chord = [line[step] for line in lines]
        if all(pitch is not None for pitch in chord):
            total += 1
            known = [pitch for pitch in chord if pitch is not None]
            crossed += any(low > high for high, low in pairwise(known))
    return 100.0 * crossed / total if total else float("nan")


def roots_under(segment: Segment) -> list[int | None]:
    """The root of the best triad of each half bar of a segment; None where nothing sounds."""
    weights = chroma(sounding(segment.accompaniment, segment.steps))
    roots: list[int | None] = []
    half = segment.half_bar
    for start in range(0, segment.steps - half + 1, half):
        span = weights[start : start + half].sum(0)
        fits = [float(span @ triad) for triad in _TRIAD_ROWS]
        roots.append(int(np.argmax(fits)) // 2 if span.any() else None)
    return roots


def root_of(lines: Sequence[Line]) -> int | None:
    """The root of the triad that fits some voices best; of two that fit as well, the lowest note.

    None where fewer than two pitch classes sound.
    """
    sounds = [pitch for line in lines for pitch in line if pitch is not None]
    classes = np.bincount([pitch % PITCH_CLASSES for pitch in sounds], minlength=PITCH_CLASSES)
    if np.count_nonzero(classes) < 2:
        return None
    lowest = 2 * (min(sounds) % PITCH_CLASSES)
    fits = _TRIAD_ROWS @ classes.astype(float)
    fits[lowest : lowest + 2] += 0.5
    return int(np.argmax(fits)) // 2


def _triad_rows() -> FloatArray:
    rows = np.zeros((TRIADS, PITCH_CLASSES))
    for root in range(PITCH_CLASSES):
        for minor in (0, 1):
            for step in (0, 3 if minor else 4, 7):
                rows[2 * root + minor, (root + step) % PITCH_CLASSES] = 1
    return rows


_TRIAD_ROWS = _triad_rows()


def bass_on_root(segment: Segment, human: Segment) -> float:
    """Percent of half bars whose lowest note at the beginning is the root of the people's triad."""
    lowest = _lines(segment.accompaniment, segment.steps)
    hits = total = 0
    for half, root in enumerate(roots_under(human)):
        start = half * human.half_bar
        pitch = lowest[start] if start < len(lowest) else None
        if root is not None and pitch is not None:
            total += 1
            hits += pitch % PITCH_CLASSES == root
    return 100.0 * hits / total if total else float("nan")


def bass_on_own_root(segment: Segment) -> float:
    """Percent of half bars whose lowest note at the beginning is the root of the triad there.

    The triad is that of the segment's own accompaniment: with others that fit it as well as the
    best one, any of them will do. Other chords than people's cost nothing, as with clarity.
    """
    weights = chroma(sounding(segment.accompaniment, segment.steps))
    lowest = _lines(segment.accompaniment, segment.steps)
    half = segment.half_bar
    hits: list[bool] = []
    for start in range(0, segment.steps - half + 1, half):
        pitch = lowest[start]
        if pitch is not None:
            fits = (_TRIAD_ROWS @ weights[start : start + half].sum(0)).reshape(-1, 2).max(1)
            hits.append(bool(np.isclose(fits[pitch % PITCH_CLASSES], fits.max())))
    return 100.0 * sum(hits) / len(hits) if hits else float("nan")


def drum_positions(
    parts: Sequence[Sequence[StepNote]], steps_per_bar: int = POSITIONS
) -> FloatArray:
    """Onsets of drum parts by kick, snare, hat and other at each of 16 steps: (4, 16)."""
    counts = np.zeros((4, POSITIONS))
    for part in parts:
        for note in part:
            counts[_drum(note.pitch), note.step % steps_per_bar % POSITIONS] += 1
    return counts


def _drum(pitch: int) -> int:
    for number, group in enumerate((KICKS, SNARES, HATS)):
        if pitch in group:
            return number
    return 3


def drum_overlap(ours: FloatArray, theirs: FloatArray) -> float:
    """Overlapped area of two onset-position histograms, 0 to 1."""
    return overlap(ours.ravel(), theirs.ravel())
