"""The trainer as a process of its own: killed, stopped, left alone, resumed."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file

from engine.errors import TrainingError
from engine.store.run_lock import RunLock, is_held
from engine.store.training_run import TrainingRun
from models.cli import main
from tests.models.conftest import NOT_EXPORTED, TINY_OPTIONS
from tests.models.warm_trainer import Trainer, WarmTrainers

pytestmark = pytest.mark.timeout(300)
PATIENCE = 240  # seconds; a busy machine takes long to import torch


def options(songs: Path, folder: Path, epochs: int = 500) -> list[object]:
    return [
        "--data", songs, "--name", "Tiny", "--runs", folder, "--out", folder / "tiny.onnx",
        "--json", "--epochs", epochs, "--measured-segments", 2, "--device", "cpu",
        "--measure-every", 1000, *TINY_OPTIONS,
    ]  # fmt: skip


@pytest.fixture(autouse=True)
def own_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the trainer runs in this process, its signals stay the tests' own."""
    monkeypatch.setattr("models.requests.Requests.heed_signals", lambda requests: None)


Start = Callable[..., AbstractContextManager[Trainer]]


@pytest.fixture
def started(warm_trainers: WarmTrainers) -> Start:
    """The trainer without its exporter; killed if the test leaves it running."""

    @contextmanager
    def begun(*given: object, **more: Any) -> Iterator[Trainer]:
        process = warm_trainers.start(NOT_EXPORTED, *given, **more)
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    return begun


def wait_until(reached: Callable[[], bool]) -> None:
    """Look again and again; a trainer tells a file what it does, too."""
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def read_until(process: Trainer, kind: str, step: int = 0) -> dict[str, Any]:
    """The first event of a kind, from a step on."""
    for line in process.stdout:
        event: dict[str, Any] = json.loads(line)
        if event["event"] == kind and event.get("step", 0) >= step:
            return event
    raise AssertionError(f"The trainer ended before {kind}: {process.stderr.read()}")


def test_a_killed_run_is_resumed_and_paused_by_a_word(
    started: Start, songs: Path, tmp_path: Path
) -> None:
    run = TrainingRun(tmp_path / "Tiny")
    with started(*options(songs, tmp_path), "--checkpoint-minutes", 0) as process:
        killed_at = read_until(process, "checkpoint", 3)["step"]
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
    assert not is_held(run.folder)
    resumed_at = int(load_file(run.checkpoint_path)["step"])
    assert resumed_at >= killed_at

    resume = ["--resume", run.folder, "--out", tmp_path / "tiny.onnx", "--json", "--stop-on-eof"]
    with started(*resume, stdin=subprocess.PIPE) as process:
        assert read_until(process, "started")["from_step"] == resumed_at
        read_until(process, "step", resumed_at + 2)
        with pytest.raises(TrainingError, match=f"process {process.pid}"), RunLock(run.folder):
            pass
        process.stdin.write("pause\n")
        process.stdin.flush()
        rest, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors
    paused = json.loads(rest.splitlines()[-1])
    assert paused["event"] == "paused"
    assert paused["step"] == int(load_file(run.checkpoint_path)["step"]) >= resumed_at + 2
    assert not (tmp_path / "tiny.onnx").exists()
    assert not is_held(run.folder)
    steps = [event["step"] for event in run.events() if event["event"] == "step"]
    assert steps == list(range(1, paused["step"] + 1))


def test_the_end_of_stdin_stops_a_run_that_was_told_so(
    started: Start, songs: Path, tmp_path: Path
) -> None:
    given = [*options(songs, tmp_path), "--stop-on-eof"]
    with started(*given, stdin=subprocess.PIPE) as process:
        read_until(process, "step", 2)
        process.stdin.close()
        process.stdin = None
        rest, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors
    assert json.loads(rest.splitlines()[-1])["event"] == "stopped"
    assert (tmp_path / "tiny.onnx").read_text() == "Tiny"


def test_a_run_that_ends_while_stdin_is_open_ends_well(
    started: Start, songs: Path, tmp_path: Path
) -> None:
    given = [*options(songs, tmp_path, epochs=1), "--stop-on-eof"]
    with started(*given, stdin=subprocess.PIPE) as process:
        last = read_until(process, "finished")
        process.wait(PATIENCE)
        assert process.stderr.read() == ""
    assert process.returncode == 0
    assert last["model"] == str(tmp_path / "tiny.onnx")


def test_a_run_goes_on_when_it_was_told_that_nobody_listens(
    started: Start, songs: Path, tmp_path: Path
) -> None:
    run, given = TrainingRun(tmp_path / "Tiny"), [*options(songs, tmp_path), "--stop-on-eof"]
    run.request_path.write_text("stop")  # of a time when nobody trained
    reader, writer = os.pipe()
    with started(*given, stdin=subprocess.PIPE, stdout=writer) as process:
        os.close(writer)
        process.stdin.write("detach\n")
        process.stdin.flush()
        with os.fdopen(reader) as stream:
            while json.loads(stream.readline())["event"] != "step":
                pass
        process.stdin.close()
        process.stdin = None
        later = 10 + max(event.get("step", 0) for event in run.events())
        wait_until(lambda: any(event.get("step", 0) >= later for event in run.events()))
        run.request_path.write_text("stop")
        _, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, errors) == (0, "")
    last = list(run.events())[-1]
    assert (last["event"], last["reason"]) == ("stopped", "asked")
    assert (tmp_path / "tiny.onnx").exists()
    assert not run.request_path.exists()


def test_a_failure_is_an_event_and_a_sentence(
    songs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*map(str, options(songs, tmp_path)), "--preset", "bach"]) == 1
    output, errors = capsys.readouterr()
    (sentence,) = errors.splitlines()
    assert sentence.startswith("The data set scales has no Alto and no Tenor")
    failed = json.loads(output.splitlines()[-1])
    assert (failed["event"], failed["reason"]) == ("failed", sentence)
    assert not (tmp_path / "Tiny" / "settings.json").exists(), "the name is free for another try"


def test_a_bug_is_an_event_and_keeps_its_traceback(
    songs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("models.task.task_for", broken)
    with pytest.raises(ZeroDivisionError):
        main([*map(str, options(songs, tmp_path))])
    last = list(TrainingRun(tmp_path / "Tiny").events())[-1]
    assert last["event"] == "failed"
    assert "ZeroDivisionError: a bug" in last["reason"]
