"""The band's panel and its cards."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from desktop.actions import Actions
from desktop.studio.models_offered import model_choices, model_tip, styles_of
from desktop.widgets.band_panel import BandPanel
from desktop.widgets.take_card import TakeCard
from desktop.widgets.word_slider import WordSlider
from engine.generation.model_card import CardTrack, ModelCard
from engine.generation.models import AvailableModel
from engine.music.note import Note
from engine.music.track import Track

CARD = ModelCard(
    "pop",
    (CardTrack("Bass", 33), CardTrack("Chords", 4)),
    step_multiple=16,
    noise_size=8,
    description="Pop songs.",
    licence="GPL-3.0-or-later",
    rights="What it plays for you is yours.",
    tags=("pop", "folk"),
)


def panel(qtbot: QtBot) -> BandPanel:
    made = BandPanel(Actions())
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_model_tells_its_licence_and_rights() -> None:
    tip = model_tip(CARD)
    assert "Pop songs." in tip and "GPL-3.0-or-later" in tip and "is yours" in tip
    assert styles_of(CARD) == "plays pop, folk" and styles_of(None) == ""


def test_a_broken_model_is_listed_with_its_problem(qtbot: QtBot) -> None:
    models = (
        AvailableModel("pop", Path("pop.onnx"), CARD, ""),
        AvailableModel("odd", Path("odd.onnx"), None, "odd.onnx has no card. Take it away."),
    )
    made = panel(qtbot)
    made.set_models(model_choices(models), "pop", "")
    rows = made._model._models.actions()
    assert [row.text().split("\t")[0] for row in rows] == ["Pop", "odd"]
    assert rows[1].toolTip() == "odd.onnx has no card. Take it away."
    assert rows[0].isChecked() and made._model._parts.text() == "bass · chords"
    chosen: list[str] = []
    made.model_chosen.connect(chosen.append)
    refused: list[str] = []
    made.model_refused.connect(refused.append)
    rows[1].trigger()
    assert chosen == [] and refused == ["odd.onnx has no card. Take it away."]
    assert not rows[1].isChecked()
    rows[0].trigger()
    assert chosen == ["pop"] and rows[0].isChecked()


def test_only_what_is_offered_is_shown(qtbot: QtBot) -> None:
    made = panel(qtbot)
    made.set_offers(frozenset())
    made.density.set_parts([("Bass", "bass")])
    assert not made._adventure.isVisible() and made.adventure == 1.0 and made.densities == {}
    made.set_offers(frozenset({"adventure", "density"}))
    assert made._adventure.isVisible() and made.density.isVisible()
    made._adventure._slider.setValue(60)
    made.density.all._slider.setValue(80)
    assert made.adventure == 0.6 and made.densities == {"Bass": 0.8}
    made.set_offers(frozenset())
    assert made.densities == {}


def test_a_slider_tells_its_value_in_words(qtbot: QtBot) -> None:
    slider = WordSlider("Density", 0, 100, None, ((50, "airy"), (101, "busy")), "How many.")
    qtbot.addWidget(slider)
    assert slider._told.text() == "as the model likes" and slider.value is None
    slider._slider.setValue(90)
    assert slider._told.text() == "busy" and slider.value == 90
    slider.reset()
    assert slider.value is None


def test_how_many_takes_are_chosen(qtbot: QtBot) -> None:
    made = panel(qtbot)
    chosen: list[int] = []
    made.takes_chosen.connect(chosen.append)
    made._counts.button(5).click()
    assert made.takes == 5 and chosen == [5]


def test_cancel_stands_where_generate_was(qtbot: QtBot) -> None:
    made = panel(qtbot)
    made.set_busy(True)
    assert made.cancel.isVisible() and not made.generate.isVisible()
    made.set_progress(0.5)
    assert made._progress.value() == 500
    made.set_busy(False)
    assert made.generate.isVisible() and not made.cancel.isVisible()


def test_a_card_tells_what_it_is(qtbot: QtBot) -> None:
    card = TakeCard("Take A", "busier chords", (Track("Bass", 33, (Note(0, 40, 480),)),), 480)
    qtbot.addWidget(card)
    assert card._words.text() == "busier chords"
    card.show_state(shown=True, sounding=True, kept=False)
    assert card.listen.text() == "Stop" and card._words.text() == "playing · busier chords"
    card.show_state(shown=True, sounding=True, kept=True)
    assert card._words.text() == "playing · kept" and not card.keep.isEnabled()


def test_a_double_click_on_a_takes_picture_listens_once(qtbot: QtBot) -> None:
    card = TakeCard("Take A", "busier bass", (Track("Bass", 33, (Note(0, 40, 480),)),), 1920)
    qtbot.addWidget(card)
    card.resize(260, 100)
    card.show()
    asked: list[bool] = []
    card.listen_asked.connect(lambda: asked.append(True))
    picture = card._strip.geometry().center()
    for point in (picture, QPoint(4, 4)):
        asked.clear()
        # What Qt sends for a double click: press, release, double click, release.
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton, pos=point)
        qtbot.mouseDClick(card, Qt.MouseButton.LeftButton, pos=point)
        assert asked == [True]


def test_the_sliders_tell_what_they_do(qtbot: QtBot) -> None:
    band = panel(qtbot)
    for slider in band.findChildren(WordSlider):
        assert slider.toolTip().count(".") == 2
