from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.optim import Adam

from engine.errors import TrainingError
from models import checkpoint


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
    assert checkpoint.load(path, others, their_optimizers) == 17
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
    assert checkpoint.load(tmp_path / "a", *made()) == 0


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
    path.with_suffix(".partial").mkdir()  # in the way, as a full disk would be
    with pytest.raises(TrainingError, match="could not be written"):
        checkpoint.save(path, 2, *trained(3))
    assert path.read_bytes() == before


def test_a_checkpoint_is_no_pickle(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    checkpoint.save(path, 1, *trained())
    assert not path.read_bytes().startswith((b"PK", b"\x80"))
