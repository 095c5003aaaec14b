"""What a run trains on."""

from collections.abc import Callable
from typing import Any, Literal

import torch
from lightning_fabric import Fabric

from engine.errors import DeviceError

Precision = Literal["32-true", "bf16-mixed"]


def make_fabric(device: str, precision: str, report: Callable[[dict[str, Any]], None]) -> Fabric:
    """Fabric on the graphics card in bf16, or on the CPU in float32.

    Raises `DeviceError` for a card that was asked for and is not there; where ``auto`` takes the
    CPU, a ``warning`` event says why.
    """
    has_cuda = torch.cuda.is_available()
    if device == "cuda" and not has_cuda:
        raise DeviceError(
            "There is no NVIDIA GPU that PyTorch can use here; train with --device cpu."
        )
    if device == "auto" and not has_cuda:
        report(
            {
                "event": "warning",
                "step": 0,
                "reason": "Training on the CPU: no NVIDIA GPU was found.",
            }
        )
    on_card = has_cuda and device != "cpu"
    chosen: dict[str, Precision] = {
        "auto": "bf16-mixed" if on_card else "32-true",
        "32": "32-true",
        "bf16": "bf16-mixed",
    }
    return Fabric(accelerator="cuda" if on_card else "cpu", devices=1, precision=chosen[precision])
