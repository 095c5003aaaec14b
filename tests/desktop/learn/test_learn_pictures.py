"""The pictures: what can be played with, and that what they say is so."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.learn.course import course_of, thinned
from desktop.learn.example import SOUNDING, example_of, shipped_answers
from desktop.learn.material import CardWords, Material
from desktop.learn.network import Description
from desktop.learn.picture import Picture
from desktop.learn.pictures import PICTURES
from desktop.learn.pictures.critic import CriticPicture
from desktop.learn.pictures.fleeting import CirclePicture, orbit
from desktop.learn.pictures.infill import MaskPicture
from desktop.learn.pictures.losses import EXAMPLES, LossesPicture
from desktop.learn.pictures.measures import MeasuresPicture
from desktop.learn.pictures.memory import MOST_BENDS, FitPicture, errors
from desktop.learn.pictures.network import NetworkPicture
from desktop.learn.pictures.noise import NoisePicture
from desktop.learn.pictures.pace import ValleyPicture
from desktop.learn.pictures.question import QuestionPicture
from desktop.learn.pictures.rights import RightsPicture
from desktop.learn.pictures.rolls import PlanesPicture, ThresholdPicture
from desktop.learn.pictures.window import WindowPicture, averaged, field, field_size
from desktop.theme import apply_theme
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import Track
from engine.store.curves import Curves


@pytest.fixture
def shown(qtbot: QtBot, qapp: QApplication) -> Callable[..., Any]:
    """Makes a picture and shows it."""
    apply_theme(qapp, "dark")

    def make(kind: type[Picture], material: Material | None = None) -> Picture:
        picture = kind(material or Material())
        qtbot.addWidget(picture)
        picture.resize(560, 480)
        picture.show()
        return picture

    return make


@pytest.fixture
def with_run(description: Description, curves: Curves) -> Material:
    return Material(description=description, course=course_of(curves))


def image_of(picture: Picture) -> QImage:
    return picture.canvas.grab().toImage()


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_draws_itself_in_both_themes_with_a_run_and_without(
    name: str, shown: Callable[..., Any], qapp: QApplication, with_run: Material
) -> None:
    picture = shown(PICTURES[name])
    first = image_of(picture)
    apply_theme(qapp, "light")
    assert image_of(picture) != first
    picture.set_material(with_run)
    assert not image_of(picture).isNull()
    assert "!" not in picture.words


@pytest.mark.parametrize(("bar", "sounding"), [(0, 4), (5, 4), (200, 0)])
def test_music_is_shown_from_the_bar_in_which_its_melody_begins(bar: int, sounding: int) -> None:
    melody = Track("Melody", 0, (Note(bar * 1920 + 960, 60, 480),))
    band = Track("Bass", 33, (Note(0, 40, 480),))
    found = example_of(Composition("Late", tracks=(melody, band)), "a run")
    assert found.melody.planes[SOUNDING, :32].sum() == sounding
    assert all(voice.planes.shape[1] == found.steps for voice in found.voices)
    assert found.steps <= 8 * 16


def test_repeated_notes_cannot_be_told_apart_without_onsets(shown: Callable[..., Any]) -> None:
    picture = shown(PlanesPicture)
    picture.planes.button(2).click()
    assert "Of its 8 notes only 6 can be told apart" in picture.words


def test_a_low_threshold_keeps_too_much_and_a_high_one_too_little(
    shown: Callable[..., Any],
) -> None:
    picture = shown(ThresholdPicture)
    picture.threshold.setValue(10)
    much = picture.cut.sum()
    picture.threshold.setValue(95)
    assert picture.cut.sum() < much
    assert "stand exactly where they should" in picture.words


def test_the_shortcut_gives_the_notes_back(shown: Callable[..., Any]) -> None:
    picture = shown(ThresholdPicture)
    picture.skip.button(1).click()
    picture.threshold.setValue(55)
    wanted = picture.voice.planes[1, : len(picture.cut)]
    assert (picture.cut == wanted).all()


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_the_receptive_field_is_what_can_change_a_cell(layer: int) -> None:
    place = 2
    blank = np.zeros((64, 64))
    seen = []
    for step in range(64):
        roll = blank.copy()
        roll[step] = 1.0
        if averaged(roll, layer)[place].any():
            seen.append(step)
    found = field(layer, place, 64)
    assert seen == list(found)
    assert len(found) <= field_size(layer) == (4, 10, 22)[layer - 1]


def test_the_window_slides_with_slider_and_pointer(shown: Callable[..., Any], qtbot: QtBot) -> None:
    picture = shown(WindowPicture)
    picture.place.setValue(0)
    assert picture.seen[0].start == 0
    qtbot.mouseMove(picture.canvas, QPoint(picture.canvas.width() - 5, 20))
    qtbot.waitUntil(lambda: picture.seen[0].stop == 32)


def test_noise_leads_from_one_real_answer_to_another(shown: Callable[..., Any]) -> None:
    picture = shown(NoisePicture)
    assert "they share 100 %" in picture.words
    picture.mix.setValue(picture.mix.maximum())
    assert picture.answer == shipped_answers()[-1]
    assert "with the second take 100 %" in picture.words
    assert all(answer.parts for answer in shipped_answers())


def test_a_click_and_the_keys_hide_cells(shown: Callable[..., Any], qtbot: QtBot) -> None:
    picture = shown(MaskPicture)
    picture.known[:] = True
    qtbot.mouseClick(picture.canvas, Qt.MouseButton.LeftButton, pos=QPoint(80, 30))
    assert (~picture.known).sum() == 1
    qtbot.keyClick(picture.canvas, Qt.Key.Key_Down)
    qtbot.keyClick(picture.canvas, Qt.Key.Key_Right)
    qtbot.keyClick(picture.canvas, Qt.Key.Key_Space)
    assert (~picture.known).sum() == 2
    assert "2 of 48 cells are hidden" in picture.words
    picture.known[:] = False
    picture.refresh()
    assert "an accompaniment from nothing" in picture.words


def test_the_critics_loss_is_least_a_little_above_slope_1(shown: Callable[..., Any]) -> None:
    picture = shown(CriticPicture)
    losses = {}
    for slope in range(0, 201, 5):
        picture.slope.setValue(slope)
        losses[slope] = picture.loss
    assert min(losses, key=lambda slope: losses[slope]) == 105


def test_the_ball_crawls_arrives_swings_or_flies_off(shown: Callable[..., Any]) -> None:
    picture = shown(ValleyPicture)
    fates = []
    for rate in (4, 70, 190, 215):
        picture.rate.setValue(rate)
        fates.append(picture.fate)
    assert fates == [
        "It crawls",
        "It arrives",
        "It still swings",
        "It flies off: training diverges",
    ]


def test_two_players_leave_the_middle_and_a_penalty_leads_them_back(
    shown: Callable[..., Any],
) -> None:
    assert np.hypot(*orbit(60, 0.0)[-1]) > 2
    assert np.hypot(*orbit(60, 0.7)[-1]) < 0.1
    assert "from the middle" in shown(CirclePicture).words


def test_the_best_epoch_of_a_run_need_not_be_its_last(
    shown: Callable[..., Any], with_run: Material
) -> None:
    picture = shown(CirclePicture, with_run)
    picture.kind.button(2).click()
    assert picture.words == "My band: epoch 2 measures best, not the last one, 4."


def test_too_many_bends_are_learned_by_heart(shown: Callable[..., Any]) -> None:
    picture = shown(FitPicture)
    picture.bends.setValue(MOST_BENDS)
    seen, new = errors(MOST_BENDS)
    assert seen < 0.01 < errors(3)[1] < new
    assert "8 bends" in picture.words


def test_drawn_losses_say_that_they_are_drawn(
    shown: Callable[..., Any], with_run: Material
) -> None:
    picture = shown(LossesPicture)
    for index in range(1, len(EXAMPLES) + 1):
        picture.chosen.setCurrentIndex(index)
        assert picture.words.startswith("A drawn example, not a run.")
    picture.set_material(with_run)
    assert picture.words == "My band: 2 losses, up to step 40."
    assert [line.label for line in picture.course.lines] == ["Generator", "Critic"]


def test_a_tune_overlaps_wholly_with_itself(shown: Callable[..., Any]) -> None:
    picture = shown(MeasuresPicture)
    picture.second.setCurrentIndex(picture.first.currentIndex())
    assert set(picture.overlaps.values()) == {1.0}
    picture.second.setCurrentIndex(3)
    assert min(picture.overlaps.values()) < 1


def test_a_measured_run_stands_beside_people(shown: Callable[..., Any], with_run: Material) -> None:
    picture = shown(MeasuresPicture, with_run)
    assert "My band, epoch 4, on held-out songs. Similarity index 0.74." in picture.words
    assert "Two halves of the data: 0.94." in picture.words


def test_the_network_of_the_run_is_drawn_and_its_layers_told(
    shown: Callable[..., Any], with_run: Material, qtbot: QtBot
) -> None:
    picture = shown(NetworkPicture, with_run)
    assert picture.words.startswith("The generator of My band: 5,000 parameters")
    picture.layer.setValue(2)
    assert picture.words.startswith("noise (convolution): 16 × 8 × 32 in, 20 × 8 × 32 out")


def test_a_run_that_comes_later_takes_the_place_of_the_preset(
    shown: Callable[..., Any], with_run: Material
) -> None:
    picture = shown(NetworkPicture)
    picture.set_material(with_run)
    assert picture.description == with_run.description


def test_what_is_given_and_returned_follows_the_network(
    shown: Callable[..., Any], with_run: Material
) -> None:
    picture = shown(QuestionPicture, with_run)
    assert [thing.name for thing in picture.given] == ["Melody", "Noise"]
    assert picture.returned[0].name == "Melody again"


def test_cards_are_shown_one_after_the_other(shown: Callable[..., Any]) -> None:
    cards = (CardWords("Pop", "a", "b"), CardWords("Mine", "c", "d"))
    picture = shown(RightsPicture, replace(Material(), cards=cards))
    picture.next.click()
    assert picture.words == "Card 2 of 2: Mine."


def test_long_curves_are_thinned_and_gaps_stay_gaps() -> None:
    values = np.arange(10_000, dtype=np.float32)
    values[:200] = np.nan
    found = thinned(values)
    assert len(found) <= 600
    assert np.isnan(found[0])
    assert found[-1] == pytest.approx(9991, abs=10)
