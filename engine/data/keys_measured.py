"""How well a model plays in each of the twelve keys: every melody is played in all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.data.bootstrap import Figure, figure
from engine.data.evaluation import Excerpts
from engine.data.measures import FloatArray, best_scale, each_measure_overall
from engine.data.model_playing import Tell, Wish, played_by, untold
from engine.data.played import Played, moved
from engine.generation.generator import Generator
from engine.music.harmony import MAJOR_SCALE, NAMES_SHARP, PITCH_CLASSES

MEASURED = (
    "chord_tones", "out_of_key", "tonal_distance", "dissonant_steps", "harmonic_clarity",
    "notes_per_bar", "polyphony", "long_notes",
)  # fmt: skip
# Twelve intervals are to hold together, so each is as wide as one of 1 − 0.05 / 12.
TAILS = (2.5 / PITCH_CLASSES, 100 - 2.5 / PITCH_CLASSES)
FARTHEST_DOWN = 6
NEGLIGIBLE = 1e-6


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One key: its measures, and how far they lie from the same melodies' mean over all keys.

    ``key`` names the major key of the scale (A minor counts as C).
    """

    key: str
    segments: int
    values: Mapping[str, Figure]
    gaps: Mapping[str, Figure]

    @property
    def uneven(self) -> tuple[str, ...]:
        """The measures whose distance from the mean is more than its interval."""
        return tuple(
            name
            for name, gap in self.gaps.items()
            if gap.segments and not gap.low - NEGLIGIBLE <= 0 <= gap.high + NEGLIGIBLE
        )


def keys_measured(
    generator: Generator,
    excerpts: Excerpts,
    draws: FloatArray,
    wish: Wish,
    tell: Tell = untold,
) -> list[KeyRow]:
    """One row for each key in which all the melodies were played.

    A melody that would leave the pitches that the model hears is moved by an octave; one that is
    too wide for it in some key is left out there.
    """
    found: list[dict[str, list[float]]] = []
    places = [_in_all_keys(each, generator) for each in excerpts.human]
    for key in range(PITCH_CLASSES):
        here = [(number, each[key]) for number, each in enumerate(places)]
        known = [(number, each) for number, each in here if each is not None]
        human = [each for _, each in known]
        words = f"Key {key + 1} of {PITCH_CLASSES}"
        (take,) = played_by(generator, human, replace(wish, takes=1), tell, words)
        values = each_measure_overall([e.segment for e in take], [e.segment for e in human])
        at = [number for number, _ in known]
        found.append({name: _spread(values[name], at, len(places)) for name in MEASURED})
    return [_row(key, found, excerpts.song_of, draws) for key in range(PITCH_CLASSES)]


def _in_all_keys(played: Played, generator: Generator) -> list[Played | None]:
    """The segment with each tonic, C first, moved by the nearest way that the model hears."""
    tonic = next(
        each
        for each in range(PITCH_CLASSES)
        if frozenset((each + step) % 12 for step in MAJOR_SCALE) == best_scale(played.segment)
    )
    return [_within(played, wanted - tonic, generator) for wanted in range(PITCH_CLASSES)]


def _within(played: Played, semitones: int, generator: Generator) -> Played | None:
    nearest = (semitones + FARTHEST_DOWN) % PITCH_CLASSES - FARTHEST_DOWN
    low, high = generator.card.pitch_low, generator.card.pitch_high
    pitches = [note.pitch for note in played.segment.melody]
    for shift in (nearest, nearest + PITCH_CLASSES, nearest - PITCH_CLASSES):
        if min(pitches) + shift >= low and max(pitches) + shift <= high:
            try:
                return moved(played, shift)
            except ValueError:  # people's accompaniment leaves MIDI's range
                continue
    return None


def _spread(values: Sequence[float], at: Sequence[int], count: int) -> list[float]:
    """Values at their places, NaN elsewhere."""
    found = np.full(count, np.nan)
    found[list(at)] = values
    spread: list[float] = found.tolist()
    return spread


def _row(
    key: int,
    found: Sequence[Mapping[str, Sequence[float]]],
    song_of: Sequence[int],
    draws: FloatArray,
) -> KeyRow:
    values, gaps = {}, {}
    for name in MEASURED:
        every = np.array([each[name] for each in found])  # (key, segment)
        count = np.maximum((~np.isnan(every)).sum(0), 1)
        gap = every[key] - np.nansum(every, axis=0) / count
        values[name] = figure(every[key].tolist(), song_of, draws)
        gaps[name] = figure(gap.tolist(), song_of, draws, TAILS)
    segments = max((each.segments for each in values.values()), default=0)
    return KeyRow(NAMES_SHARP[key], segments, values, gaps)
