"""The command: what it prints, what it answers as JSON, and what it refuses."""

import json
from pathlib import Path

import pytest

from engine.cli import main
from engine.data.corpus import CorpusCard, write_corpus
from tests.small_songs import POP_CARD, small_song, write_small_corpus
from tests.tiny_models import TRACKS, write_tiny_model

BAND = (*TRACKS[:2], {**TRACKS[2], "name": "Counter"})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_corpus(tmp_path_factory.mktemp("evaluate") / "scales", 40)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "tiny.onnx"
    changes = {"trained_on": [{"name": "scales"}], "training": {"held_out": 0.1}}
    return write_tiny_model(
        path, tracks=BAND, chords=True, density=True, known=True, card_changes=changes
    )


def evaluated(model: Path, *more: str) -> int:
    return main(["evaluate", "--model", str(model), "--device", "cpu", *more])


def test_the_command_prints_a_table_in_groups(
    folder: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluated(model, "--data", str(folder), "--segments", "4") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Tiny on 4 segments of 8 bars in 4/4, from 4 held-out songs of sca")
    assert lines[2] == "Bars were looked up in 33 songs of its training."
    head = next(line for line in lines if "human" in line)
    assert head.split("  ")[-1] == "model"
    assert "other song" in head and "melody −8ve" in head
    titles = [line for line in lines[4:] if line and not line.startswith(" ")]
    assert titles == [
        "Harmony", "Density", "Shared with people's, 0 to 1", "Form", "Bass", "Chords", "Counter",
        "Diversity", "Memory",
    ]  # fmt: skip
    assert any(line.startswith("  bass on the root %") for line in lines)


def test_the_command_answers_as_json(
    folder: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--segments", "4", "--seed", "3", "--adventure", "0.5", "--json"]
    assert evaluated(model, "--data", str(folder), *more) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["segments"], answer["songs"], answer["provider"]) == (4, 4, "CPU")
    assert (answer["bars"], answer["meter"], answer["training_songs"]) == (8, "4/4", 33)
    assert (answer["wish"]["seed"], answer["wish"]["adventure"]) == (3, 0.5)
    assert set(answer["rows"]["model"]["chord_tones"]) == {"mean", "low", "high", "segments"}
    assert answer["rows"]["model"]["Bass.notes_per_bar"]["segments"] == 4


def test_keys_and_controls_come_as_tables_of_their_own(
    folder: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--segments", "2", "--bars", "4", "--keys", "--controls"]
    assert evaluated(model, "--data", str(folder), *more) == 0
    out = capsys.readouterr().out
    assert "The same 2 melodies in every key" in out
    assert "\nF♯ " in out
    assert "from the mean of all keys" in out
    for line in ("adventure ", "density of Bass ", "chords ", "  locked Bass ", "bars kept "):
        assert f"\n{line}" in out


def test_several_sets_are_measured_as_one(
    folder: Path, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card = CorpusCard("more", "1", "own", POP_CARD.roles, POP_CARD.programs)
    songs = [small_song(number) for number in range(40, 70)]
    write_corpus(tmp_path / "more", card, songs)
    sets = ["--data", str(folder), "--data", str(tmp_path / "more")]
    assert evaluated(model, *sets, "--segments", "8", "--bars", "2", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["data"] == "scales+more"
    assert answer["songs"] > 4
    assert answer["training_songs"] == 33  # the model learned from the first alone


def test_nothing_is_told_of_the_progress_where_nobody_looks(
    folder: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluated(model, "--data", str(folder), "--segments", "2", "--bars", "2") == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--data", "nothing"], "There is no data set nothing"),
        (["--data", "SET", "--bars", "100"], "No held-out song has enough melody"),
        (["--data", "SET", "--meter", "3/4"], "can be used"),
        (["--data", "SET", "--density", "Tuba=0.5"], "plays no track “Tuba”"),
    ],
)
def test_what_cannot_be_measured_is_a_sentence(
    more: list[str], sentence: str, folder: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluated(model, *[str(folder) if each == "SET" else each for each in more]) == 1
    assert sentence in capsys.readouterr().err


def test_a_model_or_songs_that_are_not_there_are_a_sentence(
    folder: Path, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluated(Path("nobody"), "--data", str(folder)) == 1
    assert "There is no model" in capsys.readouterr().err
    few = write_small_corpus(tmp_path / "few", 1)
    assert evaluated(model, "--data", str(few)) == 1
    assert "held" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--meter", "waltz"], ["--bars", "0"], ["--adventure", "9"]])
def test_wrong_usage_ends_with_code_2(wrong: list[str], folder: Path, model: Path) -> None:
    with pytest.raises(SystemExit, match="2"):
        evaluated(model, "--data", str(folder), *wrong)
