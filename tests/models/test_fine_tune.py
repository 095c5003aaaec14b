"""Beginning with the weights of another model or run."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from lightning_fabric import Fabric
from onnx import TensorProto, helper, numpy_helper
from safetensors.torch import load_file

from engine.data.corpus import write_corpus
from engine.errors import ModelError, TrainingError
from engine.generation.models import model_named
from engine.store.training_run import TrainingRun
from models import checkpoint
from models.beat_unet import BeatUNet, beat_settings
from models.conv_unet import ConvUNet, ConvUNetSettings
from models.export_picture import without_norms
from models.fine_tune import as_parent_has_it, parent_named
from models.gan_task import GanTask
from models.infill_task import InfillTask
from models.inheritance import fits, unfolded
from models.layout import Layout
from models.onnx_weights import onnx_weights
from models.presets import PRESETS
from models.settings import RunSettings, checked
from models.task import task_for
from tests.models.conftest import Finished, MakeSettings
from tests.small_songs import POP_CARD, small_song

TINY_PICTURE = {"channels": 4, "noise_channels": 2, "critic_channels": 4}


@pytest.fixture
def parent_run(settings: MakeSettings, fabric: Fabric, tmp_path: Path) -> TrainingRun:
    """A run of a small picture network that has learned something."""
    chosen = settings("own", **TINY_PICTURE, learning_rate=0.01)
    task = GanTask(chosen, fabric)
    task.step(0, 10, task.batch(0))
    run = TrainingRun(tmp_path / "runs" / "Mother")
    run.save_settings(chosen.as_json())
    checkpoint.save(run.checkpoint_path, 1, task.modules, task.optimizers)
    return run


def child_of(source: object, settings: RunSettings) -> RunSettings:
    return checked(as_parent_has_it(replace(settings, start_from=str(source))))


def test_a_run_goes_on_in_another_with_all_that_it_learned(
    parent_run: TrainingRun, settings: MakeSettings, fabric: Fabric
) -> None:
    child = child_of(parent_run.folder, settings("own", batch_size=2))
    assert (child.preset.channels, child.preset.batch_size) == (4, 2)
    assert child.preset.learning_rate == pytest.approx(0.003)
    task = task_for(child, fabric)
    assert task.parent == "Mother"
    task.begin_with(parent_named(str(parent_run.folder)))
    learned = load_file(parent_run.checkpoint_path)
    for name, module in task.modules.items():
        for key, value in module.state_dict().items():
            assert torch.equal(value, learned[f"module/{name}/{key}"])


def test_a_run_is_found_by_its_name(parent_run: TrainingRun) -> None:
    assert parent_named("Mother", parent_run.folder.parent).name == "Tiny"


def test_what_a_learner_changed_is_kept_but_not_the_network(
    parent_run: TrainingRun, settings: MakeSettings
) -> None:
    changed = settings("own", learning_rate=2e-4, loss="hinge")
    child = child_of(parent_run.folder, changed)
    assert (child.preset.learning_rate, child.preset.loss) == (2e-4, "hinge")
    usual = replace(settings("own"), start_from=str(parent_run.folder))
    child = as_parent_has_it(usual, asked_for={"learning_rate"})
    assert child.preset.learning_rate == usual.preset.learning_rate, "it was asked for by name"
    with pytest.raises(TrainingError, match="keeps its parent's network: leave out --levels"):
        child_of(parent_run.folder, settings("own", levels=3))


def test_weights_of_other_parts_do_not_fit(
    parent_run: TrainingRun, settings: MakeSettings, fabric: Fabric, tmp_path: Path
) -> None:
    card = replace(POP_CARD, roles=("Melody", "Bass"), programs=(0, 33))
    alone = [
        replace(s, notes=tuple(n for n in s.notes if n.role < 2))
        for s in map(small_song, range(12))
    ]
    write_corpus(tmp_path / "duo", card, alone)
    child = child_of(parent_run.folder, settings("own"))
    task = task_for(replace(child, data=(str(tmp_path / "duo"),)), fabric)
    with pytest.raises(TrainingError, match="must have the parts that Tiny plays"):
        task.begin_with(parent_named(str(parent_run.folder)))


@pytest.mark.timeout(600)
def test_a_model_file_holds_every_weight_of_a_beat_network(
    finished: Finished, songs: Path, fabric: Fabric
) -> None:
    child = child_of(finished.model, RunSettings("Child", PRESETS["pop"], (str(songs),)))
    assert child.preset.roles == ("Bass", "Chords", "Counter")
    task = InfillTask(child, fabric)
    task.begin_with(parent_named(str(finished.model)))
    learned = load_file(finished.run.snapshot_path(finished.lines[-1]["epoch"]))
    for network in (task.generator, task.average):
        for name, value in network.state_dict().items():
            assert torch.allclose(value, learned[name], rtol=1e-3, atol=1e-4), name


def test_the_shipped_model_can_be_trained_on() -> None:
    parent = parent_named("pop")
    assert (parent.name, parent.preset.roles) == ("Pop", ("Bass", "Chords", "Counter"))
    network = BeatUNet(Layout(), beat_settings(parent.preset))
    weights = onnx_weights(model_named("pop"))
    assert fits(network, weights)
    assert all(bool(value.isfinite().all()) for value in weights.values())


def test_folded_norms_are_given_back_and_change_nothing_at_first() -> None:
    sizes = ConvUNetSettings(channels=4, noise_channels=3)
    torch.manual_seed(6)
    trained, fresh = ConvUNet(sizes), ConvUNet(sizes)
    melody, noise = torch.randn(6, 1, 32, 128).sign(), torch.randn(6, sizes.noise_size)
    with torch.no_grad():
        for _ in range(4):
            trained.train()(melody, noise)
        folded = without_norms(trained)
        fresh.load_state_dict(unfolded(ConvUNet(sizes), folded.state_dict(), melody, noise))
        wanted = folded(melody, noise)
        assert torch.allclose(fresh.eval()(melody, noise), wanted, atol=1e-4)
        assert torch.allclose(fresh.train()(melody, noise), wanted, atol=1e-4)


def test_what_is_no_parent_is_a_sentence(tmp_path: Path, settings: MakeSettings) -> None:
    with pytest.raises(ModelError, match="There is no model called"):
        parent_named("nobody at all")
    damaged = tmp_path / "damaged.onnx"
    damaged.write_bytes(b"no model")
    with pytest.raises((ModelError, TrainingError)):
        parent_named(str(damaged))
    young = TrainingRun(tmp_path / "young")
    young.save_settings(settings().as_json())
    with pytest.raises(TrainingError, match="no checkpoint to start from yet"):
        parent_named(str(young.folder))


def test_weights_that_lie_in_another_file_are_refused(tmp_path: Path) -> None:
    tensor = numpy_helper.from_array(np.ones(3, np.float32), "network.x.weight")
    tensor.data_location = TensorProto.EXTERNAL
    graph = helper.make_graph([], "g", [], [], [tensor])
    (tmp_path / "far.onnx").write_bytes(helper.make_model(graph).SerializeToString())
    with pytest.raises(TrainingError, match="damaged"):
        onnx_weights(tmp_path / "far.onnx")
