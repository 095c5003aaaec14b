"""What the controls do, with a model whose controls are known."""

from pathlib import Path

import pytest

from engine.data.bootstrap import draws_of
from engine.data.controls_measured import ControlRow, Controls
from engine.data.corpus import Corpus
from engine.data.evaluation import Scope, excerpts_of, frame_for
from engine.data.evaluation_table import controls_in_words
from engine.data.model_playing import Wish
from engine.generation.generator import Generator
from tests.small_songs import write_small_corpus
from tests.tiny_models import DRUMS, TRACKS, write_tiny_model

BAND = (*TRACKS[:2], DRUMS)
NAMES = ("Bass", "Chords", "Drums")
SCOPE = Scope(segments=2, bars=4, all_songs=True)


def rows_of(path: Path, folder: Path) -> list[ControlRow]:
    generator = Generator.load(path, "cpu")
    excerpts = excerpts_of(generator, Corpus(folder), SCOPE)
    frame = frame_for(excerpts, generator, draws_of(2))
    return Controls(generator, excerpts, frame, Wish()).measured()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_corpus(tmp_path_factory.mktemp("controls") / "scales", 6)


@pytest.fixture(scope="module")
def rows(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> list[ControlRow]:
    path = tmp_path_factory.mktemp("model") / "tiny.onnx"
    write_tiny_model(path, tracks=BAND, chords=True, density=True, known=True, position=True)
    return rows_of(path, folder)


def test_every_control_is_moved_alone(rows: list[ControlRow]) -> None:
    assert [(row.control, row.setting) for row in rows] == [
        *(("adventure", each) for each in ("0.3", "0.6", "1", "1.5")),
        *((f"density of {t}", d) for t in NAMES for d in ("0.1", "0.5", "0.9")),
        ("chords", "none"),
        ("chords", "given"),
        ("locked Bass", ""),
        ("locked Chords", ""),
        ("locked Drums", ""),
        ("bars kept", "all but the middle half"),
    ]  # fmt: skip


def test_hints_are_heard_in_the_chord_tones(rows: list[ControlRow]) -> None:
    without, given = (row.values for row in rows if row.control == "chords")
    assert given["chord_tones"].mean > without["chord_tones"].mean
    assert given["notes_per_bar"].mean > without["notes_per_bar"].mean


def test_each_tracks_notes_are_counted_with_its_density(rows: list[ControlRow]) -> None:
    (half,) = (r for r in rows if r.control == "density of Bass" and r.setting == "0.5")
    found = {name: figure.mean for name, figure in half.values.items()}
    assert found["Bass.notes_per_bar"] == 4
    assert found["Drums.notes_per_bar"] == 5  # a kick on each bar, a hat on each beat


def test_what_must_stay_stays_and_the_rest_is_played_anew(rows: list[ControlRow]) -> None:
    for row in rows[-4:]:
        assert row.values["stays"].mean == 100
        assert 0 <= row.values["others_alike"].mean <= 1


def test_a_control_that_the_model_has_not_is_left_out(folder: Path, tmp_path: Path) -> None:
    rows = rows_of(write_tiny_model(tmp_path / "plain.onnx", tracks=BAND[:1]), folder)
    assert {row.control for row in rows} == {"adventure", "locked Bass", "bars kept"}


def test_the_tables_are_one_a_control(rows: list[ControlRow]) -> None:
    lines = controls_in_words(rows).splitlines()
    heads = [line.split("  ")[0] for line in lines if line and not line.startswith(" ")]
    assert heads[1:] == [
        "adventure", "density of Bass", "density of Chords", "density of Drums", "chords",
        "what stays", "bars kept",
    ]  # fmt: skip
