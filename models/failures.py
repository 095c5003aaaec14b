"""Failures that a run may meet, as sentences, with what to try instead."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch

from engine.errors import TrainingError
from models.settings import RunSettings

# What torch says where there is no kind of its own for it: on the CPU, and inside cuBLAS.
OUT_OF_MEMORY = (
    "DefaultCPUAllocator",
    "can't allocate memory",
    "not enough memory",
    "ALLOC_FAILED",
)


class OfferedError(TrainingError):
    """A failure with a setting that may help: ``offer`` has ``setting`` and ``value``."""

    def __init__(self, sentence: str, offer: Mapping[str, Any] | None) -> None:
        super().__init__(sentence)
        self.offer = None if offer is None else dict(offer)


@contextmanager
def memory_told(settings: RunSettings) -> Iterator[None]:
    """Turns the many ways of running out of memory into an `OfferedError`."""
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
        if type(error) is RuntimeError and not any(sign in str(error) for sign in OUT_OF_MEMORY):
            raise
        raise _out_of_memory(settings, _is_gpus(error)) from error


def _is_gpus(error: Exception) -> bool:
    return isinstance(error, torch.OutOfMemoryError) or "CU" in str(error)


def _out_of_memory(settings: RunSettings, on_gpu: bool) -> OfferedError:
    size = settings.preset.batch_size
    whose = "The GPU's memory" if on_gpu else "This machine's memory"
    told = f"{whose} is too small for batches of {size} windows"
    if size == 1:
        return OfferedError(f"{told}; choose a smaller network or shorter windows.", None)
    return OfferedError(
        f"{told}; try a batch of {size // 2}.", {"setting": "batch_size", "value": size // 2}
    )
