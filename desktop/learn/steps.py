"""The first steps: what each one is, and how it is seen that it is done. Needs no Qt."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from desktop.learn.text import Part, steps_text
from engine.store.runs import RunSummary

PRESET = "first-steps"
Deed = Literal["data", "preset", "train", "listen", "keep", "play"]
LISTENED_EPOCHS = 2
"""Epochs to hear: an early one and a late one."""


@dataclass(frozen=True, slots=True)
class LearnerState:
    """What is so at the moment.

    ``runs`` are all there are, ``listened`` the epochs that were heard here, ``played`` the model
    that the accompaniment in the Studio is of, by the name on its card.
    """

    data_sets: int = 0
    preset: str = ""
    runs: tuple[RunSummary, ...] = ()
    listened: frozenset[int] = frozenset()
    played: str = ""

    @property
    def own_runs(self) -> tuple[RunSummary, ...]:
        """Runs of this machine with the preset of the first steps, the last one first."""
        return tuple(run for run in self.runs if not run.shipped and run.preset == PRESET)

    @property
    def model(self) -> Path | None:
        """The last model that such a run made and that is still there."""
        made = (run.model for run in self.own_runs if run.model is not None)
        return next((path for path in made if path.is_file()), None)

    @property
    def running(self) -> bool:
        """Whether such a run learns at this moment."""
        return any(run.state == "running" for run in self.own_runs)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its words, the button's words, what the button asks for, and when it is done."""

    deed: Deed
    button: str
    is_done: Callable[[LearnerState], bool]

    @property
    def words(self) -> Part:
        """Title and sentences."""
        return steps_text()[1][STEPS.index(self)]


STEPS = (
    Step("data", "Choose songs", lambda state: state.data_sets > 0),
    Step("preset", "Choose it", lambda state: state.preset == PRESET or bool(state.own_runs)),
    Step("train", "Train", lambda state: any(run.step or run.epoch for run in state.own_runs)),
    Step("listen", "To the run", lambda state: len(state.listened) >= LISTENED_EPOCHS),
    Step("keep", "To the run", lambda state: state.model is not None),
    Step("play", "Play with it", lambda state: was_played(state)),
)


def was_played(state: LearnerState) -> bool:
    """Whether the Studio holds an accompaniment by a model of such a run."""
    names = {name for run in state.own_runs for name in (run.name, _stem(run.model))}
    return bool(state.played) and state.played in names


def done(state: LearnerState) -> tuple[bool, ...]:
    """Which steps are done, in their order."""
    return tuple(step.is_done(state) for step in STEPS)


def next_step(state: LearnerState) -> int | None:
    """The first step that is not done; None when all are."""
    return next((index for index, is_done in enumerate(done(state)) if not is_done), None)


def _stem(model: Path | None) -> str:
    return model.stem if model is not None else ""
