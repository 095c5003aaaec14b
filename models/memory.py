"""How much memory is free, and how much this process has used at most."""

import sys

import torch

try:
    import psutil
except ImportError:  # a bare machine with a GPU, where the GPU's own memory is what counts
    psutil = None


def free_bytes(device: torch.device) -> int | None:
    """Memory that a training may take, this process's own included; None where nobody can tell."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    if psutil is None:
        return None
    return int(psutil.virtual_memory().available + psutil.Process().memory_info().rss)


def peak_bytes(device: torch.device) -> int | None:
    """The most memory that was held at once so far."""
    if device.type == "cuda":
        return int(torch.cuda.max_memory_reserved(device))
    if psutil is None:
        return None
    held = psutil.Process().memory_info()
    if hasattr(held, "peak_wset"):  # Windows
        return int(held.peak_wset)
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
