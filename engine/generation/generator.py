"""A model in use: melody and seed in, takes out."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from engine.generation.model_card import ModelCard
from engine.generation.request import Accompaniment, ChordHint, Request
from engine.music.composition import Composition

__all__ = ["Accompaniment", "ChordHint", "Device", "Generator", "Request"]

Device = Literal["auto", "cuda", "cpu"]


class Generator:
    """A loaded model. `compose` may be called on any thread, and on several at once."""

    card: ModelCard
    sha256: str
    provider: str
    device_note: str
    offers: frozenset[str]

    @classmethod
    def load(cls, path: Path, device: Device = "auto") -> "Generator":
        """Load and check a model file. Raises `ModelError` or `DeviceError`."""
        raise NotImplementedError

    def warm(self) -> None:
        """Run once on silence, so that the first real request is as fast as the later ones."""
        raise NotImplementedError

    def compose(
        self,
        composition: Composition,
        request: Request,
        *,
        progress: Callable[[float], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> tuple[Accompaniment, ...]:
        """The takes asked for; an empty tuple when cancelled. Raises `MusicError`, `ModelError`."""
        raise NotImplementedError
