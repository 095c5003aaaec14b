"""Checkpoints: all tensors of a run in one safetensors file, written whole or not at all.

No pickle: a checkpoint from a stranger is data. Numbers that are not tensors (the step, an
optimiser's counters) are stored as tensors too.
"""

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.optim import Optimizer

from engine.errors import TrainingError

STEP = "step"


def save(
    path: Path,
    step: int,
    modules: Mapping[str, nn.Module],
    optimizers: Mapping[str, Optimizer],
) -> None:
    """Write a checkpoint. Raises `TrainingError`, the earlier one staying as it was."""
    tensors: dict[str, Tensor] = {STEP: torch.tensor(step)}
    for name, module in modules.items():
        tensors |= {f"module/{name}/{key}": value for key, value in module.state_dict().items()}
    for name, optimizer in optimizers.items():
        for number, values in optimizer.state_dict()["state"].items():
            tensors |= {
                f"optimizer/{name}/{number}/{k}": torch.as_tensor(v) for k, v in values.items()
            }
    partial = path.with_suffix(".partial")
    try:
        save_file(
            {key: value.detach().cpu().contiguous() for key, value in tensors.items()}, partial
        )
        partial.replace(path)
    except (OSError, SafetensorError) as error:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise TrainingError(f"The checkpoint could not be written: {error}") from error


def load(
    path: Path,
    modules: Mapping[str, nn.Module],
    optimizers: Mapping[str, Optimizer],
) -> int:
    """Read a checkpoint into modules and optimisers; returns its step. Raises `TrainingError`."""
    try:
        tensors = load_file(path)
        for name, module in modules.items():
            module.load_state_dict(_part(tensors, f"module/{name}/"))
        for name, optimizer in optimizers.items():
            _load_optimizer(optimizer, _part(tensors, f"optimizer/{name}/"))
        return int(tensors[STEP])
    except (OSError, SafetensorError, KeyError, IndexError, RuntimeError, ValueError) as error:
        raise TrainingError(f"The checkpoint {path.name} does not belong to this run.") from error


def _part(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {key[len(prefix) :]: value for key, value in tensors.items() if key.startswith(prefix)}


def _load_optimizer(optimizer: Optimizer, tensors: Mapping[str, Tensor]) -> None:
    state: dict[int, dict[str, Any]] = {}
    for key, value in tensors.items():
        number, _, name = key.partition("/")
        state.setdefault(int(number), {})[name] = value
    weights = [weight for group in optimizer.param_groups for weight in group["params"]]
    for place, values in state.items():
        if any(v.ndim and v.shape != weights[place].shape for v in values.values()):
            raise ValueError("The optimiser's state is of another network.")
    optimizer.load_state_dict(
        {"state": state, "param_groups": optimizer.state_dict()["param_groups"]}
    )
