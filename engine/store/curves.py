"""What a training run has told so far, ready to be drawn.

`Curves` is fed with the run's events, live ones or those of its file. It takes them as they come:
a resumed run tells steps again, and what it told of them before is dropped; unknown events and
fields, and fields that do not hold what they should, are passed over.
"""

from collections.abc import Callable, Iterable, Mapping, MutableSequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from engine.store.columns import Columns, Steps, Values
from engine.store.curve_values import (
    LONGEST_NAME,
    MOST_NAMES,
    CurveKind,
    Measured,
    Plateau,
    Sampled,
    kinds_named,
    kinds_told,
    number_of,
    numbers_of,
    text_of,
    whole_of,
)
from engine.store.event_tail import Event, EventTail

__all__ = [
    "CurveKind",
    "Curves",
    "Measured",
    "Plateau",
    "RunState",
    "Sampled",
    "read_curves",
]

RunState = Literal["waiting", "running", "paused", "stopped", "finished", "failed"]
FloatArray = npt.NDArray[np.float64]
NOT_CURVES = frozenset({"event", "step"})


class Curves:
    """The curves, measures and marks of one run.

    Arrays are views that hold until the next `feed`. ``version`` changes with every event,
    ``cuts`` each time that steps were dropped: whoever summed the curves up begins anew then.
    """

    def __init__(self) -> None:
        self.version = 0
        self.cuts = 0
        self.called = ""
        """The name that the run has now; empty: the one that it told when it began."""
        self.started: Mapping[str, Any] = {}
        """The last ``started`` event, whole."""
        self.state: RunState = "waiting"
        self.problem = ""
        """Why the run failed, a sentence."""
        self.offer: Mapping[str, Any] | None = None
        """The setting that may mend it: ``setting`` and ``value``."""
        self.reason = ""
        """Why it ended: "epochs", "time", "plateau" or "asked"."""
        self.model = ""
        self.epoch = 0
        self.epochs = 0
        """How many the run is to have; 0 while unknown."""
        self.measures: list[Measured] = []
        self.samples: list[Sampled] = []
        self.plateaus: list[Plateau] = []
        self.checkpoints: list[int] = []
        self.resumes: list[int] = []
        """The steps after which the run was taken up again."""
        self.warnings: list[str] = []
        self._columns = Columns()
        self._kinds: tuple[CurveKind, ...] = ()
        self._clock: list[tuple[int, float]] = []

    @property
    def name(self) -> str:
        """The run's name."""
        return self.called or text_of(self.started, "name")

    @property
    def kinds(self) -> tuple[CurveKind, ...]:
        """The curves in the order to draw them; those that were not announced come last."""
        told = {kind.name for kind in self._kinds}
        return self._kinds + kinds_named(name for name in self._columns.names if name not in told)

    @property
    def told_kinds(self) -> tuple[CurveKind, ...]:
        """The curves that the run named to be drawn."""
        return self._kinds

    @property
    def last_step(self) -> int:
        """The last step that was told, 0 before the first."""
        return self._columns.last_step

    @property
    def total_steps(self) -> int:
        """How many steps the run is to have; 0 while unknown."""
        return whole_of(self.started, "steps") or 0

    @property
    def steps_per_epoch(self) -> int:
        """Steps in which every song is heard once; 0 while unknown."""
        return whole_of(self.started, "steps_per_epoch") or 0

    @property
    def references(self) -> Mapping[str, Mapping[str, float]]:
        """Rows of measures to compare with: ``human``, ``other_song``, ``melody_octave_below``."""
        rows = self.started.get("references")
        if not isinstance(rows, Mapping):
            return {}
        return {str(row)[:LONGEST_NAME]: numbers_of(values) for row, values in rows.items()}

    @property
    def ceiling(self) -> float | None:
        """The similarity of two halves of the data: what the index can reach."""
        return number_of(self.started, "similarity_ceiling")

    @property
    def best(self) -> Measured | None:
        """The best epoch so far, as the trainer judged it."""
        return next((each for each in reversed(self.measures) if each.best), None)

    @property
    def seconds(self) -> float:
        """How long the run has trained, as far as it was told."""
        return self._clock[-1][1] if self._clock else 0.0

    @property
    def ended(self) -> bool:
        """Whether the run will tell no more."""
        return self.state in ("stopped", "finished", "failed")

    def steps(self, name: str) -> Steps:
        """The steps of a curve, since it began; empty for an unknown name."""
        return self._columns.steps(name)

    def values(self, name: str) -> Values:
        """Its values at these steps; NaN where a step told none."""
        return self._columns.values(name)

    def measure(self, name: str) -> tuple[FloatArray, FloatArray]:
        """Epochs and values of a measure; ``similarity`` is the similarity index."""
        found = [(m.epoch, m.model[name]) for m in self.measures if name in m.model]
        pairs = np.array(found, np.float64).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]

    def measure_steps(self, name: str) -> npt.NDArray[np.int64]:
        """The steps at which a measure was taken."""
        return np.array([m.step for m in self.measures if name in m.model], np.int64)

    def epochs_at(self, steps: npt.ArrayLike) -> FloatArray | None:
        """Steps as epochs; None where the run did not say how long an epoch is."""
        if not self.steps_per_epoch:
            return None
        return np.asarray(steps, np.float64) / self.steps_per_epoch

    def clock(self) -> tuple[FloatArray, FloatArray] | None:
        """Steps, and the minutes trained until each of them, from 0; None while unknown.

        The trainer tells its clock every epoch and checkpoint; between them it runs evenly.
        """
        told = [(step, seconds) for step, seconds in self._clock if step > 0]
        if not told or told[-1][1] <= 0:
            return None
        pairs = np.array([(0, 0.0), *told], np.float64)
        return pairs[:, 0], np.maximum.accumulate(pairs[:, 1]) / 60

    def feed_many(self, events: Iterable[Event]) -> None:
        """Take several events in their order; much quicker than one by one for many steps."""
        run: list[Event] = []
        for event in events:
            if event.get("event") == "step":
                run.append(event)
                continue
            self._feed_steps(run)
            run = []
            self.feed(event)
        self._feed_steps(run)

    def feed(self, event: Mapping[str, Any]) -> None:
        """Take one event."""
        take = _TAKERS.get(str(event.get("event")))
        if take is not None:
            take(self, event, whole_of(event, "step"))
            self.version += 1

    def _feed_steps(self, events: list[Event]) -> None:
        """Steps that follow one another: as columns where they are regular, else one by one."""
        if not events:
            return
        told = _columns_of(events)
        try:
            steps = np.array(told.pop("step", ()))
            told.pop("event", None)
            values = {name: np.array(column, np.float64) for name, column in told.items()}
        except (TypeError, ValueError, OverflowError):
            steps, values = np.empty(0), {}
        if not (self._follow_on(steps) and self._room_for(values)) or any(
            column.ndim > 1 for column in values.values()
        ):
            for event in events:
                self.feed(event)
            return
        self._columns.extend(steps, values)
        self.state = "running"
        self.version += 1

    def _follow_on(self, steps: npt.NDArray[Any]) -> bool:
        """Whether these are whole numbers that go on upwards from the last step."""
        return bool(
            steps.dtype == np.int64
            and steps.ndim == 1
            and self.last_step < steps[0]
            and steps[-1] < 1 << 53
            and (np.diff(steps) > 0).all()
        )

    def _room_for(self, names: Iterable[str]) -> bool:
        known = {*self._columns.names, *names}
        return len(known) <= MOST_NAMES and all(0 < len(name) <= LONGEST_NAME for name in known)

    def _take_step(self, event: Mapping[str, Any], step: int | None) -> None:
        if step is None:
            return
        if step <= self.last_step:
            self._cut_after(step - 1)
        values = {
            name: [value]
            for name in event
            if name not in NOT_CURVES
            and (value := number_of(event, name)) is not None
            and self._room_for([name])
        }
        self._columns.extend([step], values)
        self.state = "running"

    def _take_started(self, event: Mapping[str, Any], _step: int | None) -> None:
        first = whole_of(event, "from_step")
        self.started = dict(event)
        self._kinds = kinds_told(event.get("curves"))
        if self.total_steps and self.steps_per_epoch:
            self.epochs = self.total_steps // self.steps_per_epoch
        if first is not None:
            self._cut_after(first)
            self.resumes = [step for step in self.resumes if step < first]
            if first:
                self.resumes.append(first)
        self.state, self.problem, self.offer, self.reason = "running", "", None, ""

    def _take_epoch(self, event: Mapping[str, Any], step: int | None) -> None:
        self.epoch = whole_of(event, "epoch") or self.epoch
        self.epochs = whole_of(event, "of") or self.epochs
        self._tell_time(event, step)

    def _take_measures(self, event: Mapping[str, Any], step: int | None) -> None:
        model = numbers_of(event.get("model"))
        if step is None or not model:
            return
        epoch = whole_of(event, "epoch")
        if epoch is None:
            epoch = -(-step // self.steps_per_epoch) if self.steps_per_epoch else self.epoch
        _drop_from(self.measures, step)
        self.measures.append(Measured(step, epoch, model, event.get("best") is True))

    def _take_sample(self, event: Mapping[str, Any], step: int | None) -> None:
        epoch, file = whole_of(event, "epoch"), text_of(event, "file")
        if step is None or epoch is None or not file:
            return
        _drop_from(self.samples, step)
        self.samples.append(Sampled(step, epoch, file, text_of(event, "snapshot")))

    def _take_plateau(self, event: Mapping[str, Any], step: int | None) -> None:
        since = whole_of(event, "since_epoch")
        if step is None or since is None:
            return
        epoch = whole_of(event, "epoch")
        told = Plateau(
            step,
            since if epoch is None else epoch,
            since,
            text_of(event, "reason"),
            event.get("stops") is True,
        )
        _drop_from(self.plateaus, step)
        self.plateaus.append(told)

    def _take_checkpoint(self, event: Mapping[str, Any], step: int | None) -> None:
        if step is not None and step not in self.checkpoints[-1:]:
            self.checkpoints.append(step)
        self._tell_time(event, step)

    def _take_warning(self, event: Mapping[str, Any], _step: int | None) -> None:
        if (reason := text_of(event, "reason")) and reason not in self.warnings:
            self.warnings = [*self.warnings, reason][-MOST_NAMES:]

    def _take_end(self, event: Mapping[str, Any], step: int | None) -> None:
        self.state = event["event"]
        self.model = text_of(event, "model") or self.model
        self.reason = text_of(event, "reason")
        self._tell_time(event, step)

    def _take_failed(self, event: Mapping[str, Any], _step: int | None) -> None:
        self.state = "failed"
        self.problem = text_of(event, "reason")
        offer = event.get("offer")
        self.offer = dict(offer) if isinstance(offer, Mapping) else None

    def _tell_time(self, event: Mapping[str, Any], step: int | None) -> None:
        seconds = number_of(event, "seconds")
        if step is None or seconds is None or seconds < 0:
            return
        while self._clock and self._clock[-1][0] >= step:
            self._clock.pop()
        self._clock.append((step, seconds))

    def _cut_after(self, step: int) -> None:
        """Forget what came after a step: it is told again."""
        if self._columns.cut_after(step):
            self.cuts += 1
        for told in (self.measures, self.samples, self.plateaus):
            _drop_from(told, step + 1)
        self.checkpoints = [each for each in self.checkpoints if each <= step]
        self._clock = [told for told in self._clock if told[0] <= step]
        if self.steps_per_epoch:
            self.epoch = min(self.epoch, step // self.steps_per_epoch)


Taker = Callable[[Curves, Mapping[str, Any], int | None], None]
_TAKERS: dict[str, Taker] = {
    "started": Curves._take_started,
    "step": Curves._take_step,
    "epoch": Curves._take_epoch,
    "measures": Curves._take_measures,
    "sample": Curves._take_sample,
    "plateau": Curves._take_plateau,
    "checkpoint": Curves._take_checkpoint,
    "warning": Curves._take_warning,
    "paused": Curves._take_end,
    "stopped": Curves._take_end,
    "finished": Curves._take_end,
    "failed": Curves._take_failed,
}


def _drop_from(told: MutableSequence[Any], step: int) -> None:
    """Forget what was told of a step and of later ones."""
    while told and told[-1].step >= step:
        told.pop()


def _columns_of(events: list[Event]) -> dict[str, tuple[Any, ...]]:
    """Each field's values, by name; nothing where the events do not all have the same fields."""
    layouts = set(map(tuple, events))
    if len(layouts) != 1:
        return {}
    # Zipped rather than looked up: a million steps in half the time.
    return dict(zip(layouts.pop(), zip(*map(dict.values, events), strict=True), strict=True))


def read_curves(
    events_path: Path,
    after: int = 0,
    curves: Curves | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Curves, int]:
    """The curves of a run's file, and the byte offset from which to go on.

    ``curves`` are fed further instead of new ones. Made for a job: a million steps take some
    seconds. Raises `TrainingError` for a file that cannot be read; none at all is an empty run.
    """
    tail = EventTail(events_path, after)
    curves = curves or Curves()
    for piece in tail.pieces(cancelled):
        curves.feed_many(piece)
    return curves, tail.offset
