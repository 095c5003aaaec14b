"""When a run has gone wrong, and when it has learned what it will learn."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import TrainingError
from engine.store.curve_values import number_of, whole_of
from models.curve import Curve
from models.failures import OfferedError

EXPLODED = 1e6  # no loss of a run that learns is as large, not even for one step
EXPLODING = 1e4  # nor as large as this for several steps
EXPLODING_STEPS = 5

FEWEST_EPOCHS = 6  # that have to be flat
FEWEST_MEASURES = 3
LOOKS = 16  # beginnings of a plateau that are tried after each epoch
FLAT_SHARE = 0.25  # of the epochs so far: the longer it learned, the longer it has to stand still
BETTER = 0.01  # of the score

# How much a loss may change over a plateau: the largest of these.
OF_ITS_SIZE = 0.02
OF_ITS_WAY = 0.01  # of all the way that it came: what nears 0 moves for ever by its own size
OF_ITS_NOISE = 2.0  # of how much single epochs differ
ERRORS = 2.0  # standard errors on either side of a slope that it may truly have

FloatArray = npt.NDArray[np.float64]


class Divergence:
    """Notices losses that are no numbers, or that explode."""

    def __init__(self, learning_rate: float) -> None:
        self._learning_rate = learning_rate
        self._streak = 0

    @property
    def is_near(self) -> bool:
        """Whether losses are too large to trust the weights: no time for a checkpoint."""
        return self._streak > 0

    def check(self, found: Mapping[str, float], step: int) -> None:
        """Look at the losses of a step. Raises `OfferedError`: the run has diverged."""
        for name, value in found.items():
            if not math.isfinite(value) or abs(value) > EXPLODED:
                raise self.error(step, f"the {name} loss became {value:.3g}")
        largest = max(found, key=lambda name: abs(found[name]), default="")
        self._streak = self._streak + 1 if largest and abs(found[largest]) > EXPLODING else 0
        if self._streak >= EXPLODING_STEPS:
            raise self.error(
                step, f"the {largest} loss stays above {EXPLODING:,.0f} ({found[largest]:,.0f})"
            )

    def error(self, step: int, what: str) -> TrainingError:
        """What is said of a run that has diverged."""
        lower = float(f"{self._learning_rate * 0.3:.1g}")
        return OfferedError(
            f"Training diverged at step {step}: {what}. "
            f"What was saved before is kept; try a lower learning rate, {lower:g} say.",
            {"setting": "learning_rate", "value": lower},
        )


@dataclass(frozen=True, slots=True)
class Flat:
    """A run that no longer learns, since an epoch."""

    since_epoch: int

    @property
    def reason(self) -> str:
        """What it means, for a learner."""
        return (
            f"Since epoch {self.since_epoch} neither the losses nor the measures have moved by "
            "more than chance: the network is no longer learning from this data. More epochs would "
            "rather make it learn the songs by heart; keep the best epoch, or change the settings."
        )


class Plateau:
    """Watches a run's events for a plateau; fed with the lines of an old run it knows the same.

    A run is flat when over the last epochs (6 at least, a quarter of all, three measures) every
    loss has stayed where it was, as far as its noise lets that be told, and no measured score came
    above what was reached before. A line is laid through each loss: not only its slope but also the
    steepest slope that the noise may hide must change the loss by less than 2 % of its size (or
    about as much as single epochs differ), so that noise alone makes nothing look flat. Losses that
    are wanted steady tell nothing of learning (what a critic says has no zero) and are left out; a
    loss that has not joined yet keeps the run from being flat.
    """

    def __init__(self, curves: Sequence[Curve]) -> None:
        watched = [curve.name for curve in curves if not curve.wanted.startswith("steady")]
        self._sums = {name: [0.0, 0] for name in watched}
        self._means: dict[str, list[float]] = {name: [] for name in watched}
        self._scores: list[tuple[int, float]] = []
        # The epochs from and at which the last plateau was told; None while the run moves.
        self._told_since: int | None = None
        self._told_at = 0

    def feed(self, event: Mapping[str, Any]) -> None:
        """Take an event of the run."""
        kind = event.get("event")
        if kind == "step":
            for name, total in self._sums.items():
                if (value := number_of(event, name)) is not None:
                    total[0] += value
                    total[1] += 1
        elif kind == "epoch":
            self._end_epoch()
        elif kind == "measures":
            self._take_score(whole_of(event, "epoch"), number_of(event, "score"))
        elif kind == "plateau" and (since := whole_of(event, "since_epoch")) is not None:
            self._told_since, self._told_at = since, len(self._epochs)

    def _take_score(self, epoch: int | None, score: float | None) -> None:
        if epoch is not None and score is not None:
            self._scores.append((epoch, score))

    def _end_epoch(self) -> None:
        for name, (total, count) in self._sums.items():
            self._means[name].append(total / count if count else math.nan)
            self._sums[name] = [0.0, 0]

    @property
    def _epochs(self) -> Sequence[float]:
        return next(iter(self._means.values()), ())

    def news(self) -> Flat | None:
        """The plateau of the run, once: again only after it has moved and come to another."""
        count = len(self._epochs)
        if self._told_since is not None:
            if self._has_moved(self._told_since, count):
                self._told_since = None
            return None
        window = max(FEWEST_EPOCHS, math.ceil(FLAT_SHARE * count), self._measured_window(count))
        since = _spread(self._told_at, count - window)
        return next((Flat(first) for first in since if self._is_flat(first, count)), None)

    def _measured_window(self, count: int) -> int:
        """Epochs that hold enough measures, one more than the run has where there are too few."""
        if not self._scores:
            return 0
        if len(self._scores) <= FEWEST_MEASURES:
            return count + 1
        return count - self._scores[-FEWEST_MEASURES][0] + 1

    def _is_flat(self, first: int, last: int) -> bool:
        """Whether epochs ``first`` + 1 to ``last`` brought nothing."""
        trends = [_trend(np.array(means), first, last) for means in self._means.values()]
        still = all(trend is not None and trend.is_flat for trend in trends)
        return bool(trends) and still and not self._is_better(first)

    def _has_moved(self, first: int, last: int) -> bool:
        """Whether some loss has surely changed since, or a score risen."""
        trends = [_trend(np.array(means), first, last) for means in self._means.values()]
        return any(trend is None or trend.moves for trend in trends) or self._is_better(first)

    def _is_better(self, first: int) -> bool:
        before = [value for epoch, value in self._scores if epoch <= first]
        after = [value for epoch, value in self._scores if epoch > first]
        # Medians of three: one lucky draw is no progress.
        return bool(after) and _best(after) > _best(before) + BETTER


def _spread(first: int, last: int) -> Sequence[int]:
    """Whole numbers from ``first`` to ``last``, all of a few, some of many."""
    if last < first:
        return ()
    places = np.linspace(first, last, min(LOOKS, last - first + 1))
    return [int(place) for place in places.round()]


def _best(scores: Sequence[float]) -> float:
    last_three = (sorted(scores[max(0, end - 3) : end]) for end in range(1, len(scores) + 1))
    return max((each[(len(each) - 1) // 2] for each in last_three), default=-math.inf)


@dataclass(frozen=True, slots=True)
class Trend:
    """How much a loss changed over some epochs, how unsure that is, and what would be nothing."""

    change: float
    error: float
    nothing: float

    @property
    def is_flat(self) -> bool:
        """Whether even the steepest line that the noise allows is next to level."""
        return self.change + ERRORS * self.error <= self.nothing

    @property
    def moves(self) -> bool:
        """Whether even the flattest line that the noise allows is none."""
        return self.change - ERRORS * self.error > self.nothing


def _trend(means: FloatArray, first: int, last: int) -> Trend | None:
    """A line through a loss's epochs; None for one that has not joined yet."""
    values = means[first:last]
    if len(values) < 3 or not np.isfinite(values).all():
        return None
    place = np.arange(len(values)) - (len(values) - 1) / 2
    spread, span = float(place @ place), len(values) - 1
    slope = float(place @ values) / spread
    rest = values - values.mean() - slope * place
    noise = math.sqrt(float(rest @ rest) / (len(values) - 2))
    low, high = np.nanquantile(means[:last], (0.05, 0.95))
    size, way = float(np.abs(values).mean()), float(high - low)
    nothing = max(OF_ITS_SIZE * size, OF_ITS_WAY * way, OF_ITS_NOISE * noise)
    return Trend(abs(slope) * span, noise / math.sqrt(spread) * span, nothing)
