"""What it plays: pictures, slider, film and sound of a run's samples."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.messages import Message
from desktop.train.samples import film_export
from desktop.train.samples.captions import NO_RUN, NONE_KEPT, WAITING
from desktop.train.samples.film_export import FilmPlan
from desktop.train.samples.picture_strip import spread
from desktop.train.samples.sample_files import samples_in
from desktop.train.samples.what_it_plays import WhatItPlays
from engine.live.audio import SilentSynth
from engine.store.codec import composition_to_json
from engine.store.curves import Curves, read_curves
from tests.recorded_runs import events_of, sample_music, write_run, write_sample

Opener = Callable[[Path], WhatItPlays]


@pytest.fixture
def plays(qtbot: QtBot, app: App) -> WhatItPlays:
    widget = WhatItPlays(app)
    qtbot.addWidget(widget)
    widget.resize(900, 420)
    widget.show()
    return widget


def curves_of(run: Path) -> Curves:
    return read_curves(run / "events.jsonl")[0]


def open_run(qtbot: QtBot, plays: WhatItPlays, run: Path) -> Curves:
    curves = curves_of(run)
    plays.set_run(run, curves)
    qtbot.waitUntil(lambda: plays.head.listen.isEnabled())
    return curves


def test_without_a_run_it_says_what_will_be_here(plays: WhatItPlays) -> None:
    assert plays.empty_sentence == NO_RUN
    assert not plays.head.use.isVisible()


def test_a_run_that_has_just_begun_says_when_the_first_sample_comes(
    qtbot: QtBot, plays: WhatItPlays, tmp_path: Path
) -> None:
    run = write_run(tmp_path / "Run", sampled=(), end="")
    curves = curves_of(run)
    plays.set_run(run, curves)
    qtbot.waitUntil(lambda: plays.empty_sentence == WAITING)
    curves.feed({"event": "stopped", "step": 16, "seconds": 1.0, "reason": "asked"})
    plays.refresh()
    qtbot.waitUntil(lambda: plays.empty_sentence == NONE_KEPT)


def test_an_ended_run_opens_at_its_best_epoch_and_says_so(
    qtbot: QtBot, plays: WhatItPlays, tmp_path: Path
) -> None:
    open_run(qtbot, plays, write_run(tmp_path / "Run"))
    assert plays.chosen is not None and plays.chosen.epoch == 2
    assert plays.slider.accessibleDescription() == "epoch 2 · best"
    assert plays.head.listen.text() == "Listen to epoch 2"
    assert plays.head.words == "the same held-out melody, every 2 epochs"


def test_a_single_sample_says_which_melody_it_is(
    qtbot: QtBot, plays: WhatItPlays, tmp_path: Path
) -> None:
    open_run(qtbot, plays, write_run(tmp_path / "Run", sampled=(4,), best=4))
    assert plays.head.words == (
        "epoch 4 alone was kept, on a melody it did not learn from · Held out"
    )
    assert not plays.slider.isVisible() and not plays.head.film.isEnabled()


def test_the_arrow_keys_go_through_the_epochs_and_on_to_people(
    qtbot: QtBot, plays: WhatItPlays, tmp_path: Path
) -> None:
    run = write_run(tmp_path / "Run")
    (run / "samples" / "people.json").write_text(composition_to_json(sample_music(7)), "utf-8")
    open_run(qtbot, plays, run)
    assert [sample.name for sample in plays.samples] == ["epoch 0", "epoch 2", "epoch 4", "people"]
    qtbot.keyClick(plays.slider, Qt.Key.Key_Home)
    assert plays.chosen.epoch == 0
    qtbot.keyClick(plays.slider, Qt.Key.Key_Right)
    assert plays.chosen.epoch == 2
    qtbot.keyClick(plays.slider, Qt.Key.Key_End)
    assert plays.chosen.name == "people" and not plays.head.use.isEnabled()


def test_a_press_on_a_picture_chooses_it(qtbot: QtBot, plays: WhatItPlays, tmp_path: Path) -> None:
    open_run(qtbot, plays, write_run(tmp_path / "Run"))
    qtbot.mouseClick(plays.strip, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert plays.chosen.epoch == 0


def test_a_new_sample_is_followed_until_the_user_goes_back(
    qtbot: QtBot, plays: WhatItPlays, tmp_path: Path
) -> None:
    run = write_run(tmp_path / "Run", end="")
    curves = open_run(qtbot, plays, run)
    assert plays.chosen.epoch == 4

    def train_to(epoch: int) -> None:
        write_sample(run, epoch)
        curves.feed(events_of(epoch, (epoch,), 2, "")[-1])
        plays.refresh()
        qtbot.waitUntil(lambda: plays.samples[-1].epoch == epoch)

    train_to(6)
    assert plays.chosen.epoch == 6
    plays.choose_epoch(4)
    train_to(8)
    assert plays.chosen.epoch == 4


def test_two_epochs_are_heard_one_after_the_other_without_a_gap(
    qtbot: QtBot, app: App, plays: WhatItPlays, tmp_path: Path
) -> None:
    open_run(qtbot, plays, write_run(tmp_path / "Run"))
    plays.head.listen.click()
    assert plays.listening.on and plays.head.listen.text() == "Stop"
    first = app.preview.name
    plays.choose_epoch(4)
    qtbot.waitUntil(lambda: app.preview.name != first)
    assert app.player.playing and plays.listening.on
    plays.head.listen.click()
    assert not app.preview.name and plays.head.listen.text() == "Listen to epoch 4"


def test_it_falls_silent_when_nobody_looks(
    qtbot: QtBot, app: App, plays: WhatItPlays, tmp_path: Path
) -> None:
    open_run(qtbot, plays, write_run(tmp_path / "Run"))
    plays.head.listen.click()
    plays.hide()
    assert not app.preview.name


def test_without_sound_listening_says_why(
    qtbot: QtBot, app: App, plays: WhatItPlays, told: list[Message], tmp_path: Path
) -> None:
    open_run(qtbot, plays, write_run(tmp_path / "Run"))
    app.sound.synth = SilentSynth("No audio.")
    plays.head.listen.click()
    assert told[-1].sentence.startswith("No audio") and not plays.listening.on


def test_the_film_runs_through_the_epochs_and_stops(
    qtbot: QtBot, plays: WhatItPlays, tmp_path: Path
) -> None:
    open_run(qtbot, plays, write_run(tmp_path / "Run"))
    plays.choose_epoch(4)
    plays.head.film.click()
    assert plays.film_runs and plays.chosen.epoch == 0
    qtbot.waitUntil(lambda: plays.chosen.epoch == 4)
    qtbot.waitUntil(lambda: not plays.film_runs)


def test_using_an_epoch_shows_that_it_is_made_and_that_it_is_done(
    qtbot: QtBot, plays: WhatItPlays, tmp_path: Path
) -> None:
    open_run(qtbot, plays, write_run(tmp_path / "Run"))
    with qtbot.waitSignal(plays.use_epoch) as asked:
        plays.head.use.click()
    assert asked.args == [2] and not plays.head.use.isEnabled()
    assert plays.head.use.text() == "Making a model of epoch 2 …"
    plays.show_used(2)
    assert plays.head.use.text() == "Epoch 2 is in the Studio"
    plays.choose_epoch(4)
    assert plays.head.use.isEnabled()


def test_an_epoch_without_weights_cannot_be_used(
    qtbot: QtBot, plays: WhatItPlays, tmp_path: Path
) -> None:
    run = write_run(tmp_path / "Run")
    (run / "snapshots" / "epoch-0002.safetensors").unlink()
    open_run(qtbot, plays, run)
    assert not plays.head.use.isEnabled() and "weights" in plays.head.use.toolTip()


def test_a_damaged_sample_says_so_and_the_others_are_shown(
    qtbot: QtBot, plays: WhatItPlays, tmp_path: Path
) -> None:
    run = write_run(tmp_path / "Run")
    (run / "samples" / "epoch-0000.json").write_text("{", "utf-8")
    open_run(qtbot, plays, run)
    plays.choose_epoch(0)
    qtbot.waitUntil(lambda: not plays.head.listen.isEnabled())
    assert "damaged" in plays.roll.words
    plays.choose_epoch(4)
    qtbot.waitUntil(lambda: plays.head.listen.isEnabled())


def test_hundreds_of_epochs_have_as_many_pictures_as_there_is_room_for(
    qtbot: QtBot, plays: WhatItPlays, tmp_path: Path
) -> None:
    run = write_run(tmp_path / "Run", epochs=0, sampled=range(300), best=0)
    open_run(qtbot, plays, run)
    plays.choose_epoch(123)
    shown = [sample.epoch for sample in plays.strip.shown]
    assert 0 in shown and 123 in shown and 299 in shown and len(shown) <= 7


@pytest.mark.parametrize("chosen", range(0, 50, 7))
def test_the_pictures_are_spread_with_first_last_chosen_and_best_among_them(chosen: int) -> None:
    places = spread(50, 6, chosen, 33)
    assert len(places) == 6 and list(places) == sorted(set(places))
    assert {0, 49, chosen, 33} <= set(places)


@pytest.mark.parametrize(("name", "frames"), [("film.gif", 3), ("film.png", 3)])
def test_the_film_is_saved_as_an_animated_picture(
    qtbot: QtBot, app: App, plays: WhatItPlays, told: list[Message], tmp_path: Path,
    name: str, frames: int,
) -> None:  # fmt: skip
    from PIL import Image, ImageSequence

    run = write_run(tmp_path / "Run")
    open_run(qtbot, plays, run)
    plan = FilmPlan(samples_in(run), plays.extent, 2)
    plays.export.save(tmp_path / name, plan, animated=True)
    qtbot.waitUntil(lambda: bool(told))
    assert told[-1].sentence == f"The film is saved as {name}."
    with Image.open(tmp_path / name) as picture:
        assert len(list(ImageSequence.Iterator(picture))) == frames
        assert picture.size == film_export.FRAME


def test_all_pictures_are_saved_as_one_strip(
    qtbot: QtBot, app: App, plays: WhatItPlays, told: list[Message], tmp_path: Path
) -> None:
    from PIL import Image

    run = write_run(tmp_path / "Run")
    open_run(qtbot, plays, run)
    plays.export.save(
        tmp_path / "strip.png", FilmPlan(samples_in(run), plays.extent, 2), animated=False
    )
    qtbot.waitUntil(lambda: bool(told))
    with Image.open(tmp_path / "strip.png") as picture:
        assert picture.width > 3 * film_export.CELL[0]


def test_a_film_needs_a_name_that_can_be_animated(
    qtbot: QtBot, plays: WhatItPlays, told: list[Message], tmp_path: Path
) -> None:
    run = write_run(tmp_path / "Run")
    open_run(qtbot, plays, run)
    plays.export.save(
        tmp_path / "film.jpg", FilmPlan(samples_in(run), plays.extent, None), animated=True
    )
    qtbot.waitUntil(lambda: bool(told))
    assert ".gif or .png" in told[-1].sentence


def test_a_low_window_keeps_the_slider_and_gives_the_room_of_the_strip_to_the_roll(
    qtbot: QtBot, plays: WhatItPlays, tmp_path: Path
) -> None:
    open_run(qtbot, plays, write_run(tmp_path / "Run"))
    qtbot.waitUntil(plays.strip.isVisible)
    plays.set_short(True)
    assert not plays.strip.isVisible() and plays.slider.isVisible() and plays.roll.isVisible()
    qtbot.waitUntil(lambda: plays.minimumSizeHint().height() < 220)
    plays.set_short(False)
    assert plays.strip.isVisible()
