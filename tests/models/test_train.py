"""The loop: what it tells, keeps and gives up, with a task that is quickly trained."""

import math
import threading
from pathlib import Path

import pytest
import torch
from lightning_fabric import Fabric
from safetensors.torch import load_file

from engine.data.corpus import Corpus
from engine.errors import TrainingError
from engine.store.codec import composition_from_json
from engine.store.training_run import TrainingRun
from models.failures import OfferedError
from models.reports import Reporter, in_words
from models.requests import Request, Requests
from models.train import Outcome
from tests.models.conftest import MakeSettings
from tests.models.small_loop import Guess, Loop
from tests.models.test_checkpoint import file_size_limit


@pytest.fixture
def loop(tmp_path: Path, songs: Path, settings: MakeSettings, fabric: Fabric) -> Loop:
    return Loop(tmp_path, songs, settings(epochs=3, measure_every=2), fabric)


def test_a_run_tells_what_it_does_in_order(loop: Loop) -> None:
    assert loop.go() == Outcome(12, "epochs", 3)
    kinds = [event["event"] for event in loop.events if event["event"] != "step"]
    assert kinds == ["started", "measures", "sample", "epoch", "epoch", "measures", "sample",
                     "epoch", "measures", "sample", "checkpoint", "finished"]  # fmt: skip
    assert [event["epoch"] for event in loop.told("sample")] == [0, 2, 3]
    assert [event["step"] for event in loop.told("step")] == list(range(1, 13))
    assert [event["epoch"] for event in loop.told("epoch")] == [1, 2, 3]
    assert list(loop.run.events()) == loop.events


def test_a_run_starts_with_the_rows_that_keep_its_figures_honest(loop: Loop) -> None:
    loop.go()
    (started,) = loop.told("started")
    assert started["steps"] == 12
    assert started["parameters"] == {"network": 1}
    assert set(started["references"]) == {"human", "other_song", "melody_octave_below"}
    rows = started["references"]
    assert rows["human"]["chord_tones"] > 90 > rows["other_song"]["chord_tones"]


def test_the_card_gets_the_settings_and_the_measures(loop: Loop) -> None:
    task = Guess(Corpus(loop.songs))
    loop.go(task)
    (record,) = task.exported
    assert record["training"]["steps"] == 12
    assert record["training"]["epochs_trained"] == 3
    assert record["training"]["data"] == ["scales"], "no path of this machine goes into a card"
    assert record["measures"]["segments"] == 2
    assert record["measures"]["model"]["takes_jaccard"] == 1
    assert set(record["measures"]) >= {"human", "other_song", "melody_octave_below"}


def test_a_stop_is_kept_measured_and_exported(loop: Loop) -> None:
    assert loop.go(steps=5) == Outcome(5, "asked", 2)
    kinds = [event["event"] for event in loop.events[-4:]]
    assert kinds == ["checkpoint", "measures", "sample", "stopped"]
    assert (loop.events[-1]["reason"], loop.events[-1]["epoch"]) == ("asked", 2)
    assert int(load_file(loop.run.checkpoint_path)["step"]) == 5
    assert loop.model.read_text() == "a model"


@pytest.mark.parametrize("ask", ["stop", "pause"])
def test_a_run_that_was_broken_off_and_resumed_equals_one_that_was_not(
    loop: Loop, tmp_path: Path, ask: Request
) -> None:
    whole = Loop(tmp_path / "whole", loop.songs, loop.settings, loop.fabric)
    whole.go()
    loop.go(steps=5, ask=ask)
    again = loop.again()
    task = Guess(Corpus(loop.songs))
    assert again.go(task) == Outcome(12, "epochs", 3)
    assert min(task.asked) == 5, "no step is trained twice"
    one, two = (load_file(each.run.checkpoint_path) for each in (whole, loop))
    assert one.keys() == two.keys()
    assert all(torch.equal(one[name], two[name]) for name in one if name != "seconds")
    losses = [e["total"] for e in loop.told("step") + again.told("step")]
    assert losses == [e["total"] for e in whole.told("step")]


def test_a_resumed_run_tells_no_step_twice(loop: Loop) -> None:
    loop.go(steps=5)
    loop.run.append({"event": "step", "step": 6, "total": 1.0})  # a kill came before a checkpoint
    loop.again().go()
    steps = [event["step"] for event in loop.run.events() if event["event"] == "step"]
    assert steps == list(range(1, 13))


def test_a_run_killed_before_its_first_checkpoint_begins_anew(loop: Loop) -> None:
    loop.run.append({"event": "step", "step": 1, "total": 1.0})
    loop.go()
    steps = [event["step"] for event in loop.run.events() if event["event"] == "step"]
    assert steps == list(range(1, 13))


def test_a_finished_run_that_is_resumed_is_exported_again(loop: Loop) -> None:
    loop.go()
    loop.model.unlink()
    again = loop.again()
    assert again.go() == Outcome(12, "epochs", 3)
    assert loop.model.exists()


def test_a_run_that_diverges_says_so_and_keeps_its_last_checkpoint(
    tmp_path: Path, songs: Path, settings: MakeSettings, fabric: Fabric
) -> None:
    loop = Loop(tmp_path, songs, settings(epochs=3, checkpoint_minutes=0.0), fabric)
    with pytest.raises(OfferedError, match="diverged at step 4: the total loss became nan") as told:
        loop.go(Guess(Corpus(songs), spoiled_at=3))
    assert "saved before is kept; try a lower learning rate, 0.0004 say." in str(told.value)
    assert told.value.offer == {"setting": "learning_rate", "value": 0.0004}
    assert int(load_file(loop.run.checkpoint_path)["step"]) == 3
    assert not loop.model.exists()


def test_weights_that_are_no_numbers_are_never_kept(loop: Loop) -> None:
    task = Guess(Corpus(loop.songs))
    loop.go(task, steps=2)
    before = loop.run.checkpoint_path.read_bytes()
    with torch.no_grad():
        task.network.weight.fill_(math.inf)
    loop.run.checkpoint_path.rename(loop.run.folder / "kept")
    with pytest.raises(TrainingError, match="diverged at step 0: the network's weights"):
        loop.go(task, steps=1)
    assert (loop.run.folder / "kept").read_bytes() == before
    assert not loop.run.checkpoint_path.exists()


def test_a_checkpoint_of_another_run_is_refused(loop: Loop) -> None:
    loop.run.checkpoint_path.write_bytes(b"something else")
    with pytest.raises(TrainingError, match="does not belong to this run"):
        loop.go()


def test_the_loop_leaves_no_thread(loop: Loop) -> None:
    before = threading.active_count()
    loop.go(steps=1)
    assert threading.active_count() == before


def test_a_reader_who_leaves_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def write(self, text: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr("models.reports._leave_stdout", lambda: None)
    monkeypatch.setattr("sys.stdout", Gone())
    run, requests = TrainingRun(tmp_path), Requests()
    Reporter(run, True, requests)({"event": "step", "step": 1})
    assert requests.asked() == "stop"
    assert [event["step"] for event in run.events()] == [1]


def test_events_are_told_in_words(loop: Loop, capsys: pytest.CaptureFixture[str]) -> None:
    loop.go()
    report = Reporter(TrainingRun(loop.run.folder / "words"), False, Requests())
    for event in loop.events:
        report(event)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Training Tiny (pop) on cpu: 12 steps, 4 an epoch."
    assert "epoch 2 of 3 (step 8)" in lines
    assert lines[-1] == f"finished at step 12: {loop.model} (epoch 3)"
    assert in_words({"event": "warning", "reason": "It is cold."}) == "It is cold."


def test_a_pause_keeps_all_and_makes_no_model(loop: Loop) -> None:
    assert loop.go(steps=5, ask="pause") == Outcome(5, "paused")
    assert [event["event"] for event in loop.events[-2:]] == ["checkpoint", "paused"]
    assert loop.events[-1]["seconds"] >= 0
    assert not loop.model.exists()
    assert loop.again().go() == Outcome(12, "epochs", 3)


def test_a_resumed_run_keeps_the_samples_it_had_and_makes_the_rest(loop: Loop) -> None:
    loop.go(steps=9, ask="pause")
    late = loop.run.sample_path(3)
    late.write_text("of a session that was killed")
    again = loop.again()
    again.go()
    assert composition_from_json(late.read_text()).title == "Tiny, epoch 3"
    assert [event["epoch"] for event in loop.run.events() if event["event"] == "sample"] == [
        0,
        2,
        3,
    ]


def test_a_sample_is_the_melody_with_the_bands_answer(loop: Loop) -> None:
    loop.go()
    for event in loop.told("sample"):
        heard = composition_from_json((loop.run.folder / event["file"]).read_text())
        assert [track.name for track in heard.tracks] == ["Melody", "Bass", "Chords", "Counter"]
        assert all(track.notes for track in heard.tracks)
        assert heard.end <= 8 * 4 * 480
        assert (loop.run.folder / event["snapshot"]).is_file()
    people = composition_from_json(loop.run.people_path.read_text())
    assert people.melody == heard.melody and people.title == "Tiny, people"
    assert all(track.notes for track in people.tracks)


def test_a_run_tells_its_data_and_the_curves_to_draw(loop: Loop) -> None:
    loop.go()
    (started,) = loop.told("started")
    told = {key: started[key] for key in ("windows", "songs", "held_out", "segments")}
    assert told == {"windows": 16, "songs": 22, "held_out": 2, "segments": 2}
    assert started["device_name"] == "x"
    assert started["curves"] == [{"name": "total", "label": "All losses", "wanted": "towards 0"}]
    assert 0.5 < started["similarity_ceiling"] <= 1
    assert started["references"]["human"]["similarity"] <= 1
    (last,) = [event for event in loop.told("measures") if event["epoch"] == 3]
    assert last["best"] is True
    assert last["model"]["similarity"] == started["references"]["human"]["similarity"]
    assert loop.told("measures")[0]["best"] is False, "an untrained network is never the best"


def test_the_best_epoch_is_kept_and_not_the_last(loop: Loop) -> None:
    task = Guess(Corpus(loop.songs), silent_from=10)
    assert loop.go(task) == Outcome(12, "epochs", 2)
    (record,) = task.exported
    assert record["training"]["steps"] == 8
    assert record["measures"]["model"] == loop.told("measures")[1]["model"]
    snapshot = load_file(loop.run.snapshot_path(2))
    assert torch.equal(task.network.weight, snapshot["weight"])


def test_the_last_epoch_is_kept_where_that_is_asked_for(loop: Loop) -> None:
    asked = loop.again(kept_epoch="last")
    assert asked.go(Guess(Corpus(loop.songs), silent_from=10)) == Outcome(12, "epochs", 3)


def test_a_best_epoch_whose_weights_are_gone_is_told(loop: Loop) -> None:
    loop.go(Guess(Corpus(loop.songs), silent_from=10), steps=10, ask="pause")
    loop.run.snapshot_path(2).unlink()
    again = loop.again()
    assert again.go(Guess(Corpus(loop.songs), silent_from=10)) == Outcome(12, "epochs", 3)
    assert again.told("warning")[0]["reason"].startswith("The weights of epoch 2, the best, are")


def test_a_run_ends_after_its_minutes(loop: Loop) -> None:
    short = loop.again(epochs=100_000, minutes=0.01)
    outcome = short.go()
    assert outcome.end == "time"
    assert short.events[-1]["event"] == "finished"
    assert short.events[-1]["reason"] == "time"
    assert short.events[-1]["seconds"] >= 0.6


def test_a_run_that_no_longer_learns_says_so_and_may_stop(loop: Loop) -> None:
    flat = loop.again(epochs=100, measure_every=3, until_flat=True)
    outcome = flat.go()
    assert outcome.end == "plateau"
    assert outcome.step < 100
    (plateau,) = flat.told("plateau")
    assert plateau["stops"] is True
    assert "no longer learning" in plateau["reason"]
    assert plateau["since_epoch"] < plateau["epoch"]
    assert flat.events[-1]["reason"] == "plateau"


def test_a_run_that_need_not_stop_tells_its_plateau_once_also_when_resumed(loop: Loop) -> None:
    loop = loop.again(epochs=30, measure_every=4)
    loop.go(steps=70, ask="pause")
    loop.again().go()
    told = [event for event in loop.run.events() if event["event"] == "plateau"]
    assert [event["stops"] for event in told] == [False]


def test_a_full_disk_is_a_sentence_and_the_run_can_be_resumed(loop: Loop) -> None:
    loop = loop.again(checkpoint_minutes=0.0)
    loop.go(steps=5, ask="pause")
    size = loop.run.events_path.stat().st_size
    with file_size_limit(size + 400), pytest.raises(TrainingError, match="could not be written"):
        loop.again().go()
    whole = Loop(loop.run.folder / "whole", loop.songs, loop.settings, loop.fabric)
    whole.go()
    loop.again().go()
    one, two = (load_file(each.run.checkpoint_path) for each in (whole, loop))
    assert all(torch.equal(one[name], two[name]) for name in one if name != "seconds")
    steps = [event["step"] for event in loop.run.events() if event["event"] == "step"]
    assert steps == list(range(1, 13))


def test_a_damaged_checkpoint_is_told_and_the_one_before_is_taken(loop: Loop) -> None:
    loop = loop.again(checkpoint_minutes=0.0)
    loop.go(steps=6, ask="pause")
    loop.run.checkpoint_path.write_bytes(b"damaged")
    again = loop.again()
    assert again.go() == Outcome(12, "epochs", 3)
    assert "goes on from the one before" in again.told("warning")[0]["reason"]
    steps = [event["step"] for event in loop.run.events() if event["event"] == "step"]
    assert steps == list(range(1, 13))


def test_a_failure_is_told_even_where_nothing_can_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = TrainingRun(tmp_path)
    run.events_path.mkdir()
    report = Reporter(run, True, Requests())
    with pytest.raises(TrainingError):
        report({"event": "epoch", "step": 1})
    report({"event": "failed", "step": 1, "reason": "The disk is full.", "offer": None})
    assert "The disk is full." in capsys.readouterr().out
