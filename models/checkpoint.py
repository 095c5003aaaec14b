"""Checkpoints: all tensors of a run in one safetensors file, written whole or not at all.

No pickle: a checkpoint from a stranger is data. Numbers that are not tensors (the step, an
optimiser's counters) are stored as tensors too. The last two checkpoints stay, and each carries a
checksum: where the last one is damaged, the run goes on from the one before.
"""

import contextlib
import os
import shutil
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from lightning_fabric import Fabric
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.optim import Optimizer

from engine.errors import TrainingError
from engine.files.atomic import write_atomically
from engine.store.training_run import TrainingRun
from models.ranks import bytes_of_first
from models.snapshots import not_written
from models.tensor_files import read_tensors

STEP = "step"
SECONDS = "seconds"
CHECKSUM = "crc32"

Modules = Mapping[str, nn.Module]
Optimizers = Mapping[str, Optimizer]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come: generator updates, and seconds of training."""

    step: int = 0
    seconds: float = 0.0


def save(
    path: Path, step: int, modules: Modules, optimizers: Optimizers, seconds: float = 0.0
) -> None:
    """Write a checkpoint; it is on the disk when this returns.

    Raises `TrainingError`, the earlier one staying as it was.
    """
    tensors: dict[str, Tensor] = {
        STEP: torch.tensor(step),
        SECONDS: torch.tensor(seconds, dtype=torch.float64),
    }
    for name, module in modules.items():
        tensors |= {f"module/{name}/{key}": value for key, value in module.state_dict().items()}
    for name, optimizer in optimizers.items():
        for number, values in optimizer.state_dict()["state"].items():
            tensors |= {
                f"optimizer/{name}/{number}/{k}": torch.as_tensor(v) for k, v in values.items()
            }
    still = {key: value.detach().cpu().contiguous() for key, value in tensors.items()}
    try:
        with write_atomically(path, TrainingError) as beside:
            save_file(still, beside, {CHECKSUM: _checksum(still)})
    except SafetensorError as error:
        raise TrainingError(not_written(path, error)) from error


def save_run(
    run: TrainingRun, progress: Progress, modules: Modules, optimizers: Optimizers
) -> None:
    """Write a run's checkpoint; the one before stays beside it. Raises `TrainingError`."""
    _keep_earlier(run)
    save(run.checkpoint_path, progress.step, modules, optimizers, progress.seconds)


def _keep_earlier(run: TrainingRun) -> None:
    """Give the last checkpoint its second name, so that at no moment there is none."""
    if not run.checkpoint_path.exists():
        return
    beside = run.earlier_checkpoint_path.with_suffix(".partial")
    try:
        beside.unlink(missing_ok=True)
        _link(run.checkpoint_path, beside)
        beside.replace(run.earlier_checkpoint_path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise TrainingError(not_written(run.earlier_checkpoint_path, error)) from error


def _link(path: Path, beside: Path) -> None:
    try:
        os.link(path, beside)
    except OSError:  # a disk without hard links
        shutil.copyfile(path, beside)


def load(path: Path, modules: Modules, optimizers: Optimizers) -> Progress:
    """Read a checkpoint into modules and optimisers. Raises `TrainingError`."""
    try:
        tensors = read_tensors(path, _most_bytes(modules))
        if not _is_whole(path, tensors):
            raise TrainingError(f"The checkpoint {path.name} is damaged.")
        return _put(tensors, modules, optimizers)
    except (OSError, SafetensorError, KeyError, IndexError, RuntimeError, ValueError) as error:
        raise TrainingError(f"The checkpoint {path.name} does not belong to this run.") from error


def _put(tensors: Mapping[str, Tensor], modules: Modules, optimizers: Optimizers) -> Progress:
    """Put a checkpoint's tensors where they belong."""
    for name, module in modules.items():
        module.load_state_dict(_part(tensors, f"module/{name}/"))
    for name, optimizer in optimizers.items():
        _load_optimizer(optimizer, _part(tensors, f"optimizer/{name}/"))
    step, seconds = int(tensors[STEP]), float(tensors.get(SECONDS, 0.0))
    if step < 0 or not 0 <= seconds < float("inf"):
        raise ValueError("A run goes on after its beginning.")
    return Progress(step, seconds)


def _most_bytes(modules: Modules) -> int:
    """How large a checkpoint can be: an optimiser keeps a few numbers for each weight."""
    values = (value for module in modules.values() for value in module.state_dict().values())
    return 8 * sum(value.numel() * value.element_size() for value in values) + (1 << 24)


def load_run(
    run: TrainingRun, modules: Modules, optimizers: Optimizers, warn: Callable[[str], None]
) -> Progress:
    """The run's last checkpoint that can be read; none is a run's beginning.

    ``warn`` is told where it is not the last one. Raises `TrainingError` where none can be read.
    """
    if not run.has_checkpoint:
        return Progress()
    try:
        return load(run.checkpoint_path, modules, optimizers)
    except TrainingError:
        if not run.earlier_checkpoint_path.exists():
            raise
    progress = load(run.earlier_checkpoint_path, modules, optimizers)
    warn(
        "The last checkpoint is damaged or missing: the run goes on from the one before, at step "
        f"{progress.step}."
    )
    return progress


def load_everywhere(
    fabric: Fabric,
    run: TrainingRun,
    modules: Modules,
    optimizers: Optimizers,
    warnings: list[str],
) -> Progress:
    """As `load_run`, in all processes: the run's folder need lie on the first machine only."""
    progress, content = Progress(), b""
    if fabric.is_global_zero:
        progress = load_run(run, modules, optimizers, warnings.append)
        if fabric.world_size > 1 and run.has_checkpoint:
            path = run.earlier_checkpoint_path if warnings else run.checkpoint_path
            content = path.read_bytes()
    content = bytes_of_first(fabric, content)
    if content and not fabric.is_global_zero:
        progress = _put(safetensors.torch.load(content), modules, optimizers)
    return progress


def _checksum(tensors: Mapping[str, Tensor]) -> str:
    total = 0
    for key in sorted(tensors):
        total = zlib.crc32(tensors[key].flatten().view(torch.uint8).numpy().data, total)
    return f"{total:08x}"


def _is_whole(path: Path, tensors: Mapping[str, Tensor]) -> bool:
    """Whether the bytes are those that were written; older checkpoints carry no checksum."""
    with safe_open(path, "pt") as file:
        wanted = (file.metadata() or {}).get(CHECKSUM)
    return wanted is None or wanted == _checksum(tensors)


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
