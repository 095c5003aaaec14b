"""Tiny runs of the real trainer, made once a session; the exporter takes most of their time."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import torch
from lightning_fabric import Fabric

from engine.data import similarity
from engine.store.training_run import TrainingRun
from models import infill_task, windows
from models.beat_unet import BeatUNet, BeatUNetSettings
from models.decode import Accompanist
from models.habits import DecodeSettings
from models.layout import Layout
from models.presets import PRESETS
from models.settings import RunSettings
from tests.models.warm_trainer import WarmTrainers
from tests.small_songs import write_small_corpus

ROOT = Path(__file__).resolve().parents[2]
TINY = {"width": 16, "deep_width": 16, "batch_size": 4, "window_beats": 16}
# The command line's own words for it.
TINY_OPTIONS = [f"--{name.replace('_', '-')}={value}" for name, value in TINY.items()]
MUSIC_AND_WINDOWS = (
    "mido", "rtmidi", "symusic", "pretty_midi", "fluidsynth", "PySide6", "platformdirs",
    "tensorboardX", "psutil",
)  # fmt: skip
# Runs the trainer where none of these can be imported, as on a bare machine with a GPU.
BARE = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            raise ImportError(name + " is blocked")
sys.meta_path.insert(0, Blocker())
from models.cli import main
sys.exit(main(sys.argv[1:]))
"""
# The same trainer without the exporter's minute: a run's end is proven whole once.
NOT_EXPORTED = """
import sys
import engine.data.similarity, models.infill_task, models.windows
models.infill_task.export = lambda accompanist, card, path: path.write_text(card["name"])
engine.data.similarity.HALF_SEGMENTS, models.windows.DENSITY_SAMPLES = 6, 60
models.infill_task.PEOPLE, models.infill_task.SEGMENTS = 16, 8
from models.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(autouse=True)
def quick_and_exact(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One thread, so that busy cores do not wait for each other; short tables, few segments."""
    monkeypatch.setattr(windows, "DENSITY_SAMPLES", 60)
    monkeypatch.setattr(similarity, "HALF_SEGMENTS", 6)
    monkeypatch.setattr(infill_task, "PEOPLE", 16)
    monkeypatch.setattr(infill_task, "SEGMENTS", 8)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A packed data set of two dozen songs."""
    return write_small_corpus(tmp_path_factory.mktemp("songs") / "scales")


@pytest.fixture(scope="session")
def fabric() -> Fabric:
    return Fabric(accelerator="cpu", devices=1, precision="32-true")


MakeSettings = Callable[..., RunSettings]


@pytest.fixture
def settings(songs: Path) -> MakeSettings:
    """Settings of a tiny run; keywords change the run's or the preset's."""

    def made(preset: str = "pop", **changes: Any) -> RunSettings:
        tiny = TINY if preset == "pop" else {"batch_size": 4, "update_ratio": 2}
        own = {key: changes.pop(key) for key in list(changes) if key in _PRESET_FIELDS}
        chosen = replace(PRESETS[preset], **{**tiny, **own})
        wanted = {"epochs": 1, "measured_segments": 2, "checkpoint_minutes": 60.0, **changes}
        return RunSettings("Tiny", chosen, (str(songs),), **wanted)

    return made


_PRESET_FIELDS = frozenset(PRESETS["pop"].__dataclass_fields__) - {"epochs"}


def tiny_accompanist(
    seed: int = 1,
    one_voice: tuple[bool, ...] = (True, False, False),
    settings: DecodeSettings | None = None,
    drums: tuple[int, ...] = (),
) -> Accompanist:
    """An untrained network with strong opinions, so that its music has some notes and gaps."""
    torch.manual_seed(seed)
    network = BeatUNet(
        Layout(one_voice=one_voice, drums=drums), BeatUNetSettings(width=16, deep_width=16)
    )
    with torch.no_grad():
        network.heads.weight.mul_(20)
    ranges = ((33, 60), (45, 80), (55, 90))
    return Accompanist(network, settings or DecodeSettings(), ranges).eval()


@pytest.fixture(scope="session")
def accompanist() -> Accompanist:
    return tiny_accompanist()


def trainer(
    *options: object,
    script: str | Path | None = None,
    stdin: Any = subprocess.DEVNULL,
    **more: Any,
) -> subprocess.Popen[str]:
    """The real trainer as a process of its own; ``script`` or a file of it runs in its place."""
    program = ["-m", "models"] if script is None else ["-c", script]
    program = [str(script)] if isinstance(script, Path) else program
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    settings: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    return subprocess.Popen(
        [sys.executable, *program, *map(str, options)],
        cwd=ROOT, env=environment, text=True, stdin=stdin, **settings,
    )  # fmt: skip


@pytest.fixture(scope="session")
def warm_trainers() -> Iterator[WarmTrainers]:
    """Trainers without the seconds in which torch is loaded."""
    trainers = WarmTrainers()
    yield trainers
    trainers.close()


@dataclass(frozen=True, slots=True)
class Finished:
    """A run of the trainer's process that came to its end."""

    run: TrainingRun
    model: Path
    lines: tuple[dict[str, Any], ...]
    errors: str


@pytest.fixture(scope="session")
def finished(songs: Path, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """One epoch of the trainer where nothing but packed data, torch and Fabric can be imported."""
    folder = tmp_path_factory.mktemp("finished")
    model = folder / "out" / "Tiny.onnx"
    process = trainer(
        "--data", songs, "--name", "Tiny Band", "--runs", folder, "--out", model, "--json",
        "--epochs", 2, "--measured-segments", 2, "--device", "cpu", "--tag", "test",
        "--adversarial-weight", 0.05, "--adversarial-from", 0.5, *TINY_OPTIONS,
        script=BARE.format(blocked=MUSIC_AND_WINDOWS),
    )  # fmt: skip
    output, errors = process.communicate(timeout=550)
    assert process.returncode == 0, errors
    lines = tuple(json.loads(line) for line in output.splitlines())
    return Finished(TrainingRun(folder / "Tiny Band"), model, lines, errors)


def asked(*options: object) -> argparse.Namespace:
    """The arguments as the command line reads them."""
    from models.arguments import parser

    return parser().parse_args([str(option) for option in options])
