"""One whole run of the trainer's process, on a machine with nothing but torch: what it leaves."""

import numpy as np
import pytest
import torch
from lightning_fabric import Fabric

from engine.generation.generator import Generator, Request
from engine.generation.model_card import read_card
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import make_track
from models import calibration, checkpoint, infill_task, windows
from models.infill_task import InfillTask
from models.onnx_file import quiet_session, round_to_half
from models.parity import OUTPUTS, example_request
from models.settings import settings_from
from tests.models.conftest import Finished

SAMPLES = windows.DENSITY_SAMPLES

pytestmark = pytest.mark.timeout(600)  # the first test waits for the run, and for its exporter


def test_every_line_is_an_event_and_the_file_holds_the_same(finished: Finished) -> None:
    assert list(finished.lines) == list(finished.run.events())
    kinds = [line["event"] for line in finished.lines]
    assert "started" in kinds[:3]
    assert any("tensorboardX is not installed" in line.get("reason", "") for line in finished.lines)
    assert kinds[-1] == "finished"
    assert {"step", "epoch", "measures", "checkpoint"} <= set(kinds)
    assert all("step" in line for line in finished.lines if line["event"] != "started")


def test_the_critic_joins_where_it_was_told_to(finished: Finished) -> None:
    steps = [line for line in finished.lines if line["event"] == "step"]
    with_critic = [line["step"] for line in steps if "critic" in line]
    assert with_critic == list(range(len(steps) // 2 + 1, len(steps) + 1))
    assert steps[-1]["total"] < steps[0]["total"]


def test_nothing_is_said_beside_the_lines(finished: Finished) -> None:
    assert "Traceback" not in finished.errors
    assert "Warning" not in finished.errors


def test_the_card_is_read_by_the_engine(finished: Finished) -> None:
    card = read_card(finished.model)
    assert card.name == "Tiny Band"
    assert card.track_names == ("Bass", "Chords", "Counter")
    assert card.tags == ("test",)
    assert card.trained_on[0]["name"] == "scales"
    assert card.trained_on[0]["songs"] + card.trained_on[0]["held_out"] == 24
    assert card.training["preset"]["width"] == 16
    assert card.training["data"] == ["scales"]
    assert set(card.measures) >= {"model", "human", "other_song", "melody_octave_below"}
    low, high = card.tracks[0].pitch_low, card.tracks[0].pitch_high
    assert 21 <= low < high <= 108


def test_the_file_plays_the_notes_that_torch_plays(
    finished: Finished, fabric: Fabric, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As the trainer's process had it.
    monkeypatch.setattr(windows, "DENSITY_SAMPLES", SAMPLES)
    monkeypatch.setattr(infill_task, "PEOPLE", calibration.PEOPLE)
    monkeypatch.setattr(infill_task, "SEGMENTS", calibration.SEGMENTS)
    task = InfillTask(settings_from(finished.run.settings()), fabric)
    checkpoint.load(finished.run.checkpoint_path, task.modules, task.optimizers)
    task.calibrate()
    accompanist = task.accompanist()
    round_to_half(accompanist)
    session = quiet_session(finished.model)
    for batch, bars, seed in ((1, 1, 11), (2, 7, 12), (4, 4, 13)):
        given = example_request(accompanist, batch, bars, seed)
        given["keep"][:, 1, : 8 * bars] = 1
        given["known"][:, 2:4, 0, 40] = 1
        given["density"][:, 0] = 0.8
        with torch.no_grad():
            notes, velocity = accompanist(**given)
        feeds = {name: value.numpy() for name, value in given.items()}
        ours, loudness = session.run(list(OUTPUTS), feeds)
        assert np.array_equal(ours >= 0.5, notes.numpy() >= 0.5)
        assert float(np.abs(loudness - velocity.numpy()).max()) < 1e-4
        assert ours.any()


def test_the_studios_generator_plays_the_file(finished: Finished) -> None:
    generator = Generator.load(finished.model, "cpu")
    assert generator.offers == {"adventure", "density", "chords", "known", "position"}
    scale = (60, 62, 64, 65, 67, 69, 71, 72, 71, 69, 67, 65, 64, 62, 60, 60)
    notes = [Note(480 * beat, pitch, 480) for beat, pitch in enumerate(scale)]
    melody = Composition(tracks=(make_track("Melody", notes),))
    one, two = generator.compose(melody, Request(takes=2))
    (again,) = generator.compose(melody, Request(first_take=1))
    assert [track.name for track in one.tracks] == ["Bass", "Chords", "Counter"]
    assert one.tracks != two.tracks
    assert again.tracks == two.tracks
    assert all(note.end <= melody.melody.end for track in one.tracks for note in track.notes)


def test_a_locked_track_stays_in_the_studio(finished: Finished) -> None:
    generator = Generator.load(finished.model, "cpu")
    melody = make_track("Melody", [Note(480 * beat, 60 + beat % 5, 480) for beat in range(16)])
    bass = make_track("Bass", [Note(1920 * bar, 40 + bar, 1920) for bar in range(4)])
    composition = Composition(tracks=(melody, bass))
    (take,) = generator.compose(composition, Request(locked=frozenset({"Bass"})))
    assert take.tracks[0] == bass
