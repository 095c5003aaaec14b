"""A model that began with another lists that one's music too."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.store.training_run import TrainingRun
from models.fine_tune import as_parent_has_it
from models.lineage import UNKNOWN, inherited_sources
from models.presets import PRESETS
from models.settings import RunSettings
from tests.small_songs import POP_CARD, write_small_corpus


def run_on(place: Path, name: str, start_from: str | None = None) -> Path:
    """A run's folder with settings and a checkpoint, on a data set that bears its name."""
    data = write_small_corpus(place / f"{name} data", 8, replace(POP_CARD, name=f"{name} songs"))
    folder = place / name
    folder.mkdir()
    settings = RunSettings(name, PRESETS["pop"], (str(data),), start_from=start_from)
    (folder / "settings.json").write_text(json.dumps(settings.as_json()), "utf-8")
    TrainingRun(folder).checkpoint_path.write_bytes(b"")
    return folder


def child_of(parent: Path | str) -> RunSettings:
    return RunSettings("child", PRESETS["pop"], (), start_from=str(parent))


def test_a_model_from_nothing_has_no_forebears() -> None:
    assert inherited_sources(RunSettings("first", PRESETS["pop"], ())) == ()


def test_all_forebears_data_are_listed_nearest_first(tmp_path: Path) -> None:
    eldest = run_on(tmp_path, "eldest")
    parent = run_on(tmp_path, "parent", str(eldest))
    found = inherited_sources(child_of(parent))
    assert [(each["name"], each["by"]) for each in found] == [
        ("parent songs", "parent"),
        ("eldest songs", "eldest"),
    ]
    assert all(each["licence"] == POP_CARD.licence for each in found)
    assert all(each["songs"] + each["held_out"] == 8 for each in found)


@pytest.mark.parametrize("gone", ["parent", "data"])
def test_what_is_gone_is_told_as_unknown(tmp_path: Path, gone: str) -> None:
    parent = run_on(tmp_path, "parent")
    if gone == "parent":
        (parent / "settings.json").unlink()
    else:
        (tmp_path / "parent data" / "corpus.json").unlink()
    (found,) = inherited_sources(child_of(parent))
    assert found["licence"] == UNKNOWN


def test_a_run_that_begins_with_itself_ends(tmp_path: Path) -> None:
    folder = run_on(tmp_path, "loop")
    settings = json.loads((folder / "settings.json").read_text("utf-8"))
    settings["start_from"] = str(folder)
    (folder / "settings.json").write_text(json.dumps(settings), "utf-8")
    assert len(inherited_sources(child_of(folder))) == 1


def test_a_run_that_was_named_in_a_folder_of_its_own_is_found_without_that_folder(
    tmp_path: Path,
) -> None:
    run_on(tmp_path, "parent")
    child = as_parent_has_it(child_of("parent"), tmp_path)
    assert [each["name"] for each in inherited_sources(child)] == ["parent songs"]
