"""The trainer's life as the window sees it, with a program that keeps its protocol."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desktop import training_process
from desktop.run_tail import RunTail
from desktop.training_process import Outcome, TrainingProcess
from engine.errors import TrainingError
from engine.store.run_lock import holder, is_held
from engine.store.runs import runs, summary
from tests.desktop.fake_trainer import reap
from tests.small_runs import run_events, write_run

FAKE = Path(__file__).with_name("fake_trainer.py")
Begin = Callable[[str], Path]


@pytest.fixture
def process(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[TrainingProcess]:
    monkeypatch.setattr(training_process, "TRAINER", ("-P", str(FAKE)))
    made = TrainingProcess()
    yield made
    made.kill()
    qtbot.waitUntil(lambda: not made.running)


@pytest.fixture
def begin(process: TrainingProcess, tutti_home: Path) -> Begin:
    def begun(name: str) -> Path:
        folder = tutti_home / "runs" / name
        process.start([f"--name={name}"], folder)
        return folder

    return begun


def ended(qtbot: QtBot, process: TrainingProcess, act: Callable[[], Any]) -> Outcome:
    with qtbot.waitSignal(process.ended, timeout=15_000) as told:
        act()
    return told.args[0]


def until_running(qtbot: QtBot, process: TrainingProcess) -> None:
    qtbot.waitUntil(lambda: process.state == "running", timeout=15_000)


def test_a_run_is_followed_and_paused(qtbot: QtBot, process: TrainingProcess, begin: Begin) -> None:
    states: list[str] = []
    steps: list[int] = []
    process.state_changed.connect(states.append)
    process.events.connect(lambda events: steps.extend(e["step"] for e in events))
    folder = begin("Band")
    until_running(qtbot, process)
    outcome = ended(qtbot, process, process.pause)
    assert outcome.ending == "paused" and outcome.folder == folder and outcome.sentence == ""
    assert states == ["starting", "running", "pausing", "idle"]
    assert steps[:1] == [0] and steps[1:-1] == list(range(1, steps[-1] + 1))
    assert summary(folder).state == "paused" and not is_held(folder)


def test_a_paused_run_goes_on(qtbot: QtBot, process: TrainingProcess, begin: Begin) -> None:
    folder = begin("Band")
    until_running(qtbot, process)
    ended(qtbot, process, process.pause)
    process.resume(folder)
    assert process.state == "starting"
    until_running(qtbot, process)
    outcome = ended(qtbot, process, process.stop)
    assert outcome.ending == "stopped" and outcome.event["model"].endswith("made.onnx")


def test_only_one_run_trains_at_a_time(process: TrainingProcess, begin: Begin) -> None:
    begin("Band")
    with pytest.raises(TrainingError, match="already"):
        begin("Other")


def test_a_refusal_is_the_trainers_own_sentence(
    qtbot: QtBot, process: TrainingProcess, begin: Begin
) -> None:
    outcome = ended(qtbot, process, lambda: begin("Refused"))
    assert outcome.ending == "refused"
    assert outcome.sentence == "There is no data set called nothing."


def test_a_crash_says_that_resume_goes_on(
    qtbot: QtBot, process: TrainingProcess, begin: Begin
) -> None:
    outcome = ended(qtbot, process, lambda: begin("Crash"))
    assert outcome.ending == "crashed" and "Resume goes on" in outcome.sentence


def test_a_trainer_that_the_system_killed_is_told_of_memory(
    qtbot: QtBot, process: TrainingProcess, begin: Begin
) -> None:
    begin("Band")
    until_running(qtbot, process)
    outcome = ended(qtbot, process, process.kill)
    assert outcome.ending == "crashed" and "memory" in outcome.sentence
    assert summary(outcome.folder).state == "interrupted"


def test_a_run_that_diverged_tells_its_offer(
    qtbot: QtBot, process: TrainingProcess, begin: Begin
) -> None:
    outcome = ended(qtbot, process, lambda: begin("Diverges"))
    assert outcome.ending == "failed" and outcome.sentence == "Training diverged at step 5."
    assert outcome.event["offer"]["setting"] == "learning_rate"


def test_a_trainer_that_ends_before_the_window_goes_on_is_heard_from_its_first_line(
    qtbot: QtBot, process: TrainingProcess, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    def be_slow(_process_id: int) -> None:
        assert process._process is not None
        process._process.wait(15)

    monkeypatch.setattr(training_process, "give_way", be_slow)
    outcome = ended(qtbot, process, lambda: begin("Diverges"))
    assert outcome.ending == "failed" and outcome.sentence == "Training diverged at step 5."


def test_a_window_that_goes_leaves_a_run_that_stops_and_keeps(
    qtbot: QtBot, process: TrainingProcess, begin: Begin
) -> None:
    folder = begin("Band")
    until_running(qtbot, process)
    process.close()
    assert not process.running
    qtbot.waitUntil(lambda: summary(folder).state == "stopped", timeout=15_000)
    reap()


def test_a_detached_run_goes_on_and_is_found_again(
    qtbot: QtBot, process: TrainingProcess, begin: Begin, tutti_home: Path
) -> None:
    folder = begin("Band")
    until_running(qtbot, process)
    process.detach()
    qtbot.waitUntil(lambda: "alone" in (folder / "events.jsonl").read_text(), timeout=15_000)
    assert [run.state for run in runs(tutti_home / "runs", with_shipped=False)] == ["running"]
    (folder / "request").write_text("stop")
    qtbot.waitUntil(lambda: summary(folder).state == "stopped", timeout=15_000)
    reap()


def test_a_trainer_gives_way_to_the_window(
    qtbot: QtBot, process: TrainingProcess, begin: Begin
) -> None:
    folder = begin("Band")
    until_running(qtbot, process)
    number = holder(folder)
    assert number is not None
    assert os.sched_getscheduler(number) == os.SCHED_IDLE
    assert os.getpgid(number) != os.getpgid(0)
    os.kill(number, signal.SIGKILL)


def test_a_thousand_events_a_second_come_in_ten_signals(qtbot: QtBot, tmp_path: Path) -> None:
    tail = RunTail()
    told: list[int] = []
    tail.events.connect(lambda events: told.append(len(events)))
    path = write_run(tmp_path / "Band", []) / "events.jsonl"
    tail.follow(path)
    began = time.monotonic()
    for _ in range(20):
        write_run(path.parent, [{"event": "step", "step": 1, "generator": 0.5}] * 50)
        qtbot.wait(25)
    qtbot.waitUntil(lambda: sum(told) == 1000)
    tail.stop()
    assert len(told) <= 10 * (time.monotonic() - began) + 2


def test_a_file_that_was_replaced_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    path = write_run(tmp_path / "Band", run_events(2)) / "events.jsonl"
    tail = RunTail()
    tail.follow(path)
    with qtbot.waitSignal(tail.rewound):
        path.with_suffix(".new").write_text('{"event": "started", "step": 0}\n')
        path.with_suffix(".new").replace(path)
    assert tail.path is None
