"""What several processes of one run must agree on before they take another step."""

from typing import Literal

import torch
from lightning_fabric import Fabric

End = Literal["time", "plateau", "epochs", "asked", "paused", "failed"]

# In rising weight: where processes see different reasons, the weightier one holds for all.
ENDS: tuple[End, ...] = ("time", "plateau", "epochs", "asked", "paused", "failed")


def agreed(fabric: Fabric, mine: End | None) -> End | None:
    """The weightiest reason that any process has to end, None where all go on."""
    if fabric.world_size == 1:
        return mine
    code = 0 if mine is None else 1 + ENDS.index(mine)
    heaviest = fabric.all_reduce(torch.tensor(code, device=fabric.device), reduce_op="max")
    number = int(torch.as_tensor(heaviest))
    return ENDS[number - 1] if number else None
