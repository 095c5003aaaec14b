"""The critic: convolutions and a dense layer that say how real an arrangement looks."""

import torch
from torch import Tensor, nn
from torch.nn import functional

WIDTHS = (64, 128, 256, 512)
SLOPE = 0.2  # of the LeakyReLU where it is negative


def critic_widths(levels: int, channels: int) -> tuple[int, ...]:
    """Channels of each convolution: twice as many in each next one."""
    return tuple(channels * 2**level for level in range(levels))


class Critic(nn.Module):
    """Rolls and melody (batch, channel, step, pitch) to one number each (batch,).

    4×4 stride-2 convolutions with LeakyReLU and no normalisation (the gradient penalty asks for
    every sample to be judged alone), then a dense layer. ``steps`` and ``pitches`` are multiples
    of 2 to their number. With 5 channels, 32 steps and 128 pitches it has 2,766,785 parameters.
    """

    def __init__(
        self, channels: int, steps: int, pitches: int, widths: tuple[int, ...] = WIDTHS
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, width in zip((channels, *widths[:-1]), widths, strict=True):
            layers += [nn.Conv2d(before, width, 4, stride=2, padding=1), nn.LeakyReLU(SLOPE)]
        self.convolutions = nn.Sequential(*layers)
        halvings = 2 ** len(widths)
        self.last = (widths[-1], steps // halvings, pitches // halvings)
        self.dense = nn.Linear(self.last[0] * self.last[1] * self.last[2], 1)

    def forward(self, rolls: Tensor, melody: Tensor) -> Tensor:
        """Higher is more real."""
        seen = self.convolutions(torch.cat([rolls, melody], 1))
        judged: Tensor = self.dense(seen.flatten(1)).squeeze(1)
        return judged

    def slope(self, rolls: Tensor, melody: Tensor) -> Tensor:
        """How each judgement changes with its rolls: the gradient, of the rolls' own shape.

        A network of convolutions and LeakyReLUs is linear between its kinks, so the gradient is a
        product of its weights: transposed convolutions one after the other, from the dense layer
        back. Written out it can be learned through like any other function; asked for through
        autograd it would drag zeros back through the whole forward pass as well.
        """
        layers = [layer for layer in self.convolutions if isinstance(layer, nn.Conv2d)]
        bends = self._bends(layers, torch.cat([rolls, melody], 1))
        slope = self.dense.weight.reshape(1, *self.last).expand(len(rolls), -1, -1, -1)
        for layer, bend in zip(reversed(layers), reversed(bends), strict=True):
            weight = layer.weight[:, : rolls.shape[1]] if layer is layers[0] else layer.weight
            slope = functional.conv_transpose2d(slope * bend, weight, stride=2, padding=1)
        return slope

    @torch.no_grad()
    def _bends(self, layers: list[nn.Conv2d], x: Tensor) -> list[Tensor]:
        """Each LeakyReLU's own slope at every cell: 1 or `SLOPE`."""
        bends = []
        for layer in layers:
            x = layer(x)
            bends.append(torch.where(x > 0, x.new_ones(()), x.new_full((), SLOPE)))
            x = x * bends[-1]
        return bends
