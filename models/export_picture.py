"""Writing a `ConvUNet` as a model file that keeps the contract."""

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor, nn
from torch.export import Dim
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval

from engine.data.corpus import Corpus
from engine.errors import TrainingError
from models.cards import RIGHTS
from models.conv_unet import NOISE_SIZE, PITCHES, STEPS, ConvUNet
from models.onnx_file import CARD_KEY, halve, quiet_session, round_to_half, save_checked, to_onnx
from models.settings import RunSettings

TOLERANCE = 1e-4
NOISE_CUT = 2.0


class PictureGenerator(nn.Module):
    """The contract around a `ConvUNet`: no redrawn melody, onsets where sound begins."""

    def __init__(self, network: ConvUNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, melody: Tensor, noise: Tensor) -> Tensor:
        """``melody`` (batch, 2, 32, 128), 0 or 1, to ``accompaniment`` (batch, 6, 32, 128)."""
        picture = melody[:, 1:] * 2 - 1
        rolls = self.network(picture, noise.clamp(-NOISE_CUT, NOISE_CUT))[:, 1:]
        sounding = rolls * 0.5 + 0.5
        before = functional.pad(sounding, (0, 0, 1, 0))[:, :, :STEPS]
        onset = sounding * (before < 0.5).to(sounding.dtype)
        return torch.stack([onset, sounding], 2).flatten(1, 2)


def picture_card(
    settings: RunSettings, corpus: Corpus, songs: int, record: Mapping[str, Any]
) -> dict[str, Any]:
    """The card's JSON."""
    preset, data = settings.preset, corpus.card
    tracks = [
        {"name": name, "program": program, "is_drum": False, "pitch_low": 0, "pitch_high": 127}
        for name, program in zip(data.roles[1:], preset.programs, strict=True)
    ]
    source = {"name": data.name, "version": data.version, "licence": data.licence, "songs": songs}
    return {
        "name": settings.name,
        "version": "1",
        "description": preset.description,
        "licence": "GPL-3.0-or-later",
        "rights": RIGHTS,
        "tags": list(settings.tags or data.tags),
        "tracks": tracks,
        "steps_per_beat": 4,
        "meters": ["4/4"],
        "step_multiple": STEPS,
        "max_steps": STEPS,
        "passes": 1,
        "decoding": "threshold",
        "pitch_low": 0,
        "pitches": PITCHES,
        "noise_size": NOISE_SIZE,
        "trained_on": [source],
        "training": dict(record["training"]),
        "measures": dict(record["measures"]),
        "parent": None,
    }


def export_picture(network: ConvUNet, card: Mapping[str, Any], path: Path) -> None:
    """Write the ONNX file with its card, then check it against torch. Raises `TrainingError`."""
    player = PictureGenerator(without_norms(network)).eval()
    round_to_half(player)
    example = _example(2)
    batch = Dim("batch", min=1)
    model = to_onnx(
        player,
        example,
        ({0: batch}, {0: batch}),
        input_names=["melody", "noise"],
        output_names=["accompaniment"],
    )
    _free_steps(model.graph)
    halve(model.graph)
    entry = model.metadata_props.add()
    entry.key, entry.value = CARD_KEY, json.dumps(card, ensure_ascii=False)
    onnx.checker.check_model(model)
    save_checked(model, path, lambda written: _check(player, written))


def without_norms(network: ConvUNet) -> ConvUNet:
    """The same network with each norm folded into its convolution.

    The exporter folds them as well, but after the weights were rounded: the file would then hold
    other numbers than the network that it is checked against.
    """
    folded = copy.deepcopy(network).eval()
    for layer in (*folded.down, *folded.up):
        if isinstance(layer.norm, nn.BatchNorm2d) and isinstance(layer.convolution, nn.Conv2d):
            layer.convolution = fuse_conv_bn_eval(layer.convolution, layer.norm)
            layer.norm = nn.Identity()
    return folded


def _free_steps(graph: onnx.GraphProto) -> None:
    """Name the steps' axis, as the contract has it; the card says that it is always 32."""
    for value in (graph.input[0], graph.output[0]):
        value.type.tensor_type.shape.dim[2].dim_param = "steps"
    del graph.value_info[:]


def _example(batch: int) -> tuple[Tensor, Tensor]:
    rng = torch.Generator().manual_seed(batch)
    melody = (torch.rand(batch, 2, STEPS, PITCHES, generator=rng) < 0.05).float()
    return melody, torch.randn(batch, NOISE_SIZE, generator=rng)


def _check(player: PictureGenerator, path: Path) -> None:
    session: onnxruntime.InferenceSession = quiet_session(path)
    for size in (1, 3):
        melody, noise = _example(size)
        with torch.no_grad():
            wanted = player(melody, noise).numpy()
        (found,) = session.run(None, {"melody": melody.numpy(), "noise": noise.numpy()})
        if float(np.abs(wanted[:, 1::2] - found[:, 1::2]).max()) > TOLERANCE:
            raise TrainingError("The exported model differs from the trained one; it was not kept.")
