"""The similarity index: how alike generated music and a data set are, one number from 0 to 1.

Five histograms of the accompaniment are taken of both (pitch classes, melodic intervals, durations,
onset positions in the bar, notes that sound together); the index is the mean area that they share.
It says whether the music is made of the same stuff as the data, not whether it fits its melody: the
accompaniment of another song scores as high.

Real music does not reach 1 either. The ceiling is what one half of the data's songs scores against
the other, with as many segments as are measured: what is above it is luck.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.data.corpus import SongEntry
from engine.data.measures import FloatArray, Segment, histograms, overlap
from engine.data.segments import (
    PackedSongs,
    draw_stretches,
    segment_of,
    split_by_hash,
    without_drums,
)
from engine.errors import DataError

HALF_SEGMENTS = 100  # drawn from each half of the songs; eight bars each

Counts = Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True)
class Reference:
    """A data set's histograms, and what its own halves score against each other (None: unknown)."""

    counts: Counts
    ceiling: float | None

    def similarity(self, segments: Sequence[Segment]) -> float | None:
        """The index of some music, None where the data set held nothing to compare it with."""
        return _index(histograms(segments), self.counts) if self.counts else None


def reference_of(music: PackedSongs, songs: Sequence[SongEntry], measured: int) -> Reference:
    """The reference of some songs for ``measured`` generated segments. Songs are halved whole."""
    halves = [_drawn(music, half) for half in _halved(songs)]
    counts = [histograms(half) for half in halves if half]
    names = counts[0] if counts else ()
    whole = {name: np.sum([each[name] for each in counts], axis=0) for name in names}
    return Reference(whole, _ceiling(halves, measured))


def _halved(songs: Sequence[SongEntry]) -> tuple[Sequence[SongEntry], Sequence[SongEntry]]:
    """Two halves with all arrangements of a song on one side; every other one of a few songs."""
    one, two = split_by_hash(songs, 0.5)
    return (one, two) if one and two else (songs[::2], songs[1::2])


def _drawn(music: PackedSongs, songs: Sequence[SongEntry]) -> list[Segment]:
    try:
        drawn = [segment_of(each) for each in draw_stretches(music, songs, HALF_SEGMENTS)]
        return [without_drums(each, music.card.roles[1:]) for each in drawn]
    except DataError:  # no song of this half is long enough
        return []


def _ceiling(halves: Sequence[Sequence[Segment]], measured: int) -> float | None:
    one, two = halves
    if not one or not two:
        return None
    found = [
        _index(histograms(few[:measured]), histograms(many))
        for few, many in ((one, two), (two, one))
    ]
    return float(np.mean(found))


def _index(ours: Counts, theirs: Counts) -> float:
    return float(np.mean([overlap(ours[name], theirs[name]) for name in ours]))
