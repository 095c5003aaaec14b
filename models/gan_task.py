"""Training a `ConvUNet` against a critic: a WGAN-GP as DeepComposer taught it, or another game."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from lightning_fabric import Fabric
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import Adam, Optimizer

from engine.data.collection import Collection
from engine.data.corpus import SongEntry, Stretch
from engine.data.measures import Segment
from engine.data.segments import draw_stretches, segment_of, with_accompaniment
from models.cards import picture_card
from models.conv_unet import PITCHES, ConvUNet, cut_noise, picture_settings
from models.critic import Critic, critic_widths
from models.curve import Curve
from models.export_picture import PictureGenerator, export_picture
from models.fine_tune import Parent, parent_title
from models.inheritance import fits, inherit, parents_weights, unfolded
from models.ranks import average_gradients, averaged, check_shares, share
from models.settings import RunSettings
from models.snapshots import load_weights, save_weights
from models.wgan_gp import critic_loss, generator_loss, unchanged
from models.windows import held_out_songs

BETAS = (0.5, 0.9)
SURE = 1e-4  # no cell is held for certain, or one wrong cell would weigh without end
CRITIC_CURVES = (
    Curve("generator", "Generator", "steady"),
    Curve("critic", "Critic", "towards 0"),
    Curve("penalty", "Gradient penalty", "near 0"),
    Curve("distance", "Distance", "towards 0"),
)
RECONSTRUCTION = Curve("reconstruction", "Distance from the data", "down, then flat")
Bits = npt.NDArray[np.uint8]


class GanTask:
    """The generator, its critic and their data."""

    def __init__(self, settings: RunSettings, fabric: Fabric) -> None:
        self.settings, self.fabric = settings, fabric
        self.parent = parent_title(settings)
        preset = settings.preset
        check_shares(fabric, preset.batch_size)
        self.corpus = Collection(settings.folders(), settings.tags, roles=preset.roles or None)
        self.train_songs, self.held_songs = held_out_songs(self.corpus.songs, settings.held_out)
        self.sizes = picture_settings(preset, len(self.corpus.card.roles) - 1)
        torch.manual_seed(settings.seed)
        network, tracks = ConvUNet(self.sizes), self.sizes.tracks
        widths = critic_widths(preset.critic_levels, preset.critic_channels)
        critic = Critic(tracks + 1, self.sizes.steps, PITCHES, widths)
        self.generator, self.optimizer = fabric.setup(network, _adam(network, settings, fabric))
        self.critic, self.critic_optimizer = fabric.setup(critic, _adam(critic, settings, fabric))
        self.critic.mark_forward_method("slope")

    def begin_with(self, parent: Parent) -> None:
        """Take a parent's weights. Raises `TrainingError` where they do not fit."""
        weights, of_critic = parents_weights(parent)
        windows = torch.from_numpy(self.batch(0)[0]).float()[:, :1] * 2 - 1
        noise = cut_noise(len(windows), torch.Generator().manual_seed(0), self.sizes.noise_size)
        inherit(self.generator, unfolded(self.plain(), weights, windows, noise), parent.name)
        if fits(self.critic, of_critic):
            inherit(self.critic, of_critic, parent.name)

    @property
    def modules(self) -> dict[str, nn.Module]:
        """All that a checkpoint holds."""
        return {"generator": self.generator, "critic": self.critic}

    @property
    def optimizers(self) -> dict[str, Optimizer]:
        """All that a checkpoint holds of the optimisers."""
        return {"generator": self.optimizer, "critic": self.critic_optimizer}

    @property
    def window_count(self) -> int:
        """Training windows of an epoch, in which every song is heard once."""
        beats = self.settings.preset.window_beats
        return sum(max(1, song.beats // beats) for song in self.train_songs)

    @property
    def steps_per_epoch(self) -> int:
        """Generator updates in which every song is heard once, or as the preset has it."""
        preset = self.settings.preset
        return preset.epoch_steps or max(1, self.window_count // preset.batch_size)

    @property
    def curves(self) -> tuple[Curve, ...]:
        """The losses, in the order to draw them."""
        preset = self.settings.preset
        told = CRITIC_CURVES if preset.adversarial_weight else ()
        return (*told, RECONSTRUCTION) if preset.reconstruction_weight else told

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """Name and program of each part that is played."""
        card = self.corpus.card
        programs = self.settings.preset.programs or card.programs[1:]
        return tuple(zip(card.roles[1:], programs, strict=True))

    def batch(self, step: int) -> Bits:
        """Sounding cells (update, window, track, step, pitch) of this process's share of a step.

        The same whenever it is asked for. Called on the loader's thread.
        """
        rng = np.random.Generator(
            np.random.PCG64(np.random.SeedSequence([self.settings.seed, step]))
        )
        preset = self.settings.preset
        updates = preset.update_ratio if preset.adversarial_weight else 1
        places = [[self._place(rng) for _ in range(preset.batch_size)] for _ in range(updates)]
        return np.array([[self._picture(p) for p in share(self.fabric, row)] for row in places])

    def _place(self, rng: np.random.Generator) -> tuple[SongEntry, int]:
        song = self.train_songs[int(rng.integers(len(self.train_songs)))]
        beats = self.settings.preset.window_beats
        return song, int(rng.integers(0, max(1, song.beats - beats + 1)))

    def _picture(self, place: tuple[SongEntry, int]) -> Bits:
        stretch = self.corpus.stretch(*place, self.settings.preset.window_beats)
        return stretch.planes[:, 1].view(np.uint8)

    def step(self, step: int, total: int, batch: Bits) -> dict[str, float]:
        """The critic's updates and one of the generator; the losses by name."""
        preset = self.settings.preset
        rng = torch.Generator().manual_seed(self.settings.seed * 1_000_003 + step)
        found: dict[str, Tensor] = {}
        for number, bits in enumerate(batch, 1):
            # As bytes to the device, then as −1 and 1.
            real = self.fabric.to_device(torch.from_numpy(bits)).float() * 2 - 1
            noise, mix = self._drawn(preset.batch_size, rng)
            # The last of these is what the generator learns from: it need not be made again.
            with torch.set_grad_enabled(number == len(batch)):
                fake = self.generator(real[:, :1], noise)
            if preset.adversarial_weight:
                found = self._teach_critic(real, fake, mix)
        found |= self._teach_generator(real, fake)
        return averaged(self.fabric, found)

    def _drawn(self, size: int, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        """Noise, and where between real and made the penalty is taken: this process's share."""
        noise = cut_noise(size, rng, self.sizes.noise_size)
        mix = torch.rand(size, generator=rng)
        on_device: tuple[Tensor, Tensor] = self.fabric.to_device(
            (share(self.fabric, noise), share(self.fabric, mix))
        )
        return on_device

    def _teach_critic(self, real: Tensor, fake: Tensor, mix: Tensor) -> dict[str, Tensor]:
        preset = self.settings.preset
        loss = critic_loss(
            self.critic, real, fake, real[:, :1], mix, preset.penalty_weight, preset.loss
        )
        self.critic_optimizer.zero_grad()
        self.fabric.backward(loss.total)
        average_gradients(self.fabric, self.critic)
        self.critic_optimizer.step()
        return {"critic": loss.total, "distance": loss.distance, "penalty": loss.penalty}

    def _teach_generator(self, real: Tensor, fake: Tensor) -> dict[str, Tensor]:
        preset = self.settings.preset
        found: dict[str, Tensor] = {}
        total = torch.zeros((), device=fake.device)
        with unchanged(self.critic):
            if preset.adversarial_weight:
                judged = generator_loss(self.critic, fake, real[:, :1], preset.loss)
                found["generator"] = judged
                total = total + preset.adversarial_weight * judged
            if preset.reconstruction_weight:
                found["reconstruction"] = reconstruction(real, fake)
                total = total + preset.reconstruction_weight * found["reconstruction"]
            self.optimizer.zero_grad()
            self.fabric.backward(total)
        average_gradients(self.fabric, self.generator)
        self.optimizer.step()
        return found

    def held_out_stretches(self) -> list[Stretch]:
        """The segments that the run is measured on, always the same."""
        return draw_stretches(self.corpus, self.held_songs, self.settings.measured_segments)

    def played(self, stretches: Sequence[Stretch], seed: int = 0) -> list[Segment]:
        """What the network answers to held-out melodies, one window after the other."""
        player = PictureGenerator(self.plain()).eval()
        rng = torch.Generator().manual_seed(seed)
        return [with_accompaniment(each, self._answer(player, each, rng)) for each in stretches]

    def _answer(
        self, player: PictureGenerator, stretch: Stretch, rng: torch.Generator
    ) -> npt.NDArray[np.bool_]:
        """Planes (part, plane, step, pitch) for a stretch; silence fills up its last window."""
        melody = torch.from_numpy(stretch.planes[0].astype(np.float32))
        steps = melody.shape[1]
        whole = functional.pad(melody, (0, 0, 0, -steps % self.sizes.steps))
        windows = whole.unflatten(1, (-1, self.sizes.steps)).transpose(0, 1)
        with torch.no_grad():
            planes = player(windows, cut_noise(len(windows), rng, self.sizes.noise_size))
        joined = planes.unflatten(1, (-1, 2)).permute(1, 2, 0, 3, 4).flatten(2, 3)
        answer: npt.NDArray[np.bool_] = joined[:, :, :steps].numpy() >= 0.5
        return answer

    def human(self, stretches: Sequence[Stretch]) -> list[Segment]:
        """What people played to them."""
        return [segment_of(stretch) for stretch in stretches]

    def plain(self) -> ConvUNet:
        """A copy of the generator on the CPU, out of Fabric's hands."""
        network = ConvUNet(self.sizes)
        network.load_state_dict(
            {key: value.cpu() for key, value in self.generator.state_dict().items()}
        )
        return network.eval()

    def snapshot(self, path: Path) -> None:
        """Write the generator's weights."""
        save_weights(path, self.generator)

    def restore_snapshot(self, path: Path) -> None:
        """Take the weights of a snapshot."""
        load_weights(path, self.generator)

    def export(self, path: Path, record: Mapping[str, Any]) -> None:
        """Write the network as a model file with its card."""
        export_picture(self.plain(), picture_card(self, record), path)


def reconstruction(real: Tensor, fake: Tensor) -> Tensor:
    """Nats a step and track by which the drawing misses the music (binary cross-entropy)."""
    likely = (0.5 + 0.5 * fake.float()).clamp(SURE, 1 - SURE)
    wanted = 0.5 + 0.5 * real
    return functional.binary_cross_entropy(likely, wanted, reduction="none").sum(-1).mean()


def _adam(network: nn.Module, settings: RunSettings, fabric: Fabric) -> Adam:
    on_card = fabric.device.type == "cuda"
    return Adam(network.parameters(), lr=settings.preset.learning_rate, betas=BETAS, fused=on_card)
