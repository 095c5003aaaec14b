"""Rhythm assist: which grid was meant, from how the notes lie, and a strength that helps.

A grid is judged by how far the onsets lie from it in its own steps: of onsets that do not know it,
the mean distance is a quarter of a step. Finer grids must fit better to be chosen.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.music.composition import Composition
from engine.music.reworking import Reworking
from engine.music.rhythm import MOST_SWING, STRAIGHT, Rhythm
from engine.music.scope import Scope
from engine.music.ticks import meter_map

STRENGTH = 0.85
"""Near to the grid, and still by a person."""
COARSE_TO_FINE = (1, 2, 3, 4, 6, 8)
CHANCE = 0.25
"""The mean distance, in steps, of onsets that lie anywhere."""
FITS = 0.5
"""A grid fits when the distances are less than this part of chance's."""
BETWEEN, MOST_BETWEEN = 0.34, 0.02
"""A step's part from which on a note is meant for between, and the share of such that may err."""
LATE_EIGHTHS = (0.54, 0.72)
"""Where in the quarter the eighths between the beats lie when they swing."""

FloatArray = npt.NDArray[np.float64]


def assisted(composition: Composition, *scopes: Scope) -> Reworking:
    """What Rhythm assist does to the notes of scopes: one rhythm, as they are played together."""
    meters, quarter = meter_map(composition), composition.ticks_per_quarter
    starts = [note.start for scope in scopes for note in scope.chosen(composition)]
    bars = (meters.bar_start(meters.position_at(start).bar) for start in starts)
    offsets = [(start - bar) / quarter for start, bar in zip(starts, bars, strict=True)]
    # How long notes are held is how they are played, staccato or not.
    return Reworking(suggested_rhythm(offsets), STRENGTH, ends=False)


def suggested_rhythm(offsets: Sequence[float]) -> Rhythm:
    """The rhythm that onsets, in quarters after their bar lines, were most likely meant in."""
    quarters = np.asarray(offsets, np.float64)
    if not len(quarters):
        return Rhythm()
    swing = _swing(quarters)
    if swing is not None:
        return swing
    fitting = (steps for steps in COARSE_TO_FINE if _fits(quarters, steps))
    return Rhythm(next(fitting, Rhythm().steps_per_quarter))


def _fits(quarters: FloatArray, steps: int) -> bool:
    """Whether onsets lie near to a grid, and (almost) none between its steps, on a finer one."""
    places = quarters * steps
    distances = np.abs(places - np.rint(places))
    between = np.count_nonzero(distances > BETWEEN)
    return bool(distances.mean() < FITS * CHANCE and between <= MOST_BETWEEN * len(distances))


def _swing(quarters: FloatArray) -> Rhythm | None:
    """Swung eighths, where what lies between the beats lies late, together, and nothing else."""
    within = quarters - np.floor(quarters)
    between = within[(within > 0.25) & (within < 0.85)]
    on_beats = np.count_nonzero((within <= 0.12) | (within >= 0.88))
    if len(between) < 4 or on_beats + len(between) < 0.9 * len(quarters):
        return None
    place = float(np.median(between))
    together = float(np.mean(np.abs(between - place) < 0.07))
    if not LATE_EIGHTHS[0] <= place <= LATE_EIGHTHS[1] or together < 0.8:
        return None
    return Rhythm(2, min(MOST_SWING, max(STRAIGHT, round(100 * place))))
