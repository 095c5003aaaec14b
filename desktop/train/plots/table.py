"""The numbers of runs as a table of comma-separated values."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from desktop.train.plots.x_scale import XScale, x_scale
from engine.store.curves import Curves

ROWS_AT_ONCE = 2000
Steps = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RunNumbers:
    """All numbers of a run at one moment; the run may go on while they are written.

    ``curves`` has the steps and the values of each.
    """

    name: str
    curves: Mapping[str, tuple[Steps, npt.NDArray[np.float32]]]
    measured: Mapping[int, Mapping[str, float]]
    epochs: XScale | None
    minutes: XScale | None

    @property
    def steps(self) -> Steps:
        """Every step at which something was told."""
        told = [steps for steps, _ in self.curves.values()]
        return np.unique(np.concatenate([*told, np.array(list(self.measured), np.int64)]))


def run_numbers(name: str, run: Curves) -> RunNumbers:
    """A copy of a run's numbers."""
    return RunNumbers(
        name,
        {
            kind.name: (run.steps(kind.name).copy(), run.values(kind.name).copy())
            for kind in run.kinds
        },
        {each.step: each.model for each in run.measures},
        x_scale(run, "epochs"),
        x_scale(run, "minutes"),
    )


def table_pieces(runs: Sequence[RunNumbers]) -> Iterator[tuple[float, str]]:
    """How far it is (0 to 1) and some thousand lines of text. Called on a worker thread.

    A row for each step: run, step, epoch, minutes, every curve, every measure; what was not told is
    left empty.
    """
    curves = list(dict.fromkeys(name for run in runs for name in run.curves))
    told = (each for run in runs for each in run.measured.values())
    measures = list(dict.fromkeys(name for model in told for name in model))
    yield 0.0, _text([["run", "step", "epoch", "minutes", *curves, *measures]])
    for index, run in enumerate(runs):
        steps = run.steps
        for start in range(0, len(steps), ROWS_AT_ONCE):
            part = steps[start : start + ROWS_AT_ONCE]
            done = (index + start / len(steps)) / len(runs)
            yield done, _text(_rows(run, part, curves, measures))


def _rows(
    run: RunNumbers, steps: Steps, curves: Sequence[str], measures: Sequence[str]
) -> Iterator[tuple[object, ...]]:
    models = [run.measured.get(step, {}) for step in steps.tolist()]
    columns: list[Iterable[object]] = [
        [run.name] * len(steps),
        steps.tolist(),
        _places(run.epochs, steps),
        _places(run.minutes, steps),
        *(_values_at(run, name, steps) for name in curves),
        *([model.get(name, "") for model in models] for name in measures),
    ]
    return zip(*columns, strict=True)


def _places(scale: XScale | None, steps: Steps) -> list[object]:
    if scale is None:
        return [""] * len(steps)
    return [round(place, 4) for place in scale.at(steps).tolist()]


def _values_at(run: RunNumbers, name: str, steps: Steps) -> list[object]:
    known, values = run.curves.get(name, (np.empty(0, np.int64), np.empty(0, np.float32)))
    if not len(known):
        return [""] * len(steps)
    at = np.minimum(np.searchsorted(known, steps), len(known) - 1)
    told = (known[at] == steps) & np.isfinite(values[at])
    # As short as tells a 32-bit number from its neighbours.
    return [
        str(value) if here else "" for value, here in zip(values[at], told.tolist(), strict=True)
    ]


def _text(rows: Iterable[Iterable[object]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()
