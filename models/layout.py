"""How a beat of music becomes numbers: the one place that knows the networks' axes and sizes.

Rolls are (batch, track, plane, step, pitch) here; the ONNX contract's ``tracks·2`` axis is
track-major.
"""

from dataclasses import dataclass

from engine.music.harmony import CHORD_CLASSES, PITCH_CLASSES

STEPS_PER_BEAT = 4
PLANES = 2
POOLING = 4  # beats that the deepest level joins: lengths are multiples of it
CHORD_FEATURES = 2 * PITCH_CLASSES
# Lengths in steps that the duration head chooses from; 16 is a whole note.
DURATIONS = (1, 2, 3, 4, 6, 8, 12, 16)
# A part's notes of one step and register (22 pitches) share their length and velocity logits.
REGISTERS = 4


@dataclass(frozen=True, slots=True)
class Layout:
    """What a generator hears and plays.

    ``tracks`` accompaniment parts on ``pitches`` pitches from MIDI ``pitch_low`` up; ``one_voice``
    says per track whether one note at a time is all it plays; ``drums`` numbers the tracks whose
    pitches are General MIDI's drum keys.
    """

    tracks: int = 3
    pitch_low: int = 21
    pitches: int = 88
    one_voice: tuple[bool, ...] = (True, False, False)
    drums: tuple[int, ...] = ()

    @property
    def cell(self) -> int:
        """Numbers in one plane of one beat: steps × pitches."""
        return STEPS_PER_BEAT * self.pitches

    @property
    def inputs(self) -> int:
        """Features of a beat: melody and tracks, keep flags, chord and its flag, meter, density."""
        rolls = (1 + self.tracks) * PLANES * self.cell
        flags = self.tracks * STEPS_PER_BEAT + 1 + 2 * STEPS_PER_BEAT + 2 * self.tracks
        return rolls + flags + CHORD_FEATURES

    @property
    def outputs(self) -> tuple[int, int, int, int, int, int]:
        """What is said of a beat: rolls, durations, velocities, chord, rests, spreads."""
        groups = self.tracks * STEPS_PER_BEAT * REGISTERS
        return (
            self.tracks * PLANES * self.cell,
            groups * len(DURATIONS),
            groups,
            CHORD_CLASSES,
            self.tracks,
            groups,
        )
