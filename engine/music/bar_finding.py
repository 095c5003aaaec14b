"""Which beats begin bars, and how many make one: where the weight lies and what comes again."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.music.beat_tracking import Onset, onsets_of, track_beats
from engine.music.beats import Beats, even_beats

METERS = (4, 3, 2)
LIKELY = {4: 0.12, 3: 0.0, 2: -0.1}
"""What is known beforehand: most pieces count to four."""
NEAR = 0.12
"""Of a beat: what begins so near to it begins on it."""
AGAIN = 2.5
"""The weight of what comes again beside that of accents."""
THIRDS = 1.6
"""So many more notes on thirds than on halves and quarters make a beat of three."""
HELD = 0.3
"""What a beat of length adds to the weight."""
LOUD, LOUDER = 0.3, 15.0
"""What a note adds that is so much louder than the others."""
PARTS_OF_BEAT = 4

FloatArray = npt.NDArray[np.float64]
Played = tuple[float, float, int, int]


def found_beats(notes: Sequence[Played]) -> Beats:
    """Beats and bars of (start, end, pitch, velocity) in seconds; of few notes an even guess."""
    onsets = onsets_of(notes)
    times = track_beats(onsets)
    if len(times) < 2:
        first = min((note[0] for note in notes), default=0.0)
        last = max((note[1] for note in notes), default=first)
        return even_beats(first, last, 0.5)
    beats = Beats(times)
    return _with_bars(beats, notes, onsets)


def _with_bars(beats: Beats, notes: Sequence[Played], onsets: Sequence[Onset]) -> Beats:
    places = np.array([beats.place_of(onset.seconds) for onset in onsets])
    compound = _is_compound(places)
    accents = _accents(beats, notes, onsets, places)
    shapes = _shapes(places, notes, beats, len(beats.times))
    # Two dotted quarters make 6/8; three of them 9/8; four are heard as twice two.
    meters = (2, 3) if compound else METERS
    fits = {
        (meter, phase): _fit(accents, shapes, meter, phase) + LIKELY[meter] * (not compound)
        for meter in meters
        for phase in range(min(meter, len(beats.times)))
    }
    meter, phase = max(fits, key=lambda pair: fits[pair])
    return Beats(beats.times, meter, phase, compound)


def _is_compound(places: FloatArray) -> bool:
    within = places - np.floor(places)

    def near(*parts: float) -> int:
        return sum(int(np.count_nonzero(np.abs(within - part) < NEAR / 2)) for part in parts)

    thirds = near(1 / 3, 2 / 3)
    return thirds >= 4 and thirds > THIRDS * near(1 / 4, 1 / 2, 3 / 4)


def _accents(
    beats: Beats, notes: Sequence[Played], onsets: Sequence[Onset], places: FloatArray
) -> FloatArray:
    """How heavy what begins on each beat is, from 0 on: long, loud, low, after a leap."""
    accents = np.zeros(len(beats.times))
    for onset, place in zip(onsets, places, strict=True):
        beat = round(place)
        if abs(place - beat) <= NEAR and 0 <= beat < len(accents):
            accents[beat] = max(accents[beat], onset.weight)
    middle = float(np.median([note[2] for note in notes]))
    usual = float(np.median([note[3] for note in notes]))
    for start, end, pitch, velocity in notes:
        beat = round(beats.place_of(start))
        if 0 <= beat < len(accents) and abs(beats.place_of(start) - beat) <= NEAR:
            held = min(2.0, (end - start) / beats.seconds_per_beat)
            louder = min(1.0, max(-1.0, (velocity - usual) / LOUDER))
            low = 0.1 if pitch < middle - 9 else 0.0
            accents[beat] += HELD * held + LOUD * louder + low
    return accents


def _shapes(places: FloatArray, notes: Sequence[Played], beats: Beats, count: int) -> FloatArray:
    """What is played in each beat: where in it notes begin, and how the melody moves."""
    shapes = np.zeros((count, PARTS_OF_BEAT + 1))
    for place in places:
        beat, part = divmod(round(place * PARTS_OF_BEAT), PARTS_OF_BEAT)
        if 0 <= beat < count:
            shapes[beat, part] = 1.0
    height = np.zeros(count)
    for start, _, pitch, _ in sorted(notes):
        beat = round(beats.place_of(start))
        if 0 <= beat < count:
            height[beat] = pitch
    shapes[1:, PARTS_OF_BEAT] = np.clip(np.diff(height) / 5, -1, 1)
    return shapes


def _fit(accents: FloatArray, shapes: FloatArray, meter: int, phase: int) -> float:
    """How well bars of so many beats from ``phase`` on explain what was played."""
    numbers = np.arange(len(accents))
    strong = (numbers - phase) % meter == 0
    if not strong.any() or strong.all():
        return float("-inf")
    contrast = (accents[strong].mean() - accents[~strong].mean()) / (accents.std() + 0.1)
    return float(contrast) + AGAIN * _again(shapes, meter)


def _again(shapes: FloatArray, meter: int) -> float:
    """How much of what is played comes again a bar or two later, less what always does."""

    def alike(lag: int) -> float:
        if len(shapes) <= lag + 2:
            return 0.0
        first, second = shapes[:-lag], shapes[lag:]
        size = np.sqrt((first**2).sum() * (second**2).sum())
        return float((first * second).sum() / size) if size else 0.0

    others = np.mean([alike(lag) for lag in range(1, 9)])
    return (alike(meter) + alike(2 * meter)) / 2 - float(others)
