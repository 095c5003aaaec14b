"""How many notes each part plays for what the network expects: by habit, request and meter."""

import torch
from torch import Tensor, nn

from models.habits import DARINGS, DENSITY_POINTS, DecodeSettings, Habits
from models.layout import STEPS_PER_BEAT

TWO_OR_THREE, THREE_OR_FOUR = 2.5, 3.5  # beats a bar, half way between


class Busyness(nn.Module):
    """How many times the expected notes (batch, track) shall be played."""

    usual: Tensor
    times: Tensor
    daring: Tensor
    threes: Tensor

    def __init__(self, habits: Habits, settings: DecodeSettings, tracks: int) -> None:
        super().__init__()
        numbers = {
            "usual": torch.tensor(habits.usual),
            "times": torch.tensor(habits.times),
            "daring": torch.tensor(habits.daring) - 1,
            "threes": torch.tensor(settings.threes or (1.0,) * tracks) - 1,
        }
        for name, value in numbers.items():
            self.register_buffer(name, value, persistent=False)

    def forward(self, density: Tensor, daring: Tensor, position: Tensor) -> Tensor:
        """``density`` (batch, track) as it was asked for, ``daring`` (batch,) the noise's size,
        ``position`` (batch, 2, step).
        """
        by_request = self._by_density(density) * self._by_daring(daring)
        return self.usual * by_request * self._by_meter(position)

    def _by_density(self, density: Tensor) -> Tensor:
        place = density.clamp(0, 1)[:, :, None] * (DENSITY_POINTS - 1)
        point = torch.arange(DENSITY_POINTS, device=density.device)
        share = (1 - (place - point).abs()).clamp(min=0)  # of each point, linear in between
        asked = (share * self.times).sum(2)
        return torch.where(density >= 0, asked, torch.ones_like(asked))

    def _by_daring(self, daring: Tensor) -> Tensor:
        """Linear between `DARINGS` and 1, beyond them as at them."""
        calm, wild = DARINGS
        calmer = ((1 - daring) / (1 - calm)).clamp(0, 1)
        wilder = ((daring - 1) / (wild - 1)).clamp(0, 1)
        return 1 + calmer[:, None] * self.daring[0] + wilder[:, None] * self.daring[1]

    def _by_meter(self, position: Tensor) -> Tensor:
        """By how many beats a bar has."""
        beats = position.shape[2] / STEPS_PER_BEAT / position[:, 0].sum(1).clamp(min=1)
        three = ((beats > TWO_OR_THREE) & (beats < THREE_OR_FOUR)).to(position.dtype)
        return 1 + three[:, None] * self.threes
