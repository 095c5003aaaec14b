"""The two tasks, really trained at tiny sizes."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from lightning_fabric import Fabric
from safetensors.torch import load_file

from engine.data.corpus import CorpusCard, write_corpus
from engine.errors import DataError, TrainingError
from engine.store.training_run import TrainingRun
from models.cards import card_values, picture_card
from models.gan_task import GanTask
from models.infill_task import InfillTask
from models.requests import Request
from models.session import Session
from models.settings import RunSettings
from models.task import task_for
from models.train import Outcome, train
from tests.models.conftest import MakeSettings
from tests.small_songs import POP_CARD, small_song, write_small_corpus

RECORD: dict[str, Any] = {"training": {}, "measures": {}}


@pytest.fixture(autouse=True)
def not_exported(monkeypatch: pytest.MonkeyPatch) -> None:
    """The exporter takes a minute and is proven elsewhere."""
    for name in ("infill_task.export", "gan_task.export_picture"):
        monkeypatch.setattr(f"models.{name}", lambda network, card, path: path.write_text("model"))


def go(
    settings: RunSettings, run: TrainingRun, fabric: Fabric, steps: int | None = None
) -> Outcome:
    """Train to the end, or pause after ``steps``."""
    told: list[dict[str, Any]] = []

    def report(event: dict[str, Any]) -> None:
        run.append(event)
        told.append(event)

    def asked() -> Request | None:
        done = sum(event["event"] == "step" for event in told)
        return "pause" if steps is not None and done >= steps else None

    session = Session(task_for(settings, fabric), settings, run, fabric, report, {"device": "cpu"})
    return train(session, asked, run.folder / "model.onnx")


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
        ("own", {"held_out": 0.8, "channels": 8, "noise_channels": 4, "critic_channels": 8}),
    ],
)
def test_a_run_stopped_and_resumed_equals_one_that_was_not(
    settings: MakeSettings, fabric: Fabric, tmp_path: Path, preset: str, changes: dict[str, Any]
) -> None:
    chosen = settings(preset, **changes)
    whole, parted = TrainingRun(tmp_path / "whole"), TrainingRun(tmp_path / "parted")
    assert go(chosen, whole, fabric).end == "epochs"
    assert go(chosen, parted, fabric, steps=2) == Outcome(2, "paused")
    assert go(chosen, parted, fabric).end == "epochs"
    one, two = (load_file(run.checkpoint_path) for run in (whole, parted))
    assert one.keys() == two.keys()
    differing = [name for name in one if not torch.equal(one[name], two[name])]
    assert differing in ([], ["seconds"])  # a clock is no weight
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
    run = TrainingRun(tmp_path)
    session = Session(task, chosen, run, fabric, run.append, {"device": "cpu"})
    with pytest.raises(TrainingError, match="diverged at step 1"):
        train(session, lambda: None, tmp_path / "model.onnx")


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


QUARTET = CorpusCard("quartet", "1", "none", ("Soprano", "Alto", "Tenor", "Bass"), (0, 0, 0, 0))


def test_data_of_other_parts_is_refused(
    settings: MakeSettings, fabric: Fabric, songs: Path, tmp_path: Path
) -> None:
    folder = str(write_small_corpus(tmp_path, card=QUARTET))
    with pytest.raises(DataError, match="quartet has no Chords and no Counter"):
        InfillTask(RunSettings("x", settings().preset, (folder,)), fabric)
    with pytest.raises(DataError, match="have no part in common"):
        GanTask(RunSettings("x", settings("own").preset, (folder, str(drummed(tmp_path)))), fabric)


def drummed(folder: Path) -> Path:
    """Songs whose one part is drums."""
    card = CorpusCard("beaten", "1", "none", ("Melody", "Drums"), (0, 0), ("march",))
    made = [small_song(number) for number in range(12)]
    beaten = [
        replace(
            song, name=f"beaten/{number}", notes=tuple(note for note in song.notes if note.role < 2)
        )
        for number, song in enumerate(made)
    ]
    write_corpus(folder / "beaten", card, beaten)
    return folder / "beaten"


@pytest.mark.parametrize("preset", ["first-steps", "own"])
def test_a_preset_without_parts_takes_those_of_the_data(
    settings: MakeSettings, fabric: Fabric, tmp_path: Path, preset: str
) -> None:
    chosen = settings(preset, channels=4, noise_channels=2, width=16, deep_width=16)
    task: Any = task_for(replace(chosen, data=(str(drummed(tmp_path)),), tags=("march",)), fabric)
    assert task.parts == (("Drums", 0),)
    task.step(0, 10, task.batch(0))
    card = card_values(task, RECORD) if isinstance(task, InfillTask) else picture_card(task, RECORD)
    (track,) = card["tracks"]
    assert (track["is_drum"], card["tags"]) == (True, ["march"])
    if isinstance(task, InfillTask):
        assert (task.layout.drums, task.layout.one_voice) == ((0,), (True,))
        assert (track["pitch_low"], track["pitch_high"]) == task.ranges[0]


def test_the_card_counts_the_songs_of_every_set(
    settings: MakeSettings, fabric: Fabric, songs: Path, tmp_path: Path
) -> None:
    more = write_small_corpus(tmp_path / "more", 8, replace(POP_CARD, name="more"))
    chosen = replace(settings(), data=(str(songs), str(more)))
    task = InfillTask(chosen, fabric)
    sources = card_values(task, RECORD)["trained_on"]
    assert [each["name"] for each in sources] == ["scales", "more"]
    counted = [each["songs"] + each["held_out"] for each in sources]
    assert counted == [24, 8]


def test_an_epoch_has_the_steps_that_the_preset_says(
    settings: MakeSettings, fabric: Fabric
) -> None:
    assert task_for(settings("first-steps", width=16, deep_width=16), fabric).steps_per_epoch == 40
    assert (
        task_for(
            settings("first-steps", width=16, deep_width=16, epoch_steps=3), fabric
        ).steps_per_epoch
        == 3
    )


@pytest.mark.parametrize("preset", ["pop", "deepcomposer"])
def test_too_few_songs_are_a_sentence(
    settings: MakeSettings, fabric: Fabric, tmp_path: Path, preset: str
) -> None:
    folder = str(write_small_corpus(tmp_path, 1))
    with pytest.raises(TrainingError, match="too few songs: some must be held out"):
        task_for(RunSettings("x", settings(preset).preset, (folder,)), fabric)
