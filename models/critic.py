"""The critic: four convolutions and a dense layer that say how real an arrangement looks."""

import torch
from torch import Tensor, nn

WIDTHS = (64, 128, 256, 512)
HALVINGS = 2 ** len(WIDTHS)


class Critic(nn.Module):
    """Rolls and melody (batch, channel, step, pitch) to one number each (batch,).

    Four 4×4 stride-2 convolutions with LeakyReLU and no normalisation (the gradient penalty asks
    for every sample to be judged alone), then a dense layer. ``steps`` and ``pitches`` are
    multiples of 16. With 5 channels, 32 steps and 128 pitches it has 2,766,785 parameters.
    """

    def __init__(
        self, channels: int, steps: int, pitches: int, widths: tuple[int, ...] = WIDTHS
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, width in zip((channels, *widths[:-1]), widths, strict=True):
            layers += [nn.Conv2d(before, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
        self.convolutions = nn.Sequential(*layers)
        cells = (steps // HALVINGS) * (pitches // HALVINGS)
        self.dense = nn.Linear(widths[-1] * cells, 1)

    def forward(self, rolls: Tensor, melody: Tensor) -> Tensor:
        """Higher is more real."""
        seen = self.convolutions(torch.cat([rolls, melody], 1))
        judged: Tensor = self.dense(seen.flatten(1)).squeeze(1)
        return judged
