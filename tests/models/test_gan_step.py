"""The trainer's own training step against a plain transcription of the same network and loop."""

from pathlib import Path

import pytest
import torch
from lightning_fabric import Fabric
from torch import nn

from models.conv_unet import ConvUNet, ConvUNetSettings
from models.gan_task import GanTask, reconstruction
from tests.models.conftest import MakeSettings
from tests.plain_gan import PlainTraining, PlainUNet


def test_a_network_answers_as_its_plain_transcription_does() -> None:
    torch.manual_seed(5)
    ours, plain = ConvUNet(), PlainUNet()
    plain.load_state_dict(ours.state_dict())
    melody, noise = torch.randn(2, 1, 32, 128).sign(), torch.randn(2, 8192)
    with torch.no_grad():
        assert torch.allclose(ours(melody, noise), plain(melody, noise), atol=1e-5)


def test_a_step_moves_the_weights_as_the_plain_loop_does(
    settings: MakeSettings, fabric: Fabric
) -> None:
    task = GanTask(settings("deepcomposer", batch_size=3, update_ratio=2), fabric)
    plain = PlainTraining()
    plain.generator.load_state_dict(task.generator.state_dict())
    plain.critic.load_state_dict(task.critic.state_dict())
    bits = task.batch(0)
    drawn = torch.Generator().manual_seed(0)
    noise, mix = zip(*(task._drawn(3, drawn) for _ in range(2)), strict=True)
    found = task.step(0, 10, bits)
    losses = plain.step(
        torch.from_numpy(bits).float() * 2 - 1, torch.stack(noise), torch.stack(mix)
    )
    assert (found["critic"], found["generator"]) == pytest.approx(losses, rel=1e-3, abs=1e-4)
    assert moved_alike(plain.critic, task.critic) > 0.999
    assert moved_alike(plain.generator, task.generator) > 0.99


def moved_alike(one: nn.Module, other: nn.Module) -> float:
    """Share of weights that lie closer to each other than a tenth of Adam's first step."""
    pairs = zip(one.parameters(), other.parameters(), strict=True)
    near = [((a - b).abs() < 1e-4).flatten() for a, b in pairs]
    return float(torch.cat(near).float().mean())


def test_a_data_set_may_have_any_number_of_parts() -> None:
    for tracks in (2, 3, 6):
        network = ConvUNet(ConvUNetSettings(tracks=tracks, channels=4, noise_channels=2)).eval()
        with torch.no_grad():
            drawn = network(torch.zeros(1, 1, 32, 128), torch.zeros(1, 2 * 2 * 8))
        assert drawn.shape == (1, tracks, 32, 128)


@pytest.mark.parametrize(
    "sizes",
    [
        ConvUNetSettings(levels=1, channels=4, noise_channels=1),
        ConvUNetSettings(levels=2, channels=4, kernel=3, norm="instance", noise_channels=3),
        ConvUNetSettings(levels=5, channels=4, kernel=6, norm="none", noise_channels=2, steps=64),
    ],
)
def test_a_network_of_ones_own_keeps_its_pictures_size(sizes: ConvUNetSettings) -> None:
    network = ConvUNet(sizes)
    drawn = network(torch.zeros(2, 1, sizes.steps, 128), torch.zeros(2, sizes.noise_size))
    assert drawn.shape == (2, 4, sizes.steps, 128)
    drawn.sum().backward()
    assert all(weight.grad is not None for weight in network.parameters())


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"loss": "hinge"}, {"critic", "distance", "penalty", "generator", "reconstruction"}),
        ({"loss": "least_squares", "penalty_weight": 0.0, "critic_levels": 2}, None),
        ({"adversarial_weight": 0.0, "norm": "instance"}, {"reconstruction"}),
        ({"reconstruction_weight": 0.0, "window_beats": 16, "kernel": 3}, None),
    ],
)
def test_an_own_network_learns_by_the_losses_that_were_chosen(
    settings: MakeSettings, fabric: Fabric, changes: dict[str, object], told: set[str] | None
) -> None:
    small = {"channels": 4, "noise_channels": 2, "critic_channels": 4, "learning_rate": 1e-3}
    task = GanTask(settings("own", **small, **changes), fabric)
    before = {name: value.clone() for name, value in task.generator.state_dict().items()}
    found = task.step(0, 10, task.batch(0))
    assert set(found) == (told or {curve.name for curve in task.curves})
    after = task.generator.state_dict()
    assert any(not torch.equal(before[name], after[name]) for name in before)


def test_the_reconstruction_is_nought_for_the_music_itself() -> None:
    music = torch.full((1, 4, 32, 128), -1.0)
    music[:, :, :, 60] = 1
    assert float(reconstruction(music, music)) < 0.02
    assert float(reconstruction(music, torch.zeros_like(music))) == pytest.approx(
        128 * 0.6931, 1e-3
    )
    assert float(reconstruction(music, -music)) > 1000


def test_a_snapshot_is_what_is_played(
    settings: MakeSettings, fabric: Fabric, tmp_path: Path
) -> None:
    task = GanTask(settings("own", channels=4, noise_channels=2, critic_channels=4), fabric)
    task.snapshot(tmp_path / "one.safetensors")
    stretches = task.held_out_stretches()
    before = task.played(stretches)
    task.step(0, 10, task.batch(0))
    task.restore_snapshot(tmp_path / "one.safetensors")
    assert task.played(stretches) == before
