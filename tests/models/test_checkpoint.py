import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.optim import Adam

from engine.errors import TrainingError
from engine.store.training_run import TrainingRun
from models import checkpoint
from models.checkpoint import Progress
from models.snapshots import load_weights


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """A disk that is full once a file has so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def made(width: int = 3) -> tuple[dict[str, nn.Module], dict[str, Adam]]:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(width, 2), nn.BatchNorm1d(2))
    return {"network": network}, {"network": Adam(network.parameters(), lr=0.1)}


def trained(steps: int = 2) -> tuple[dict[str, nn.Module], dict[str, Adam]]:
    modules, optimizers = made()
    for _ in range(steps):
        modules["network"](torch.randn(4, 3)).square().sum().backward()
        optimizers["network"].step()
    return modules, optimizers


def test_a_checkpoint_holds_weights_running_means_and_the_optimisers_state(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    modules, optimizers = trained()
    checkpoint.save(path, 17, modules, optimizers)
    others, their_optimizers = made()
    assert checkpoint.load(path, others, their_optimizers).step == 17
    for name, value in modules["network"].state_dict().items():
        assert torch.equal(others["network"].state_dict()[name], value)
    state, theirs = (
        each["network"].state_dict()["state"] for each in (optimizers, their_optimizers)
    )
    assert state.keys() == theirs.keys()
    for number, values in state.items():
        assert all(torch.equal(theirs[number][key], value) for key, value in values.items())
    assert [file.name for file in tmp_path.iterdir()] == ["a.safetensors"]


def test_an_optimiser_that_has_not_stepped_yet_comes_back(tmp_path: Path) -> None:
    modules, optimizers = made()
    checkpoint.save(tmp_path / "a", 0, modules, optimizers)
    assert checkpoint.load(tmp_path / "a", *made()).step == 0


@pytest.mark.parametrize("kind", ["size", "names", "text", "empty", "missing", "no step"])
def test_another_runs_checkpoint_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "other.safetensors"
    modules, optimizers = trained()
    if kind == "names":
        modules = {"else": modules["network"]}
    checkpoint.save(path, 1, modules, optimizers)
    if kind == "no step":
        tensors = load_file(path)
        del tensors["step"]
        save_file(tensors, path)
    if kind in ("text", "empty"):
        path.write_text("not a checkpoint" if kind == "text" else "")
    if kind == "missing":
        path.unlink()
    mine = made(width=5 if kind == "size" else 3)
    with pytest.raises(TrainingError, match=r"other\.safetensors does not belong to this run"):
        checkpoint.load(path, *mine)


def lying_header(path: Path, kind: str) -> None:
    """A safetensors file whose list of tensors is not true of it, or is absurdly long."""
    entry = {"dtype": "F32", "shape": [1 << 40], "data_offsets": [0, 1 << 42]}
    listed = {"module/network/0.weight": entry}
    if kind == "shape":
        listed = {"step": {"dtype": "F32", "shape": [3, 2], "data_offsets": [0, 4]}}
    text = json.dumps(listed).encode()
    if kind == "long":
        text += b" " * (1 << 23)
    length = 1 << 60 if kind == "beyond" else len(text)
    with path.open("wb") as stream:
        stream.write(length.to_bytes(8, "little") + text + bytes(4))
        stream.truncate(stream.tell() + ((1 << 42) if kind == "hole" else 0))


@pytest.mark.parametrize("kind", ["size", "shape", "long", "beyond", "hole", "folder", "pipe"])
def test_a_checkpoint_that_lies_about_itself_is_one_sentence(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "other.safetensors"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        lying_header(path, kind)
    with pytest.raises(TrainingError, match=r"other\.safetensors does not belong to this run"):
        checkpoint.load(path, *made())
    with pytest.raises(TrainingError, match="missing, damaged or of another network"):
        load_weights(path, made()[0]["network"])


@pytest.mark.parametrize("told", [{"step": -5}, {"seconds": float("nan")}])
def test_a_checkpoint_from_before_the_beginning_is_refused(
    tmp_path: Path, told: dict[str, float]
) -> None:
    path = tmp_path / "a.safetensors"
    checkpoint.save(path, int(told.get("step", 1)), *trained(), told.get("seconds", 0.0))
    with pytest.raises(TrainingError, match="does not belong to this run"):
        checkpoint.load(path, *made())


def test_a_checkpoint_of_another_networks_optimiser_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    modules, optimizers = trained()
    checkpoint.save(path, 1, modules, optimizers)
    tensors = load_file(path)
    tensors["optimizer/network/0/exp_avg"] = torch.zeros(9)
    save_file(tensors, path)
    with pytest.raises(TrainingError, match="does not belong to this run"):
        checkpoint.load(path, *made())


def test_a_checkpoint_that_cannot_be_written_leaves_the_last_one(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    modules, optimizers = trained()
    checkpoint.save(path, 1, modules, optimizers)
    before = path.read_bytes()
    with file_size_limit(len(before) // 2), pytest.raises(TrainingError) as told:
        checkpoint.save(path, 2, *trained(3))
    assert "could not be written: the file would be larger" in str(told.value)
    assert "resume it" in str(told.value)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_checkpoint_is_no_pickle(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    checkpoint.save(path, 1, *trained())
    assert not path.read_bytes().startswith((b"PK", b"\x80"))


@pytest.fixture
def run(tmp_path: Path) -> TrainingRun:
    """A run with two checkpoints: of steps 5 and 9."""
    run = TrainingRun(tmp_path / "run")
    checkpoint.save_run(run, Progress(5, 1.5), *trained(1))
    checkpoint.save_run(run, Progress(9, 2.5), *trained(2))
    return run


def test_a_run_goes_on_from_its_last_checkpoint(run: TrainingRun) -> None:
    told: list[str] = []
    assert checkpoint.load_run(run, *made(), told.append) == Progress(9, 2.5)
    assert told == []
    assert checkpoint.load(run.earlier_checkpoint_path, *made()) == Progress(5, 1.5)


@pytest.mark.parametrize("damage", ["cut short", "one bit", "gone"])
def test_a_damaged_checkpoint_falls_back_to_the_one_before(run: TrainingRun, damage: str) -> None:
    content = bytearray(run.checkpoint_path.read_bytes())
    content[-9] ^= 1
    if damage == "gone":
        run.checkpoint_path.unlink()
    else:
        run.checkpoint_path.write_bytes(content if damage == "one bit" else content[:-40])
    told: list[str] = []
    modules, optimizers = made()
    assert checkpoint.load_run(run, modules, optimizers, told.append) == Progress(5, 1.5)
    assert told == [
        "The last checkpoint is damaged or missing: the run goes on from the one before, at step 5."
    ]
    wanted, _ = trained(1)
    for name, value in wanted["network"].state_dict().items():
        assert torch.equal(modules["network"].state_dict()[name], value)


def test_a_run_whose_checkpoints_are_both_damaged_is_a_sentence(run: TrainingRun) -> None:
    run.checkpoint_path.write_bytes(b"")
    run.earlier_checkpoint_path.write_bytes(b"")
    with pytest.raises(TrainingError, match="does not belong to this run"):
        checkpoint.load_run(run, *made(), print)


def test_a_run_without_a_checkpoint_begins(tmp_path: Path) -> None:
    assert checkpoint.load_run(TrainingRun(tmp_path), *made(), print) == Progress()


def test_a_full_disk_leaves_both_checkpoints(run: TrainingRun) -> None:
    size = run.checkpoint_path.stat().st_size
    with file_size_limit(size // 2), pytest.raises(TrainingError, match="could not be written"):
        checkpoint.save_run(run, Progress(12), *trained(3))
    assert checkpoint.load_run(run, *made(), print).step == 9
