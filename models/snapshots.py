"""Snapshots: a generator's weights alone, as they would be exported, one safetensors file each."""

import os
import re
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import nn

from engine.errors import TrainingError
from engine.files.atomic import write_atomically, writing_failed
from models.tensor_files import read_tensors


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
        raise TrainingError(not_written(path, error)) from error


def not_written(path: Path, error: Exception) -> str:
    """The sentence for tensors that could not be written; safetensors hides the system's number."""
    found = re.search(r"os error (\d+)", str(error))
    number = int(found[1]) if found else getattr(error, "errno", None) or 0
    problem = OSError(number, os.strerror(number) if number else str(error))
    return f"{writing_failed(path, problem)} The run is kept as of its last checkpoint: resume it."


def load_weights(path: Path, network: nn.Module) -> None:
    """Read a snapshot into a network. Raises `TrainingError` for another network's."""
    try:
        with torch.no_grad():
            network.load_state_dict(read_tensors(path))
    except (OSError, SafetensorError, RuntimeError) as error:
        raise TrainingError(
            f"The snapshot {path.name} is missing, damaged or of another network."
        ) from error
