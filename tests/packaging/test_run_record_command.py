"""The command that makes the record of a shipped model's run."""

from pathlib import Path

import pytest
from make_run_record import main

from engine.store.codec import composition_from_json
from engine.store.curves import read_curves
from engine.store.runs import summary
from tests.recorded_runs import write_run
from tests.tiny_models import write_tiny_model


def test_a_record_stands_beside_its_model_with_what_that_plays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = write_run(tmp_path / "Run")
    model = write_tiny_model(tmp_path / "band.onnx")
    assert main([str(run), "--model", str(model)]) == 0
    assert "Each point is one step." in capsys.readouterr().out
    record = tmp_path / "band.run"
    curves, _ = read_curves(record / "events.jsonl")
    (sample,) = curves.samples
    music = composition_from_json((record / sample.file).read_text("utf-8"))
    assert sample.epoch == 2 and sample.snapshot == ""
    assert [track.name for track in music.tracks[1:]] == ["Bass", "Chords", "Strings"]
    assert summary(record).state == "finished" and curves.model == "band.onnx"
    assert not (record / "snapshots").exists()


def test_what_is_no_run_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path), "--model", str(tmp_path / "band.onnx")]) == 1
    assert "There is no training run" in capsys.readouterr().err
