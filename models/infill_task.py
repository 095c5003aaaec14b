"""Training a `BeatUNet`: it fills in hidden cells, and a critic may join towards the end."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Tensor, nn
from torch.optim import AdamW, Optimizer

from engine.data.collection import Collection
from engine.data.corpus import Stretch
from engine.data.measures import Segment
from engine.data.segments import draw_stretches, segment_of, with_accompaniment
from engine.data.song import DRUMS
from models.beat_unet import BeatUNet, Heard, Logits, beat_settings
from models.calibration import (
    PEOPLE,
    SEGMENTS,
    FloatArray,
    Playing,
    Wish,
    calibrated,
    evened,
    evenly,
    heeding,
    kept_for_habits,
    leaning,
)
from models.cards import card_values
from models.critic import Critic, critic_widths
from models.curve import Curve
from models.decode import Accompanist
from models.export import export
from models.fine_tune import Parent, parent_title
from models.habits import DENSITY_POINTS, Habits, even_habits, settings_for
from models.infill import Cells, draw_cells, filled, heard, in_c, losses
from models.inheritance import fits, inherit, parents_weights
from models.key_frame import KeyFrame
from models.layout import STEPS_PER_BEAT, Layout
from models.meters import in_commonest_meter, known_meters
from models.network_rules import CRITIC_BEATS
from models.noise_field import NOISE_SIZE
from models.ranks import average_gradients, averaged, check_shares, share
from models.schedule import learning_rate
from models.settings import RunSettings
from models.snapshots import load_weights, save_weights
from models.wgan_gp import critic_loss, generator_loss, unchanged
from models.windows import Batch, Windows, chord_table, held_out_songs, one_voice_parts

SEED_STRIDE = 1_000_003
RANK_STRIDE = 15_485_863
AVERAGE = 0.998
CLIP = 1.0
CRITIC_RATE = 2e-4
CURVES = (
    Curve("total", "All losses", "down, then flat"),
    Curve("onset", "Notes that begin", "down, then flat"),
    Curve("sounding", "Notes that sound", "down, then flat"),
    Curve("duration", "Lengths", "down, then flat"),
    Curve("velocity", "Loudness", "down, then flat"),
    Curve("chord", "Chords", "down, then flat"),
    Curve("rest", "Rests", "down, then flat"),
)
CRITIC_CURVES = (
    Curve("generator", "Generator", "steady"),
    Curve("critic", "Critic", "towards 0"),
    Curve("penalty", "Gradient penalty", "near 0"),
    Curve("distance", "Distance", "towards 0"),
)


class Question(NamedTuple):
    """A batch with some cells hidden: the music, which cells are known, and what is heard of it."""

    music: Batch
    cells: Cells
    asked: Heard


class InfillTask:
    """The generator, its moving average, its critic and their data."""

    def __init__(self, settings: RunSettings, fabric: Fabric) -> None:
        self.settings, self.fabric = settings, fabric
        preset = settings.preset
        self.parent = parent_title(settings)
        check_shares(fabric, preset.batch_size)
        self.corpus = Collection(
            settings.folders(), settings.tags, meters=preset.meters, roles=preset.roles or None
        )
        learned, self.held_songs = held_out_songs(self.corpus.songs, settings.held_out)
        self.train_songs, self.habit_songs = kept_for_habits(learned, settings.held_out)
        self.layout = self._layout()
        self.windows = Windows(
            self.corpus, self.train_songs, self.layout, preset.window_beats, preset.other_meters
        )
        torch.manual_seed(settings.seed)
        network = BeatUNet(self.layout, beat_settings(preset))
        self.average = copy.deepcopy(network).eval()
        self.frame = KeyFrame(self.layout.pitch_low, self.layout.pitches, self.layout.drums)
        self.chord_features = chord_table()
        self.generator, self.optimizer = fabric.setup(
            network, _optimizer(network, preset.learning_rate)
        )
        self.average.to(fabric.device)
        self._make_critic()
        self.ranges = self._ranges()
        self._habits = self._uncalibrated()
        self._held = self.windows.held_parts()
        self.flat = self.windows.flat_loudness()

    def _layout(self) -> Layout:
        """The parts' tracks: as the preset has them, else as they are in the data."""
        preset, roles = self.settings.preset, self.corpus.card.roles[1:]
        voices = preset.one_voice or one_voice_parts(self.corpus, self.train_songs)
        drums = tuple(number for number, role in enumerate(roles) if role == DRUMS)
        return Layout(tracks=len(roles), one_voice=voices, drums=drums)

    def _make_critic(self) -> None:
        preset, channels = self.settings.preset, self.layout.tracks + 2
        self.multiple = 2**preset.critic_levels
        pitches = -(-self.layout.pitches // self.multiple) * self.multiple
        widths = critic_widths(preset.critic_levels, preset.critic_channels)
        critic = Critic(channels, CRITIC_BEATS * STEPS_PER_BEAT, pitches, widths)
        optimizer = torch.optim.Adam(critic.parameters(), lr=CRITIC_RATE, betas=(0.5, 0.9))
        self.critic, self.critic_optimizer = self.fabric.setup(critic, optimizer)
        self.critic.mark_forward_method("slope")

    def begin_with(self, parent: Parent) -> None:
        """Take a parent's weights. Raises `TrainingError` where they do not fit."""
        weights, of_critic = parents_weights(parent)
        for network in (self.generator, self.average):
            inherit(network, weights, parent.name)
        if fits(self.critic, of_critic):
            inherit(self.critic, of_critic, parent.name)

    @property
    def modules(self) -> dict[str, nn.Module]:
        """All that a checkpoint holds."""
        return {"generator": self.generator, "average": self.average, "critic": self.critic}

    @property
    def optimizers(self) -> dict[str, Optimizer]:
        """All that a checkpoint holds of the optimisers."""
        return {"generator": self.optimizer, "critic": self.critic_optimizer}

    @property
    def window_count(self) -> int:
        """Training windows of an epoch, in which every song is heard once."""
        beats = self.settings.preset.window_beats
        return sum(-(-song.beats // beats) for song in self.train_songs)

    @property
    def steps_per_epoch(self) -> int:
        """Steps in which every song is heard once, or as the preset has it."""
        preset = self.settings.preset
        return preset.epoch_steps or max(1, self.window_count // preset.batch_size)

    @property
    def curves(self) -> tuple[Curve, ...]:
        """The losses, in the order to draw them."""
        return CURVES + (CRITIC_CURVES if self.settings.preset.adversarial_weight else ())

    @property
    def meters(self) -> tuple[str, ...]:
        """Those that were learned."""
        return known_meters(self.train_songs, self.settings.preset.other_meters > 0)

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """Name and program of each part that is played."""
        card = self.corpus.card
        programs = self.settings.preset.programs or card.programs[1:]
        return tuple(zip(card.roles[1:], programs, strict=True))

    def batch(self, step: int) -> Question:
        """The batch of a step, the same whenever it is asked for. Called on the loader's thread."""
        preset = self.settings.preset
        draw = np.random.Generator(
            np.random.PCG64(np.random.SeedSequence([self.settings.seed, step]))
        )
        rng = torch.Generator().manual_seed(self.settings.seed * SEED_STRIDE + step)
        music = in_c(self.windows.batch(preset.batch_size, draw), self.frame, rng)
        cells = draw_cells(preset.batch_size, self.layout.tracks, preset.window_beats, rng)
        question = Question(music, cells, heard(music, cells, self.chord_features, rng))
        return question if self.fabric.world_size == 1 else self._share(question)

    def _share(self, question: Question) -> Question:
        """This process's windows of a question."""

        def shared(part: Sequence[Tensor]) -> list[Tensor]:
            return [share(self.fabric, tensor) for tensor in part]

        return Question(
            Batch(*shared(question.music)),
            Cells(*shared(question.cells)),
            Heard(*shared(question.asked)),
        )

    def step(self, step: int, total: int, batch: Question) -> dict[str, float]:
        """One update of the generator, and of a critic that has joined; the losses by name."""
        preset = self.settings.preset
        rng = torch.Generator().manual_seed((self.settings.seed + 1) * SEED_STRIDE * 7 + step)
        own = self.fabric.global_rank * RANK_STRIDE
        torch.manual_seed(self.settings.seed * SEED_STRIDE + step + own)  # dropout
        music, cells, asked = self.fabric.to_device(batch)
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(preset.learning_rate, step, total)
        logits: Logits = self.generator(asked)
        found = losses(logits, music, cells, self.layout)
        joined = preset.adversarial_weight > 0 and step >= preset.adversarial_from * total
        if joined:
            fake = filled(logits, music, cells, rng)
            found |= self._critic_steps(music, fake.detach(), rng)
        self.optimizer.zero_grad()
        with unchanged(self.critic):
            total_loss = found["total"]
            if joined:
                _, made, melody = self._crop(music, fake, rng)
                found["generator"] = generator_loss(self.critic, made, melody, preset.loss)
                total_loss = total_loss + preset.adversarial_weight * found["generator"]
            self.fabric.backward(total_loss)
        average_gradients(self.fabric, self.generator)
        slope = self.fabric.clip_gradients(
            self.generator, self.optimizer, max_norm=CLIP, error_if_nonfinite=False
        )
        if slope is not None:
            found["gradient"] = slope  # told, so that a run that diverges is noticed at once
        self.optimizer.step()
        self._average(step)
        return averaged(self.fabric, found)

    def _critic_steps(self, batch: Batch, fake: Tensor, rng: torch.Generator) -> dict[str, Tensor]:
        preset = self.settings.preset
        found: dict[str, Tensor] = {}
        for _ in range(preset.update_ratio):
            real, made, melody = self._crop(batch, fake, rng)
            mix = torch.rand(len(real), generator=rng).to(real.device)
            loss = critic_loss(
                self.critic, real, made, melody, mix, preset.penalty_weight, preset.loss
            )
            self.critic_optimizer.zero_grad()
            self.fabric.backward(loss.total)
            average_gradients(self.fabric, self.critic)
            self.critic_optimizer.step()
            found = {"critic": loss.total, "distance": loss.distance, "penalty": loss.penalty}
        return found

    def _crop(
        self, batch: Batch, fake: Tensor, rng: torch.Generator
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The same four bars of the real onsets, the made ones and the melody, pitches padded."""
        length = CRITIC_BEATS * STEPS_PER_BEAT
        places = (fake.shape[2] - length) // 16 + 1
        first = 16 * int(torch.randint(0, places, (1,), generator=rng))
        pad = (0, -fake.shape[3] % self.multiple)
        cut = [x[:, :, first : first + length] for x in (batch.rolls[:, :, 0], fake, batch.melody)]
        real, made, melody = (nn.functional.pad(x, pad) for x in cut)
        return real, made, melody

    def _average(self, step: int) -> None:
        keep = min(AVERAGE, (step + 1) / (step + 10))
        with torch.no_grad():
            for mean, weight in zip(
                self.average.parameters(), self.generator.parameters(), strict=True
            ):
                mean.lerp_(weight, 1 - keep)

    def _ranges(self) -> tuple[tuple[int, int], ...]:
        """Per track the pitches, in C, that hold 99.8 % of its training notes."""
        counts = np.zeros((self.layout.tracks, self.layout.pitches))
        rng = np.random.default_rng(self.settings.seed)
        for _ in range(12):
            moved = in_c(self.windows.batch(32, rng), self.frame, torch.Generator().manual_seed(0))
            counts += moved.rolls[:, :, 0].sum((0, 2)).numpy()
        shares = np.cumsum(counts, 1) / np.maximum(counts.sum(1, keepdims=True), 1)
        low = self.layout.pitch_low
        return tuple(
            (int(np.searchsorted(row, 0.001)) + low, int(np.searchsorted(row, 0.999)) + low)
            for row in shares
        )

    def accompanist(self) -> Accompanist:
        """The averaged network as it plays."""
        network = copy.deepcopy(self.average).cpu().eval()
        choir = all(self._held) and all(self.layout.one_voice)
        settings = settings_for(self.settings.preset.name, choir)
        settings = replace(settings, held=self._held, swells=self.flat)
        return Accompanist(network, settings, self.ranges, self._habits).eval()

    def calibrate(self, rest_lean: Sequence[float] = ()) -> None:
        """From now on each part rests, plays and strikes as people do (`models.calibration`).

        ``rest_lean`` in place of the preset's.
        """
        people, asked = (
            draw_stretches(self.corpus, evenly(in_commonest_meter(songs), PEOPLE), PEOPLE)
            for songs in (self.train_songs, self.habit_songs)
        )
        stretches = evenly(asked, SEGMENTS)
        loud = [(each.velocity[1:] / 127).astype(np.float32) for each in people]
        human = Playing(self.human(people), loud, self._present(people))

        def play(habits: Habits) -> Playing:
            self._habits = habits
            return self._play(stretches, 0)

        def dare(habits: Habits, size: float) -> Playing:
            self._habits = habits
            return self._play(stretches[::4], 0, size)

        def ask(habits: Habits, wishes: Sequence[Wish]) -> list[Playing]:
            self._habits, few = habits, stretches[::8]
            density = -torch.ones(len(wishes), len(few), self.layout.tracks)
            for number, (track, wish) in enumerate(wishes):
                density[number, :, track] = wish
            played = self._play(few * len(wishes), 0, density=density.flatten(0, 1))
            return played.parted(len(few))

        habits = calibrated(self._uncalibrated(), human, play)
        lean = rest_lean or settings_for(self.settings.preset.name, False).rest_lean
        self._habits = heeding(evened(leaning(habits, lean), dare), ask)

    def _present(self, stretches: Sequence[Stretch]) -> FloatArray:
        return self.windows.present(stretches).astype(float)

    def _uncalibrated(self) -> Habits:
        times = self.windows.times_usual(DENSITY_POINTS)
        return replace(even_habits(self.layout.tracks), times=times)

    def held_out_stretches(self) -> list[Stretch]:
        """The segments that the run is measured on, always the same; all in one meter."""
        songs = in_commonest_meter(self.held_songs)
        return draw_stretches(self.corpus, songs, self.settings.measured_segments)

    def played(self, stretches: Sequence[Stretch], seed: int = 0) -> list[Segment]:
        """What the network answers to held-out melodies."""
        return list(self._play(stretches, seed).segments)

    def _play(
        self,
        stretches: Sequence[Stretch],
        seed: int,
        daring: float = 1.0,
        density: Tensor | None = None,
    ) -> Playing:
        """``density`` (segment, track) as it is asked for; of itself none is."""
        batch = self.windows.collate(stretches)
        size, _, steps, _ = batch.melody.shape
        tracks = self.layout.tracks
        noise = torch.randn(size, NOISE_SIZE, generator=torch.Generator().manual_seed(seed))
        if density is None:
            density = -torch.ones(size, tracks)
        with torch.no_grad():
            planes, loud = self.accompanist()(
                batch.melody,
                daring * noise,
                torch.zeros(size, 2 * tracks, steps, self.layout.pitches),
                torch.zeros(size, tracks, steps),
                torch.zeros(size, 24, steps),
                density,
                batch.position,
            )
        found = planes.unflatten(1, (tracks, 2)).numpy() >= 0.5
        segments = [
            with_accompaniment(stretch, each, self.layout.pitch_low)
            for stretch, each in zip(stretches, found, strict=True)
        ]
        velocities = list((loud.numpy() * found[:, :, 0]).max(-1))
        return Playing(segments, velocities, self._present(stretches))

    def human(self, stretches: Sequence[Stretch]) -> list[Segment]:
        """What people played to them."""
        return [segment_of(stretch) for stretch in stretches]

    def snapshot(self, path: Path) -> None:
        """Write the averaged network's weights, which are what is exported."""
        save_weights(path, self.average)

    def restore_snapshot(self, path: Path) -> None:
        """Take the weights of a snapshot; the network in training stays as it is."""
        load_weights(path, self.average)

    def export(self, path: Path, record: Mapping[str, Any]) -> None:
        """Write the averaged network as a model file with its card."""
        self.calibrate()
        export(self.accompanist(), card_values(self, record), path)


def _optimizer(network: nn.Module, rate: float) -> AdamW:
    """AdamW; biases, norms and other vectors are not decayed."""
    matrices = [weight for weight in network.parameters() if weight.ndim >= 2]
    vectors = [weight for weight in network.parameters() if weight.ndim < 2]
    groups = [{"params": matrices, "weight_decay": 0.05}, {"params": vectors, "weight_decay": 0.0}]
    return AdamW(groups, lr=rate, betas=(0.9, 0.98))
