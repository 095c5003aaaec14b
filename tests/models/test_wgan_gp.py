import pytest
import torch
from torch import Tensor

from models.wgan_gp import critic_loss, generator_loss, gradient_penalty


class Linear:
    """A critic whose slope is known: the weighted sum of a roll's cells."""

    def __init__(self, weight: Tensor) -> None:
        self.weight = weight

    def __call__(self, rolls: Tensor, melody: Tensor) -> Tensor:
        return (rolls * self.weight).flatten(1).sum(1) + melody.flatten(1).sum(1)


@pytest.mark.parametrize("slope", [0.0, 0.5, 1.0, 3.0])
def test_the_penalty_of_a_linear_critic_is_its_slopes_distance_from_one(slope: float) -> None:
    rng = torch.Generator().manual_seed(1)
    weight = torch.randn(2, 4, 6, generator=rng)
    weight *= slope / weight.norm()
    real, fake = torch.rand(2, 5, 2, 4, 6, generator=rng)
    mix, melody = torch.rand(5, generator=rng), torch.rand(5, 1, 4, 6, generator=rng)
    penalty = gradient_penalty(Linear(weight), real, fake, melody, mix)
    assert penalty.item() == pytest.approx((slope - 1) ** 2, abs=1e-5)


def test_the_penalty_is_taken_between_real_and_made() -> None:
    seen: list[Tensor] = []

    def critic(rolls: Tensor, melody: Tensor) -> Tensor:
        seen.append(rolls.detach())
        return rolls.flatten(1).sum(1)

    real, fake = torch.ones(3, 1, 2, 2), torch.zeros(3, 1, 2, 2)
    gradient_penalty(critic, real, fake, fake, torch.tensor([0.0, 0.25, 1.0]))
    assert seen[0].flatten(1).mean(1).tolist() == [0.0, 0.25, 1.0]


def test_the_penalty_teaches_the_critic() -> None:
    weight = torch.full((1, 2, 2), 2.0, requires_grad=True)
    real = torch.rand(4, 1, 2, 2)
    mix = torch.rand(4)
    gradient_penalty(Linear(weight), real, real, real, mix).backward()
    # (|w| − 1)² falls along w / |w|: |w| is 4, so the slope is 2 · 3 · 2 / 4 a weight.
    assert weight.grad.flatten().tolist() == pytest.approx([3.0] * 4)


def test_the_losses_are_wassersteins() -> None:
    critic = Linear(torch.full((1, 1, 1), 1.0))
    real, fake = torch.full((2, 1, 1, 1), 5.0), torch.full((2, 1, 1, 1), 2.0)
    melody = torch.zeros(2, 1, 1, 1)
    loss = critic_loss(critic, real, fake, melody, torch.rand(2))
    assert loss.distance.item() == 3.0
    assert loss.penalty.item() == 0.0
    assert loss.total.item() == -3.0
    assert generator_loss(critic, fake, melody).item() == -2.0


def test_the_penalty_weighs_ten() -> None:
    critic = Linear(torch.full((1, 1, 1), 3.0))
    same = torch.ones(2, 1, 1, 1)
    assert critic_loss(critic, same, same, same, torch.rand(2)).total.item() == pytest.approx(40.0)


def test_the_critics_loss_leaves_the_generator_alone() -> None:
    made = torch.ones(2, 1, 2, 2, requires_grad=True)
    weight = torch.ones(1, 2, 2, requires_grad=True)
    silence = torch.zeros(2, 1, 2, 2)
    loss = critic_loss(Linear(weight), silence, made, silence, torch.rand(2))
    loss.total.backward()
    assert made.grad is None
    assert weight.grad is not None
