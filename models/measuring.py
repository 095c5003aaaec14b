"""What a run is measured by: held-out melodies, the rows beside them, the choice of an epoch."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from engine.data.corpus import Stretch
from engine.data.measures import (
    Segment,
    jaccard,
    mean,
    measure,
    melody_octave_below,
    other_song,
)
from engine.data.segments import without_drums
from engine.data.similarity import Reference, reference_of
from engine.data.song import DRUMS
from engine.store.curve_values import number_of
from models.task_protocol import Task

Row = dict[str, float]

# How well the music fits its melody; another song's accompaniment gives the scale.
FIT = ("chord_tones", "out_of_key", "tonal_distance", "dissonant_steps")
SIMILARITY = "similarity"
# Scores that differ by less are alike: about what another draw of the noise changes.
ALIKE = 0.01


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of a moment of a run, and what the network played to the first melody."""

    row: Row
    score: float
    sample: Segment


class Gauge:
    """Measures a task on its held-out melodies, always the same ones."""

    def __init__(self, task: Task) -> None:
        self.stretches: list[Stretch] = task.held_out_stretches()
        self.human = task.human(self.stretches)
        self._parts = task.corpus.card.roles[1:]
        self._data: Reference = reference_of(task.corpus, task.train_songs, len(self.human))
        self.references = {
            "human": self._row(self.human),
            "other_song": self._row(other_song(self.human)),
            "melody_octave_below": self._row(melody_octave_below(self.human)),
        }

    @property
    def ceiling(self) -> float | None:
        """What the data's own halves score in similarity; None where there are too few songs."""
        return self._data.ceiling

    def measured(self, task: Task) -> Measured:
        """Two takes of every melody, measured together."""
        one, two = (task.played(self.stretches, seed=seed) for seed in (0, 1))
        row = self._row([*one, *two])
        row |= _known(
            {
                "takes_jaccard": mean([jaccard(a, b) for a, b in zip(one, two, strict=True)]),
                "inputs_jaccard": mean([jaccard(a, b) for a, b in pairwise(one)]),
            }
        )
        return Measured(row, score(row, self.references, self.ceiling), one[0])

    def _row(self, segments: Sequence[Segment]) -> Row:
        """Every measure of some music to the held-out melodies, in as many takes as there are."""
        takes = len(segments) // len(self.human)
        pitched, human = (
            [without_drums(each, self._parts) for each in some] for some in (segments, self.human)
        )
        found = measure(pitched, human * takes)
        similarity = self._data.similarity(pitched)
        if similarity is not None:
            found[SIMILARITY] = similarity
        of_drums = tuple(f"_{n}" for n, part in enumerate(self._parts) if part == DRUMS)
        return _known({name: x for name, x in found.items() if not name.endswith(of_drums)})


def score(row: Row, references: Mapping[str, Row], ceiling: float | None) -> float:
    """How good an epoch is, 0 to 1: half how well it fits its melodies, half its similarity.

    A measure of fit counts 1 where it equals the human accompaniment's own value, 0 where it is as
    far from it as another song's accompaniment, or where there is no music to measure. Closer than
    people is no merit: a copy of the melody would score best. Similarity counts by its ceiling.
    """
    halves = [_fit(row, references)]
    if ceiling and SIMILARITY in row:
        halves.append(min(1.0, row[SIMILARITY] / ceiling))
    known = [half for half in halves if half is not None]
    return round(sum(known) / len(known), 4) if known else 0.0


def _fit(row: Row, references: Mapping[str, Row]) -> float | None:
    human, other = references["human"], references["other_song"]
    found = []
    for name in FIT:
        span = abs(other.get(name, math.nan) - human.get(name, math.nan))
        if span > 0:  # false for NaN, too
            gap = abs(row.get(name, math.inf) - human[name])
            found.append(1 - min(1.0, gap / span))
    return sum(found) / len(found) if found else None


def _known(values: Mapping[str, float]) -> Row:
    return {name: round(value, 4) for name, value in values.items() if math.isfinite(value)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An epoch that was measured and whose weights were kept."""

    epoch: int
    step: int
    seconds: float
    score: float
    row: Row

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> "Candidate":
        """The candidate of an event that `is_of_an_epoch`."""
        row, seconds = event["model"], number_of(event, "seconds") or 0.0
        return cls(event["epoch"], event["step"], seconds, event["score"], row)

    def as_event(self) -> dict[str, Any]:
        """What a ``measures`` event tells of it."""
        at = {"step": self.step, "epoch": self.epoch, "seconds": self.seconds}
        return {**at, "model": self.row, "score": self.score}


class Candidates:
    """The measured epochs of a run, from which one is kept.

    The best is the latest whose score comes within `ALIKE` of the highest: of epochs that measure
    alike the one that has learned longer. The untrained network is never the best.
    """

    def __init__(self) -> None:
        self._all: dict[int, Candidate] = {}

    def add(self, candidate: Candidate) -> bool:
        """Add an epoch, in place of an earlier measure of it; whether it is the best so far."""
        self._all[candidate.epoch] = candidate
        return self.best == candidate

    @property
    def best(self) -> Candidate | None:
        """The best trained epoch."""
        trained = [each for each in self._all.values() if each.step > 0]
        highest = max((each.score for each in trained), default=0.0)
        alike = [each for each in trained if each.score >= highest - ALIKE]
        return max(alike, key=lambda each: each.step, default=None)

    @property
    def last(self) -> Candidate | None:
        """The epoch that was measured last."""
        return max(self._all.values(), key=lambda each: each.step, default=None)

    def of_epoch(self, epoch: int) -> Candidate | None:
        """The candidate of an epoch."""
        return self._all.get(epoch)

    @property
    def listed(self) -> str:
        """The epochs there are, in words."""
        return ", ".join(str(epoch) for epoch in sorted(self._all))
