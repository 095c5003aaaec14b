"""What the trainer is asked, and what it answers before torch is even loaded."""

import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.errors import TrainingError
from engine.store.training_run import TrainingRun
from models.arguments import changed, parser
from models.cli import main
from models.from_arguments import new_run, resumed_run
from models.presets import PRESETS
from models.settings import RunSettings, checked, preset_named, settings_from
from tests.models.conftest import MakeSettings, asked
from tests.small_songs import write_small_corpus


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([], "Say what to train on"),
        (["--data", "SONGS"], "Give the model a --name"),
        (["--data", "SONGS", "--name", "../up"], "Give the model a --name"),
        (["--data", "SONGS", "--name", "a/b"], "Give the model a --name"),
        (["--data", "SONGS", "--name", ".hidden"], "Give the model a --name"),
        (["--data", "SONGS", "--name", "dot."], "Give the model a --name"),
        (["--data", "SONGS", "--name", "x" * 65], "Give the model a --name"),
        (["--data", "SONGS", "--data", "b", "--name", "a"], "There is no data set b"),
        (["--data", "nothing", "--name", "a"], "There is no data set nothing"),
        (["--data", "../SONGS", "--name", "a"], "There is no data set"),
        (["--epochs", "0"], "1 to 1,000,000 epochs"),
        (["--epochs", "-3"], "1 to 1,000,000 epochs"),
        (["--learning-rate", "0"], "learning rate"),
        (["--learning-rate", "nan"], "learning rate"),
        (["--learning-rate", "inf"], "learning rate"),
        (["--batch-size", "0"], "A batch holds 1 to"),
        (["--update-ratio", "0"], "The critic has 1 to"),
        (["--adversarial-weight", "-1"], "cannot be negative"),
        (["--adversarial-from", "2"], "share of the run"),
        (["--width", "20"], "multiples of 8"),
        (["--deep-width", "0"], "multiples of 8"),
        (["--window-beats", "6"], "multiple of 4 beats"),
        (["--window-beats", "8", "--adversarial-weight", "1"], "at least 16 beats"),
        (["--preset", "deepcomposer", "--window-beats", "16"], "cannot be changed"),
        (["--preset", "deepcomposer", "--width", "64"], "cannot be changed"),
        (["--seed", "-1"], "A seed is"),
        (["--checkpoint-minutes", "-1"], "cannot be negative"),
        (["--measure-every", "0"], "Measure every"),
        (["--measured-segments", "1"], "Measure 2 to"),
        (["--resume", "nobody"], "There is no run nobody"),
        (["--resume", "nobody", "--name", "a"], "leave out --name"),
        (["--resume", "nobody", "--batch-size", "8"], "leave out --batch-size"),
        (["--minutes", "-1"], "minutes to train"),
        (["--devices", "0"], "at least one device"),
        (["--keep", "nobody"], "There is no run nobody"),
        (["--resume", "../.."], r"There is no run \.\./\.\."),
    ],
)
def test_wrong_arguments_are_answered_in_one_sentence(
    given: list[str],
    sentence: str,
    songs: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if given and given[0] not in ("--data", "--resume", "--keep"):
        given = ["--data", "SONGS", "--name", "a", *given]
    given = [str(songs) if word == "SONGS" else word for word in given]
    assert main([*given, "--runs", str(tmp_path / "runs"), "--out", str(tmp_path / "a.onnx")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert re.search(sentence, line)
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    "given", [["--epochs", "many"], ["--preset", "jazz"], ["--device", "tpu"], ["--what"], ["word"]]
)
def test_arguments_that_are_none_are_wrong_usage(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as told:
        main(given)
    assert told.value.code == 2
    assert "usage: tutti train" in capsys.readouterr().err


def test_a_run_of_the_same_name_is_not_written_over(
    songs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "settings.json").write_text("{}")
    (tmp_path / "a" / "checkpoint.safetensors").write_text("weights")
    given = ["--data", songs, "--name", "a", "--runs", tmp_path, "--out", tmp_path / "a.onnx"]
    assert main(list(map(str, given))) == 1
    assert "There is a run named a already" in capsys.readouterr().err
    assert (tmp_path / "a" / "settings.json").read_text() == "{}"


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"preset": 3}', '{"preset": {"name": "pop"}}'])
def test_a_run_with_damaged_settings_is_refused(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "settings.json").write_text(text)
    assert main(["--resume", "a", "--runs", str(tmp_path)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "damaged" in line or "no training run" in line


@pytest.mark.parametrize("place", ["under a file", "a folder"])
def test_a_model_that_could_not_be_written_is_told_before_training(
    songs: Path, tmp_path: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    out = tmp_path / "file" / "model.onnx" if place == "under a file" else tmp_path
    given = ["--data", songs, "--name", "a", "--runs", tmp_path / "runs", "--out", out]
    assert main(list(map(str, given))) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "cannot be made" in line or "name the model's file" in line


def test_a_packed_data_set_is_named_by_its_folder(tmp_path: Path) -> None:
    folder = write_small_corpus(tmp_path / "sets" / "mine", 1)
    settings, _ = new_run(asked("--data", folder, "--name", "a b-c.2", "--runs", tmp_path))
    assert settings.data == (str(folder),)
    assert settings.name == "a b-c.2"


def test_what_was_given_is_told_from_what_was_not() -> None:
    assert changed(parser().parse_args([])) == {}
    assert changed(asked("--epochs", 3, "--json")) == {"epochs": 3, "json": True}


def test_a_resumed_run_may_be_given_more_epochs(settings: MakeSettings, tmp_path: Path) -> None:
    before = settings(seed=4)
    TrainingRun(tmp_path / "a").save_settings(before.as_json())
    after, run = resumed_run(asked("--resume", "a", "--runs", tmp_path, "--epochs", 9))
    assert after == replace(before, epochs=9)
    assert run.folder == tmp_path / "a"
    slower, _ = resumed_run(asked("--resume", tmp_path / "a", "--learning-rate", 1e-4))
    assert slower.preset == replace(before.preset, learning_rate=1e-4)
    same, _ = resumed_run(asked("--resume", tmp_path / "a"))
    assert same == before


def test_settings_come_back_from_json_as_they_were(settings: MakeSettings) -> None:
    before = settings(seed=4, tags=("a", "b"))
    import json

    assert settings_from(json.loads(json.dumps(before.as_json()))) == before


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_every_preset_is_allowed_as_it_is(name: str) -> None:
    preset = preset_named(name, learning_rate=None)
    assert preset == PRESETS[name]
    assert checked(RunSettings("a", preset, ())).total_epochs == preset.epochs
    assert len(preset.roles) == len(preset.programs) == len(preset.one_voice)


def test_an_unknown_preset_is_a_sentence() -> None:
    with pytest.raises(TrainingError, match="no preset jazz; there are first-steps, pop, band"):
        preset_named("jazz")


def test_settings_of_the_wrong_kind_are_damaged(settings: MakeSettings) -> None:
    with pytest.raises(TrainingError, match="damaged"):
        checked(replace(settings(), epochs="three"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name", ["batch_size", "window_beats", "width", "deep_width", "epoch_steps", "update_ratio"]
)
def test_settings_of_a_stranger_cannot_ask_for_more_than_any_machine_has(
    settings: MakeSettings, name: str
) -> None:
    much: Any = {name: 8 * 10**9}
    preset = replace(settings().preset, **much)
    with pytest.raises(TrainingError):
        checked(replace(settings(), preset=preset))


def test_wrong_arguments_are_answered_without_torch(tmp_path: Path) -> None:
    import subprocess

    from tests.models.conftest import ROOT

    script = (
        "import sys; from models.cli import main; code = main([]); "
        "print(code, 'torch' in sys.modules, 'symusic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=100
    )
    assert done.stdout.split() == ["1", "False", "False"]
