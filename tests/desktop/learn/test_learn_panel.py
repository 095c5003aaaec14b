"""The Learn tab in the studio: it draws from the run, and its marks follow what is so."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.learn.panel import BUILD, LearnPanel
from desktop.learn.steps import PRESET
from engine.music.composition import Composition, Origin
from engine.music.note import Note
from engine.music.track import make_track
from engine.store.codec import composition_to_json
from engine.store.curves import Curves
from engine.store.paths import data_sets_folder, runs_folder
from engine.store.training_run import TrainingRun
from tests.desktop.learn.conftest import told_network
from tests.small_songs import write_small_corpus


@pytest.fixture
def panel(qtbot: QtBot, app: App) -> LearnPanel:
    panel = LearnPanel(app)
    qtbot.addWidget(panel)
    panel.resize(960, 640)
    panel.show()
    return panel


def press(panel: LearnPanel, deed: str) -> None:
    row = next(row for row in panel.steps.rows if row.step.deed == deed)
    row.button.click()


def test_the_run_is_drawn_with_its_network_its_curves_and_its_last_sample(
    panel: LearnPanel, curves: Curves, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "samples").mkdir()
    song = Composition(
        title="A held-out song",
        tracks=(make_track("Melody", [Note(0, 72, 480)]), make_track("Bass", [Note(0, 36, 960)])),
    )
    (tmp_path / "samples" / "epoch-0004.json").write_text(composition_to_json(song))
    file = {"file": "samples/epoch-0004.json", "snapshot": "snapshots/epoch-0004.safetensors"}
    curves.feed({"event": "sample", "step": 40, "epoch": 4, **file})

    panel.set_run(curves, told_network(), tmp_path)

    panel.tour.go_to(3)
    assert panel.tour.picture.words.startswith("The generator of My band")
    panel.tour.go_to(9)
    assert panel.tour.picture.words.startswith("My band: 2 losses")
    panel.tour.go_to(1)
    qtbot.waitUntil(lambda: "answered by My band after epoch 4" in panel.tour.picture.words)


def test_a_sample_outside_of_the_runs_folder_is_not_read(
    panel: LearnPanel, curves: Curves, tmp_path: Path, qtbot: QtBot
) -> None:
    told = {"event": "sample", "step": 40, "epoch": 4, "file": "../secret.json"}
    curves.feed(told)
    panel.set_run(curves, None, tmp_path)
    assert not panel._app.jobs.running or all(
        job.title != "Reading a sample" for job in panel._app.jobs.running
    )


def test_curves_that_grow_are_drawn_again(panel: LearnPanel, curves: Curves, qtbot: QtBot) -> None:
    panel.set_run(curves, told_network())
    panel.tour.go_to(9)
    curves.feed({"event": "step", "step": 41, "generator": 0.1, "critic": 0.1})
    panel.refresh()
    panel.refresh()
    qtbot.waitUntil(lambda: panel.tour.picture.words.endswith("up to step 41."))


def test_without_a_run_the_pictures_are_those_that_come_with_tutti(
    panel: LearnPanel, curves: Curves
) -> None:
    panel.set_run(curves, told_network())
    panel.set_run(None)
    panel.tour.go_to(9)
    assert panel.tour.picture.words.startswith("A drawn example")


def test_marks_follow_disk_form_ear_and_studio(
    panel: LearnPanel, app: App, tmp_path: Path, qtbot: QtBot
) -> None:
    write_small_corpus(data_sets_folder() / "scales")
    model = tmp_path / "My band.onnx"
    model.write_bytes(b"a model")
    run = TrainingRun(runs_folder() / "My band")
    run.save_settings({"name": "My band", "preset": {"name": PRESET}, "data": ["scales"]})
    run.append({"event": "step", "step": 640})
    run.append({"event": "finished", "step": 640, "seconds": 9.0, "model": str(model)})

    panel.look()
    panel.set_form({"preset": PRESET})
    for epoch in (0, 16):
        panel.note_listened(epoch)
    melody = app.document.composition
    app.document.load(replace(melody, origin=Origin("My band", "", 0, 0)))

    qtbot.waitUntil(lambda: all(row.is_done for row in panel.steps.rows))


def test_buttons_ask_the_page(panel: LearnPanel, qtbot: QtBot) -> None:
    for deed, signal, arguments in (
        ("data", panel.tab_wanted, ["Data"]),
        ("preset", panel.preset_wanted, [PRESET]),
        ("train", panel.train_wanted, []),
        ("listen", panel.tab_wanted, ["Run"]),
        ("keep", panel.tab_wanted, ["Run"]),
    ):
        with qtbot.waitSignal(signal) as asked:
            press(panel, deed)
        assert asked.args == arguments


def test_build_your_own_offers_what_the_trainer_offers(panel: LearnPanel, qtbot: QtBot) -> None:
    panel.show_section(BUILD)
    qtbot.waitUntil(lambda: panel.build.preset.value == "own", timeout=60_000)
    assert panel.build.fields["levels"].value == 4


def test_a_word_of_the_tour_is_shown_among_the_words(panel: LearnPanel) -> None:
    panel.show_word("latent-space")
    assert panel.section == "Words"
    panel.words.field.setText("overlap")
    assert "similarity-index" in panel.words.shown
    assert "batch" not in panel.words.shown


def test_the_tour_leads_on_to_the_first_steps(panel: LearnPanel) -> None:
    panel.tour.steps_asked.emit()
    assert panel.section == "First steps"


def test_the_cards_of_models_and_data_sets_are_told(panel: LearnPanel, qtbot: QtBot) -> None:
    write_small_corpus(data_sets_folder() / "scales")
    panel.look()
    panel.tour.go_to(13)
    qtbot.waitUntil(lambda: panel.tour.picture.material.cards[-1].name == "scales")
    assert "made by the tests" in panel.tour.picture.material.cards[-1].sentence


def test_the_network_of_the_chosen_preset_is_drawn_where_there_is_no_run(
    panel: LearnPanel, curves: Curves, tmp_path: Path
) -> None:
    panel.tour.go_to(3)
    panel.set_form({"preset": "deepcomposer"})
    assert panel.tour.picture.words.startswith("The generator of the preset deepcomposer: 8.27 M")
    panel.set_run(curves, told_network(), tmp_path)
    panel.set_run(curves, None, tmp_path)
    assert panel.tour.picture.words.startswith("The generator of My band")


def test_a_run_that_was_not_described_is_drawn_as_its_preset(
    panel: LearnPanel, curves: Curves
) -> None:
    curves.started = {**curves.started, "preset": "bach"}
    panel.set_form({"preset": "deepcomposer"})
    panel.set_run(curves)
    panel.tour.go_to(3)
    assert panel.tour.picture.words.startswith("The generator of the preset bach")
