"""A run's folder from a stranger: one sentence, or nothing, in bounded time and memory."""

import json
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import TrainingError
from engine.store.curves import read_curves
from engine.store.run_summary import summary
from engine.store.training_run import TrainingRun
from tests.small_runs import run_events, write_run

MEGABYTE = 1 << 20


def endless_line(path: Path) -> None:
    """Much without a line's end, most of which is a hole in the file."""
    with path.open("ab") as stream:
        stream.truncate(path.stat().st_size + 64 * MEGABYTE)
        stream.seek(0, os.SEEK_END)
        stream.write(b'\n{"event": "step", "step": 41, "generator": 0.5}\n')


def nesting(path: Path) -> None:
    with path.open("a") as stream:
        stream.write('{"event": "measures", "model": ' + "[" * 500_000 + "\n")


def no_numbers(path: Path) -> None:
    values = ("NaN", "Infinity", "1e999", '"many"', "[]", "null", "9" * 4_000)
    with path.open("a") as stream:
        for kind in ("step", "epoch", "measures", "sample", "plateau", "finished", "started"):
            for value in values:
                fields = ("step", "epoch", "of", "score", "model", "seconds", "since_epoch")
                told = ", ".join(f'"{field}": {value}' for field in fields)
                stream.write(f'{{"event": "{kind}", {told}}}\n')


def many_damaged_lines(path: Path) -> None:
    with path.open("a") as stream:
        stream.write('{"event": "started", "best": true, "seconds": \n' * 4_000 + "\n" * 100_000)


@pytest.mark.parametrize("damage", [endless_line, nesting, no_numbers, many_damaged_lines])
def test_lines_that_no_trainer_writes_cost_only_themselves(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    folder = write_run(tmp_path / "Run", run_events(4))
    damage(folder / "events.jsonl")
    tracemalloc.start()
    try:
        curves, _ = read_curves(folder / "events.jsonl")
        assert len(curves.values("generator")) >= 40
        assert summary(folder).name == "Run"
        TrainingRun(folder).cut_after(30)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 64 * MEGABYTE
    steps = [each["step"] for each in TrainingRun(folder).events() if each["event"] == "step"]
    assert [each for each in steps if isinstance(each, int)][:30] == list(range(1, 31))


def test_a_pipe_in_place_of_the_lines_is_told_and_never_waited_for(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "Run", [])
    (folder / "events.jsonl").unlink()
    os.mkfifo(folder / "events.jsonl")
    assert summary(folder).state == "interrupted"
    with pytest.raises(TrainingError, match="they are no file"):
        read_curves(folder / "events.jsonl")


@pytest.mark.parametrize("name", ["samples", "events.jsonl", "checkpoint.safetensors"])
def test_a_run_whose_parts_are_links_is_left_alone(tmp_path: Path, name: str) -> None:
    folder = write_run(tmp_path / "Run", [])
    (tmp_path / "diary").mkdir()
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(tmp_path / "diary")
    with pytest.raises(TrainingError, match=f"“{name}” in the run .* is a link"):
        TrainingRun(folder).check_links()


def test_a_run_may_lie_on_another_disk_by_a_link(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "disk" / "Run", run_events(2))
    (tmp_path / "Run").symlink_to(folder)
    TrainingRun(tmp_path / "Run").check_links()
    assert summary(tmp_path / "Run").name == "Run"
    assert json.loads((folder / "settings.json").read_text())["name"] == "Run"
