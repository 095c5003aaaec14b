"""What critic and generator play for, with a gradient penalty (Gulrajani et al., NeurIPS 2017).

Three games: Wasserstein's, the hinge (Lim and Ye, 2017) and least squares (Mao et al., ICCV 2017).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.presets.preset import Loss

PENALTY_WEIGHT = 10.0


class Judge(Protocol):
    """A critic: one number a sample, and the gradient of that number by the sample's rolls."""

    def __call__(self, rolls: Tensor, melody: Tensor) -> Tensor: ...

    def slope(self, rolls: Tensor, melody: Tensor) -> Tensor:
        """Of the rolls' shape; learned through like any other function of the weights."""


@dataclass(frozen=True, slots=True)
class Game:
    """``critic`` takes judgements of real and of made rolls, ``generator`` those of made ones."""

    critic: Callable[[Tensor, Tensor], Tensor]
    generator: Callable[[Tensor], Tensor]


GAMES: dict[Loss, Game] = {
    "wasserstein": Game(
        lambda real, made: made.mean() - real.mean(),
        lambda made: -made.mean(),
    ),
    "hinge": Game(
        lambda real, made: functional.relu(1 - real).mean() + functional.relu(1 + made).mean(),
        lambda made: -made.mean(),
    ),
    "least_squares": Game(
        lambda real, made: 0.5 * ((real - 1).square().mean() + made.square().mean()),
        lambda made: 0.5 * (made - 1).square().mean(),
    ),
}


@dataclass(frozen=True, slots=True)
class CriticLoss:
    """``total`` is minimised; ``distance`` says how far apart the critic holds real and made
    music (Wasserstein's estimate), ``penalty`` is unweighted."""

    total: Tensor
    distance: Tensor
    penalty: Tensor


def gradient_penalty(
    critic: Judge, real: Tensor, fake: Tensor, melody: Tensor, mix: Tensor
) -> Tensor:
    """How far the critic's slope is from 1 between real and made rolls.

    ``mix`` (batch,) in 0..1 says where between them. Scalar: mean of (norm − 1)².
    """
    weight = mix.reshape(-1, *(1,) * (real.ndim - 1))
    slope = critic.slope((weight * real + (1 - weight) * fake).detach(), melody)
    return (slope.float().flatten(1).norm(dim=1) - 1).square().mean()


def critic_loss(
    critic: Judge,
    real: Tensor,
    fake: Tensor,
    melody: Tensor,
    mix: Tensor,
    weight: float = PENALTY_WEIGHT,
    loss: Loss = "wasserstein",
) -> CriticLoss:
    """The critic's loss on a batch; ``fake`` needs no gradient."""
    fake = fake.detach()
    both = critic(torch.cat([real, fake]), torch.cat([melody, melody])).float()
    of_real, of_fake = both.chunk(2)
    distance = (of_real.mean() - of_fake.mean()).detach()
    total = GAMES[loss].critic(of_real, of_fake)
    if not weight:
        return CriticLoss(total, distance, torch.zeros_like(distance))
    penalty = gradient_penalty(critic, real, fake, melody, mix)
    return CriticLoss(total + weight * penalty, distance, penalty.detach())


def generator_loss(
    critic: Judge, fake: Tensor, melody: Tensor, loss: Loss = "wasserstein"
) -> Tensor:
    """What the generator minimises: the critic's doubt."""
    return GAMES[loss].generator(critic(fake, melody).float())


@contextmanager
def unchanged(network: nn.Module) -> Iterator[None]:
    """Within it no gradients are computed for the network's weights, only through them."""
    network.requires_grad_(False)
    try:
        yield
    finally:
        network.requires_grad_(True)
