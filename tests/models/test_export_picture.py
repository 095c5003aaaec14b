"""DeepComposer's network as a model file."""

from pathlib import Path

import numpy as np
import pytest
import torch
from lightning_fabric import Fabric

from engine.generation.generator import Generator, Request
from engine.generation.model_card import read_card
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import make_track
from models.conv_unet import NOISE_SIZE, ConvUNet
from models.export_picture import PictureGenerator, without_norms
from models.gan_task import GanTask
from models.onnx_file import quiet_session
from models.onnx_weights import onnx_weights
from tests.models.conftest import MakeSettings

pytestmark = pytest.mark.timeout(400)


def with_history(network: ConvUNet) -> ConvUNet:
    """Norms that have seen something, as a trained network's have."""
    torch.manual_seed(3)
    network.train()
    with torch.no_grad():
        for _ in range(3):
            network(torch.randn(2, 1, 32, 128).sign(), torch.randn(2, NOISE_SIZE))
    return network.eval()


def test_norms_are_folded_into_their_convolutions() -> None:
    network = with_history(ConvUNet())
    folded = without_norms(network)
    melody, noise = torch.randn(2, 1, 32, 128).sign(), torch.randn(2, NOISE_SIZE)
    with torch.no_grad():
        assert torch.allclose(network(melody, noise), folded(melody, noise), atol=1e-4)
    assert not any(isinstance(each, torch.nn.BatchNorm2d) for each in folded.modules())
    assert any(isinstance(each, torch.nn.BatchNorm2d) for each in network.modules())


def test_the_picture_is_read_as_onsets_and_sounding() -> None:
    class Drawn(ConvUNet):
        def forward(self, melody: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
            rolls = torch.full((1, 4, 32, 128), -1.0)
            rolls[0, 1, 4:8, 40] = 1
            rolls[0, 2, 0:2, 50] = 1
            rolls[0, 0] = melody[0, 0]
            return rolls

    with torch.no_grad():
        planes = PictureGenerator(Drawn())(torch.zeros(1, 2, 32, 128), torch.zeros(1, NOISE_SIZE))
    planes = planes.unflatten(1, (3, 2)) >= 0.5
    assert planes[0, 0, 0].nonzero().tolist() == [[4, 40]]
    assert planes[0, 0, 1].nonzero().tolist() == [[4, 40], [5, 40], [6, 40], [7, 40]]
    assert planes[0, 1, 0].nonzero().tolist() == [[0, 50]]
    assert not planes[0, 2].any()


def test_the_file_plays_what_torch_plays_and_the_studio_takes_it(
    settings: MakeSettings, fabric: Fabric, tmp_path: Path
) -> None:
    task = GanTask(settings("deepcomposer"), fabric)
    task.generator.load_state_dict(with_history(ConvUNet()).state_dict())
    path = tmp_path / "bach.onnx"
    task.export(path, {"training": {"steps": 0}, "measures": {"segments": 2}})
    assert [each.name for each in tmp_path.iterdir()] == ["bach.onnx"]

    player = PictureGenerator(without_norms(task.plain())).eval()
    melody = (torch.rand(2, 2, 32, 128) < 0.05).float()
    noise = torch.randn(2, NOISE_SIZE)
    with torch.no_grad():
        wanted = player(melody, noise).numpy()
    (found,) = quiet_session(path).run(None, {"melody": melody.numpy(), "noise": noise.numpy()})
    differing = (wanted[:, 1::2] >= 0.5) != (found[:, 1::2] >= 0.5)
    assert differing.mean() < 1e-3  # weights are kept in half precision
    assert float(np.abs(wanted[:, 1::2] - found[:, 1::2]).max()) < 0.02

    held, kept = onnx_weights(path), without_norms(task.plain()).state_dict()
    assert held.keys() == kept.keys()
    for name, value in kept.items():
        assert torch.allclose(held[name], value, rtol=1e-3, atol=1e-4), name

    card = read_card(path)
    assert (card.max_steps, card.noise_size, card.track_names) == (
        32,
        NOISE_SIZE,
        ("Bass", "Chords", "Counter"),
    )
    tune = [Note(480 * beat, 60 + beat % 5, 480) for beat in range(24)]
    takes = Generator.load(path, "cpu").compose(
        Composition(tracks=(make_track("Melody", tune),)), Request(takes=2)
    )
    assert len(takes) == 2
