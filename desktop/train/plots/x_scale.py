"""Along what a curve is drawn: steps, epochs, or minutes of training."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from desktop.train.plots.ticks import tick_label
from engine.store.curves import Curves

Unit = Literal["steps", "epochs", "minutes"]
UNITS: tuple[Unit, ...] = ("steps", "epochs", "minutes")
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class XScale:
    """From steps to places and back; even between its knots, and as after the last two beyond."""

    unit: Unit
    steps: FloatArray
    places: FloatArray

    def at(self, steps: npt.ArrayLike) -> FloatArray:
        """The places of steps."""
        return _bent(np.asarray(steps, np.float64), self.steps, self.places)

    def steps_at(self, places: npt.ArrayLike) -> FloatArray:
        """The steps at places."""
        return _bent(np.asarray(places, np.float64), self.places, self.steps)


def x_scale(curves: Curves, unit: Unit) -> XScale | None:
    """The scale of a run, None where the run has not told enough for it."""
    if unit == "steps":
        return XScale(unit, np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    if unit == "epochs":
        if not curves.steps_per_epoch:
            return None
        return XScale(unit, np.array([0.0, curves.steps_per_epoch]), np.array([0.0, 1.0]))
    clock = curves.clock()
    if clock is None:
        return None
    steps, minutes = clock
    moved = np.concatenate([[True], minutes[1:] > np.maximum.accumulate(minutes)[:-1]])
    return XScale(unit, steps[moved], minutes[moved])


def place_in_words(unit: Unit, place: float, step: float = 0.1) -> str:
    """Such as "epoch 41.3", "step 5,083" or "12.5 min"; ``step`` says how exactly."""
    if unit == "steps":
        return f"step {round(place):,}"
    if unit == "epochs":
        return f"epoch {tick_label(place, step)}"
    return f"{tick_label(place, step)} min"


def _bent(at: FloatArray, known: FloatArray, values: FloatArray) -> FloatArray:
    inside = np.interp(at, known, values)
    slope = (values[-1] - values[-2]) / (known[-1] - known[-2])
    beyond = np.maximum(at - known[-1], 0) + np.minimum(at - known[0], 0)
    found: FloatArray = inside + beyond * slope
    return found
