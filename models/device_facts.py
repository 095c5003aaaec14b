"""What a run trains on, in words for a person."""

import platform
from pathlib import Path

import torch
from lightning_fabric import Fabric

from models.devices import NO_CARD


def device_facts(fabric: Fabric, asked: str) -> dict[str, str]:
    """Device, its name, why it is not the GPU ("" where that was asked for), and the precision."""
    on_card = fabric.device.type == "cuda"
    return {
        "device": str(fabric.device),
        "device_name": torch.cuda.get_device_name(fabric.device) if on_card else _processor(),
        "device_reason": "" if on_card or asked == "cpu" else _why_no_card(),
        "precision": "bf16" if "bf16" in str(fabric.strategy.precision.precision) else "32",
    }


def _why_no_card() -> str:
    if torch.version.cuda is None:
        return "Training on the CPU: this PyTorch was built without support for NVIDIA GPUs."
    return f"Training on the CPU: {NO_CARD}, or its driver is missing or too old."


def _processor() -> str:
    """The processor's name, as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or "CPU"
