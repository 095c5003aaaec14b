"""The loop with a task that is quickly trained, for tests of everything around the steps."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from lightning_fabric import Fabric
from torch import nn
from torch.optim import SGD, Optimizer

from engine.data.corpus import Corpus, SongEntry, Stretch
from engine.data.measures import Segment
from engine.data.segments import draw_stretches, segment_of
from engine.store.training_run import TrainingRun
from models.curve import Curve
from models.requests import Request
from models.session import Session
from models.settings import RunSettings
from models.snapshots import load_weights, save_weights
from models.train import Outcome, train

Event = dict[str, Any]


class Guess:
    """One weight that learns a number; plays what people played, or nothing once it is silent."""

    def __init__(
        self, corpus: Corpus, spoiled_at: int | None = None, silent_from: int = 10**9
    ) -> None:
        self.corpus, self.spoiled_at, self.silent_from = corpus, spoiled_at, silent_from
        self.steps = 0
        self.network = nn.Linear(1, 1, bias=False)
        nn.init.zeros_(self.network.weight)
        self.optimizer = SGD(self.network.parameters(), lr=0.02, momentum=0.9)
        self.exported: list[dict[str, Any]] = []
        self.asked: list[int] = []

    @property
    def modules(self) -> dict[str, nn.Module]:
        return {"network": self.network}

    @property
    def optimizers(self) -> dict[str, Optimizer]:
        return {"network": self.optimizer}

    @property
    def steps_per_epoch(self) -> int:
        return 4

    @property
    def window_count(self) -> int:
        return 16

    @property
    def curves(self) -> tuple[Curve, ...]:
        return (Curve("total", "All losses", "towards 0"),)

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        return (("Bass", 33), ("Chords", 4), ("Counter", 71))

    @property
    def train_songs(self) -> Sequence[SongEntry]:
        return self.corpus.songs[2:]

    @property
    def held_songs(self) -> Sequence[SongEntry]:
        return self.corpus.songs[:2]

    def batch(self, step: int) -> torch.Tensor:
        self.asked.append(step)
        return torch.full((1, 1), 1.0 + step % 2)

    def step(self, step: int, total: int, batch: torch.Tensor) -> dict[str, float]:
        loss = (self.network(batch) - 3).square().mean()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.steps = step + 1
        spoiled = self.spoiled_at is not None and step >= self.spoiled_at
        return {"total": math.nan if spoiled else loss.item()}

    def held_out_stretches(self) -> list[Stretch]:
        return draw_stretches(self.corpus, self.corpus.songs[:2], 2)

    def played(self, stretches: Sequence[Stretch], seed: int = 0) -> list[Segment]:
        heard = self.human(stretches)
        if self.steps < self.silent_from:
            return heard
        return [replace(each, tracks=((),) * len(each.tracks)) for each in heard]

    def human(self, stretches: Sequence[Stretch]) -> list[Segment]:
        return [segment_of(each) for each in stretches]

    def snapshot(self, path: Path) -> None:
        save_weights(path, self.network)

    def restore_snapshot(self, path: Path) -> None:
        load_weights(path, self.network)

    def export(self, path: Path, record: Mapping[str, Any]) -> None:
        self.exported.append(dict(record))
        path.write_text("a model")


class Loop:
    """A run of the loop in a folder; events are noted."""

    def __init__(self, folder: Path, songs: Path, settings: RunSettings, fabric: Fabric) -> None:
        self.run, self.songs = TrainingRun(folder / "run"), songs
        self.settings, self.fabric = settings, fabric
        self.model = folder / "model.onnx"
        self.events: list[Event] = []

    def report(self, event: Event) -> None:
        self.run.append(event)
        self.events.append(event)

    def told(self, kind: str) -> list[Event]:
        return [event for event in self.events if event["event"] == kind]

    def go(
        self, task: Guess | None = None, steps: int | None = None, ask: Request = "stop"
    ) -> Outcome:
        """Train to the end, or until ``steps`` were told."""
        self.task = task or Guess(Corpus(self.songs))
        args = (
            self.task,
            self.settings,
            self.run,
            self.fabric,
            self.report,
            {"device": "cpu", "device_name": "x"},
        )
        enough = steps or 10**6
        return train(
            Session(*args),
            lambda: ask if len(self.told("step")) >= enough else None,
            self.model,
        )

    def again(self, **changes: Any) -> "Loop":
        """The same run for another process, with some settings changed."""
        settings = replace(self.settings, **changes)
        return Loop(self.run.folder.parent, self.songs, settings, self.fabric)
