"""Training in several processes: what each has a share of, and what all of them agree on.

Every process draws the same batch from the same seed, keeps every n-th window of it, and after
each backward pass the gradients are averaged over all, so that n processes with one batch take
the step that one process would take. The first process alone writes, and reads what is asked of
the run.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import torch
from lightning_fabric import Fabric
from torch import Tensor, distributed, nn

from engine.errors import TrainingError

Rows = TypeVar("Rows", bound=Sequence[object] | Tensor)


def share(fabric: Fabric, rows: Rows) -> Rows:
    """The rows of a batch that are this process's."""
    return rows[fabric.global_rank :: fabric.world_size]  # type: ignore[return-value]  # a slice


def check_shares(fabric: Fabric, batch_size: int) -> None:
    """Raises `TrainingError` for a batch that cannot be dealt out evenly."""
    if batch_size % fabric.world_size:
        raise TrainingError(
            f"A batch of {batch_size} windows cannot be dealt out evenly to {fabric.world_size} "
            f"devices: make it a multiple of {fabric.world_size}."
        )


def average_gradients(fabric: Fabric, network: nn.Module) -> None:
    """Put the mean over all processes into every gradient; one message for all of them.

    In place of DistributedDataParallel, which wants every pass to go through the forward of its
    wrapper, once before each backward; a gradient penalty and a generator judged by a critic do
    neither.
    """
    if fabric.world_size == 1:
        return
    slopes = [weight.grad for weight in network.parameters() if weight.grad is not None]
    flat = torch.cat([slope.flatten() for slope in slopes])
    distributed.all_reduce(flat)
    flat /= fabric.world_size
    for slope, mean in zip(slopes, flat.split([s.numel() for s in slopes]), strict=True):
        slope.copy_(mean.view_as(slope))


def averaged(fabric: Fabric, found: Mapping[str, Tensor]) -> dict[str, float]:
    """Numbers of a step as the mean over all processes, the same in each; one wait for a GPU."""
    values = torch.stack([value.detach().float().reshape(()) for value in found.values()])
    if fabric.world_size > 1:
        distributed.all_reduce(values)
        values /= fabric.world_size
    return dict(zip(found, values.tolist(), strict=True))


def as_first_says(fabric: Fabric, number: int) -> int:
    """The first process's number, in all of them."""
    if fabric.world_size == 1:
        return number
    told = torch.tensor([number], device=fabric.device)
    distributed.broadcast(told, 0)
    return int(told)


def bytes_of_first(fabric: Fabric, content: bytes) -> bytes:
    """What the first process has read, in all of them; theirs is not looked at.

    So a checkpoint need lie on the first machine only.
    """
    if fabric.world_size == 1:
        return content
    told = torch.zeros(as_first_says(fabric, len(content)), dtype=torch.uint8)
    if fabric.is_global_zero and content:
        told = torch.frombuffer(bytearray(content), dtype=torch.uint8)
    told = told.to(fabric.device)
    if len(told):
        distributed.broadcast(told, 0)
    return told.cpu().numpy().tobytes()
