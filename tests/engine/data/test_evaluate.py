import argparse
import json
import math
from pathlib import Path

import numpy as np
import pytest

from engine.cli import main
from engine.data.bootstrap import RESAMPLES, draws_of, figure, similarity_figure
from engine.data.corpus import Corpus
from engine.data.evaluate import Evaluation, composition_of, cut, evaluate, evaluate_command
from engine.data.measures import Segment, measure
from engine.data.segments import draw_stretches, held_out, segment_of
from engine.errors import DataError, ModelError
from engine.generation.generator import Generator
from engine.music.harmony import chord_index
from engine.music.piano_roll import StepNote
from tests.small_songs import write_small_corpus
from tests.tiny_models import write_tiny_model

N = StepNote


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_corpus(tmp_path_factory.mktemp("evaluate") / "scales", 40)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("model") / "tiny.onnx")


@pytest.fixture(scope="module")
def found(folder: Path, model: Path) -> Evaluation:
    return evaluate(Generator.load(model, "cpu"), Corpus(folder), segments=6)


def test_the_rows_that_keep_the_figures_honest_stand_beside_the_model(found: Evaluation) -> None:
    assert list(found.rows) == ["human", "other song", "melody −8ve", "model"]
    human, other, lower, model = found.rows.values()
    assert human["chord_tones"].mean > 90 > other["chord_tones"].mean
    assert human["out_of_key"].mean == 0 < other["out_of_key"].mean
    assert lower["tonal_distance"].mean == pytest.approx(0, abs=1e-9)
    assert human["similarity_index"].mean == pytest.approx(1)
    assert model["similarity_index"].mean < 1


def test_only_held_out_songs_are_played(found: Evaluation, folder: Path) -> None:
    corpus = Corpus(folder)
    _, songs = held_out(corpus.songs, 0.1)
    assert (found.data, found.segments, found.songs) == ("scales", 6, min(6, len(songs)))
    human = [segment_of(each) for each in draw_stretches(corpus, songs, 6)]
    wanted = measure(human, human)
    for name in ("chord_tones", "notes_per_bar", "polyphony"):
        assert found.rows["human"][name].mean == pytest.approx(wanted[name])


def test_a_card_says_what_its_training_kept_back(folder: Path, tmp_path: Path) -> None:
    changes = {"trained_on": [{"name": "scales"}], "training": {"held_out": 0.5}}
    path = write_tiny_model(tmp_path / "other.onnx", card_changes=changes)
    found = evaluate(Generator.load(path, "cpu"), Corpus(folder), segments=40)
    assert found.songs == len(held_out(Corpus(folder).songs, 0.5)[1]) > 8


def test_takes_and_inputs_are_compared(found: Evaluation) -> None:
    model = found.rows["model"]
    assert 0 <= model["inputs_jaccard"].mean < model["takes_jaccard"].mean <= 1


def test_a_model_that_ignores_its_noise_is_shown_to(folder: Path, tmp_path: Path) -> None:
    path = write_tiny_model(tmp_path / "silent.onnx", silent=True)
    model = evaluate(Generator.load(path, "cpu"), Corpus(folder), segments=4).rows["model"]
    assert math.isnan(model["takes_jaccard"].mean)
    assert model["notes_per_bar"].mean == 0


def test_intervals_hold_their_means(found: Evaluation) -> None:
    for row in found.rows.values():
        for name, value in row.items():
            if not math.isnan(value.mean) and name != "similarity_index":
                assert value.low - 1e-9 <= value.mean <= value.high + 1e-9


def test_the_command_prints_a_table(
    folder: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--model", str(model), "--data", str(folder), "--device", "cpu"]
    assert main(["evaluate", *arguments, "--segments", "4"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Tiny on 4 segments of 4 held-out songs of scales")
    head = next(line for line in lines if "human" in line)
    assert "other song" in head
    assert "melody −8ve" in head
    assert "model" in head
    assert any(line.startswith("empty_bars, part 1 ") for line in lines)
    names = {line.split()[0] for line in lines[4:]}
    assert {"chord_tones", "out_of_key", "takes_jaccard", "similarity_index"} <= names


def test_the_command_answers_as_json(
    folder: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = argparse.Namespace(
        model=str(model), data=str(folder), device="cpu", seed=3, json=True, segments=4
    )
    assert evaluate_command(options) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["segments"], answer["songs"], answer["provider"]) == (4, 4, "CPU")
    assert set(answer["rows"]["model"]["chord_tones"]) == {"mean", "low", "high"}


def test_what_cannot_be_measured_is_a_sentence(folder: Path, model: Path, tmp_path: Path) -> None:
    few = write_small_corpus(tmp_path / "few", 1)
    with pytest.raises(DataError, match=r"held|No held-out song"):
        evaluate_command(argparse.Namespace(model=str(model), data=str(few), device="cpu"))
    with pytest.raises(DataError, match="There is no data set"):
        evaluate_command(argparse.Namespace(model=str(model), data="nothing", device="cpu"))
    with pytest.raises(ModelError, match="There is no model"):
        evaluate_command(argparse.Namespace(model="nobody", data=str(folder), device="cpu"))


def test_a_segment_ends_with_its_melodys_last_bar() -> None:
    chords = tuple(chord_index(beat, "maj") for beat in range(12))
    whole = Segment((N(0, 60, 4), N(18, 62, 2)), ((N(0, 40, 48), N(40, 41, 2)),), 48, 16, chords)
    part = cut(whole, whole)
    assert (part.steps, part.bars) == (32, 2)
    assert part.tracks == ((N(0, 40, 32),),)
    assert part.chords == chords[:8]
    assert part.melody == whole.melody


def test_a_segments_melody_is_a_composition_in_its_meter() -> None:
    made = composition_of(Segment((N(0, 60, 4), N(12, 62, 2)), (), 24, 12))
    assert [(n.start, n.pitch, n.duration) for n in made.melody.notes] == [
        (0, 60, 480),
        (1440, 62, 240),
    ]
    assert (made.meters[0].numerator, made.ticks_per_quarter) == (3, 480)


def test_songs_are_drawn_again_not_segments() -> None:
    draws = draws_of(5)
    assert draws.shape == (RESAMPLES, 5)
    assert set(draws.sum(1)) == {5.0}
    assert np.array_equal(draws, draws_of(5))


def test_an_interval_is_as_wide_as_the_songs_differ() -> None:
    song_of, draws = [0, 0, 1, 1, 2, 3], draws_of(4)
    same = figure([2.0, math.nan, 2.0, 2.0, 2.0, 2.0], song_of, draws)
    assert (same.mean, same.low, same.high) == (2, 2, 2)
    spread = figure([0.0, 0.0, 1.0, 1.0, 0.0, 1.0], song_of, draws)
    assert spread.mean == 0.5
    assert spread.low < 0.2 < 0.8 < spread.high
    assert math.isnan(figure([math.nan] * 6, song_of, draws).mean)


def test_a_sample_of_one_song_has_no_width() -> None:
    segments = [Segment((N(0, 60, 4),), ((N(0, 48, 4), N(4, 52, 4)),), 16)]
    found = similarity_figure(segments, segments, [0], draws_of(1))
    assert (found.mean, found.low, found.high) == pytest.approx((1, 1, 1))
