"""Accompaniments without a window: every sample melody, and whatever else people have."""

from pathlib import Path
from typing import Any

import pretty_midi
import pytest
import symusic

from engine.files.melodies import sample_melodies
from engine.generation.model_card import read_card
from engine.store.paths import shipped_models_folder
from tests.flows import odd_music
from tests.flows.headless import generate
from tests.tiny_models import write_tiny_model

TAKES = 3


@pytest.mark.timeout(900)
def test_every_sample_melody_gets_a_band_and_stays_as_it_was(tmp_path: Path) -> None:
    melodies = [sample.path for sample in sample_melodies()]
    out, again, other = tmp_path / "out", tmp_path / "again", tmp_path / "other"
    done = generate(*melodies, "--out-dir", out, "--takes", TAKES, "--seed", 5)
    assert (done.returncode, done.stderr) == (0, "")
    names = [track.name for track in read_card(shipped_models_folder() / "pop.onnx").tracks]
    for melody in melodies:
        takes = [out / f"{melody.stem}-{take}.mid" for take in range(1, TAKES + 1)]
        for path in takes:
            the_melody_is_untouched(melody, path)
            the_band_is_named(path, names)
        assert len({path.read_bytes() for path in takes}) == TAKES, "takes must differ"
    generate(melodies[0], "--out-dir", again, "--takes", TAKES, "--seed", 5)
    generate(melodies[0], "--out-dir", other, "--takes", TAKES, "--seed", 6)
    for path in again.iterdir():
        assert path.read_bytes() == (out / path.name).read_bytes()
        assert path.read_bytes() != (other / path.name).read_bytes()


def the_melody_is_untouched(before: Path, after: Path) -> None:
    given: Any = symusic.Score(before)
    made: Any = symusic.Score(after)
    assert given.ticks_per_quarter == made.ticks_per_quarter
    assert events_of(given) == events_of(made)


def events_of(score: Any) -> Any:
    """Everything in the melody and all that gives it its time."""
    melody = score.tracks[0]
    return (
        melody.name,
        melody.program,
        [(n.time, n.duration, n.pitch, n.velocity) for n in melody.notes],
        [(c.time, c.number, c.value) for c in melody.controls],
        [(b.time, b.value) for b in melody.pitch_bends],
        [(t.time, t.mspq) for t in score.tempos],
        [(t.time, t.numerator, t.denominator) for t in score.time_signatures],
    )


def the_band_is_named(path: Path, names: list[str]) -> None:
    heard = pretty_midi.PrettyMIDI(str(path))
    band = [each for each in heard.instruments[1:] if each.notes]
    assert band
    assert {each.name for each in band} <= set(names)


@pytest.mark.timeout(900)
def test_unusual_melodies_get_a_band_too(tmp_path: Path) -> None:
    files = [*odd_music.unusual(tmp_path), odd_music.cut_in_half(tmp_path)]
    out = tmp_path / "out"
    done = generate(*files, "--out-dir", out)
    assert (done.returncode, done.stderr) == (0, "")
    assert "what came before was read" in done.stdout
    for path in files:
        made: Any = symusic.Score(out / path.name)
        assert len(made.tracks) > 1, path.name
        if path.name != "half.mid":
            the_melody_is_untouched(path, out / path.name)


def test_bad_files_get_a_sentence_each_and_the_good_one_its_band(tmp_path: Path) -> None:
    damaged = odd_music.damaged(tmp_path)
    many = odd_music.a_hundred_thousand_notes(tmp_path)
    good = sample_melodies()[4].path
    before = {path: path.read_bytes() for path in (*damaged, many)}
    done = generate(*damaged, many, good, "--out-dir", tmp_path / "out")
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert len(lines) == len(damaged) + 1, lines
    for words, line in zip(damaged.values(), lines, strict=False):
        assert words in line
    assert "more than a model can accompany" in lines[-1]
    assert [path.name for path in (tmp_path / "out").iterdir()] == [good.name]
    assert {path: path.read_bytes() for path in before} == before


def test_a_model_whose_card_and_graph_disagree_is_refused(tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path / "odd.onnx", graph_tracks=2)
    done = generate(sample_melodies()[0].path, "--out-dir", tmp_path / "out", "--model", model)
    assert done.returncode == 1
    assert "disagree" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("here")
    done = generate(sample_melodies()[0].path, "--out-dir", in_the_way / "out")
    assert done.returncode == 1
    assert "could not be made" in done.stderr
    assert done.stderr.count("\n") == 1
    assert in_the_way.read_text() == "here"
