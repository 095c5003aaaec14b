"""DeepComposer's network and its training step, written down in plain PyTorch.

What the trainer's own version is compared with: the same weights by the same names, the same
losses, and nothing rewritten. Upsampling is upsampling, real and made music are judged one after
the other, the penalty's gradient comes from autograd, and every update makes its music anew.
"""

import torch
from torch import Tensor, nn
from torch.optim import Adam

WIDTHS = (64, 128, 256, 512)
BETAS = (0.5, 0.9)


class Down(nn.Module):
    def __init__(self, before: int, width: int, normed: bool) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(before, width, 4, stride=2, padding=1)
        self.norm = nn.BatchNorm2d(width, eps=1e-3, momentum=0.2) if normed else nn.Identity()
        self.bend = nn.LeakyReLU(0.2)

    def forward(self, x: Tensor) -> Tensor:
        return self.bend(self.norm(self.convolution(x)))


class Up(nn.Module):
    def __init__(self, before: int, width: int, last: bool = False) -> None:
        super().__init__()
        self.enlarge = nn.Sequential(nn.Upsample(scale_factor=2), nn.ZeroPad2d((1, 2, 1, 2)))
        self.convolution = nn.Conv2d(before, width, 4)
        self.norm = nn.Identity() if last else nn.BatchNorm2d(width, eps=1e-3, momentum=0.2)
        self.bend = nn.Tanh() if last else nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        return self.bend(self.norm(self.convolution(self.enlarge(x))))


class PlainUNet(nn.Module):
    """Melody (batch, 1, 32, 128) and noise (batch, 8192) to rolls (batch, 4, 32, 128)."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.ModuleList(
            [Down(1, 64, False), Down(64, 128, True), Down(128, 256, True), Down(256, 512, True)]
        )
        self.up = nn.ModuleList([Up(1024, 256), Up(512, 128), Up(256, 64), Up(128, 4, last=True)])

    def forward(self, melody: Tensor, noise: Tensor) -> Tensor:
        one = self.down[0](melody)
        two = self.down[1](one)
        three = self.down[2](two)
        four = self.down[3](three)
        x = self.up[0](torch.cat([four, noise.reshape(-1, 512, 2, 8)], 1))
        x = self.up[1](torch.cat([x, three], 1))
        x = self.up[2](torch.cat([x, two], 1))
        return self.up[3](torch.cat([x, one], 1))


class PlainCritic(nn.Module):
    """Rolls and melody to one number a sample."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, width in zip((5, *WIDTHS[:-1]), WIDTHS, strict=True):
            layers += [nn.Conv2d(before, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
        self.convolutions = nn.Sequential(*layers)
        self.dense = nn.Linear(512 * 16, 1)

    def forward(self, rolls: Tensor, melody: Tensor) -> Tensor:
        seen = self.convolutions(torch.cat([rolls, melody], 1))
        return self.dense(seen.flatten(1)).squeeze(1)


class PlainTraining:
    """Both networks with their optimisers; a step is some critic updates and one of the other."""

    def __init__(self, rate: float = 1e-3) -> None:
        self.generator, self.critic = PlainUNet(), PlainCritic()
        self.optimizer = Adam(self.generator.parameters(), lr=rate, betas=BETAS)
        self.critic_optimizer = Adam(self.critic.parameters(), lr=rate, betas=BETAS)

    def step(self, real: Tensor, noise: Tensor, mix: Tensor) -> tuple[float, float]:
        """``real`` (update, batch, 4, 32, 128), −1 or 1; ``noise`` (update, batch, 8192); ``mix``
        (update, batch). Returns the critic's last loss and the generator's."""
        for pictures, drawn, where in zip(real, noise, mix, strict=True):
            of_critic = self._teach_critic(pictures, drawn, where)
        melody = real[-1][:, :1]
        of_generator = -self.critic(self.generator(melody, noise[-1]), melody).mean()
        self.optimizer.zero_grad()
        of_generator.backward()
        self.optimizer.step()
        return float(of_critic.detach()), float(of_generator.detach())

    def _teach_critic(self, real: Tensor, noise: Tensor, mix: Tensor) -> Tensor:
        melody = real[:, :1]
        with torch.no_grad():
            fake = self.generator(melody, noise)
        where = mix[:, None, None, None]
        between = (where * real + (1 - where) * fake).requires_grad_(True)
        (slope,) = torch.autograd.grad(
            self.critic(between, melody).sum(), between, create_graph=True
        )
        penalty = (slope.flatten(1).norm(dim=1) - 1).square().mean()
        loss = self.critic(fake, melody).mean() - self.critic(real, melody).mean() + 10 * penalty
        self.critic_optimizer.zero_grad()
        loss.backward()
        self.critic_optimizer.step()
        return loss
