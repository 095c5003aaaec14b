"""How a run is looked at: along what, how much of it, how smooth, beside which other run."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop.train.plots.picture import Range
from desktop.train.plots.run_lines import RunLines
from desktop.train.plots.ticks import round_range, round_step, tick_label, ticks
from desktop.train.plots.x_scale import Unit, XScale, place_in_words
from engine.store.curves import Curves

MOST_X_TICKS, MOST_Y_TICKS = 6, 5
TICK_ROOM = 90  # pixels for a number along x
LONGEST_LABEL = 11
USUAL_SHARE = 60  # part of a run over which it is smoothed at first
MOST_MARKS = 400


@dataclass(frozen=True, slots=True)
class Look:
    """What both charts have in common. ``window`` is a stretch along x, None for everything.

    ``width`` is that of the average, in steps.
    """

    main: RunLines
    overlay: RunLines | None
    unit: Unit
    window: Range | None
    width: float

    @property
    def runs(self) -> tuple[RunLines, ...]:
        """The run, and the one that is laid over it."""
        return (self.main,) if self.overlay is None else (self.main, self.overlay)

    def scale(self, lines: RunLines) -> XScale | None:
        """Where a run's steps lie along x."""
        return lines.scale(self.unit)

    @property
    def everything(self) -> Range:
        """All there is along x, and what is to come soon."""
        ends = [_end(lines.curves, scale) for lines in self.runs if (scale := self.scale(lines))]
        return 0.0, max([*ends, _least(self.unit)])

    @property
    def x_range(self) -> Range:
        """What is shown along x."""
        return self.everything if self.window is None else self.window

    @property
    def narrowest(self) -> float:
        """The shortest stretch worth looking at: some ten steps."""
        scale = self.scale(self.main)
        return float(scale.at(10.0)) if scale is not None else 1.0

    def steps_shown(self, scale: XScale) -> Range:
        """The steps at both edges."""
        low, high = scale.steps_at(self.x_range)
        return float(low), float(high)

    def x_ticks(self, pixels: float) -> tuple[tuple[float, str], ...]:
        """Places along x with their labels; the last one names the unit."""
        low, high = self.x_range
        most = max(2, min(MOST_X_TICKS, int(pixels / TICK_ROOM)))
        places = ticks(low, high, most, whole=self.unit != "minutes")
        step = places[1] - places[0] if len(places) > 1 else high - low
        labels = [(place, tick_label(place, step)) for place in places]
        if labels and len(said := place_in_words(self.unit, labels[-1][0], step)) <= LONGEST_LABEL:
            labels[-1] = labels[-1][0], said
        return tuple(labels)

    def marks(self, steps: list[int]) -> tuple[float, ...]:
        """Places of some steps of the run; not all where they are too many to be told apart."""
        scale = self.scale(self.main)
        if scale is None or not steps:
            return ()
        thinned = steps[:: -(-len(steps) // MOST_MARKS)]
        return tuple(scale.at(thinned).tolist())


def y_ticks(y_range: Range) -> tuple[tuple[float, str], ...]:
    """Round heights with their labels."""
    step = round_step(y_range[1] - y_range[0], MOST_Y_TICKS)
    return tuple((value, tick_label(value, step)) for value in ticks(*y_range, MOST_Y_TICKS))


def rounded(found: Range | None) -> Range:
    """A range with round ends, 0 to 1 where there is nothing to show."""
    return (0.0, 1.0) if found is None else round_range(*found, MOST_Y_TICKS)


def usual_width(curves: Curves, widths: tuple[int, ...]) -> int:
    """How many steps are averaged before the user says otherwise."""
    wanted = max(curves.total_steps, curves.last_step) / USUAL_SHARE
    return max((width for width in widths if width <= wanted), default=widths[0])


def steps_of_epoch(curves: Curves, epoch: int) -> float:
    """The step at the end of an epoch."""
    if curves.steps_per_epoch:
        return float(epoch * curves.steps_per_epoch)
    told = [(each.epoch, each.step) for each in curves.measures]
    if not told:
        return 0.0
    pairs: npt.NDArray[np.float64] = np.array(told, np.float64)
    return float(np.interp(epoch, pairs[:, 0], pairs[:, 1]))


def _end(curves: Curves, scale: XScale) -> float:
    """Where the axis ends: at the run's end, or before as long as that is far away.

    It doubles each time the curves come to it, so that they fill a half of the picture at least.
    """
    last = float(scale.at(curves.last_step))
    if curves.ended or curves.total_steps <= curves.last_step:
        return last
    end = float(scale.at(curves.total_steps))
    while last > 0 and end > 2.2 * last:
        end /= 2
    return end


def _least(unit: Unit) -> float:
    return {"steps": 10.0, "epochs": 1.0, "minutes": 0.1}[unit]
