"""The loop: what it tells, keeps and gives up, with a task that is quickly trained."""

import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from lightning_fabric import Fabric
from safetensors.torch import load_file
from torch import nn
from torch.optim import SGD, Optimizer

from engine.data.corpus import Corpus, SongEntry, Stretch
from engine.data.measures import Segment
from engine.data.segments import draw_stretches, segment_of
from engine.errors import TrainingError
from engine.store.training_run import TrainingRun
from models.curve import Curve
from models.failures import OfferedError
from models.reports import Reporter, in_words
from models.requests import Request, Requests
from models.session import Session
from models.settings import RunSettings
from models.snapshots import load_weights, save_weights
from models.train import Outcome, train
from tests.models.conftest import MakeSettings

Event = dict[str, Any]


class Guess:
    """One weight that learns a number; plays what people played."""

    def __init__(self, corpus: Corpus, spoiled_at: int | None = None) -> None:
        self.corpus, self.spoiled_at = corpus, spoiled_at
        self.network = nn.Linear(1, 1, bias=False)
        nn.init.zeros_(self.network.weight)
        self.optimizer = SGD(self.network.parameters(), lr=0.02, momentum=0.9)
        self.exported: list[dict[str, Any]] = []
        self.asked: list[int] = []

    @property
    def modules(self) -> dict[str, nn.Module]:
        return {"network": self.network}

    @property
    def optimizers(self) -> dict[str, Optimizer]:
        return {"network": self.optimizer}

    @property
    def steps_per_epoch(self) -> int:
        return 4

    @property
    def window_count(self) -> int:
        return 16

    @property
    def curves(self) -> tuple[Curve, ...]:
        return (Curve("total", "All losses", "towards 0"),)

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        return (("Bass", 33), ("Chords", 4), ("Counter", 71))

    @property
    def train_songs(self) -> Sequence[SongEntry]:
        return self.corpus.songs[2:]

    @property
    def held_songs(self) -> Sequence[SongEntry]:
        return self.corpus.songs[:2]

    def batch(self, step: int) -> torch.Tensor:
        self.asked.append(step)
        return torch.full((1, 1), 1.0 + step % 2)

    def step(self, step: int, total: int, batch: torch.Tensor) -> dict[str, float]:
        loss = (self.network(batch) - 3).square().mean()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        spoiled = self.spoiled_at is not None and step >= self.spoiled_at
        return {"total": math.nan if spoiled else loss.item()}

    def held_out_stretches(self) -> list[Stretch]:
        return draw_stretches(self.corpus, self.corpus.songs[:2], 2)

    def played(self, stretches: Sequence[Stretch], seed: int = 0) -> list[Segment]:
        return self.human(stretches)

    def human(self, stretches: Sequence[Stretch]) -> list[Segment]:
        return [segment_of(each) for each in stretches]

    def snapshot(self, path: Path) -> None:
        save_weights(path, self.network)

    def restore_snapshot(self, path: Path) -> None:
        load_weights(path, self.network)

    def export(self, path: Path, record: Mapping[str, Any]) -> None:
        self.exported.append(dict(record))
        path.write_text("a model")


class Loop:
    """A run of the loop in a folder; events are noted."""

    def __init__(self, folder: Path, songs: Path, settings: RunSettings, fabric: Fabric) -> None:
        self.run, self.songs = TrainingRun(folder / "run"), songs
        self.settings, self.fabric = settings, fabric
        self.model = folder / "model.onnx"
        self.events: list[Event] = []

    def report(self, event: Event) -> None:
        self.run.append(event)
        self.events.append(event)

    def told(self, kind: str) -> list[Event]:
        return [event for event in self.events if event["event"] == kind]

    def go(
        self, task: Guess | None = None, steps: int | None = None, ask: Request = "stop"
    ) -> Outcome:
        """Train to the end, or until ``steps`` were told."""
        self.task = task or Guess(Corpus(self.songs))
        args = (self.task, self.settings, self.run, self.fabric, self.report, {"device_name": "x"})
        enough = steps or 10**6
        return train(
            Session(*args),
            lambda: ask if len(self.told("step")) >= enough else None,
            self.model,
        )

    def again(self, **changes: Any) -> "Loop":
        """The same run for another process, with some settings changed."""
        settings = replace(self.settings, **changes)
        return Loop(self.run.folder.parent, self.songs, settings, self.fabric)


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
    assert "The last checkpoint is kept; try a lower learning rate, 0.0004 say." in str(told.value)
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
