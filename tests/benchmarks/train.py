"""Training steps of the deepcomposer preset against a plain PyTorch transcription of the same loop.

Both take the same step on the same windows in one process and in turn, so that what else the
machine does weighs on both alike. On a processor upsampling and convolution done by phases are
worth half as much again; on a graphics card the preset must at least not be slower, and the share
of the card's bf16 rate that it reaches is told beside it.
"""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from lightning_fabric import Fabric
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from models.devices import make_fabric
from models.gan_task import GanTask
from models.presets import PRESETS
from models.settings import RunSettings
from tests.benchmarks.rows import Row
from tests.plain_gan import PlainTraining
from tests.small_songs import write_small_corpus

ROUNDS = 2
FASTER_ON_A_PROCESSOR = 1.5
MATRIX = 8192  # side of the product that a card's own rate is measured with


def run() -> list[Row]:
    """Seconds of a step, their ratio, and on a card the share of its rate."""
    with TemporaryDirectory() as folder:
        data = write_small_corpus(Path(folder) / "scales")
        fabric = make_fabric("auto", "auto", lambda _: None)
        task = GanTask(RunSettings("benchmark", PRESETS["deepcomposer"], (str(data),)), fabric)
        ours, plain = _times(task, fabric)
    on_card = fabric.device.type == "cuda"
    wanted = 1.0 if on_card else 1 / FASTER_ON_A_PROCESSOR
    rows = [
        Row("a training step of the deepcomposer preset", ours, "s"),
        Row("the same in plain PyTorch", plain, "s"),
        Row("preset's time as a share of plain PyTorch's", ours / plain, "", wanted),
    ]
    return [*rows, _share_of_rate(task, fabric, ours)] if on_card else rows


def _times(task: GanTask, fabric: Fabric) -> tuple[float, float]:
    """Seconds of the quickest step of either, after one that is not counted."""
    plain = PlainTraining()
    _adopt(plain, task, fabric.device)
    ours, theirs = [], []
    for number in range(1 + ROUNDS):
        batch = task.batch(number)
        ours.append(_seconds(partial(task.step, number, 10, batch), fabric))
        real = fabric.to_device(torch.from_numpy(batch)).float() * 2 - 1
        noise = torch.randn(len(batch), task.settings.preset.batch_size, task.sizes.noise_size)
        mix = torch.rand(noise.shape[:2])
        given = real, *fabric.to_device((noise, mix))
        theirs.append(_seconds(partial(_step_as_precise, plain, fabric, given), fabric))
    return min(ours[1:]), min(theirs[1:])


def _adopt(plain: PlainTraining, task: GanTask, device: torch.device) -> None:
    plain.generator.load_state_dict(task.generator.state_dict())
    plain.critic.load_state_dict(task.critic.state_dict())
    plain.generator.to(device)
    plain.critic.to(device)


def _step_as_precise(
    plain: PlainTraining, fabric: Fabric, given: tuple[torch.Tensor, ...]
) -> tuple[float, float]:
    """A plain step at the precision of the preset's, so that only the loop differs."""
    with fabric.autocast():
        return plain.step(*given)


def _seconds(step: Callable[[], object], fabric: Fabric) -> float:
    began = time.perf_counter()
    step()
    if fabric.device.type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - began


def _share_of_rate(task: GanTask, fabric: Fabric, seconds: float) -> Row:
    """Multiplications and additions of a step a second, as a share of a large product's."""
    reached = _operations(task) / seconds
    side = torch.randn(MATRIX, MATRIX, device=fabric.device, dtype=torch.bfloat16)
    times = [_seconds(partial(torch.matmul, side, side), fabric) for _ in range(6)]
    rate = 2 * MATRIX**3 / min(times)
    return Row("share of the card's bf16 rate, as measured by a product", 100 * reached / rate, "%")


def _operations(task: GanTask) -> float:
    """Of one step's convolutions and dense layers; a multiplication and an addition are two."""
    preset, sizes = task.settings.preset, task.sizes
    with torch.no_grad():
        melody = torch.zeros(1, 1, sizes.steps, 128, device=task.fabric.device)
        noise = torch.zeros(1, sizes.noise_size, device=task.fabric.device)
        made = _forward_operations(task.generator, melody, noise)
        rolls = torch.zeros(1, sizes.tracks, sizes.steps, 128, device=task.fabric.device)
        judged = _forward_operations(task.critic, rolls, melody)
    # Real and made forward and back (3 each); the penalty's pass, its slope, and back through it.
    of_critic = (2 * 3 + 4) * judged + made
    of_generator = 2 * made + 2 * judged  # its forward is the last one that the critic was shown
    return preset.batch_size * (preset.update_ratio * of_critic + of_generator)


def _forward_operations(network: nn.Module, *given: torch.Tensor) -> float:
    with FlopCounterMode(display=False) as counter:
        network(*given)
    return float(counter.get_total_flops())
