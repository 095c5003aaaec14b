"""Two processes that train together, on the processor, against one alone."""

import json
import socket
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lightning_fabric import Fabric

from engine.errors import DeviceError, TrainingError
from engine.store.training_run import TrainingRun
from models import devices
from models.devices import make_fabric
from models.gan_task import GanTask
from models.presets import PRESETS
from models.ranks import check_shares
from models.settings import RunSettings
from tests.models.conftest import trainer
from tests.models.warm_trainer import WarmTrainers

# Fabric starts its processes by the file's name, so the trainer stands in one.
SCRIPT = """
import sys
import models.gan_task
models.gan_task.export_picture = lambda network, card, path: path.write_text(card["name"])
from models.cli import main
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""
OPTIONS = (
    "--preset=own", "--channels=8", "--noise-channels=4", "--critic-channels=8", "--batch-size=4",
    "--update-ratio=2", "--epoch-steps=3", "--epochs=2", "--measured-segments=2", "--device=cpu",
    "--learning-rate=0.002", "--json",
)  # fmt: skip


def told(folder: Path, songs: Path) -> list[str]:
    """The words of a run on two devices that lies in this folder."""
    own = [f"--data={songs}", "--name=Two", f"--runs={folder}", f"--out={folder}/m.onnx"]
    return [*own, *OPTIONS, "--devices=2"]


def started(folder: Path, songs: Path) -> subprocess.Popen[str]:
    folder.mkdir()
    script = folder / "trainer.py"
    script.write_text(SCRIPT)
    return trainer(*told(folder, songs), script=script)


def steps(folder: Path) -> list[dict[str, Any]]:
    events = [event for event in TrainingRun(folder / "Two").events() if event["event"] == "step"]
    for event in events:
        del event["event"]
    return events


def steps_alone(songs: Path, fabric: Fabric) -> list[dict[str, Any]]:
    """The same six steps in one process."""
    own = replace(
        PRESETS["own"], channels=8, noise_channels=4, critic_channels=8, batch_size=4,
        update_ratio=2, epoch_steps=3, learning_rate=0.002,
    )  # fmt: skip
    task = GanTask(RunSettings("Two", own, (str(songs),)), fabric)
    return [{"step": step + 1, **task.step(step, 6, task.batch(step))} for step in range(6)]


def under_torchrun(rank: int, port: int) -> dict[str, str]:
    """What torchrun tells the two processes that it starts."""
    return {
        "RANK": str(rank), "LOCAL_RANK": str(rank), "GROUP_RANK": "0", "WORLD_SIZE": "2",
        "LOCAL_WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port),
        "TORCHELASTIC_RUN_ID": "test",
    }  # fmt: skip


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.mark.timeout(400)
def test_two_processes_train_as_one_does_and_one_of_them_writes(
    warm_trainers: WarmTrainers, songs: Path, fabric: Fabric, tmp_path: Path
) -> None:
    two, launched = tmp_path / "two", tmp_path / "torchrun"
    port = free_port()
    words = told(launched, songs)
    alone = started(two, songs)
    pair = [
        warm_trainers.start(SCRIPT, *words, environment=under_torchrun(rank, port))
        for rank in (0, 1)
    ]
    said = [alone.communicate(timeout=350), *(each.communicate(timeout=350) for each in pair)]
    assert [alone.returncode, *(each.returncode for each in pair)] == [0, 0, 0], said
    shared, by_torchrun = steps(two), steps(launched)
    assert by_torchrun == shared
    for one, other in zip(steps_alone(songs, fabric), shared, strict=True):
        assert other == pytest.approx(one, rel=0.02, abs=0.02)  # Adam magnifies rounding
    events = [[json.loads(line)["event"] for line in out.splitlines()] for out, _ in said]
    assert events[0] == events[1]
    assert events[0][-1] == "finished"
    assert events[2] == []


def test_a_batch_that_cannot_be_dealt_out_is_a_sentence() -> None:
    class Three(Fabric):
        world_size = 3

    with pytest.raises(TrainingError, match="make it a multiple of 3"):
        check_shares(Three(accelerator="cpu"), 64)


def test_a_command_that_contradicts_torchrun_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in under_torchrun(0, 1).items():
        monkeypatch.setenv(name, value)
    assert devices._as_launched(1, 1) == devices._as_launched(2, 1) == (2, 1)
    with pytest.raises(DeviceError, match="started 2 processes on each of 1 machines"):
        make_fabric("cpu", "32", lambda _: None, devices=4)
