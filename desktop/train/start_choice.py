"""What a new generator starts from: nothing, a model to fine-tune, or a run to go on with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from desktop.settings.form import Choice
from desktop.training_words import run_line
from engine.generation.models import AvailableModel
from engine.store.runs import RunSummary

StartKind = Literal["new", "fine-tune", "go on"]
MOST_RUNS = 20

HINTS: dict[StartKind, str] = {
    "new": "learns from nothing; needs many songs",
    "fine-tune": "faster, needs few songs",
    "go on": "all settings stay as they were",
}


@dataclass(frozen=True, slots=True)
class Start:
    """One beginning; ``path`` is the model's file or the run's folder.

    ``brings`` are settings of the model by name; ``done`` and ``planned`` epochs are a run's.
    """

    kind: StartKind
    title: str
    path: Path | None = None
    preset: str = ""
    brings: Mapping[str, Any] = field(default_factory=dict)
    done: int = 0
    planned: int = 0

    @property
    def epochs_offered(self) -> int:
        """For a run that goes on: what was planned, or twice as much where that is done."""
        return self.planned if self.done < self.planned else 2 * self.done

    def hint(self, epochs: int) -> str:
        """What the beginning means; ``epochs`` is what stands in the form."""
        if self.kind != "go on" or not self.done:
            return HINTS[self.kind]
        more = max(0, epochs - self.done)
        return f"{counted(self.done)} done, so {more:,} more; {HINTS[self.kind]}"

    def problem(self, epochs: int) -> str:
        """Why it cannot begin with so many epochs; empty where it can."""
        if self.kind != "go on" or epochs > self.done:
            return ""
        return f"{counted(self.done)} done already: ask for more than that."


NEW = Start("new", "A new network")


def counted(epochs: int) -> str:
    """The subject of a sentence."""
    return "1 epoch is" if epochs == 1 else f"{epochs:,} epochs are"


def starts(models: Iterable[AvailableModel], runs: Sequence[RunSummary]) -> tuple[Start, ...]:
    """All beginnings: a new one, models that tell how they were trained, runs that have ended."""
    return (
        NEW,
        *(_fine_tune(model) for model in models if _preset_of(model)),
        *(
            _go_on(run)
            for run in runs[:MOST_RUNS]
            if run.state != "running" and not run.shipped and not run.problem
        ),
    )


def _fine_tune(model: AvailableModel) -> Start:
    assert model.card is not None
    title = model.card.name[:1].upper() + model.card.name[1:]
    whose = " (shipped)" if model.shipped else ""
    told = model.card.training.get("preset")
    brings = dict(told) if isinstance(told, Mapping) else {}
    return Start("fine-tune", f"{title}{whose} — fine-tune", model.path, _preset_of(model), brings)


def _go_on(run: RunSummary) -> Start:
    title = f"Go on with {run.name} ({run_line(run)})"
    return Start("go on", title, run.folder, run.preset, done=run.epoch, planned=run.epochs)


def _preset_of(model: AvailableModel) -> str:
    """The preset that a model was trained with; empty where it does not tell."""
    if model.card is None or model.problem:
        return ""
    preset = model.card.training.get("preset", "")
    return str(preset.get("name", "") if isinstance(preset, dict) else preset)


class StartChoice(Choice):
    """A combo box of beginnings."""

    def __init__(self) -> None:
        super().__init__([(NEW.title, NEW)])
        self._wish: tuple[StartKind, Path | None] | None = None
        """What was to be chosen before it was offered, as on a page that is shown first now."""
        self.setAccessibleName("Start from")
        self.setMaximumWidth(16_777_215)
        self.activated.connect(self._forget_wish)

    def _forget_wish(self) -> None:
        """What the user chooses by hand stands."""
        self._wish = None

    @property
    def start(self) -> Start:
        """The chosen beginning."""
        chosen = self.value
        return chosen if isinstance(chosen, Start) else NEW

    def show_starts(self, offered: Sequence[Start]) -> None:
        """Offer other beginnings; the chosen one stays where it is still there."""
        wish, self._wish = self._wish, None
        self._offer_starts(offered)
        if wish is not None:
            self.choose(*wish)
            self._wish = None

    def _offer_starts(self, offered: Sequence[Start]) -> None:
        before = self.start
        if [self.itemData(index) for index in range(self.count())] == list(offered):
            return
        blocked = self.blockSignals(True)
        self.offer((start.title, start) for start in offered)
        paths = [(start.kind, start.path) for start in offered]
        wanted = (before.kind, before.path)
        self.setCurrentIndex(paths.index(wanted) if wanted in paths else 0)
        self.blockSignals(blocked)

    def choose(self, kind: StartKind, path: Path | None) -> bool:
        """Choose a beginning, now or when it is next looked up; whether it is offered now."""
        for index in range(self.count()):
            start = self.itemData(index)
            if start.kind == kind and (path is None or start.path == path):
                self.setCurrentIndex(index)
                return True
        self._wish = kind, path
        return False
