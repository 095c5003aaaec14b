"""Snapshots: a generator's weights alone, as they would be exported, one safetensors file each."""

from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn

from engine.errors import TrainingError
from engine.files.atomic import write_atomically


def save_weights(path: Path, network: nn.Module) -> None:
    """Write a network's weights whole or not at all. Raises `TrainingError`."""
    weights = {
        name: value.detach().to("cpu", copy=True).contiguous()
        for name, value in network.state_dict().items()
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with write_atomically(path, TrainingError) as beside:
            save_file(weights, beside)
    except (OSError, SafetensorError) as error:
        raise TrainingError(f"The snapshot {path.name} could not be written: {error}.") from error


def load_weights(path: Path, network: nn.Module) -> None:
    """Read a snapshot into a network. Raises `TrainingError` for another network's."""
    try:
        with torch.no_grad():
            network.load_state_dict(load_file(path))
    except (OSError, SafetensorError, RuntimeError) as error:
        raise TrainingError(
            f"The snapshot {path.name} is missing, damaged or of another network."
        ) from error
