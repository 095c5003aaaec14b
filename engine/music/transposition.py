"""Notes moved up and down: by semitones, or along the scale of a key."""

from collections.abc import Iterable
from dataclasses import replace

from engine.music.harmony import MAJOR_SCALE, PITCH_CLASSES, Key
from engine.music.note import MAX_PITCH, Note

DEGREES = len(MAJOR_SCALE)


def transposed(notes: Iterable[Note], semitones: int) -> tuple[Note, ...]:
    """Notes moved by semitones, all of them or, where one would leave MIDI's range, none."""
    before = tuple(notes)
    pitches = [note.pitch + semitones for note in before]
    if not pitches or min(pitches) < 0 or max(pitches) > MAX_PITCH:
        return before
    return tuple(replace(note, pitch=pitch) for note, pitch in zip(before, pitches, strict=True))


def transposed_in_key(notes: Iterable[Note], degrees: int, key: Key) -> tuple[Note, ...]:
    """Notes moved by scale degrees of a key, all of them or none.

    What lies outside the scale keeps its distance to the degree below.
    """
    before = tuple(notes)
    pitches = [pitch_in_key(note.pitch, degrees, key) for note in before]
    if not pitches or min(pitches) < 0 or max(pitches) > MAX_PITCH:
        return before
    return tuple(replace(note, pitch=pitch) for note, pitch in zip(before, pitches, strict=True))


def pitch_in_key(pitch: int, degrees: int, key: Key) -> int:
    """A pitch moved by scale degrees; it may leave MIDI's range."""
    octave, within = divmod(pitch - key.scale_tonic, PITCH_CLASSES)
    degree = max(index for index, step in enumerate(MAJOR_SCALE) if step <= within)
    raised = within - MAJOR_SCALE[degree]
    higher, target = divmod(degree + degrees, DEGREES)
    moved = MAJOR_SCALE[target] + raised
    # A raised degree that has no room above it (E sharp) is the next degree itself.
    return key.scale_tonic + PITCH_CLASSES * (octave + higher) + moved
