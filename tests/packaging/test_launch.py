"""Which world a command line starts."""

from pathlib import Path

import launch
import pytest
from speech import SetUpError


@pytest.mark.parametrize(
    ("arguments", "module"),
    [
        ([], "desktop"),
        (["song.mid"], "desktop"),
        (["Song.MIDI"], "desktop"),
        (["generate", "song.mid", "--out-dir", "out"], "engine"),
        (["models"], "engine"),
        (["--version"], "engine"),
        (["generat"], "engine"),
        (["train", "--epochs", "3"], "models"),
        (["test"], "checks"),
        (["benchmark", "roll"], "tests.benchmarks"),
    ],
)
def test_the_first_argument_chooses_the_world(arguments: list[str], module: str) -> None:
    assert launch.choose(arguments).module == module


def test_any_file_that_exists_opens_the_window(tmp_path: Path) -> None:
    song = tmp_path / "song"
    song.write_bytes(b"MThd")
    assert launch.choose([str(song)]).module == "desktop"


def test_a_file_named_like_a_command_does_not_hide_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("generate").touch()
    assert launch.choose(["generate", "a.mid"]).module == "engine"


def test_the_word_train_or_test_is_not_passed_on() -> None:
    assert launch.choose(["train", "--name", "mine"]).arguments == ["--name", "mine"]
    assert launch.choose(["test", "-k", "ticks"]).arguments == ["-k", "ticks"]


def test_torch_comes_with_training_and_the_tests_only() -> None:
    assert "train" in launch.choose(["train"]).extras
    assert "train" in launch.choose(["test"]).extras
    assert launch.choose([]).extras == launch.choose(["generate"]).extras == ()


def test_a_failed_set_up_is_one_sentence_and_exit_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: launch.Start) -> Path:
        raise SetUpError("the disk is full.")

    monkeypatch.setattr(launch, "set_up", fail)
    assert launch.main([]) == 1
    output = capsys.readouterr()
    assert (output.out, output.err) == ("", "Tutti: the disk is full.\n")
