"""The trainer as a process of its own: killed, stopped, left alone, resumed."""

import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file

from engine.store.training_run import TrainingRun
from models.cli import main
from tests.models.conftest import NOT_EXPORTED, TINY_OPTIONS, trainer

pytestmark = pytest.mark.timeout(300)
PATIENCE = 240  # seconds; a busy machine takes long to import torch


def options(songs: Path, folder: Path, epochs: int = 500) -> list[object]:
    return [
        "--data", songs, "--name", "Tiny", "--runs", folder, "--out", folder / "tiny.onnx",
        "--json", "--epochs", epochs, "--measured-segments", 2, "--device", "cpu",
        "--measure-every", 1000, *TINY_OPTIONS,
    ]  # fmt: skip


@contextmanager
def started(*given: object, **more: Any) -> Iterator[subprocess.Popen[str]]:
    """The trainer without its exporter; killed if the test leaves it running."""
    process = trainer(*given, script=NOT_EXPORTED, **more)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def read_until(process: subprocess.Popen[str], kind: str, step: int = 0) -> dict[str, Any]:
    """The first event of a kind, from a step on."""
    for line in process.stdout:
        event: dict[str, Any] = json.loads(line)
        if event["event"] == kind and event.get("step", 0) >= step:
            return event
    raise AssertionError(f"The trainer ended before {kind}: {process.stderr.read()}")


def test_a_killed_run_is_resumed_and_a_stop_is_kept(songs: Path, tmp_path: Path) -> None:
    run = TrainingRun(tmp_path / "Tiny")
    with started(*options(songs, tmp_path), "--checkpoint-minutes", 0) as process:
        killed_at = read_until(process, "checkpoint", 3)["step"]
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
    resumed_at = int(load_file(run.checkpoint_path)["step"])
    assert resumed_at >= killed_at

    resume = ["--resume", "Tiny", "--runs", tmp_path, "--out", tmp_path / "tiny.onnx", "--json"]
    with started(*resume) as process:
        assert read_until(process, "started")["from_step"] == resumed_at
        read_until(process, "step", resumed_at + 2)
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    stopped = json.loads(rest.splitlines()[-1])
    assert stopped["event"] == "stopped"
    assert stopped["step"] == int(load_file(run.checkpoint_path)["step"]) >= resumed_at + 2
    assert (tmp_path / "tiny.onnx").read_text() == "Tiny"
    steps = [event["step"] for event in run.events() if event["event"] == "step"]
    assert steps == list(range(1, stopped["step"] + 1))


def test_the_end_of_stdin_stops_a_run_that_was_told_so(songs: Path, tmp_path: Path) -> None:
    given = [*options(songs, tmp_path), "--stop-on-eof"]
    with started(*given, stdin=subprocess.PIPE) as process:
        read_until(process, "step", 2)
        process.stdin.close()
        process.stdin = None
        rest, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors
    assert json.loads(rest.splitlines()[-1])["event"] == "stopped"
    assert (tmp_path / "tiny.onnx").exists()


def test_a_run_that_ends_while_stdin_is_open_ends_well(songs: Path, tmp_path: Path) -> None:
    given = [*options(songs, tmp_path, epochs=1), "--stop-on-eof"]
    with started(*given, stdin=subprocess.PIPE) as process:
        last = read_until(process, "finished")
        process.wait(PATIENCE)
        assert process.stderr.read() == ""
    assert process.returncode == 0
    assert last["model"] == str(tmp_path / "tiny.onnx")


def test_a_broken_stdout_is_a_stop_and_no_error(songs: Path, tmp_path: Path) -> None:
    reader, writer = os.pipe()
    with started(*options(songs, tmp_path), stdout=writer) as process:
        os.close(writer)
        with os.fdopen(reader) as stream:
            while json.loads(stream.readline())["event"] != "step":
                pass
        _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors
    assert errors == ""
    last = list(TrainingRun(tmp_path / "Tiny").events())[-1]
    assert last["event"] == "stopped"
    assert (tmp_path / "tiny.onnx").exists()


def test_a_failure_is_an_event_and_a_sentence(
    songs: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # In this process, whose signals stay its own.
    monkeypatch.setattr("models.cli._stop_requests", lambda on_eof: threading.Event())
    assert main([*map(str, options(songs, tmp_path)), "--preset", "bach"]) == 1
    output, errors = capsys.readouterr()
    (sentence,) = errors.splitlines()
    assert sentence.startswith("The preset bach plays Alto, Tenor, Bass, but the data set scales")
    failed = json.loads(output.splitlines()[-1])
    assert (failed["event"], failed["reason"]) == ("failed", sentence)
    assert not (tmp_path / "Tiny" / "settings.json").exists(), "the name is free for another try"


def test_a_bug_is_an_event_and_keeps_its_traceback(
    songs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("models.cli._stop_requests", lambda on_eof: threading.Event())
    monkeypatch.setattr("models.task.task_for", broken)
    with pytest.raises(ZeroDivisionError):
        main([*map(str, options(songs, tmp_path))])
    last = list(TrainingRun(tmp_path / "Tiny").events())[-1]
    assert last["event"] == "failed"
    assert "ZeroDivisionError: a bug" in last["reason"]
