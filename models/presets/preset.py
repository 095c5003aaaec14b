"""A preset's fields."""

from dataclasses import dataclass
from typing import Literal

Network = Literal["beat_unet", "conv_unet"]


@dataclass(frozen=True, slots=True)
class Preset:
    """A network with settings that are known to work.

    ``roles`` are the parts it plays, by the names a data set gives them; ``window_beats`` the
    length of a training window. ``update_ratio`` is critic updates for each of the generator.
    ``title`` is what a person reads, ``minutes_hint`` about how long it takes on two CPU cores.
    ``adversarial_weight`` scales the generator's adversarial loss beside its filling-in loss (0:
    no critic) and ``adversarial_from`` is the share of the run after which the critic joins.
    """

    name: str
    description: str
    network: Network
    roles: tuple[str, ...]
    programs: tuple[int, ...]
    one_voice: tuple[bool, ...]
    window_beats: int
    batch_size: int
    learning_rate: float
    epochs: int
    update_ratio: int = 1
    adversarial_weight: float = 0.0
    adversarial_from: float = 0.8
    width: int = 256
    deep_width: int = 304
    title: str = ""
    minutes_hint: int | None = None
