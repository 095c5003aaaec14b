"""Training a `ConvUNet` against a critic alone: a plain WGAN-GP, as DeepComposer taught it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from lightning_fabric import Fabric
from torch import Tensor, nn
from torch.optim import Adam, Optimizer

from engine.data.corpus import Corpus, Stretch
from engine.data.measures import Segment
from engine.data.segments import draw_stretches, segment_of, with_accompaniment
from engine.errors import TrainingError
from models.conv_unet import PITCHES, STEPS, TRACKS, ConvUNet, cut_noise
from models.critic import Critic
from models.curve import Curve
from models.export_picture import PictureGenerator, export_picture, picture_card
from models.settings import RunSettings
from models.snapshots import load_weights, save_weights
from models.wgan_gp import critic_loss, generator_loss
from models.windows import held_out

BETAS = (0.5, 0.9)
WINDOW_BEATS = 8
CURVES = (
    Curve("generator", "Generator", "steady"),
    Curve("critic", "Critic", "towards 0"),
    Curve("penalty", "Gradient penalty", "near 0"),
    Curve("distance", "Distance", "towards 0"),
)
FloatArray = npt.NDArray[np.float32]


class GanTask:
    """The generator, its critic and their data."""

    def __init__(self, settings: RunSettings, fabric: Fabric) -> None:
        self.settings, self.fabric = settings, fabric
        self.corpus = Corpus(settings.folders()[0])
        if len(self.corpus.card.roles) != TRACKS:
            raise TrainingError(
                f"The preset {settings.preset.name} needs a melody and three parts, but the data "
                f"set {self.corpus.card.name} has {len(self.corpus.card.roles)} parts in all."
            )
        self.train_songs, self.held_songs = held_out(self.corpus.songs, settings.held_out)
        if not self.train_songs or not self.held_songs:
            raise TrainingError("The data set has too few songs: some must be held out.")
        torch.manual_seed(settings.seed)
        rate = settings.preset.learning_rate
        network, critic = ConvUNet(), Critic(TRACKS + 1, STEPS, PITCHES)
        self.generator, self.optimizer = fabric.setup(
            network, Adam(network.parameters(), lr=rate, betas=BETAS)
        )
        self.critic, self.critic_optimizer = fabric.setup(
            critic, Adam(critic.parameters(), lr=rate, betas=BETAS)
        )

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
        return sum(max(1, song.beats // WINDOW_BEATS) for song in self.train_songs)

    @property
    def steps_per_epoch(self) -> int:
        """Generator updates in which every song is heard once."""
        return max(1, self.window_count // self.settings.preset.batch_size)

    @property
    def curves(self) -> tuple[Curve, ...]:
        """The losses, in the order to draw them."""
        return CURVES

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """Name and program of each part that is played."""
        roles = self.corpus.card.roles[1:]
        return tuple(zip(roles, self.settings.preset.programs, strict=True))

    def batch(self, step: int) -> FloatArray:
        """Rolls (update, batch, track, step, pitch) of a step. Called on the loader's thread."""
        rng = np.random.Generator(
            np.random.PCG64(np.random.SeedSequence([self.settings.seed, step]))
        )
        preset = self.settings.preset
        drawn = [self._draw(rng) for _ in range(preset.update_ratio * preset.batch_size)]
        return np.stack(drawn).reshape(
            preset.update_ratio, preset.batch_size, TRACKS, STEPS, PITCHES
        )

    def _draw(self, rng: np.random.Generator) -> FloatArray:
        song = self.train_songs[int(rng.integers(len(self.train_songs)))]
        beat = int(rng.integers(0, max(1, song.beats - WINDOW_BEATS + 1)))
        return _picture(self.corpus.stretch(song, beat, WINDOW_BEATS))

    def step(self, step: int, total: int, batch: FloatArray) -> dict[str, float]:
        """The critic's updates and one of the generator; the losses by name."""
        rng = torch.Generator().manual_seed(self.settings.seed * 1_000_003 + step)
        found: dict[str, Tensor] = {}
        for pictures in batch:
            real = self.fabric.to_device(torch.from_numpy(pictures))
            melody = real[:, :1]
            noise = self.fabric.to_device(cut_noise(len(real), rng))
            mix = self.fabric.to_device(torch.rand(len(real), generator=rng))
            with torch.no_grad():
                fake = self.generator(melody, noise)
            loss = critic_loss(self.critic, real, fake, melody, mix)
            self.critic_optimizer.zero_grad()
            self.fabric.backward(loss.total)
            self.critic_optimizer.step()
            found = {"critic": loss.total, "distance": loss.distance, "penalty": loss.penalty}
        loss_of_generator = generator_loss(self.critic, self.generator(melody, noise), melody)
        self.optimizer.zero_grad()
        self.fabric.backward(loss_of_generator)
        self.optimizer.step()
        found["generator"] = loss_of_generator
        return {name: float(value.detach()) for name, value in found.items()}

    def held_out_stretches(self) -> list[Stretch]:
        """The segments that the run is measured on, always the same."""
        return draw_stretches(self.corpus, self.held_songs, self.settings.measured_segments)

    def played(self, stretches: Sequence[Stretch], seed: int = 0) -> list[Segment]:
        """What the network answers to held-out melodies, two bars at a time."""
        player = PictureGenerator(self._plain()).eval()
        rng = torch.Generator().manual_seed(seed)
        found = []
        for stretch in stretches:
            melody = torch.from_numpy(stretch.planes[0].astype(np.float32))
            windows = melody.unflatten(1, (-1, STEPS)).transpose(
                0, 1
            )  # (window, plane, step, pitch)
            with torch.no_grad():
                planes = player(windows, cut_noise(len(windows), rng))
            joined = planes.unflatten(1, (TRACKS - 1, 2)).permute(1, 2, 0, 3, 4).flatten(2, 3)
            found.append(with_accompaniment(stretch, joined.numpy() >= 0.5))
        return found

    def human(self, stretches: Sequence[Stretch]) -> list[Segment]:
        """What people played to them."""
        return [segment_of(stretch) for stretch in stretches]

    def _plain(self) -> ConvUNet:
        """A copy of the generator on the CPU, out of Fabric's hands."""
        network = ConvUNet()
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
        card = picture_card(self.settings, self.corpus, len(self.train_songs), record)
        export_picture(self._plain(), card, path)


def _picture(stretch: Stretch) -> FloatArray:
    """Sounding planes as −1 and 1, (track, step, pitch)."""
    return stretch.planes[:, 1].astype(np.float32) * 2 - 1
