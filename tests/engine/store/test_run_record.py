"""The record of a run that comes with a shipped model."""

import json
from pathlib import Path

import pytest

from engine.errors import TrainingError
from engine.store.curves import read_curves
from engine.store.paths import shipped_models_folder
from engine.store.run_record import ended_with, record_of, with_sample, write_record
from engine.store.runs import shipped_runs, summary
from tests.recorded_runs import write_run


def test_a_short_run_is_kept_step_by_step(tmp_path: Path) -> None:
    run = write_run(tmp_path / "Run")
    record = record_of(run)
    write_record(record, tmp_path / "record")
    before, _ = read_curves(run / "events.jsonl")
    after, _ = read_curves(tmp_path / "record" / "events.jsonl")
    assert record.steps_a_point == 1
    told = before.values("generator").tolist()
    assert after.values("generator").tolist() == pytest.approx(told, rel=1e-4)
    assert list(after.measures) == list(before.measures)


def test_a_long_run_is_thinned_by_means_and_says_of_how_many_steps(tmp_path: Path) -> None:
    run = write_run(tmp_path / "Run", epochs=60, sampled=(60,), best=60)
    record = record_of(run, most_bytes=12_000)
    assert len(record.settings_text) + len(record.events_text) <= 12_000
    assert record.steps_a_point > 1
    assert record.events[0]["note"] == (f"Each point is the mean of {record.steps_a_point} steps.")
    write_record(record, tmp_path / "record")
    before, _ = read_curves(run / "events.jsonl")
    after, _ = read_curves(tmp_path / "record" / "events.jsonl")
    first = before.values("generator")[: record.steps_a_point]
    assert float(after.values("generator")[0]) == pytest.approx(float(first.mean()), rel=1e-4)
    assert after.last_step == before.last_step and len(after.measures) == len(before.measures)
    assert summary(tmp_path / "record").state == "finished"


def test_a_record_names_no_path_of_the_machine(tmp_path: Path) -> None:
    run = write_run(tmp_path / "Run", model=tmp_path / "pop.onnx")
    settings = json.loads((run / "settings.json").read_text())
    (run / "settings.json").write_text(json.dumps({**settings, "data": [str(tmp_path / "pop909")]}))
    record = record_of(run)
    assert record.settings["data"] == ["pop909"] and record.events[-1]["model"] == "pop.onnx"
    assert str(tmp_path) not in record.settings_text + record.events_text


def test_what_was_told_again_after_a_resume_is_told_once(tmp_path: Path) -> None:
    run = write_run(tmp_path / "Run", epochs=2, sampled=(), end="")
    with (run / "events.jsonl").open("a") as stream:
        for event in (
            {"event": "started", "from_step": 4, "steps": 8, "steps_per_epoch": 4},
            {"event": "step", "step": 5, "generator": 9.0},
        ):
            stream.write(json.dumps(event) + "\n")
    steps = [event["step"] for event in record_of(run).events if event["event"] == "step"]
    assert steps == [1, 2, 3, 4, 5]


def test_the_sample_of_the_kept_epoch_is_told_before_the_end(tmp_path: Path) -> None:
    record = record_of(write_run(tmp_path / "Run", best=2))
    assert ended_with(record) == 2
    sample, end = with_sample(record, 2).events[-2:]
    assert sample["file"] == "samples/epoch-0002.json" and end["event"] == "finished"


def test_a_run_without_steps_that_is_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="as small as 100 bytes"):
        record_of(write_run(tmp_path / "Run"), most_bytes=100)


def test_the_shipped_model_shows_how_it_was_trained() -> None:
    (run,) = (each for each in shipped_runs() if each.name == "Pop")
    assert run.shipped and run.state == "finished" and run.epoch == run.epochs > 0
    assert run.bytes <= 200_000
    curves, _ = read_curves(run.folder / "events.jsonl")
    assert len(curves.values("total")) > 300 and "human" in curves.references
    assert curves.started["note"].startswith("Each point is ")
    assert (shipped_models_folder() / "pop.run" / curves.samples[-1].file).is_file()
