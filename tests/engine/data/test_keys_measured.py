"""Every key is played, and one that is played worse is found."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.data.bootstrap import NOTHING, Figure, draws_of
from engine.data.corpus import Corpus
from engine.data.evaluation import Excerpts, Scope, excerpts_of
from engine.data.evaluation_table import keys_in_words
from engine.data.keys_measured import MEASURED, KeyRow, keys_measured
from engine.data.model_playing import Wish
from engine.generation.generator import Generator
from tests.small_songs import write_small_corpus
from tests.tiny_models import TRACKS, write_tiny_model

# Wide ranges, so that no key is folded; and one that ends in the middle of the melody.
WIDE = [{**TRACKS[0], "pitch_low": 0, "pitch_high": 127}]
NARROW = [{**TRACKS[0], "pitch_low": 36, "pitch_high": 47}]


@pytest.fixture(scope="module")
def excerpts(tmp_path_factory: pytest.TempPathFactory, flat: Generator) -> Excerpts:
    folder = write_small_corpus(tmp_path_factory.mktemp("keys") / "scales", 12)
    return excerpts_of(flat, Corpus(folder), Scope(segments=6, bars=1, all_songs=True))


@pytest.fixture(scope="module")
def flat(tmp_path_factory: pytest.TempPathFactory) -> Generator:
    path = write_tiny_model(tmp_path_factory.mktemp("flat") / "flat.onnx", tracks=WIDE)
    return Generator.load(path, "cpu")


def test_a_model_that_follows_its_melody_plays_all_keys_alike(
    excerpts: Excerpts, flat: Generator
) -> None:
    told: list[str] = []
    rows = keys_measured(flat, excerpts, draws_of(6), Wish(), told.append)
    assert [row.key for row in rows][:3] == ["C", "C♯", "D"]
    assert {row.segments for row in rows} == {6}
    assert told[-1].startswith("Key 12 of 12: 4 of 6")
    for row in rows:
        assert row.uneven == ()
        for name in MEASURED:
            assert row.values[name].mean == pytest.approx(rows[0].values[name].mean)
            assert row.gaps[name].mean == pytest.approx(0, abs=1e-9)
    assert "No key differs" in keys_in_words(rows)


def test_a_model_that_runs_out_of_pitches_is_uneven(tmp_path: Path) -> None:
    path = write_tiny_model(tmp_path / "narrow.onnx", tracks=NARROW)
    narrow = Generator.load(path, "cpu")
    # Each melody has noise of its own, so it takes more than a few to tell the keys apart.
    songs = Corpus(write_small_corpus(tmp_path / "scales", 24))
    many = excerpts_of(narrow, songs, Scope(segments=24, bars=1, all_songs=True))
    rows = keys_measured(narrow, many, draws_of(24), Wish())
    means = [row.values["notes_per_bar"].mean for row in rows]
    assert max(means) > min(means)
    assert any("notes_per_bar" in row.uneven for row in rows)
    assert "marked *: notes a bar in " in keys_in_words(rows)


def test_what_the_model_cannot_hear_in_a_key_is_left_out_there(
    excerpts: Excerpts, tmp_path: Path
) -> None:
    path = write_tiny_model(tmp_path / "deaf.onnx", tracks=WIDE, pitch_low=60, pitches=12)
    rows = keys_measured(Generator.load(path, "cpu"), excerpts, draws_of(6), Wish())
    assert min(row.segments for row in rows) < 6


def test_a_distance_counts_where_its_interval_leaves_out_nought() -> None:
    gaps = {"a": Figure(1, 0.5, 2, 4), "b": Figure(1, -0.5, 2, 4), "c": NOTHING}
    row = KeyRow("C", 4, {}, gaps)
    assert row.uneven == ("a",)
    assert replace(row, gaps={"a": Figure(0, 0, 0, 4)}).uneven == ()
