"""The U-Net of AWS DeepComposer, parameter for parameter: two bars as a picture.

It has 8,270,852 trainable parameters. Melody (32 steps, 128 pitches) through four 4×4 stride-2
convolutions; noise joins at the 2×8 bottleneck; nearest upsampling and 4×4 convolutions with skips
back up to four tracks, tanh. Rolls are (batch, track, step, pitch), −1 or 1; it draws the melody
again as its track 0.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

STEPS, PITCHES, TRACKS = 32, 128, 4
WIDTHS = (64, 128, 256, 512)
BOTTLENECK = (512, 2, 8)
NOISE_SIZE = 512 * 2 * 8
NOISE_CUT = 2.0  # the noise is a normal distribution cut at two standard deviations


def _norm(width: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(width, eps=1e-3, momentum=0.2)


class _Down(nn.Module):
    def __init__(self, before: int, width: int, normed: bool) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(before, width, 4, stride=2, padding=1)
        self.norm: nn.Module = _norm(width) if normed else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return functional.leaky_relu(self.norm(self.convolution(x)), 0.2)


class _Up(nn.Module):
    def __init__(self, before: int, width: int, last: bool = False) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(before, width, 4)
        self.norm: nn.Module = nn.Identity() if last else _norm(width)
        self.last = last

    def forward(self, x: Tensor) -> Tensor:
        x = functional.interpolate(x, scale_factor=2, mode="nearest")
        # "Same" padding of an even kernel: one before, two after.
        x = self.norm(self.convolution(functional.pad(x, (1, 2, 1, 2))))
        return torch.tanh(x) if self.last else functional.relu(x)


class ConvUNet(nn.Module):
    """Melody (batch, 1, 32, 128) and noise (batch, 8192) to rolls (batch, 4, 32, 128)."""

    def __init__(self) -> None:
        super().__init__()
        befores = (1, *WIDTHS[:-1])
        self.down = nn.ModuleList(
            _Down(before, width, normed=index > 0)
            for index, (before, width) in enumerate(zip(befores, WIDTHS, strict=True))
        )
        self.up = nn.ModuleList(
            [
                _Up(WIDTHS[3] + BOTTLENECK[0], WIDTHS[2]),
                _Up(2 * WIDTHS[2], WIDTHS[1]),
                _Up(2 * WIDTHS[1], WIDTHS[0]),
                _Up(2 * WIDTHS[0], TRACKS, last=True),
            ]
        )

    def forward(self, melody: Tensor, noise: Tensor) -> Tensor:
        """One pass; values from −1 to 1."""
        skips: list[Tensor] = []
        x = melody
        for layer in self.down:
            x = layer(x)
            skips.append(x)
        x = torch.cat([x, noise.reshape(-1, *BOTTLENECK)], 1)
        for layer, skip in zip(self.up, [*reversed(skips[:-1]), None], strict=True):
            x = layer(x)
            if skip is not None:
                x = torch.cat([x, skip], 1)
        return x


def cut_noise(size: int, rng: torch.Generator) -> Tensor:
    """Noise (size, 8192): normal, drawn again beyond two standard deviations (by inversion)."""
    low = 0.5 * (1 + torch.erf(torch.tensor(-NOISE_CUT / 2**0.5)))
    uniform = low + (1 - 2 * low) * torch.rand(size, NOISE_SIZE, generator=rng)
    return 2**0.5 * torch.erfinv(2 * uniform - 1)
