"""Models are found by their names, and broken ones are listed with what is wrong."""

from pathlib import Path

import pytest

from engine.errors import ModelError
from engine.generation import models
from engine.generation.models import available_models, model_named
from tests.tiny_models import write_tiny_model


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "shipped"
    folder.mkdir()
    monkeypatch.setattr(models, "shipped_models_folder", lambda: folder)
    return folder


@pytest.fixture
def own(tutti_home: Path) -> Path:
    folder = tutti_home / "models"
    folder.mkdir()
    return folder


def test_the_default_comes_first_and_the_user_s_after_the_shipped(shipped: Path, own: Path) -> None:
    for name in ("bach", "pop"):
        write_tiny_model(shipped / f"{name}.onnx", name=name.title())
    write_tiny_model(own / "mine.onnx", name="My Band")
    (own / "notes.txt").write_text("no model")
    found = available_models()
    assert [(each.name, each.shipped) for each in found] == [
        ("pop", True), ("bach", True), ("mine", False),
    ]  # fmt: skip
    assert found[2].card is not None
    assert found[2].card.name == "My Band"


def test_a_broken_file_is_listed_with_its_problem(shipped: Path, own: Path) -> None:
    (own / "broken.onnx").write_text("not a model")
    write_tiny_model(own / "odd.onnx", graph_noise=3)
    broken, odd = available_models()
    assert "broken.onnx" in broken.problem
    assert "disagree" in odd.problem
    assert broken.card is None


def test_a_model_is_found_by_name_title_or_path(shipped: Path, own: Path) -> None:
    pop = write_tiny_model(shipped / "pop.onnx", name="Pop")
    mine = write_tiny_model(own / "mine.onnx", name="My Band")
    assert model_named("pop") == pop
    assert model_named("POP") == pop
    assert model_named("my band") == mine
    assert model_named(str(mine)) == mine
    with pytest.raises(ModelError, match=r"no model called “jazz”. There is: pop, mine."):
        model_named("jazz")
    own_pop = write_tiny_model(own / "pop.onnx")
    assert model_named("pop") == own_pop


def test_no_folder_at_all_is_no_models(shipped: Path) -> None:
    assert available_models() == ()
    with pytest.raises(ModelError, match="There is: none"):
        model_named("pop")
