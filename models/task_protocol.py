"""What the loop asks of a task: the face that every preset's network shows it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from torch import nn
from torch.optim import Optimizer

from engine.data.corpus import SongEntry, Stretch
from engine.data.measures import Segment
from engine.data.segments import PackedSongs
from models.curve import Curve


class Task(Protocol):
    """A network with its losses and its data: what differs between presets.

    ``curves`` are the numbers of a step, in the order to draw them. ``window_count`` is how many
    training windows an epoch hears. ``parts`` are the accompaniment's (name, program), in order.
    """

    @property
    def modules(self) -> Mapping[str, nn.Module]: ...

    @property
    def optimizers(self) -> Mapping[str, Optimizer]: ...

    @property
    def steps_per_epoch(self) -> int: ...

    @property
    def curves(self) -> tuple[Curve, ...]: ...

    @property
    def window_count(self) -> int: ...

    @property
    def parts(self) -> tuple[tuple[str, int], ...]: ...

    @property
    def corpus(self) -> PackedSongs: ...

    @property
    def train_songs(self) -> Sequence[SongEntry]: ...

    @property
    def held_songs(self) -> Sequence[SongEntry]: ...

    def batch(self, step: int) -> Any: ...

    def step(self, step: int, total: int, batch: Any, /) -> dict[str, float]: ...

    def held_out_stretches(self) -> list[Stretch]: ...

    def played(self, stretches: Sequence[Stretch], seed: int = 0) -> list[Segment]: ...

    def human(self, stretches: Sequence[Stretch]) -> list[Segment]: ...

    def snapshot(self, path: Path) -> None:
        """Write the generator's weights as they would be exported (`models.snapshots`)."""

    def restore_snapshot(self, path: Path) -> None:
        """Take a snapshot's weights: what is played and exported from here on. Not trained on."""

    def export(self, path: Path, record: Mapping[str, Any]) -> None: ...
