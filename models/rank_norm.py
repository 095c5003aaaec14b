"""Batch norm over all of a batch, however many processes it is spread over."""

import torch
from torch import Tensor, distributed, nn


def ranks() -> int:
    """How many processes train together."""
    return distributed.get_world_size() if distributed.is_initialized() else 1


class _Summed(torch.autograd.Function):
    """The sum over all processes; backward, the sum of what all of them ask for."""

    @staticmethod
    def forward(_: object, x: Tensor) -> Tensor:
        total = x.clone()
        distributed.all_reduce(total)
        return total

    @staticmethod
    def backward(_: object, slope: Tensor) -> Tensor:
        total = slope.contiguous().clone()
        distributed.all_reduce(total)
        return total


class RankNorm(nn.BatchNorm2d):
    """A `BatchNorm2d` whose means are those of the whole batch, on processors too.

    Alone it is PyTorch's own. PyTorch's synchronised norm wants GPUs; this one asks for a sum of
    two numbers a channel, which every backend has.
    """

    def forward(self, x: Tensor) -> Tensor:
        """(batch, channel, height, width) to the same."""
        if not self.training or ranks() == 1:
            return super().forward(x)
        count = ranks() * x.numel() / x.shape[1]
        exact = x.float()
        sums = torch.stack([exact.sum((0, 2, 3)), exact.square().sum((0, 2, 3))])
        mean, square = _Summed.apply(sums) / count
        variance = square - mean.square()
        self._remember(mean.detach(), variance.detach() * count / (count - 1))
        scale = self.weight * torch.rsqrt(variance + self.eps)
        shift = self.bias - mean * scale
        return (exact * scale[:, None, None] + shift[:, None, None]).to(x.dtype)

    def _remember(self, mean: Tensor, variance: Tensor) -> None:
        assert self.running_mean is not None  # tracked: it is how the network plays later
        assert self.running_var is not None
        assert self.num_batches_tracked is not None
        assert self.momentum is not None
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(variance, self.momentum)
        self.num_batches_tracked.add_(1)
