"""Scales that a roll can show: which pitches belong to the key, and which one is home."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.music.composition import Composition, KeySignature
from engine.music.harmony import PITCH_CLASSES, Key, estimate_key, pitch_class_name
from engine.music.note import Note

SCALE_STEPS: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "major pentatonic": (0, 2, 4, 7, 9),
    "minor pentatonic": (0, 3, 5, 7, 10),
    "blues": (0, 3, 5, 6, 7, 10),
}
"""Semitones above the tonic."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale on a tonic (its pitch class)."""

    tonic: int
    kind: str = "major"

    @property
    def pitch_classes(self) -> frozenset[int]:
        """The pitch classes that belong to it."""
        return frozenset((self.tonic + step) % PITCH_CLASSES for step in SCALE_STEPS[self.kind])

    @property
    def name(self) -> str:
        """Such as “D dorian”."""
        major = self.tonic + 3 if "minor" in self.kind or self.kind == "blues" else self.tonic
        return f"{pitch_class_name(self.tonic, major % PITCH_CLASSES)} {self.kind}"

    @property
    def words(self) -> str:
        """As it is kept in a file, such as “2 dorian”."""
        return f"{self.tonic} {self.kind}"


@dataclass(frozen=True, slots=True)
class ScaleSpan:
    """A scale that holds from a tick on, until the next does."""

    tick: int
    scale: Scale


def scale_of_words(words: str) -> Scale | None:
    """The scale that `Scale.words` tells of, None where they tell of none."""
    tonic, _, kind = words.partition(" ")
    named = {str(each): each for each in range(PITCH_CLASSES)}
    return Scale(named[tonic], kind) if tonic in named and kind in SCALE_STEPS else None


def scale_of(key: Key) -> Scale:
    """The scale of a key."""
    return Scale(key.tonic, "minor" if key.minor else "major")


def scales_along(composition: Composition) -> tuple[ScaleSpan, ...]:
    """The scales of a composition: those of its key signatures, else the one that fits best.

    The melody is asked first, then all pitched notes; empty without notes and signatures.
    """
    if composition.keys:
        return _written(composition.keys)
    key = estimate_key(composition.melody.notes) or estimate_key(_pitched(composition))
    return () if key is None else (ScaleSpan(0, scale_of(key)),)


def _written(keys: Sequence[KeySignature]) -> tuple[ScaleSpan, ...]:
    spans = [ScaleSpan(key.tick, _scale_of_signature(key)) for key in keys]
    # What comes before the first signature is in its key too.
    return (ScaleSpan(0, spans[0].scale), *spans[1:])


def _scale_of_signature(key: KeySignature) -> Scale:
    major = 7 * key.sharps % PITCH_CLASSES
    return scale_of(Key((major + 9) % PITCH_CLASSES if key.minor else major, key.minor))


def _pitched(composition: Composition) -> list[Note]:
    return [note for track in composition.tracks if not track.is_drum for note in track.notes]
