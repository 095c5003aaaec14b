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
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval

from engine.errors import TrainingError
from models.conv_unet import NOISE_CUT, PITCHES, ConvUNet, ConvUNetSettings
from models.onnx_file import CARD_KEY, halve, quiet_session, round_to_half, save_checked, to_onnx

TOLERANCE = 1e-4


class PictureGenerator(nn.Module):
    """The contract around a `ConvUNet`: no redrawn melody, onsets where sound begins."""

    def __init__(self, network: ConvUNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, melody: Tensor, noise: Tensor) -> Tensor:
        """``melody`` (batch, 2, step, 128), 0 or 1, to ``accompaniment`` (batch, 2·part, …)."""
        picture = melody[:, 1:] * 2 - 1
        rolls = self.network(picture, noise.clamp(-NOISE_CUT, NOISE_CUT))[:, 1:]
        sounding = rolls * 0.5 + 0.5
        before = functional.pad(sounding, (0, 0, 1, 0))[:, :, : self.network.settings.steps]
        onset = sounding * (before < 0.5).to(sounding.dtype)
        return torch.stack([onset, sounding], 2).flatten(1, 2)


def export_picture(network: ConvUNet, card: Mapping[str, Any], path: Path) -> None:
    """Write the ONNX file with its card, then check it against torch. Raises `TrainingError`."""
    player = PictureGenerator(without_norms(network)).eval()
    round_to_half(player)
    example = _example(2, network.settings)
    by_batch = {0: "batch"}
    model = to_onnx(player, example, [by_batch, by_batch], ["melody", "noise"], ["accompaniment"])
    _free_steps(model.graph)
    halve(model.graph)
    entry = model.metadata_props.add()
    entry.key, entry.value = CARD_KEY, json.dumps(card, ensure_ascii=False)
    onnx.checker.check_model(model)
    save_checked(model, path, lambda written: _check(player, written))


def without_norms(network: ConvUNet) -> ConvUNet:
    """The same network with each norm folded into its convolution.

    The exporter folds them as well, but after the weights were rounded: the file would then hold
    other numbers than the network that it is checked against. Upsampling and convolution are left
    two operations, so that the file holds each weight as it was trained.
    """
    folded = copy.deepcopy(network).as_written().eval()
    for layer in (*folded.down, *folded.up):
        if isinstance(layer.norm, nn.BatchNorm2d) and isinstance(layer.convolution, nn.Conv2d):
            layer.convolution = fuse_conv_bn_eval(layer.convolution, layer.norm)
            layer.norm = nn.Identity()
    return folded


def _free_steps(graph: onnx.GraphProto) -> None:
    """Name the steps' axis, as the contract has it; the card says that it has one length."""
    for value in (graph.input[0], graph.output[0]):
        value.type.tensor_type.shape.dim[2].dim_param = "steps"
    del graph.value_info[:]


def _example(batch: int, sizes: ConvUNetSettings) -> tuple[Tensor, Tensor]:
    rng = torch.Generator().manual_seed(batch)
    melody = (torch.rand(batch, 2, sizes.steps, PITCHES, generator=rng) < 0.05).float()
    return melody, torch.randn(batch, sizes.noise_size, generator=rng)


def _check(player: PictureGenerator, path: Path) -> None:
    session: onnxruntime.InferenceSession = quiet_session(path)
    for size in (1, 3):
        melody, noise = _example(size, player.network.settings)
        with torch.no_grad():
            wanted = player(melody, noise).numpy()
        (found,) = session.run(None, {"melody": melody.numpy(), "noise": noise.numpy()})
        if float(np.abs(wanted[:, 1::2] - found[:, 1::2]).max()) > TOLERANCE:
            raise TrainingError("The exported model differs from the trained one; it was not kept.")
