"""A network as the trainer describes it, and how it is drawn."""

from typing import Any

import pytest
from PySide6.QtCore import QRectF

from desktop.learn.network import (
    Description,
    count_text,
    description_of,
    shape_text,
    shipped_descriptions,
)
from desktop.learn.network_painting import blocks_of, layer_words, shape_rows, skips
from engine.errors import TrainingError
from tests.desktop.learn.conftest import told_network

BOX = QRectF(0, 0, 500, 300)


def test_a_description_is_read(description: Description) -> None:
    assert description.generator.parameters == 5000
    assert [layer.name for layer in description.generator.part("encoder")] == ["down 1", "down 2"]
    assert description.critic is not None
    assert description.looks_at_pictures


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"networks": []},
        {"networks": [{"role": "generator", "parameters": 1, "layers": []}]},
        {"networks": [{"role": "generator", "parameters": 1, "layers": [{"part": "attic"}]}]},
        {"networks": "none"},
    ],
)
def test_an_answer_that_describes_no_network_is_refused_in_a_sentence(
    answer: dict[str, Any],
) -> None:
    with pytest.raises(TrainingError, match="description of the network is damaged"):
        description_of(answer, "a run")


def test_a_run_without_critic_has_none() -> None:
    assert description_of(told_network(critic=False), "a run").critic is None


def test_the_u_goes_down_and_comes_up_again(description: Description) -> None:
    blocks = blocks_of(description.generator, BOX)
    middles = [block.box.center().y() for block in blocks]

    assert middles[0] < middles[1] == middles[2] > middles[3] > middles[4]
    assert all(BOX.contains(block.box) for block in blocks)


def test_layers_of_one_size_are_joined_by_a_skip(description: Description) -> None:
    pairs = skips(blocks_of(description.generator, BOX))

    assert [(one.layer.name, two.layer.name) for one, two in pairs] == [("down 1", "up 1")]


def test_matrices_and_norms_of_one_block_are_one_layer() -> None:
    told = told_network(critic=False)
    first = told["networks"][0]["layers"][0]
    names = (
        "encode.0.attention.project",
        "encode.0.attention",
        "encode.0.narrow",
        "encode.1.narrow",
    )
    kinds = ("Linear", "Attention", "Linear", "Linear")
    told["networks"][0]["layers"] = [
        {**first, "name": name, "kind": kind} for name, kind in zip(names, kinds, strict=True)
    ]
    layers = description_of(told, "a run").generator.layers
    assert [(each.name, each.kind, each.parameters) for each in layers] == [
        ("encode 1", "Attention, Linear", 2000),
        ("encode 2", "Linear", 1000),
    ]


def test_layers_and_counts_are_told_in_words(description: Description) -> None:
    words = layer_words(description.generator.layers[0])

    assert words == "down 1 (convolution): 1 × 32 × 128 in, 8 × 16 × 64 out, 1,000 parameters."
    assert [count_text(n) for n in (420, 65_600, 8_270_852, 27_000_000)] == [
        "420",
        "66 k",
        "8.27 M",
        "27.0 M",
    ]
    assert shape_text((8192,)) == "8,192"


def test_the_presets_networks_are_known_without_the_trainer() -> None:
    shipped = shipped_descriptions()

    deepcomposer = shipped["deepcomposer"]
    assert deepcomposer.generator.parameters == 8_270_852
    assert deepcomposer.critic is not None
    assert deepcomposer.critic.parameters == 2_766_785
    assert {"pop", "own", "first-steps"} <= set(shipped)


@pytest.mark.parametrize("preset", shipped_descriptions())
def test_the_layers_that_are_drawn_hold_all_parameters(preset: str) -> None:
    for network in shipped_descriptions()[preset].networks:
        assert sum(layer.parameters for layer in network.layers) == network.parameters


@pytest.mark.parametrize(
    ("shape", "room", "rows"),
    [
        ((4, 32, 128), 90.0, ("4×32×128",)),
        ((4, 32, 128), 44.0, ("4×", "32×128")),
        ((1024, 2, 8), 44.0, ("1024×", "2×8")),
        ((256, 2, 8), 44.0, ("256×2×8",)),
        ((512, 2, 8), 20.0, ()),
    ],
)
def test_a_shape_is_no_wider_than_its_block(
    shape: tuple[int, ...], room: float, rows: tuple[str, ...]
) -> None:
    assert shape_rows(shape, room) == rows
