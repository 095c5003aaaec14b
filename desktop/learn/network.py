"""A network as the trainer describes it: layers with their shapes and parameter counts.

The trainer tells every matrix and every norm. What is drawn is coarser: a level of the picture, or
a block of the sequence, is one layer here.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Any

from desktop.learn.text import LESSONS_FOLDER
from engine.errors import TrainingError

Shape = tuple[int, ...]
MOST_LAYERS = 500
WHOLE = "Attention"
"""The kind of a layer that is told beside the matrices inside it."""
PARTS = ("encoder", "latent", "decoder", "critic")


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer; ``part`` is one of `PARTS`, shapes are those of one window."""

    name: str
    kind: str
    part: str
    shape_in: Shape
    shape_out: Shape
    parameters: int

    @property
    def numbers(self) -> int:
        """How many numbers leave it."""
        return prod(self.shape_out)


@dataclass(frozen=True, slots=True)
class Network:
    """A generator or a critic."""

    role: str
    parameters: int
    layers: tuple[Layer, ...]

    def part(self, name: str) -> tuple[Layer, ...]:
        """Its layers that belong to one part, in order."""
        return tuple(layer for layer in self.layers if layer.part == name)

    @property
    def width(self) -> int:
        """The most numbers that pass between two layers."""
        return max((layer.numbers for layer in self.layers), default=1)


@dataclass(frozen=True, slots=True)
class Description:
    """The networks of a run or preset; ``source`` says whose, in words."""

    source: str
    networks: tuple[Network, ...]

    @property
    def generator(self) -> Network:
        """The network that answers."""
        return next(each for each in self.networks if each.role == "generator")

    @property
    def critic(self) -> Network | None:
        """The network that judges; None where a run has none."""
        return next((each for each in self.networks if each.role == "critic"), None)

    @property
    def looks_at_pictures(self) -> bool:
        """Whether the generator is made of convolutions over steps and pitches."""
        return any(len(layer.shape_out) == 3 for layer in self.generator.layers)


def description_of(answer: Mapping[str, Any], source: str) -> Description:
    """The trainer's answer to ``--describe``. Raises `TrainingError` for what is none."""
    try:
        networks = tuple(_network(each) for each in answer["networks"])
        if not any(each.role == "generator" and each.layers for each in networks):
            raise ValueError
    except (KeyError, TypeError, ValueError) as error:
        raise TrainingError("The trainer's description of the network is damaged.") from error
    return Description(source, networks)


def shipped_descriptions() -> Mapping[str, Description]:
    """The presets' networks by name, as the trainer described them when Tutti was made."""
    return _shipped()


@cache
def _shipped() -> dict[str, Description]:
    found = {}
    for path in sorted((LESSONS_FOLDER / "networks").glob("*.json")):
        answer = json.loads(path.read_text("utf-8"))
        found[answer["preset"]] = description_of(answer, f"the preset {answer['preset']}")
    return found


def shape_text(shape: Sequence[int]) -> str:
    """A shape for reading: ``512 × 2 × 8``."""
    return " × ".join(f"{size:,}" for size in shape)


def count_text(count: int) -> str:
    """A count for a narrow place: ``8.27 M``, ``656 k``, ``420``."""
    if count >= 10_000_000:
        return f"{count / 1e6:.1f} M"
    if count >= 1_000_000:
        return f"{count / 1e6:.2f} M"
    return f"{count / 1e3:.0f} k" if count >= 10_000 else f"{count:,}"


def _network(values: Mapping[str, Any]) -> Network:
    layers = [_layer(each) for each in values["layers"][:MOST_LAYERS]]
    return Network(str(values["role"]), int(values["parameters"]), joined(layers))


def joined(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """Layers of one level or block as one; their names agree in the first two of their parts."""
    wholes = tuple(f"{layer.name}." for layer in layers if layer.kind == WHOLE)
    groups: dict[tuple[str, str], list[Layer]] = {}
    for layer in layers:
        if not layer.name.startswith(wholes):
            key = (layer.part, ".".join(layer.name.split(".")[:2]))
            groups.setdefault(key, []).append(layer)
    counts: dict[tuple[str, str], int] = {}
    found = []
    for (part, name), group in groups.items():
        words, _, number = name.replace("_", " ").partition(".")
        if number:
            # Counted anew: between the layers of a module may stand some that have no weights.
            counts[part, words] = counts.get((part, words), 0) + 1
            words = f"{words} {counts[part, words]}"
        found.append(_one(words, group))
    return tuple(found)


def _one(name: str, layers: Sequence[Layer]) -> Layer:
    first, last = layers[0], layers[-1]
    kinds = ", ".join(dict.fromkeys(layer.kind for layer in layers))
    parameters = sum(layer.parameters for layer in layers)
    return Layer(name, kinds, first.part, first.shape_in, last.shape_out, parameters)


def _layer(values: Mapping[str, Any]) -> Layer:
    part = str(values["part"])
    if part not in PARTS:
        raise ValueError(part)
    return Layer(
        str(values["name"]),
        str(values["kind"]),
        part,
        _shape(values["shape_in"]),
        _shape(values["shape_out"]),
        int(values["parameters"]),
    )


def _shape(sizes: Sequence[Any]) -> Shape:
    return tuple(int(size) for size in sizes)
