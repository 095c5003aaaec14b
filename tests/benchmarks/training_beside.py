"""Playing and generating while a network is trained on the same processor.

The trainer is the real one, started by the window as always, so it yields to all else. It is put to
sleep and woken again, in turn: both halves of each figure are measured in one run. The JACK server
is the same in both, at the priority of any program where this machine allows no real time; what is
late or lost while nothing trains is its own doing and that of what else the machine is at.
"""

import os
import signal
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop.pages.studio import StudioPage
from desktop.training_process import TrainingProcess
from tests.benchmarks.click import seconds_of_click, studio, wait_until
from tests.benchmarks.generate import BUDGET_SECONDS, melody
from tests.benchmarks.latency import (
    MEDIAN_BUDGET_MS,
    P99_BUDGET_MS,
    busy_window,
    direct_lane,
    measure,
    percentile,
)
from tests.benchmarks.rows import Row
from tests.jack_server import JackServer
from tests.small_songs import write_small_corpus

BARS, CLICKS, KEYS, TURNS = 8, 7, 75, 2
TRAINER_SECONDS = 300.0
RATIO_BUDGET = 1.5


def run() -> list[Row]:
    """Keys and clicks, with the trainer asleep and awake."""
    if not isinstance(QApplication.instance(), QApplication):
        QApplication([])
    with tempfile.TemporaryDirectory() as folder, training(Path(folder)) as trainer:
        return [*clicks(trainer), *keys(trainer)]


def clicks(trainer: TrainingProcess) -> list[Row]:
    """From the click on Generate to the notes in the lanes, in turn with and without."""
    times: dict[bool, list[float]] = {True: [], False: []}
    with tempfile.TemporaryDirectory() as home, studio(home) as (app, shell):
        page = shell.window.page_widget("Studio")
        assert isinstance(page, StudioPage)
        app.change_settings(device="cpu", takes=3)
        wait_until(lambda: app.generator is not None and not app.sound.opening)
        app.document.load(melody(BARS))
        for awake in (False, True) * CLICKS:
            wake(trainer, awake)
            times[awake].append(seconds_of_click(shell, page))
    with_it, without = statistics.median(times[True]), statistics.median(times[False])
    return [
        Row("click to notes on screen, nothing trains, median", without, "s"),
        Row("click to notes on screen while training, median", with_it, "s", BUDGET_SECONDS),
        Row("  beside it", with_it / without, "", RATIO_BUDGET),
    ]


def keys(trainer: TrainingProcess) -> list[Row]:
    """From a key to its sound, over a real JACK server."""
    with JackServer(f"beside{os.getpid()}", waits=False) as server, ExitStack() as stack:
        os.environ.update(server.environment)
        stack.enter_context(busy_window())
        heard: dict[bool, list[float | None]] = {True: [], False: []}
        for awake in (False, True) * TURNS:
            wake(trainer, awake)
            heard[awake] += measure(server, direct_lane, KEYS).latencies
    before, after = _heard(heard[False]), _heard(heard[True])
    median_before, median = statistics.median(before), statistics.median(after)
    all_keys = float(TURNS * KEYS)
    return [
        Row("key to sound, nothing trains, median", median_before, "ms"),
        Row("key to sound, nothing trains, 99th percentile", percentile(before, 99), "ms"),
        Row("key to sound, nothing trains, lost", all_keys - len(before), "notes"),
        Row("key to sound while training, median", median, "ms", MEDIAN_BUDGET_MS),
        Row("  beside it", median / median_before, "", RATIO_BUDGET),
        Row(
            "key to sound while training, 99th percentile",
            percentile(after, 99),
            "ms",
            P99_BUDGET_MS,
        ),
        Row("key to sound while training, lost", all_keys - len(after), "notes", 0.0),
    ]


def _heard(latencies: list[float | None]) -> list[float]:
    return [each for each in latencies if each is not None]


@contextmanager
def training(folder: Path) -> Iterator[TrainingProcess]:
    """A trainer that is at it, until the block ends."""
    data = write_small_corpus(folder / "scales")
    trainer = TrainingProcess()
    steps: list[object] = []
    trainer.events.connect(steps.extend)
    wanted = {"--data": data, "--name": "Beside", "--runs": folder, "--out": folder / "beside.onnx"}
    words = [word for name, value in wanted.items() for word in (name, str(value))]
    trainer.start([*words, "--epochs", "100000", "--measure-every", "100000"], folder / "Beside")
    try:
        patiently(lambda: any("step" in str(each) for each in steps) or not trainer.running)
        assert trainer.running, "The trainer did not begin."
        yield trainer
    finally:
        trainer.kill()
        patiently(lambda: not trainer.running)


def wake(trainer: TrainingProcess, awake: bool) -> None:
    """Let the trainer work, or sleep."""
    assert trainer.process_id is not None
    os.killpg(trainer.process_id, signal.SIGCONT if awake else signal.SIGSTOP)
    time.sleep(0.3)  # until it is in the middle of a step again, or the processor is free


def patiently(true: Callable[[], bool]) -> None:
    """Let the window's timers work until it is true."""
    until = time.monotonic() + TRAINER_SECONDS
    while not true():
        if time.monotonic() > until:
            raise TimeoutError("The trainer did not come to it.")
        QApplication.processEvents()
        time.sleep(0.01)
