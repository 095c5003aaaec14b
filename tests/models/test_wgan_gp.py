import pytest
import torch
from torch import Tensor

from models.critic import Critic
from models.presets.preset import Loss
from models.wgan_gp import critic_loss, generator_loss, gradient_penalty, unchanged


class Linear:
    """A critic whose slope is known: the weighted sum of a roll's cells."""

    def __init__(self, weight: Tensor) -> None:
        self.weight = weight

    def __call__(self, rolls: Tensor, melody: Tensor) -> Tensor:
        return (rolls * self.weight).flatten(1).sum(1) + melody.flatten(1).sum(1)

    def slope(self, rolls: Tensor, melody: Tensor) -> Tensor:
        return self.weight.expand_as(rolls)


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

    class Watching(Linear):
        def slope(self, rolls: Tensor, melody: Tensor) -> Tensor:
            seen.append(rolls)
            return super().slope(rolls, melody)

    real, fake = torch.ones(3, 1, 2, 2), torch.zeros(3, 1, 2, 2)
    critic = Watching(torch.ones(1, 2, 2))
    gradient_penalty(critic, real, fake, fake, torch.tensor([0.0, 0.25, 1.0]))
    assert seen[0].flatten(1).mean(1).tolist() == [0.0, 0.25, 1.0]
    assert not seen[0].requires_grad


def small_critic() -> Critic:
    torch.manual_seed(4)
    return Critic(3, 16, 32, widths=(4, 6, 8)).double()


def test_a_critics_slope_is_its_gradient_and_so_is_what_is_learned_through_it() -> None:
    critic, rng = small_critic(), torch.Generator().manual_seed(2)
    rolls = torch.randn(3, 2, 16, 32, generator=rng, dtype=torch.float64, requires_grad=True)
    melody = torch.randn(3, 1, 16, 32, generator=rng, dtype=torch.float64)
    (wanted,) = torch.autograd.grad(critic(rolls, melody).sum(), rolls, create_graph=True)
    found = critic.slope(rolls.detach(), melody)
    assert torch.allclose(found, wanted, atol=1e-12)
    weights = [
        layer.weight for layer in (*critic.convolutions, critic.dense) if hasattr(layer, "weight")
    ]
    by_autograd = torch.autograd.grad((wanted.flatten(1).norm(dim=1) - 1).square().mean(), weights)
    by_hand = torch.autograd.grad((found.flatten(1).norm(dim=1) - 1).square().mean(), weights)
    for one, other in zip(by_autograd, by_hand, strict=True):
        assert torch.allclose(one, other, atol=1e-12)
        assert float(one.abs().max()) > 0


@pytest.mark.parametrize(
    ("loss", "of_critic", "of_generator"),
    [("wasserstein", -3.0, -2.0), ("hinge", 3.0, -2.0), ("least_squares", 10.0, 0.5)],
)
def test_every_game_has_its_losses(loss: Loss, of_critic: float, of_generator: float) -> None:
    critic = Linear(torch.full((1, 1, 1), 1.0))
    real, fake = torch.full((2, 1, 1, 1), 5.0), torch.full((2, 1, 1, 1), 2.0)
    melody = torch.zeros(2, 1, 1, 1)
    found = critic_loss(critic, real, fake, melody, torch.rand(2), loss=loss)
    assert found.total.item() == of_critic
    assert found.distance.item() == 3.0
    assert generator_loss(critic, fake, melody, loss).item() == of_generator


def test_without_a_weight_no_penalty_is_computed() -> None:
    class NoSlope(Linear):
        def slope(self, rolls: Tensor, melody: Tensor) -> Tensor:
            raise AssertionError("asked for a slope")

    same = torch.ones(2, 1, 1, 1)
    found = critic_loss(NoSlope(same[0]), same, same, same, torch.rand(2), weight=0)
    assert found.penalty.item() == found.total.item() == 0


def test_a_critic_that_shall_not_change_still_lets_gradients_through() -> None:
    critic = small_critic()
    made = torch.rand(2, 2, 16, 32, dtype=torch.float64, requires_grad=True)
    with unchanged(critic):
        generator_loss(critic, made, made[:, :1].detach()).backward()
    assert made.grad is not None
    assert all(weight.grad is None and weight.requires_grad for weight in critic.parameters())


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
