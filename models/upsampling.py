"""Nearest upsampling and then a convolution, exactly, with 25 multiplications for 64.

Twice as large by repetition, every output sees few different inputs: of a 4×4 kernel's taps those
that meet the same input can be added before the multiplication, not after it. Each side has two
phases (even and odd outputs) of three and two taps, so four small convolutions with 9 + 6 + 6 + 4
taps do the work of 4 · 16. Side by side those four are one transposed convolution of stride 2 with
a 5×5 kernel, each tap of which is the sum of those it stands for; PyTorch does that in one call.
"""

import torch
from torch import Tensor
from torch.nn import functional


def padding_of(kernel: int) -> tuple[int, int]:
    """Padding before and after that keeps a size ("same"); an even kernel's is one more after."""
    return (kernel - 1) // 2, kernel // 2


def upsampled_convolution(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """Nearest upsampling by two, zero padding, convolution: as it is written down.

    ``x`` (batch, channel, height, width); ``weight`` (out, channel, kernel, kernel). Returns twice
    the height and width.
    """
    before, after = padding_of(weight.shape[2])
    larger = functional.interpolate(x, scale_factor=2, mode="nearest")
    padded = functional.pad(larger, (before, after, before, after))
    return functional.conv2d(padded, weight, bias)


def phase_convolution(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """The same values as `upsampled_convolution` within rounding, and the same gradients."""
    kernel = weight.shape[2]
    _, after = padding_of(kernel)
    return functional.conv_transpose2d(
        x, widened(weight), bias, stride=2, padding=after, output_padding=1 - kernel % 2
    )


def widened(weight: Tensor) -> Tensor:
    """The kernel (out, in, k, k) as a transposed convolution's (in, out, k + 1, k + 1)."""
    sums = _sums(weight.shape[2], weight)
    return torch.einsum("ak,oikl,bl->ioab", sums, weight, sums)


def _sums(kernel: int, like: Tensor) -> Tensor:
    """Which taps meet in each tap of the wide kernel: (kernel + 1, kernel) of 0 and 1, mirrored."""
    wide = torch.arange(kernel + 1, device=like.device)[:, None]
    mirrored = kernel - 1 - torch.arange(kernel, device=like.device)[None]
    return ((wide == mirrored) | (wide == mirrored + 1)).to(like.dtype)
