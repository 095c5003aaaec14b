"""What a network is told to be made of."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.errors import TrainingError
from models.beat_unet import BeatUNet, beat_settings
from models.describe import describe
from models.layout import Layout
from models.presets import PRESETS
from models.settings import RunSettings
from tests.models.conftest import MakeSettings

PARTS = {"encoder", "latent", "decoder"}


def described(preset: str, data: tuple[str, ...] = (), **changes: Any) -> dict[str, Any]:
    return describe(RunSettings("any", replace(PRESETS[preset], **changes), data))


def test_deepcomposers_networks_are_told_to_the_parameter() -> None:
    generator, critic = described("deepcomposer")["networks"]
    assert (generator["role"], generator["parameters"]) == ("generator", 8_270_852)
    assert (critic["role"], critic["parameters"]) == ("critic", 2_766_785)
    first, last = generator["layers"][0], generator["layers"][-1]
    assert (first["shape_in"], first["shape_out"]) == ([1, 32, 128], [64, 16, 64])
    assert (last["shape_in"], last["shape_out"]) == ([128, 16, 64], [4, 32, 128])
    (noise,) = [layer for layer in generator["layers"] if layer["part"] == "latent"]
    assert (noise["shape_in"], noise["shape_out"]) == ([512, 2, 8], [1024, 2, 8])


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_all_weights_stand_in_some_layer(preset: str) -> None:
    for network in described(preset)["networks"]:
        assert sum(layer["parameters"] for layer in network["layers"]) == network["parameters"]
        parts = [layer["part"] for layer in network["layers"]]
        assert set(parts) == ({"critic"} if network["role"] == "critic" else PARTS)
        if network["role"] == "generator":
            assert parts == sorted(parts, key=("encoder", "latent", "decoder").index)


def test_every_change_is_seen_in_shapes_and_counts() -> None:
    (small, *_), (deep, *_), (wide, *_) = (
        described("own", (), **changes)["networks"]
        for changes in ({"levels": 3}, {"levels": 5}, {"levels": 3, "channels": 64})
    )
    assert small["layers"][-1]["shape_out"] == deep["layers"][-1]["shape_out"] == [4, 32, 128]
    assert len(deep["layers"]) > len(small["layers"])
    assert wide["parameters"] > 2 * small["parameters"]
    assert (
        described("own", adversarial_weight=0.0)["networks"]
        == described("own", adversarial_weight=0.0, critic_levels=1)["networks"]
    )


def test_a_beat_network_is_told_as_it_is_made() -> None:
    preset = replace(PRESETS["pop"], width=64, deep_width=32, blocks=3, heads=4, reach=16)
    (generator, _) = describe(RunSettings("any", preset, ()))["networks"]
    made = BeatUNet(Layout(), beat_settings(preset))
    assert generator["parameters"] == sum(weight.numel() for weight in made.parameters())
    assert sum(layer["kind"] == "Attention" for layer in generator["layers"]) == 3 * 3 + 2


def test_the_data_set_says_how_many_parts_there_are(settings: MakeSettings, songs: Path) -> None:
    assert described("own", (str(songs),))["parts"] == 3


def test_what_cannot_be_is_said_not_described() -> None:
    with pytest.raises(TrainingError, match="1 to 5 levels"):
        described("own", levels=7)
