"""Ten kills at random moments: a run that was killed and resumed equals one that never was."""

import json
from pathlib import Path
from typing import Any

import torch
from lightning_fabric import Fabric
from safetensors.torch import load_file

from engine.store.training_run import TrainingRun
from models.settings import RunSettings
from tests.models.conftest import MakeSettings
from tests.models.small_loop import Loop
from tests.models.warm_trainer import WarmTrainers

KILLS = 10
# Each trainer is a child of its own that only `kill -9` ends before its time.
SCRIPT = """
import json, os, random, signal, sys, time
from dataclasses import replace
from pathlib import Path
import torch
from lightning_fabric import Fabric
import engine.data.similarity
from engine.data.corpus import Corpus
from models.settings import settings_from
from tests.models.small_loop import Guess, Loop

engine.data.similarity.HALF_SEGMENTS = 6
torch.set_num_threads(1)
folder, songs, kills = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
settings = replace(settings_from(json.loads(sys.argv[4])), checkpoint_minutes=0.02 / 60)

# Each step is let, and told when it is done: a fast machine cannot outrun the kills.
class Let(Guess):
    def step(self, *given):
        os.read(may[0], 1)
        time.sleep(0.005)
        found = super().step(*given)
        os.write(done[1], b".")
        return found

def train():
    os.close(done[0])
    fabric = Fabric(accelerator="cpu", devices=1)
    Loop(folder, songs, settings, fabric).go(Let(Corpus(songs)))

def started():
    child = os.fork()
    if child == 0:
        try:
            train()
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(3)
        os._exit(0)
    os.close(done[1])
    return child

def wait(steps):
    for _ in range(steps):
        if not os.read(done[0], 1):
            break

def end(child):
    _, status = os.waitpid(child, 0)
    for each in (*may, done[0]):
        os.close(each)
    return status

rng, killed = random.Random(5), 0
for _ in range(kills):
    may, done = os.pipe(), os.pipe()
    child, steps = started(), rng.randint(0, 10)
    os.write(may[1], b"." * (steps + 6))
    wait(steps)
    time.sleep(rng.uniform(0, 0.04))
    os.kill(child, signal.SIGKILL)
    killed += os.WIFSIGNALED(end(child))
may, done = os.pipe(), os.pipe()
child = started()
os.write(may[1], b"." * 1000)
print(killed, os.WEXITSTATUS(end(child)))
"""


def killed(trainers: WarmTrainers, folder: Path, songs: Path, settings: RunSettings) -> TrainingRun:
    """A run that was killed ten times, and then came to its end."""
    given = [folder, songs, KILLS, json.dumps(settings.as_json())]
    said, errors = trainers.start(SCRIPT, *given).communicate()
    assert said.split() == [str(KILLS), "0"], errors
    return TrainingRun(folder / "run")


def told(run: TrainingRun) -> list[dict[str, Any]]:
    """What a run tells of its music and its learning, not of its sessions."""
    kinds = ("step", "epoch", "measures", "sample", "plateau")
    found = [event for event in run.events() if event["event"] in kinds]
    return [{key: value for key, value in each.items() if key != "seconds"} for each in found]


def test_ten_kills_change_nothing(
    warm_trainers: WarmTrainers,
    songs: Path,
    tmp_path: Path,
    settings: MakeSettings,
    fabric: Fabric,
) -> None:
    loop = Loop(tmp_path / "whole", songs, settings(epochs=50), fabric)
    loop.go()
    broken = killed(warm_trainers, tmp_path / "killed", songs, loop.settings)
    begun = [event["from_step"] for event in broken.events() if event["event"] == "started"]
    assert len(set(begun)) > KILLS // 2, "it went on from many places"
    assert told(broken) == told(loop.run)
    one, two = (load_file(run.checkpoint_path) for run in (loop.run, broken))
    assert all(torch.equal(one[name], two[name]) for name in one if name != "seconds")
    names = files(loop.run)
    earlier = "checkpoint-before.safetensors"
    assert names == [name for name in files(broken) if name != earlier], "nothing is left over"
    for name in names:
        if name.startswith(("samples/", "snapshots/")):
            assert (loop.run.folder / name).read_bytes() == (broken.folder / name).read_bytes()


def files(run: TrainingRun) -> list[str]:
    """All that lies in the run's folder."""
    return sorted(path.relative_to(run.folder).as_posix() for path in run.folder.rglob("*"))
