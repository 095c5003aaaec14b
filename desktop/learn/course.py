"""How a run went so far, as far as the tour draws it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from engine.store.curves import Curves

FloatArray = npt.NDArray[np.float64]
MOST_POINTS = 600


@dataclass(frozen=True, slots=True)
class Line:
    """One loss over the steps; ``wanted`` says in short words how it should look."""

    name: str
    label: str
    wanted: str
    steps: FloatArray
    values: FloatArray


@dataclass(frozen=True, slots=True)
class Course:
    """The curves of a run, thinned, and its measures by epoch.

    ``references`` has rows of measures, such as that of people; ``ceiling`` is the similarity of
    two halves of the data.
    """

    name: str
    lines: tuple[Line, ...] = ()
    epochs: tuple[int, ...] = ()
    measures: tuple[Mapping[str, float], ...] = ()
    references: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    ceiling: float | None = None
    best_epoch: int | None = None
    plateau: str = ""

    def line(self, name: str) -> Line | None:
        """A curve by its name."""
        return next((line for line in self.lines if line.name == name), None)

    @property
    def has_critic(self) -> bool:
        """Whether a critic has spoken."""
        return self.line("critic") is not None


def thinned(values: npt.NDArray[np.generic], most: int = MOST_POINTS) -> FloatArray:
    """Means of neighbours, so that at most ``most`` values stay; NaN counts for nothing."""
    found = np.asarray(values, np.float64)
    if len(found) <= most:
        return found
    size = -(-len(found) // most)
    padded = np.append(found, np.full(-len(found) % size, np.nan)).reshape(-1, size)
    known = np.isfinite(padded)
    sums = np.where(known, padded, 0.0).sum(1)
    return np.where(known.any(1), sums / np.maximum(known.sum(1), 1), np.nan)


def course_of(curves: Curves) -> Course:
    """A copy of what the tour draws of a run's curves."""
    lines = tuple(
        Line(
            kind.name,
            kind.label or kind.name,
            kind.wanted,
            thinned(curves.steps(kind.name)),
            thinned(curves.values(kind.name)),
        )
        for kind in curves.kinds
        if len(curves.steps(kind.name))
    )
    best, plateaus = curves.best, curves.plateaus
    return Course(
        name=curves.name,
        lines=lines,
        epochs=tuple(each.epoch for each in curves.measures),
        measures=tuple(each.model for each in curves.measures),
        references=curves.references,
        ceiling=curves.ceiling,
        best_epoch=best.epoch if best else None,
        plateau=plateaus[-1].reason if plateaus else "",
    )
