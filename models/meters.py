"""Music in 4/4 heard in other meters, so that a network meets meters its songs are poor in.

A shuffle plays each quarter as a dotted one, its second eighth on the third of three: half a bar of
4/4 becomes a bar of 6/8. And every half bar of 4/4 may be written as a bar of 2/4.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.data.corpus import Stretch
from engine.data.song import COMMON_TIME, COMPOUND_PULSE, STEPS_PER_BEAT, SongEntry, meter_of

COMPOUND, TWO = "6/8", "2/4"
HALF_BAR = 2  # beats
# Where the sixteenths of a quarter fall among the six of a dotted quarter; the others hold on.
FALLS_ON = (0, 2, 4, 5)
KNOWN_SHARE = 0.03  # of the music; a meter that is rarer was not learned


def beats_before(beats: int) -> int:
    """Quarters of 4/4 that ``beats`` quarters of its shuffle are made from."""
    return -(-beats * STEPS_PER_BEAT // COMPOUND_PULSE)


def shuffled(stretch: Stretch, beats: int) -> Stretch:
    """``beats`` quarters in 6/8 from `beats_before` of them in 4/4, which begin with a bar."""
    step = np.arange(beats * STEPS_PER_BEAT)
    place = step % COMPOUND_PULSE
    within = np.searchsorted(FALLS_ON, place, side="right") - 1
    source = step // COMPOUND_PULSE * STEPS_PER_BEAT + within
    struck = np.isin(place, FALLS_ON)
    planes = stretch.planes[:, :, source]
    planes[:, 0, ~struck] = False
    return replace(
        stretch,
        planes=planes,
        velocity=stretch.velocity[:, source] * struck,
        chords=stretch.chords[source[1::STEPS_PER_BEAT] // STEPS_PER_BEAT],
        bar_starts=np.arange(beats) % (COMPOUND_PULSE * HALF_BAR // STEPS_PER_BEAT) == 0,
        left=stretch.left * COMPOUND_PULSE // STEPS_PER_BEAT,
        pulse=COMPOUND_PULSE,
    )


def in_two(stretch: Stretch) -> Stretch:
    """The same music with a bar line at each half bar; it begins with a bar."""
    lines = np.arange(len(stretch.bar_starts)) % HALF_BAR == 0
    return replace(stretch, bar_starts=lines)


def is_common(song: SongEntry) -> bool:
    """Whether a song is in 4/4."""
    return meter_of(song) == COMMON_TIME


def in_commonest_meter(songs: Sequence[SongEntry]) -> list[SongEntry]:
    """The songs in the meter that most of the music is in."""
    beats = _beats_by_meter(songs)
    commonest = max(beats, key=lambda meter: beats[meter])
    return [song for song in songs if meter_of(song) == commonest]


def known_meters(songs: Sequence[SongEntry], shuffles: bool) -> tuple[str, ...]:
    """The meters that a network has learned from such songs, the commonest first."""
    beats = _beats_by_meter(songs)
    least = KNOWN_SHARE * sum(beats.values())
    common = sorted(beats, key=lambda meter: -beats[meter])
    heard = [meter for meter in common if beats[meter] >= least]
    if shuffles and COMMON_TIME in heard:
        heard += [meter for meter in (COMPOUND, TWO) if meter not in heard]
    return tuple(heard) or (common[0],)


def _beats_by_meter(songs: Sequence[SongEntry]) -> dict[str, int]:
    beats: dict[str, int] = defaultdict(int)
    for song in songs:
        beats[meter_of(song)] += song.beats
    return beats
