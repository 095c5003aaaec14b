"""A preset's fields."""

from dataclasses import dataclass
from typing import Literal

Network = Literal["beat_unet", "conv_unet"]
Norm = Literal["batch", "instance", "none"]
Loss = Literal["wasserstein", "hinge", "least_squares"]


@dataclass(frozen=True, slots=True)
class Preset:
    """A network with settings that are known to work.

    ``roles`` are the parts it plays, by the names a data set gives them (none: all that the data
    has, with its own programs); ``window_beats`` the length of a training window. ``epoch_steps``
    is how many steps an epoch has (0: as many as hear every song once).
    ``title`` is what a person reads, ``minutes_hint`` about how long it takes on two CPU cores.

    ``meters`` are those that songs are read in (none: all); ``other_meters`` is the share of music
    in 4/4 that a ``beat_unet`` also hears as a shuffle in 6/8, half as much in 2/4.

    ``update_ratio`` is critic updates for each of the generator. ``adversarial_weight`` scales the
    generator's adversarial loss beside the others (0: no critic) and ``adversarial_from`` is the
    share of the run after which the critic joins. ``loss`` is what critic and generator play for,
    ``penalty_weight`` weighs the critic's gradient penalty, ``reconstruction_weight`` the
    generator's distance from the music as it stands in the data. The critic has
    ``critic_levels`` convolutions, the first with ``critic_channels`` and each next one twice as
    many.

    A ``beat_unet`` has ``width`` and ``deep_width`` channels, ``blocks`` in its outer and innermost
    levels, attention ``heads`` that hear ``reach`` beats, and ``dropout``. A ``conv_unet`` has
    ``levels`` that halve the picture, ``channels`` in the first, twice as many in each next one
    up to eight times as many, a ``kernel``, a ``norm`` and ``noise_channels`` at its bottom.
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
    epoch_steps: int = 0
    loss: Loss = "wasserstein"
    penalty_weight: float = 10.0
    reconstruction_weight: float = 0.0
    critic_levels: int = 4
    critic_channels: int = 32
    blocks: int = 2
    heads: int = 8
    meters: tuple[str, ...] = ("4/4",)
    other_meters: float = 0.0
    reach: int = 64
    dropout: float = 0.1
    levels: int = 4
    channels: int = 64
    kernel: int = 4
    norm: Norm = "batch"
    noise_channels: int = 512
