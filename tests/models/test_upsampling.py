"""Upsampling and convolving in one: the same numbers with fewer multiplications."""

import pytest
import torch
from torch import Tensor

from models.upsampling import phase_convolution, upsampled_convolution, widened


@pytest.mark.parametrize("kernel", [2, 3, 4, 5, 6])
@pytest.mark.parametrize("size", [(1, 1), (2, 8), (5, 3)])
def test_a_phase_convolution_equals_upsampling_and_convolving(
    kernel: int, size: tuple[int, int]
) -> None:
    rng = torch.Generator().manual_seed(kernel)

    def draw(*shape: int) -> Tensor:
        made = torch.randn(shape, generator=rng, dtype=torch.float64)
        return made.requires_grad_(True)

    x, weight, bias = draw(2, 3, *size), draw(4, 3, kernel, kernel), draw(4)
    wanted = upsampled_convolution(x, weight, bias)
    found = phase_convolution(x, weight, bias)
    assert found.shape == (2, 4, 2 * size[0], 2 * size[1])
    assert torch.allclose(found, wanted, atol=1e-12)
    slope = torch.randn(found.shape, generator=rng, dtype=torch.float64)
    for one, other in zip(
        torch.autograd.grad(wanted, (x, weight, bias), slope),
        torch.autograd.grad(found, (x, weight, bias), slope),
        strict=True,
    ):
        assert torch.allclose(one, other, atol=1e-11)


def test_of_sixty_four_multiplications_twenty_five_are_left() -> None:
    """One transposed 5×5 convolution of stride 2 is 25 for each input cell, that is four outputs;
    upsampled, each of those four outputs takes 16."""
    assert widened(torch.ones(1, 1, 4, 4)).shape == (1, 1, 5, 5)
    assert widened(torch.ones(1, 1, 4, 4)).sum() == 4 * 16
