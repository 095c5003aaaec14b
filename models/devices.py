"""What a run trains on: the processor, a graphics card, several of them, several machines."""

import os
from collections.abc import Callable
from typing import Any, Literal

import torch
from lightning_fabric import Fabric
from lightning_fabric.strategies.ddp import DDPStrategy
from torch.nn import Module

from engine.errors import DeviceError

Precision = Literal["32-true", "bf16-mixed"]
NO_CARD = "no NVIDIA GPU was found"


class SideBySide(DDPStrategy):
    """Processes that train together; `models.ranks` averages their gradients."""

    def setup_module(self, module: Module) -> Module:  # type: ignore[override]  # no wrapper
        """The network itself, in no wrapper: see `models.ranks.average_gradients`."""
        return module


def make_fabric(
    device: str,
    precision: str,
    report: Callable[[dict[str, Any]], None],
    devices: int = 1,
    nodes: int = 1,
) -> Fabric:
    """Fabric on the graphics card in bf16, or on the CPU in float32, its processes started.

    ``devices`` are used on each of ``nodes`` machines; on the CPU a device is a process. Raises
    `DeviceError` for what was asked for and is not there; where ``auto`` takes the CPU, a
    ``warning`` event says why.
    """
    on_card = _is_on_card(device, report)
    devices, nodes = _as_launched(devices, nodes)
    if on_card and devices > torch.cuda.device_count():
        raise DeviceError(
            f"There are {torch.cuda.device_count()} NVIDIA GPUs here, and {devices} were asked "
            "for: give fewer --devices."
        )
    several = devices * nodes > 1
    fabric = Fabric(
        accelerator="cuda" if on_card else "cpu",
        devices=devices,
        num_nodes=nodes,
        strategy=SideBySide() if several else "auto",
        precision=_precision(precision, on_card),
    )
    if several:
        fabric.launch()
    return fabric


def _is_on_card(device: str, report: Callable[[dict[str, Any]], None]) -> bool:
    has_cuda = torch.cuda.is_available()
    if device == "cuda" and not has_cuda:
        raise DeviceError(
            "There is no NVIDIA GPU that PyTorch can use here; train with --device cpu."
        )
    if device == "auto" and not has_cuda:
        report({"event": "warning", "step": 0, "reason": f"Training on the CPU: {NO_CARD}."})
    return has_cuda and device != "cpu"


def _precision(precision: str, on_card: bool) -> Precision:
    chosen: dict[str, Precision] = {
        "auto": "bf16-mixed" if on_card else "32-true",
        "32": "32-true",
        "bf16": "bf16-mixed",
    }
    return chosen[precision]


def _as_launched(devices: int, nodes: int) -> tuple[int, int]:
    """Devices and nodes as torchrun started them; without it as they are."""
    if not torch.distributed.is_available() or not torch.distributed.is_torchelastic_launched():
        return devices, nodes
    here = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    machines = int(os.environ.get("WORLD_SIZE", "1")) // here
    if (devices, nodes) not in ((1, 1), (here, machines)):
        raise DeviceError(
            f"torchrun started {here} processes on each of {machines} machines, and the command "
            f"asks for {devices} on {nodes}: give the same numbers, or leave out --devices and "
            "--nodes."
        )
    return here, machines
