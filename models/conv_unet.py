"""A U-Net that sees music as a picture; by its defaults that of AWS DeepComposer.

DeepComposer's has 8,270,852 trainable parameters. Melody (32 steps, 128 pitches) through four 4×4
stride-2 convolutions; noise joins at the 2×8 bottleneck; nearest upsampling and 4×4 convolutions
with skips back up to four tracks, tanh. Rolls are (batch, track, step, pitch), −1 or 1; the melody
is drawn again as track 0.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.presets.preset import Norm, Preset
from models.rank_norm import RankNorm
from models.upsampling import phase_convolution, upsampled_convolution

PITCHES = 128
WIDEST = 8  # times the first level's channels
NOISE_CUT = 2.0  # the noise is a normal distribution cut at two standard deviations


@dataclass(frozen=True, slots=True)
class ConvUNetSettings:
    """Sizes; ``tracks`` counts the melody. ``steps`` and 128 are multiples of 2 to the levels."""

    tracks: int = 4
    steps: int = 32
    levels: int = 4
    channels: int = 64
    kernel: int = 4
    norm: Norm = "batch"
    noise_channels: int = 512

    @property
    def widths(self) -> tuple[int, ...]:
        """Channels of each level, from the outermost in."""
        return tuple(self.channels * min(2**level, WIDEST) for level in range(self.levels))

    @property
    def bottleneck(self) -> tuple[int, int, int]:
        """Shape of the noise where it joins: (channel, step, pitch)."""
        halvings = 2**self.levels
        return self.noise_channels, self.steps // halvings, PITCHES // halvings

    @property
    def noise_size(self) -> int:
        """Numbers of noise that one request takes."""
        channels, steps, pitches = self.bottleneck
        return channels * steps * pitches


def picture_settings(preset: Preset, parts: int) -> ConvUNetSettings:
    """The sizes of a preset's network for a melody and ``parts`` accompaniment parts."""
    return ConvUNetSettings(
        tracks=1 + parts,
        steps=4 * preset.window_beats,
        levels=preset.levels,
        channels=preset.channels,
        kernel=preset.kernel,
        norm=preset.norm,
        noise_channels=preset.noise_channels,
    )


NOISE_SIZE = ConvUNetSettings().noise_size


def _norm(width: int, kind: Norm) -> nn.Module:
    if kind == "batch":
        return RankNorm(width, eps=1e-3, momentum=0.2)
    if kind == "instance":
        return nn.InstanceNorm2d(width, affine=True)
    return nn.Identity()


class _Down(nn.Module):
    def __init__(self, before: int, width: int, kernel: int, norm: Norm) -> None:
        super().__init__()
        padding = (kernel - 1) // 2
        self.convolution = nn.Conv2d(before, width, kernel, stride=2, padding=padding)
        self.norm = _norm(width, norm)

    def forward(self, x: Tensor) -> Tensor:
        return functional.leaky_relu(self.norm(self.convolution(x)), 0.2)


class _Up(nn.Module):
    def __init__(self, before: int, width: int, kernel: int, norm: Norm, last: bool) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(before, width, kernel)
        self.norm: nn.Module = nn.Identity() if last else _norm(width, norm)
        self.last, self.by_phases = last, True

    def forward(self, x: Tensor) -> Tensor:
        convolve = phase_convolution if self.by_phases else upsampled_convolution
        x = self.norm(convolve(x, self.convolution.weight, self.convolution.bias))
        return torch.tanh(x) if self.last else functional.relu(x)


class ConvUNet(nn.Module):
    """Melody (batch, 1, step, 128) and noise (batch, noise) to rolls (batch, track, step, 128)."""

    def __init__(self, settings: ConvUNetSettings | None = None) -> None:
        super().__init__()
        self.settings = sizes = settings or ConvUNetSettings()
        widths, kernel, norm = sizes.widths, sizes.kernel, sizes.norm
        befores = (1, *widths[:-1])
        self.down = nn.ModuleList(
            _Down(before, width, kernel, norm if level else "none")
            for level, (before, width) in enumerate(zip(befores, widths, strict=True))
        )
        # Each level up hears the one below it and what was seen on the way down.
        heard = [widths[-1] + sizes.noise_channels, *(2 * width for width in widths[-2::-1])]
        drawn = [*widths[-2::-1], sizes.tracks]
        self.up = nn.ModuleList(
            _Up(before, width, kernel, norm, last=level == sizes.levels - 1)
            for level, (before, width) in enumerate(zip(heard, drawn, strict=True))
        )

    def forward(self, melody: Tensor, noise: Tensor) -> Tensor:
        """One pass; values from −1 to 1."""
        skips: list[Tensor] = []
        x = melody
        for layer in self.down:
            x = layer(x)
            skips.append(x)
        x = torch.cat([x, noise.reshape(-1, *self.settings.bottleneck)], 1)
        for layer, skip in zip(self.up, [*reversed(skips[:-1]), None], strict=True):
            x = layer(x)
            if skip is not None:
                x = torch.cat([x, skip], 1)
        return x

    def as_written(self) -> "ConvUNet":
        """Itself, upsampling first and convolving then: the plain operations, for an export."""
        for layer in self.modules():
            if isinstance(layer, _Up):
                layer.by_phases = False
        return self


def cut_noise(count: int, rng: torch.Generator, size: int = NOISE_SIZE) -> Tensor:
    """Noise (count, size): normal, drawn again beyond two standard deviations (by inversion)."""
    low = 0.5 * (1 + torch.erf(torch.tensor(-NOISE_CUT / 2**0.5)))
    uniform = low + (1 - 2 * low) * torch.rand(count, size, generator=rng)
    return 2**0.5 * torch.erfinv(2 * uniform - 1)
