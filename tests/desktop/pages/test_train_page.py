"""The Train page as a whole, with a program that keeps the trainer's protocol."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from desktop import trainer_query, training_process
from desktop.app import App
from desktop.messages import Message
from desktop.pages.train import TrainPage
from desktop.shell import Shell
from desktop.train.closing import CANCEL, GO_ON
from engine.store.paths import data_sets_folder, models_folder, runs_folder
from engine.store.run_lock import RunLock, is_held
from engine.store.runs import rename, summary
from tests.desktop.fake_trainer import reap
from tests.small_runs import run_events, write_run
from tests.small_songs import write_small_corpus
from tests.tiny_models import write_tiny_model

FAKE = Path(__file__).parents[1] / "fake_trainer.py"
PATIENCE_MS = 20_000


@pytest.fixture(autouse=True)
def fake_trainer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for module in (trainer_query, training_process):
        monkeypatch.setattr(module, "TRAINER", ("-P", str(FAKE)))
    yield
    reap()


@pytest.fixture
def page(qtbot: QtBot, app: App) -> Iterator[TrainPage]:
    """The page alone, without the rest of the window."""
    page = TrainPage(app)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    wait_for_form(qtbot, page)
    yield page
    page.side.probing.cancel()
    page.run_view.close_run()


@pytest.fixture
def page_in_window(qtbot: QtBot, shell: Shell) -> TrainPage:
    shell.window.show_page("Train")
    page = shell.window.page_widget("Train")
    assert isinstance(page, TrainPage)
    wait_for_form(qtbot, page)
    return page


def wait_for_form(qtbot: QtBot, page: TrainPage) -> None:
    qtbot.waitUntil(lambda: bool(page.side.form.fields), timeout=PATIENCE_MS)


@pytest.fixture
def songs(tutti_home: Path) -> Path:
    return write_small_corpus(data_sets_folder() / "scales", songs=4)


def begin(qtbot: QtBot, page: TrainPage, name: str) -> Path:
    qtbot.waitUntil(lambda: bool(page.side.form.data.chosen), timeout=PATIENCE_MS)
    page.side.form.name.setText(name)
    page.side.train.click()
    return runs_folder() / name


def until(qtbot: QtBot, page: TrainPage, state: str) -> None:
    qtbot.waitUntil(lambda: page.run_view.watch.state == state, timeout=PATIENCE_MS)


def says(page: TrainPage, words: str) -> bool:
    """Whether the card above Train says this."""
    return words in page.side.preflight.words


def test_without_runs_and_music_the_page_says_how_to_begin(qtbot: QtBot, page: TrainPage) -> None:
    assert page.run_view.no_run.isVisible() and not page.side.train.isEnabled()
    page.run_view.no_run.data.click()
    assert page.data.isVisible()


def test_a_forecast_comes_when_the_form_rests(qtbot: QtBot, songs: Path, page: TrainPage) -> None:
    qtbot.waitUntil(lambda: "Runs on: CPU" in page.side.preflight.words, timeout=PATIENCE_MS)
    offer = page.side.preflight.findChildren(QPushButton)[-1]
    offer.click()
    assert page.side.form.fields["epochs"].value == 4


def test_what_the_trainer_refuses_cannot_be_started(
    qtbot: QtBot, songs: Path, page: TrainPage, told: list[Message]
) -> None:
    qtbot.waitUntil(page.side.train.isEnabled, timeout=PATIENCE_MS)
    write_small_corpus(data_sets_folder() / "nothing")
    page.read()
    qtbot.waitUntil(lambda: len(page.side.form.data.lines) == 2, timeout=PATIENCE_MS)
    for chosen, possible in (("nothing", False), ("scales", True), ("nothing", False)):
        page.side.form.data.choose([chosen])
        words = "no data set called" if not possible else "Runs on"
        qtbot.waitUntil(partial(says, page, words), timeout=PATIENCE_MS)
        assert page.side.train.isEnabled() == possible
    assert "no data set called" in page.side.train.toolTip()
    page.learn.train_wanted.emit()
    assert not (runs_folder() / "My band").exists() and "no data set" in told[-1].sentence


def test_train_pause_resume_stop_and_keep(
    qtbot: QtBot, songs: Path, app: App, page: TrainPage, told: list[Message]
) -> None:
    folder = begin(qtbot, page, "Evening Pop")
    assert page.run_view.folder == folder
    until(qtbot, page, "running")
    assert not page.side.train.isEnabled()
    qtbot.waitUntil(lambda: page.run_view.watch.curves.last_step > 3, timeout=PATIENCE_MS)
    page.run_view.header.button("pause").click()
    until(qtbot, page, "paused")
    page.run_view.header.button("resume").click()
    until(qtbot, page, "running")
    page.run_view.header.button("stop").click()
    until(qtbot, page, "stopped")
    assert any("stands in the Studio's list" in message.sentence for message in told)
    assert page.run_view.header.button("use").isVisible()


def test_the_model_that_a_run_made_is_played_with_by_one_click(
    qtbot: QtBot, app: App, page: TrainPage
) -> None:
    models_folder().mkdir(parents=True, exist_ok=True)
    model = models_folder() / "Evening Pop.onnx"
    write_tiny_model(model, name="Evening Pop")
    done = {"event": "finished", "step": 200, "seconds": 9, "model": str(model), "epoch": 20}
    page.show_run(write_run(runs_folder() / "Evening Pop", [*run_events(20), done]))
    until(qtbot, page, "finished")
    with qtbot.waitSignal(app.actions["page_studio"].triggered):
        page.run_view.header.button("use").click()
    qtbot.waitUntil(
        lambda: app.generator is not None and app.generator.card.name == "Evening Pop",
        timeout=PATIENCE_MS,
    )
    assert app.settings.model == "Evening Pop"


def test_an_epoch_on_the_slider_becomes_a_model(
    qtbot: QtBot, app: App, page: TrainPage, told: list[Message]
) -> None:
    page.show_run(write_run(runs_folder() / "Band", run_events(4)))
    with qtbot.waitSignal(app.training.model_made, timeout=PATIENCE_MS) as made:
        page.run_view.plays.use_epoch.emit(3)
    assert made.args[0].name == "Kept.onnx"
    qtbot.waitUntil(lambda: any("Epoch 3 of Band" in message.sentence for message in told))


def test_a_run_that_diverged_trains_again_with_what_is_offered(
    qtbot: QtBot, songs: Path, app: App, page: TrainPage
) -> None:
    begin(qtbot, page, "Diverges")
    until(qtbot, page, "failed")
    banner = page.run_view.banner
    assert "diverged" in banner.sentence
    assert page.run_view.header.button("resume").isHidden(), "it has no checkpoint"
    qtbot.waitUntil(lambda: not app.training.process.running)
    qtbot.waitUntil(lambda: "Diverges" in page.side.form._taken, timeout=PATIENCE_MS)
    banner.button.click()
    qtbot.waitUntil(lambda: page.side.form.fields["learning_rate"].value == 0.001)


def test_a_run_of_another_process_is_shown_and_can_be_stopped(
    qtbot: QtBot, app: App, page: TrainPage
) -> None:
    folder = write_run(runs_folder() / "Elsewhere", run_events(3))
    with RunLock(folder):
        page.show_run(folder)
        until(qtbot, page, "running")
        write_run(folder, [{"event": "step", "step": 31, "generator": 0.5}])
        qtbot.waitUntil(lambda: page.run_view.watch.curves.last_step == 31)
        page.run_view.header.button("stop").click()
        qtbot.waitUntil(lambda: (folder / "request").exists())
        until(qtbot, page, "stopping")
        assert page.run_view.header.button("stop").isHidden()
        assert page.run_view.header.button("kill").isHidden(), "its process is another's"
    until(qtbot, page, "interrupted")


def test_a_run_of_another_process_that_ends_is_told_of_and_its_model_listed(
    qtbot: QtBot, app: App, page: TrainPage, told: list[Message]
) -> None:
    folder = write_run(runs_folder() / "Elsewhere", run_events(3))
    model = str(models_folder() / "Elsewhere.onnx")
    with RunLock(folder):
        page.show_run(folder)
        until(qtbot, page, "running")
        write_run(folder, [{"event": "stopped", "step": 30, "model": model, "epoch": 3}])
        qtbot.waitUntil(lambda: page.run_view.watch.curves.state == "stopped")
        assert page.run_view.watch.state == "running" and not told
    with qtbot.waitSignal(app.training.model_made, timeout=PATIENCE_MS) as made:
        pass
    assert made.args == [Path(model)]
    (message,) = [each for each in told if "was stopped" in each.sentence]
    assert message.action is not None and message.action.text == "Play it in the Studio"


def test_two_runs_are_laid_over_each_other_and_parted(qtbot: QtBot, page: TrainPage) -> None:
    page.show_run(write_run(runs_folder() / "One", run_events(4)))
    other = summary(write_run(runs_folder() / "Two", run_events(6)))
    page.run_view.compare(other)
    bar = page.run_view.curves.bar
    qtbot.waitUntil(lambda: bar.overlay.text() == "with Two")
    page.show_run(write_run(runs_folder() / "Three", run_events(4)))
    assert bar.overlay.isHidden()


def test_a_deleted_run_goes_and_its_message_brings_it_back(
    qtbot: QtBot, page: TrainPage, told: list[Message]
) -> None:
    folder = write_run(runs_folder() / "Band", run_events(4))
    page.show_run(folder)
    page.run_view.deeds.changes.delete(folder)
    qtbot.waitUntil(lambda: bool(told) and not folder.exists())
    assert told[-1].action is not None
    told[-1].action.act()
    qtbot.waitUntil(lambda: page.run_view.folder == folder)


def test_a_renamed_run_is_called_so_wherever_it_is_shown(qtbot: QtBot, page: TrainPage) -> None:
    folder = write_run(runs_folder() / "Band", run_events(4, name="Band"))
    page.show_run(rename(folder, "Night band"))
    until(qtbot, page, "interrupted")
    assert page.run_view.header.name.text() == "Night band"
    assert page.run_view.watch.curves.name == "Night band"


def answer_closing(qtbot: QtBot, shell: Shell, answer: str) -> None:
    """Press a button of the question when it stands."""

    def press() -> None:
        boxes = [box for box in shell.window.findChildren(QMessageBox) if box.isVisible()]
        if not boxes:
            QTimer.singleShot(20, shell, press)
            return
        box = boxes[0]
        next(button for button in box.buttons() if button.text() == answer).click()

    QTimer.singleShot(20, shell, press)
    shell.window.close()


def test_closing_asks_and_the_run_goes_on_without_the_window(
    qtbot: QtBot, songs: Path, app: App, shell: Shell, page_in_window: TrainPage
) -> None:
    folder = begin(qtbot, page_in_window, "Evening Pop")
    until(qtbot, page_in_window, "running")
    answer_closing(qtbot, shell, CANCEL)
    assert shell.window.isVisible() and app.training.process.running
    answer_closing(qtbot, shell, GO_ON)
    assert not shell.window.isVisible() and not app.training.process.running
    qtbot.wait(100)
    assert is_held(folder)
    (folder / "request").write_text("stop")
    qtbot.waitUntil(lambda: summary(folder).state == "stopped", timeout=PATIENCE_MS)


def test_a_program_that_the_system_ends_asks_nothing_and_the_run_is_kept(
    qtbot: QtBot, songs: Path, app: App, shell: Shell, page_in_window: TrainPage
) -> None:
    folder = begin(qtbot, page_in_window, "Evening Pop")
    until(qtbot, page_in_window, "running")
    shell.end()
    app.close()
    assert not shell.window.isVisible()
    qtbot.waitUntil(lambda: summary(folder).state == "stopped", timeout=PATIENCE_MS)


def test_a_start_finds_what_was_interrupted(
    qtbot: QtBot, app: App, shell: Shell, told: list[Message]
) -> None:
    write_run(runs_folder() / "Band", run_events(4))
    app.training.look_for_runs()
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE_MS)
    assert told[-1].sentence.startswith("Band was interrupted at epoch 4")
    assert told[-1].action is not None
    told[-1].action.act()
    page = shell.window.page_widget("Train")
    assert isinstance(page, TrainPage) and page.run_view.folder == runs_folder() / "Band"
