"""Runs found on disk: their states, and what can be done to them."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from engine.errors import TrainingError
from engine.store.paths import shipped_models_folder
from engine.store.run_lock import RunLock
from engine.store.runs import (
    TRASH,
    check_name,
    check_new_name,
    empty_trash,
    rename,
    request,
    restore,
    runs,
    settings_of,
    summary,
    trash,
)
from tests.small_runs import run_events, write_run


def end(kind: str, step: int, **more: Any) -> dict[str, Any]:
    return {"event": kind, "step": step, "seconds": 30.5, **more}


def test_a_folder_without_runs_has_none(tmp_path: Path) -> None:
    assert runs(tmp_path / "nowhere", with_shipped=False) == ()
    (tmp_path / "notes").mkdir()
    assert runs(tmp_path, with_shipped=False) == ()


@pytest.mark.parametrize("kind", ["paused", "stopped", "finished", "failed"])
def test_the_last_event_tells_how_a_run_ended(tmp_path: Path, kind: str) -> None:
    folder = write_run(tmp_path / "Band", [*run_events(3), end(kind, 30, reason="Too hot.")])
    found = summary(folder)
    assert found.state == kind
    assert (found.epoch, found.epochs, found.step) == (3, 20, 30)
    assert found.problem == ("Too hot." if kind == "failed" else "")


def test_a_run_that_told_no_end_was_interrupted(tmp_path: Path) -> None:
    events = [*run_events(3), {"event": "warning", "step": 30, "reason": "Slow."}]
    found = summary(write_run(tmp_path / "Band", events))
    assert found.state == "interrupted" and found.can_go_on
    assert found.device == "CPU" and found.seconds == 4.5


def test_a_run_that_failed_goes_on_only_from_a_checkpoint(tmp_path: Path) -> None:
    for name, goes_on in (("Diverged", False), ("Full disk", True)):
        folder = write_run(tmp_path / name, [*run_events(3), end("failed", 30, reason="So.")])
        if goes_on:
            (folder / "checkpoint.safetensors").touch()
        assert summary(folder).can_go_on is goes_on


def test_a_run_whose_lock_is_held_is_running(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "Band", [*run_events(3), end("paused", 30)])
    with RunLock(folder):
        assert summary(folder).state == "running"
        with pytest.raises(TrainingError, match="stop it before"):
            trash(folder)
        with pytest.raises(TrainingError, match="stop it before"):
            rename(folder, "Other")
    assert summary(folder).state == "paused"


def test_a_run_tells_what_it_was_started_with_and_what_it_made(tmp_path: Path) -> None:
    done = end("finished", 200, model="/models/Band.onnx", epoch=15)
    found = summary(write_run(tmp_path / "Band", [*run_events(20), done]))
    assert (found.name, found.preset, found.data, found.tags) == (
        "Band", "pop", ("scales",), ("test",),
    )  # fmt: skip
    assert found.model == Path("/models/Band.onnx") and found.best_epoch == 15
    assert found.similarity == pytest.approx(0.91, abs=0.03)
    assert found.seconds == 30.5 and found.bytes > 1000


def test_the_epoch_is_known_though_its_line_stands_far_before_the_end(tmp_path: Path) -> None:
    steps = [{"event": "step", "step": step, "generator": 0.5} for step in range(31, 40_000)]
    found = summary(write_run(tmp_path / "Band", [*run_events(3), *steps]))
    assert found.epoch == 39_999 // 10 and found.device == "CPU"


def test_a_line_that_a_kill_cut_short_is_passed_over(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "Band", [*run_events(2), end("paused", 20)])
    with (folder / "events.jsonl").open("a") as stream:
        stream.write('{"event": "ste')
    assert summary(folder).state == "paused"


def test_damaged_settings_are_told_and_harm_no_other_run(tmp_path: Path) -> None:
    write_run(tmp_path / "Good", run_events(1))
    bad = write_run(tmp_path / "Bad", run_events(1))
    (bad / "settings.json").write_text("[")
    found = {run.name: run for run in runs(tmp_path, with_shipped=False)}
    assert found["Bad"].state == "failed" and "Bad" in found["Bad"].problem
    assert found["Good"].problem == ""


@pytest.mark.parametrize("nonsense", [10**400, 1e999, -5, "many", [], {}, None, True])
def test_lines_of_a_stranger_harm_no_list_of_runs(tmp_path: Path, nonsense: Any) -> None:
    names = ("step", "seconds", "epoch", "of", "steps_per_epoch", "model", "reason", "device")
    told = dict.fromkeys(names, nonsense)
    kinds = ("started", "epoch", "measures", "failed")
    events = [{"event": kind, "best": kind == "measures", **told} for kind in kinds]
    write_run(tmp_path / "Band", events)
    write_run(tmp_path / "Own", run_events(3))
    found = {run.name: run for run in runs(tmp_path, with_shipped=False)}
    assert set(found) == {"Band", "Own"}
    assert found["Band"].state == "failed"
    assert 0 <= found["Band"].seconds < 1e308 and found["Band"].epoch >= 0


def test_settings_nested_without_end_are_told_as_none(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "Band", run_events(3))
    (folder / "settings.json").write_text("[" * 200_000)
    (found,) = runs(tmp_path, with_shipped=False)
    assert found.state == "failed" and "no training run" in found.problem


def test_runs_that_train_come_first_then_the_newest(tmp_path: Path) -> None:
    for age, name in enumerate(("New", "Old", "Live")):
        folder = write_run(tmp_path / name, run_events(1))
        for file in folder.iterdir():
            os.utime(file, (1e9 - age, 1e9 - age))
    with RunLock(tmp_path / "Live"):
        found = runs(tmp_path, with_shipped=False)
    assert [run.name for run in found] == ["Live", "New", "Old"]


def test_shipped_runs_stand_last_and_cannot_go_on(tmp_path: Path) -> None:
    write_run(tmp_path / "Own", run_events(1))
    found = runs(tmp_path)
    assert [run.shipped for run in found][:1] == [False]
    shipped = found[1:]
    assert {run.folder.parent for run in shipped} == {shipped_models_folder()}
    assert not any(run.can_go_on for run in shipped)


def test_a_hundred_runs_are_listed_quickly_and_read_once(tmp_path: Path) -> None:
    for number in range(100):
        write_run(tmp_path / f"Run {number}", run_events(10))
    runs(tmp_path)
    began = time.process_time()
    assert len(runs(tmp_path, with_shipped=False)) == 100
    assert time.process_time() - began < 0.25


def test_what_changed_is_read_again(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "Band", run_events(2))
    assert summary(folder).state == "interrupted"
    write_run(folder, [end("paused", 20)])
    assert summary(folder).state == "paused"


def test_settings_come_in_one_level(tmp_path: Path) -> None:
    found = settings_of(write_run(tmp_path / "Band", [], minutes=None))
    assert found["preset"] == "pop" and found["learning_rate"] == 0.0012
    assert found["epochs"] == 20 and found["seed"] == 7 and "minutes" not in found
    with pytest.raises(TrainingError, match="no training run"):
        settings_of(tmp_path / "nothing")


def test_a_renamed_run_keeps_all_else(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "Band", run_events(2))
    before = summary(folder)
    new = rename(folder, "Other band")
    assert new == tmp_path / "Other band" and not folder.exists()
    found = summary(new)
    assert found.name == "Other band" and found.created == pytest.approx(before.created)
    assert rename(new, "Other band") == new


@pytest.mark.parametrize("name", ["", "../out", ".hidden", "a/b", "x" * 65, "Taken"])
def test_a_name_that_cannot_be_is_refused(tmp_path: Path, name: str) -> None:
    write_run(tmp_path / "Taken", [])
    folder = write_run(tmp_path / "Band", [])
    with pytest.raises(TrainingError):
        rename(folder, name)
    with pytest.raises(TrainingError):
        check_name(tmp_path, name)
    assert folder.is_dir()


def test_a_run_of_which_nothing_was_kept_gives_its_name_up(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "Band", run_events(2))
    check_new_name(tmp_path, "Band")
    check_new_name(tmp_path, "Other band")
    assert not (tmp_path / "Other band").exists()
    (folder / "checkpoint.safetensors").touch()
    with pytest.raises(TrainingError, match="another name"):
        check_new_name(tmp_path, "Band")
    with pytest.raises(TrainingError):
        check_new_name(tmp_path, "../Band")


def test_a_deleted_run_can_be_brought_back(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "Band", run_events(2))
    away = trash(folder)
    assert runs(tmp_path, with_shipped=False) == ()
    assert restore(away) == folder and summary(folder).epoch == 2
    assert not any((tmp_path / TRASH).iterdir())


def test_a_run_is_not_brought_back_over_another(tmp_path: Path) -> None:
    away = trash(write_run(tmp_path / "Band", run_events(2)))
    write_run(tmp_path / "Band", run_events(1))
    with pytest.raises(TrainingError, match="named Band already"):
        restore(away)
    assert (away / "settings.json").exists()


def test_what_was_deleted_long_ago_goes_for_good(tmp_path: Path) -> None:
    away = trash(write_run(tmp_path / "Band", run_events(1)))
    empty_trash(tmp_path)
    assert away.exists()
    old = away.parent.rename(away.parent.with_name("1000-abcd"))
    empty_trash(tmp_path)
    assert not old.exists()


def test_a_request_is_a_word_in_the_folder(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "Band", [])
    request(folder, "pause")
    assert (folder / "request").read_text().strip() == "pause"
    assert json.loads((folder / "settings.json").read_text())["name"] == "Band"
