"""The two tasks, really trained at tiny sizes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from lightning_fabric import Fabric
from safetensors.torch import load_file

from engine.data.corpus import CorpusCard
from engine.errors import TrainingError
from engine.store.training_run import TrainingRun
from models.gan_task import GanTask
from models.infill_task import InfillTask
from models.settings import RunSettings
from models.task import task_for
from models.train import Outcome, train
from tests.models.conftest import MakeSettings
from tests.small_songs import write_small_corpus


@pytest.fixture(autouse=True)
def not_exported(monkeypatch: pytest.MonkeyPatch) -> None:
    """The exporter takes a minute and is proven elsewhere."""
    for name in ("infill_task.export", "gan_task.export_picture"):
        monkeypatch.setattr(f"models.{name}", lambda network, card, path: path.write_text("model"))


def go(
    task: InfillTask | GanTask,
    settings: RunSettings,
    run: TrainingRun,
    fabric: Fabric,
    stop: Callable[[], bool] = lambda: False,
) -> Outcome:
    return train(task, settings, run, fabric, run.append, stop, run.folder / "model.onnx")


def test_one_batch_is_learnt_by_heart(settings: MakeSettings, fabric: Fabric) -> None:
    task = InfillTask(settings(width=32, deep_width=32, learning_rate=6e-3), fabric)
    batch = task.batch(0)
    first = task.step(0, 60, batch)
    for step in range(1, 60):
        last = task.step(step, 60, batch)
    assert last["total"] < 0.5 * first["total"]
    assert last["chord"] < 0.8 * first["chord"]
    assert last["onset"] < 0.5 * first["onset"]


def test_a_batch_is_the_same_whenever_it_is_asked_for(
    settings: MakeSettings, fabric: Fabric
) -> None:
    one, two = (InfillTask(settings(), fabric) for _ in range(2))
    one.batch(3)
    for first, second in zip(one.batch(7).asked, two.batch(7).asked, strict=True):
        assert torch.equal(first, second)
    assert not torch.equal(one.batch(8).music.rolls, one.batch(7).music.rolls)


@pytest.mark.parametrize(
    ("preset", "changes"),
    [
        ("pop", {"adversarial_weight": 0.1, "adversarial_from": 0.3, "held_out": 0.6}),
        ("deepcomposer", {"held_out": 0.9, "batch_size": 2}),
    ],
)
def test_a_run_stopped_and_resumed_equals_one_that_was_not(
    settings: MakeSettings, fabric: Fabric, tmp_path: Path, preset: str, changes: dict[str, Any]
) -> None:
    chosen = settings(preset, **changes)
    whole, parted = TrainingRun(tmp_path / "whole"), TrainingRun(tmp_path / "parted")
    assert go(task_for(chosen, fabric), chosen, whole, fabric).finished

    def enough() -> bool:
        return sum(event["event"] == "step" for event in parted.events()) >= 2

    stopped = go(task_for(chosen, fabric), chosen, parted, fabric, enough)
    assert stopped == Outcome(2, finished=False)
    assert go(task_for(chosen, fabric), chosen, parted, fabric).finished
    one, two = (load_file(run.checkpoint_path) for run in (whole, parted))
    assert one.keys() == two.keys()
    assert [name for name in one if not torch.equal(one[name], two[name])] == []
    ours, theirs = ([e for e in run.events() if e["event"] == "step"] for run in (whole, parted))
    assert ours == theirs
    assert "critic" in ours[-1]


def test_gradients_that_are_no_numbers_end_the_run_in_a_sentence(
    settings: MakeSettings, fabric: Fabric, tmp_path: Path
) -> None:
    chosen = settings()
    task = InfillTask(chosen, fabric)
    with torch.no_grad():
        next(iter(task.generator.parameters())).fill_(1e30)
    with pytest.raises(TrainingError, match="diverged at step 1"):
        go(task, chosen, TrainingRun(tmp_path), fabric)


def test_the_average_follows_the_generator(settings: MakeSettings, fabric: Fabric) -> None:
    task = InfillTask(settings(), fabric)
    before = [weight.clone() for weight in task.average.parameters()]
    task.step(0, 10, task.batch(0))
    for old, mean, weight in zip(
        before, task.average.parameters(), task.generator.parameters(), strict=True
    ):
        assert torch.allclose(mean, 0.1 * old + 0.9 * weight, atol=1e-6)


def test_ranges_hold_what_the_parts_play(settings: MakeSettings, fabric: Fabric) -> None:
    (bass_low, bass_high), (low, high), _ = InfillTask(settings(), fabric).ranges
    assert 30 <= bass_low < bass_high <= 60
    assert bass_low < low < high
    assert bass_high < high


def test_takes_of_a_task_differ_and_come_again(settings: MakeSettings, fabric: Fabric) -> None:
    task = InfillTask(settings(), fabric)
    stretches = task.held_out_stretches()
    one, same, other = (task.played(stretches, seed) for seed in (0, 0, 1))
    assert one == same
    assert one != other
    assert [each.melody for each in one] == [each.melody for each in task.human(stretches)]


def test_data_of_other_parts_is_refused(
    settings: MakeSettings, fabric: Fabric, tmp_path: Path
) -> None:
    card = CorpusCard("quartet", "1", "none", ("Soprano", "Alto", "Tenor", "Bass"), (0, 0, 0, 0))
    folder = str(write_small_corpus(tmp_path, card=card))
    with pytest.raises(
        TrainingError, match="plays Bass, Chords, Counter, but the data set quartet"
    ):
        InfillTask(RunSettings("x", settings().preset, (folder,)), fabric)
    trio = CorpusCard("more", "1", "none", (*card.roles, "Drums"), (0, 0, 0, 0, 0))
    folder = str(write_small_corpus(tmp_path / "more", card=trio))
    with pytest.raises(TrainingError, match="needs a melody and three parts"):
        GanTask(RunSettings("x", settings("deepcomposer").preset, (folder,)), fabric)


@pytest.mark.parametrize("preset", ["pop", "deepcomposer"])
def test_too_few_songs_are_a_sentence(
    settings: MakeSettings, fabric: Fabric, tmp_path: Path, preset: str
) -> None:
    folder = str(write_small_corpus(tmp_path, 1))
    with pytest.raises(TrainingError, match="too few songs: some must be held out"):
        task_for(RunSettings("x", settings(preset).preset, (folder,)), fabric)
