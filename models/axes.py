"""Axes of tensors, split so that a graph of any length can be traced."""

from collections.abc import Sequence

from torch import Tensor


def split_axis(x: Tensor, axis: int, sizes: Sequence[int]) -> Tensor:
    """``x`` with its axis ``axis`` split into several, one of which may be −1.

    As `Tensor.unflatten`, of which the exporter would keep the sizes that it was traced with.
    """
    return x.reshape(*x.shape[:axis], *sizes, *x.shape[axis + 1 :])
