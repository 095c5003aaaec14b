"""``kill -9`` of the trainer, of its window and of both, at ten random moments of one run.

The real trainer with a tiny network, started, listened to and held by what the real window does
that with, in a process without widgets. After each kill the run goes on from its last checkpoint,
never from one before; what a killed window leaves running stops and keeps by itself. In the end the
losses of all steps are those of a run that nobody killed, to the last bit.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from safetensors import safe_open

from engine.store.run_lock import PID_NAME, is_held
from engine.store.training_run import TrainingRun
from tests.benchmarks.rows import Row
from tests.small_songs import write_small_corpus

ROOT = Path(__file__).resolve().parents[2]
KILLS = ("trainer", "both", "window", "trainer", "both", "window", "trainer", "both", "window",
         "trainer")  # fmt: skip
LONGEST_SECONDS = 10.0
STARTING = (0, 5)
"""The kills that come while the trainer starts; the others while it learns."""
PATIENCE = 900.0
LOOK_SECONDS = 0.5
NAME = "Cat"
TINY = [
    "--preset=first-steps", "--width=16", "--deep-width=16", "--batch-size=4", "--window-beats=16",
    "--epochs=2000", "--epoch-steps=10", "--measure-every=5", "--measured-segments=4",
    "--checkpoint-minutes=0.05", "--device=cpu",
]  # fmt: skip
WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from desktop.training_process import TrainingProcess
application = QCoreApplication([])
process = TrainingProcess()
process.ended.connect(lambda outcome: application.quit())
process.resume(Path(sys.argv[1]))
application.exec()
"""


def run() -> list[Row]:
    """How many kills were survived, and what was lost."""
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        write_small_corpus(home / "data" / "scales")
        killed = begun(home)
        chance, lost = random.Random(7), 0
        for number, victim in enumerate(KILLS):
            seconds = chance.uniform(0.0, LONGEST_SECONDS)
            lost += not survives(killed, victim, seconds, learns=number not in STARTING)
        steps = losses(killed)
        whole = unbroken(home, len(steps))
        different = sum(one != two for one, two in zip(steps, whole, strict=False))
    return [
        Row("kills -9 at random moments", float(len(KILLS)), ""),
        Row("of these, more was lost than what came after a checkpoint", float(lost), "", 0.0),
        Row("steps of the run that was killed", float(len(steps)), ""),
        Row("of these, other than in a run that nobody killed", float(different), "", 0.0),
    ]


def begun(home: Path) -> TrainingRun:
    """A run that was paused after its first steps."""
    run = TrainingRun(home / "runs" / NAME)
    with trainer(home, NAME) as process:
        wait_until(lambda: last_told(run, "step") > 0)
        run.request_path.write_text("pause")
        assert process.wait(PATIENCE) == 0
    return run


def survives(run: TrainingRun, victim: str, seconds: float, *, learns: bool) -> bool:
    """Go on with the run, kill after some seconds; whether all that was saved is still there."""
    saved = saved_step(run)
    home = run.folder.parents[1]
    with subprocess.Popen(
        [sys.executable, "-c", WINDOW, str(run.folder)], cwd=ROOT, env=environment(home)
    ) as window:
        wait_until(lambda: is_held(run.folder))
        if learns:
            wait_until(lambda: saved_step(run) > saved)
        time.sleep(seconds)
        if victim != "trainer":
            window.kill()
        if victim != "window":
            with contextlib.suppress(ProcessLookupError, FileNotFoundError):
                os.kill(int((run.folder / PID_NAME).read_text()), signal.SIGKILL)
        window.wait(PATIENCE)
    wait_until(lambda: not is_held(run.folder))
    now, told = saved_step(run), last_told(run, "checkpoint")
    kept = victim != "window" or any(event["event"] == "stopped" for event in run.events())
    print(f"  the {victim} after {seconds:.1f} s: step {now} is saved, {saved} was", flush=True)
    return kept and now >= max(saved, told)


def trainer(home: Path, name: str) -> "subprocess.Popen[bytes]":
    """The trainer on its own."""
    given = [*TINY, f"--name={name}", f"--data={home / 'data' / 'scales'}"]
    return subprocess.Popen(
        [sys.executable, "-m", "models", *given],
        cwd=ROOT,
        env=environment(home),
        stdout=subprocess.DEVNULL,
    )


def environment(home: Path) -> dict[str, str]:
    """One thread, so that two runs count alike; a home of its own."""
    return {**os.environ, "TUTTI_HOME": str(home), "OMP_NUM_THREADS": "1"}


def unbroken(home: Path, count: int) -> Sequence[dict[str, Any]]:
    """The first steps of the same run, which nobody kills before they are done."""
    run = TrainingRun(home / "runs" / "Dog")
    with trainer(home, "Dog") as process:
        wait_until(lambda: last_told(run, "step") >= count)
        process.kill()
    return losses(run)[:count]


def losses(run: TrainingRun) -> Sequence[dict[str, Any]]:
    """The steps of a run with all that was told of each."""
    return [event for event in run.events() if event["event"] == "step"]


def last_told(run: TrainingRun, kind: str) -> int:
    """The step of the last event of a kind; 0 before the first."""
    return max((int(event["step"]) for event in run.events() if event["event"] == kind), default=0)


def saved_step(run: TrainingRun) -> int:
    """The step of the checkpoint that the run would go on from."""
    with safe_open(run.checkpoint_path, "pt") as stored:
        return int(stored.get_tensor("step"))


def wait_until(true: Callable[[], bool]) -> None:
    """Look every now and then. Raises `TimeoutError`."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError("The trainer did not come to it.")
        time.sleep(LOOK_SECONDS)
