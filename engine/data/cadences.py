"""How phrases are closed: whether a leading note is heard before a phrase's last chord, and rises.

Packed songs name no fermatas, so a phrase ends here with a melody note of two beats or more, with
one before a rest of an eighth or more, and with the last one.
"""

import numpy as np

from engine.data.measures import LONG_NOTE, Segment
from engine.data.part_measures import Line, lines_of_voices, root_of
from engine.data.song import STEPS_PER_BEAT
from engine.music.harmony import PITCH_CLASSES

LONG = 2 * STEPS_PER_BEAT  # steps
NOT, HEARD, RISEN = range(3)


def phrase_ends(segment: Segment) -> list[int]:
    """Steps on which the last notes of the melody's phrases begin; none in the first beat."""
    notes = sorted(segment.melody, key=lambda each: each.step)
    nexts = [each.step for each in notes[1:]] + [segment.steps + LONG]
    return [
        note.step
        for note, after in zip(notes, nexts, strict=True)
        if note.step >= STEPS_PER_BEAT
        and (note.length >= LONG or after - note.step - note.length >= LONG_NOTE)
    ]


def led_ends(segment: Segment) -> tuple[float, float]:
    """Percent of the phrase ends with a leading note in the beat before, and with one that rises.

    It lies a semitone below the root of the chord on which the phrase ends. NaN without an end.
    """
    lines = lines_of_voices(segment)
    found = [_led(lines, step) for step in phrase_ends(segment)]
    if not found:
        return float("nan"), float("nan")
    reached = np.array(found)
    return 100.0 * float((reached >= HEARD).mean()), 100.0 * float((reached == RISEN).mean())


def _led(lines: list[Line], end: int) -> int:
    """Whether the chord at a step has no leading note before it, one, or one that rises to it."""
    chord = [line[end : end + STEPS_PER_BEAT] for line in lines]
    root = root_of(chord)
    if root is None:
        return NOT
    leading = (root - 1) % PITCH_CLASSES
    found = NOT
    for line in lines:
        before = [
            pitch
            for pitch in line[end - STEPS_PER_BEAT : end]
            if pitch is not None and pitch % PITCH_CLASSES == leading
        ]
        if before:
            rises = before[-1] + 1 in line[end - STEPS_PER_BEAT : end + STEPS_PER_BEAT // 2]
            found = max(found, RISEN if rises else HEARD)
    return found
