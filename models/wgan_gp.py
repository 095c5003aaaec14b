"""Wasserstein losses with gradient penalty (Gulrajani et al., NeurIPS 2017)."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

Judge = Callable[[Tensor, Tensor], Tensor]
PENALTY_WEIGHT = 10.0


@dataclass(frozen=True, slots=True)
class CriticLoss:
    """``total`` is minimised; ``distance`` is the Wasserstein estimate, ``penalty`` unweighted."""

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
    between = (weight * real + (1 - weight) * fake).detach().requires_grad_(True)
    judged = critic(between, melody)
    (slope,) = torch.autograd.grad(judged.sum(), between, create_graph=True)
    return (slope.flatten(1).norm(dim=1) - 1).square().mean()


def critic_loss(
    critic: Judge,
    real: Tensor,
    fake: Tensor,
    melody: Tensor,
    mix: Tensor,
    weight: float = PENALTY_WEIGHT,
) -> CriticLoss:
    """The critic's loss on a batch; ``fake`` needs no gradient."""
    fake = fake.detach()
    distance = critic(real, melody).mean() - critic(fake, melody).mean()
    penalty = gradient_penalty(critic, real, fake, melody, mix)
    return CriticLoss(weight * penalty - distance, distance.detach(), penalty.detach())


def generator_loss(critic: Judge, fake: Tensor, melody: Tensor) -> Tensor:
    """What the generator minimises: the critic's doubt."""
    return -critic(fake, melody).mean()
