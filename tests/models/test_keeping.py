"""Models made of a run's epochs, and the look before the start, on a small run."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from models.cli import main
from models.probe import Trial
from tests.models.conftest import TINY_OPTIONS, MakeSettings
from tests.models.small_loop import Loop

Answer = dict[str, Any]


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, Any]]:
    """The cards of models that were exported, without the exporter's time."""
    cards: list[Mapping[str, Any]] = []

    def export(accompanist: object, card: Mapping[str, Any], path: Path) -> None:
        cards.append(card)
        path.write_text(card["name"])

    monkeypatch.setattr("models.infill_task.export", export)
    monkeypatch.setattr("models.requests.Requests.heed_signals", lambda requests: None)
    return cards


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Asks the trainer's command line, and reads its last line."""

    def asked(*words: object) -> Answer:
        assert main([*map(str, words), "--json"]) == 0
        answer: Answer = json.loads(capsys.readouterr().out.splitlines()[-1])
        return answer

    return asked


def test_any_measured_epoch_becomes_a_model(
    songs: Path, tmp_path: Path, kept: list[Mapping[str, Any]], ask: Callable[..., Answer]
) -> None:
    music = ["--data", songs, "--name", "Tiny", "--runs", tmp_path, "--device", "cpu"]
    often = ["--epochs", 2, "--measure-every", 1, "--measured-segments", 2, "--epoch-steps", 2]
    finished = ask(*music, *often, *TINY_OPTIONS, "--out", tmp_path / "tiny.onnx")
    assert finished["event"] == "finished"
    keep = ["--keep", "Tiny", "--runs", tmp_path]
    best = ask(*keep, "--epoch", "best", "--out", tmp_path / "best.onnx")
    assert best == {"model": str(tmp_path / "best.onnx"), "epoch": finished["epoch"]}
    first = ask(*keep, "--epoch", 1, "--name", "Early", "--out", tmp_path / "early.onnx")
    assert first["epoch"] == 1
    at_the_end, again, early = kept
    assert again == at_the_end
    assert (early["name"], early["training"]["steps"]) == ("Early", 2)
    assert early["measures"]["human"] == at_the_end["measures"]["human"]
    assert early["training"]["melodies"]["meters"] == {"4/4": 1.0}
    assert early["training"]["data"] == ["scales"], "no path of this machine goes into a card"


@pytest.mark.parametrize(
    ("epoch", "sentence"),
    [
        ("7", "no epoch 7 to keep; there are 0, 2, 3"),
        ("first", "An epoch is a number, or best; first is neither"),
        ("2", "The weights of epoch 2 of run are gone"),
    ],
)
def test_an_epoch_that_cannot_be_kept_is_a_sentence(
    epoch: str,
    sentence: str,
    songs: Path,
    tmp_path: Path,
    settings: MakeSettings,
    fabric: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    loop = Loop(tmp_path, songs, settings(epochs=3, measure_every=2), fabric)
    loop.go()
    loop.run.save_settings(loop.settings.as_json())
    loop.run.snapshot_path(2).unlink()
    out = str(tmp_path / "model.onnx")
    assert main(["--keep", str(loop.run.folder), "--epoch", epoch, "--out", out]) == 1
    assert sentence in capsys.readouterr().err


def test_a_look_before_the_start_tells_what_a_run_needs(
    songs: Path, tmp_path: Path, ask: Callable[..., Answer]
) -> None:
    few = ["--measured-segments", 2, "--epochs", 40]
    found = ask("--probe", "--data", songs, "--runs", tmp_path / "runs", *few, *TINY_OPTIONS)
    assert found["songs"] + found["held_out"] == 24
    assert found["device"] == "cpu"
    assert found["device_name"]
    assert found["precision"] == "32"
    assert found["windows"] >= found["steps_per_epoch"] >= 1
    assert 0 < found["seconds_per_epoch"] * 30 < found["seconds_total"]
    assert found["disk_free"] > found["disk_needed"] > 1e6
    assert found["memory_free"] > found["memory_needed"] > 1e8
    (advice,) = [each for each in found["advice"] if each["kind"] == "too_small"]
    assert "are few to learn a style from" in advice["sentence"]
    assert advice["offer"] == {"setting": "start_from", "value": "pop"}
    assert not (tmp_path / "runs").exists(), "nothing is left of the try"


def test_a_fine_tuning_too_short_to_be_heard_is_offered_more_epochs(
    songs: Path, tmp_path: Path, ask: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.probe._tried", lambda *given: Trial(0.1, 0.0, 1, 1))
    asked = ("--probe", "--data", songs, "--runs", tmp_path, "--start-from", "pop")
    found = ask(*asked, "--batch-size", 10_000, "--epochs", 4)
    (advice,) = found["advice"]
    assert advice["kind"] == "too_short"
    assert "1 step an epoch: after 4 steps" in advice["sentence"]
    assert advice["offer"] == {"setting": "epochs", "value": 40}


def test_a_first_try_that_is_slow_here_offers_fewer_epochs(
    songs: Path, tmp_path: Path, ask: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.probe._tried", lambda *given: Trial(3.0, 0.0, 1, 1))
    asked = ("--probe", "--data", songs, "--runs", tmp_path, *TINY_OPTIONS)
    found = ask(*asked, "--preset", "first-steps", "--epoch-steps", 40, "--epochs", 20)
    (advice,) = [each for each in found["advice"] if each["kind"] == "slow"]
    assert "about 40 minutes here" in advice["sentence"]
    assert "5 epochs take about 10 minutes" in advice["sentence"]
    assert advice["offer"] == {"setting": "epochs", "value": 5}
