"""What can be told of a melody before anyone plays with it: how busy it is, how daring."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

import numpy as np

from engine.music.harmony import PITCH_CLASSES, estimate_key, pitch_class_weights
from engine.music.note import Note

TRAITS = ("busyness", "off_beat", "leaps", "chromatic")


@dataclass(frozen=True, slots=True)
class MelodyTraits:
    """Numbers that differ from music to music, whatever its key and tempo.

    ``busyness`` is log2 of the notes in a quarter that has notes, ``off_beat`` the share of notes
    that begin on no eighth, ``leaps`` the mean step in semitones, ``chromatic`` the share of its
    time outside the key that fits it best.
    """

    busyness: float
    off_beat: float
    leaps: float
    chromatic: float


def traits_of(notes: Sequence[Note], ticks_per_quarter: int) -> MelodyTraits | None:
    """The traits of a melody's notes in order; None for fewer than four."""
    if len(notes) < 4:
        return None
    quarters = {note.start // ticks_per_quarter for note in notes}
    quarters |= {(note.end - 1) // ticks_per_quarter for note in notes}
    sixteenths = [round(4 * note.start / ticks_per_quarter) for note in notes]
    steps = np.abs(np.diff([note.pitch for note in notes]))
    key = estimate_key(notes)
    weights = pitch_class_weights(notes)
    inside = sum(weights[each] for each in key.scale) if key is not None else weights.sum()
    return MelodyTraits(
        busyness=log2(len(notes) / len(quarters)),
        off_beat=sum(each % 2 for each in sixteenths) / len(notes),
        leaps=float(np.minimum(steps, PITCH_CLASSES).mean()),
        chromatic=float(1 - inside / weights.sum()),
    )
