"""When a run has gone wrong, and when it has learned what it will learn."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import TrainingError
from models.curve import Curve
from models.failures import OfferedError

EXPLODED = 1e6  # no loss of a run that learns is as large, not even for one step
EXPLODING = 1e4  # nor as large as this for several steps
EXPLODING_STEPS = 5

FEWEST_EPOCHS = 6  # that have to be flat
FEWEST_MEASURES = 3
FLAT_SHARE = 0.25  # of the epochs so far: the longer it learned, the longer it has to stand still
MOVED = 0.02  # of a loss's own size, over all the epochs that are looked at
SURE = 3.0  # standard errors: a slope below is told from noise once in some hundred looks
BETTER = 0.01  # of the score

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
                step, f"the {largest} loss stays above {EXPLODING:.0f} ({found[largest]:.3g})"
            )

    def error(self, step: int, what: str) -> TrainingError:
        """What is said of a run that has diverged."""
        lower = float(f"{self._learning_rate * 0.3:.1g}")
        return OfferedError(
            f"Training diverged at step {step}: {what}. "
            f"The last checkpoint is kept; try a lower learning rate, {lower:g} say.",
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

    A run is flat when over the last epochs (6 at least, a quarter of all, three measures) no loss
    has a slope that is both told from its noise and larger than 2 % of the loss, and no measured
    score came above what was reached before. Losses that are wanted steady tell nothing of learning
    (what a critic says has no zero) and are left out; a loss that has not joined yet keeps the run
    from being flat.
    """

    def __init__(self, curves: Sequence[Curve]) -> None:
        watched = [curve.name for curve in curves if not curve.wanted.startswith("steady")]
        self._sums = {name: [0.0, 0] for name in watched}
        self._means: dict[str, list[float]] = {name: [] for name in watched}
        self._scores: list[tuple[int, float]] = []
        self._told_from = 0

    def feed(self, event: Mapping[str, Any]) -> None:
        """Take an event of the run."""
        kind = event.get("event")
        if kind == "step":
            for name, total in self._sums.items():
                if name in event:
                    total[0] += event[name]
                    total[1] += 1
        elif kind == "epoch":
            self._end_epoch()
        elif kind == "measures" and "score" in event:
            self._scores.append((event["epoch"], event["score"]))
        elif kind == "plateau":
            self._told_from = len(self._epochs)

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
        window = max(FEWEST_EPOCHS, math.ceil(FLAT_SHARE * count), self._measured_window(count))
        if count < self._told_from + window or not self._is_flat(count - window, count):
            return None
        if self._told_from and self._is_flat(self._told_from - 1, count):
            return None
        first = count - window
        while first > self._told_from and self._is_flat(first - 1, count):
            first -= 1
        return Flat(first)

    def _measured_window(self, count: int) -> int:
        """Epochs that hold enough measures, one more than the run has where there are too few."""
        if not self._scores:
            return 0
        if len(self._scores) <= FEWEST_MEASURES:
            return count + 1
        return count - self._scores[-FEWEST_MEASURES][0] + 1

    def _is_flat(self, first: int, last: int) -> bool:
        """Whether epochs ``first`` + 1 to ``last`` brought nothing."""
        values = [np.array(means[first:last]) for means in self._means.values()]
        return (
            bool(values) and not any(_moves(each) for each in values) and self._is_no_better(first)
        )

    def _is_no_better(self, first: int) -> bool:
        if not self._scores:
            return True
        before = [value for epoch, value in self._scores if epoch <= first]
        after = [value for epoch, value in self._scores if epoch > first]
        # Medians of three: one lucky draw is no progress.
        return bool(before) and _best(after) <= _best(before) + BETTER


def _best(scores: Sequence[float]) -> float:
    middle = [float(np.median(scores[max(0, i - 2) : i + 1])) for i in range(len(scores))]
    return max(middle, default=-math.inf)


def _moves(values: FloatArray) -> bool:
    """Whether a loss has a slope that is no noise; one that has not joined yet will move."""
    if not np.isfinite(values).all():
        return True
    place = np.arange(len(values)) - (len(values) - 1) / 2
    slope = float(place @ values / (place @ place))
    rest = values - values.mean() - slope * place
    error = math.sqrt(float(rest @ rest) / max(1, len(values) - 2) / float(place @ place))
    change = abs(slope) * (len(values) - 1)
    return change > MOVED * float(np.abs(values).mean()) and abs(slope) > SURE * error
