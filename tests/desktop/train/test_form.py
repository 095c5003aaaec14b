"""The form of a new generator, its forecast, and the words about runs."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from desktop.train.data_choice import SetLine
from desktop.train.fields import NumberBox, ValueField
from desktop.train.forecast import forecast_from
from desktop.train.form import NO_DATA, Form
from desktop.train.offers import Offers, offers_from
from desktop.train.preflight import Preflight
from desktop.train.run_figures import figures, remark, share_done
from desktop.train.start_choice import NEW, Start
from desktop.training_words import about, free_name, size, span
from engine.errors import TrainingError
from engine.store.curves import Curves
from tests.desktop.fake_trainer import PRESETS, PROBE
from tests.small_runs import run_events

SETS = (
    SetLine("scales", Path("/data/scales"), 24, ("pop", "slow"), ("Melody", "Bass")),
    SetLine("hymns", Path("/data/hymns"), 7, ("church",)),
)


@pytest.fixture
def offers() -> Offers:
    return offers_from(PRESETS)


@pytest.fixture
def form(qtbot: QtBot, offers: Offers) -> Form:
    made = Form()
    qtbot.addWidget(made)
    made.show_offers(offers)
    made.show_sets(SETS)
    return made


def test_a_form_that_nobody_touched_trains_the_first_preset_on_the_first_set(form: Form) -> None:
    assert form.problem() == ""
    assert form.settings() == {
        "name": "My band", "preset": "pop", "data": ["/data/scales"], "tags": [],
    }  # fmt: skip


def test_only_what_differs_from_the_preset_is_given(form: Form) -> None:
    form.fields["learning_rate"].show_value(0.0002)
    form.fields["until_flat"].show_value(True)
    assert form.settings()["learning_rate"] == 0.0002
    assert form.settings()["until_flat"] is True
    assert "epochs" not in form.settings()


def test_a_preset_brings_its_values_and_hides_what_it_has_not(form: Form) -> None:
    form.preset.show_value("deepcomposer")
    assert form.fields["epochs"].value == 60
    assert form.fields["width"].isHidden() and "width" not in form.settings()
    form.preset.show_value("pop")
    assert form.fields["width"].value == 256 and not form.fields["width"].isHidden()


def test_what_would_change_nothing_is_not_shown(form: Form) -> None:
    form.fields["update_ratio"].show_value(5)
    assert form.fields["update_ratio"].isHidden() and "update_ratio" not in form.settings()
    form.show_settings({"critic": 0.1})
    assert not form.fields["update_ratio"].isHidden() and form.settings()["update_ratio"] == 5
    form.show_settings({"preset": "deepcomposer"})
    assert not form.fields["update_ratio"].isHidden(), "its critic cannot be changed"


def test_without_music_it_says_what_is_missing(form: Form) -> None:
    form.data.choose([])
    assert form.problem() == NO_DATA
    form.data.choose(["scales", "hymns"], ["slow"])
    assert form.problem() == ""
    assert form.settings()["data"] == ["/data/scales", "/data/hymns"]
    assert form.settings()["tags"] == ["slow"]


def test_music_that_lacks_a_part_has_another_preset(form: Form) -> None:
    assert form.fitting_preset() is None, "the set has a bass"
    form.show_sets((*SETS, SetLine("flutes", Path("/data/flutes"), 9, (), ("Melody", "Flute"))))
    form.data.choose(["flutes"])
    found = form.fitting_preset()
    assert found is not None and (found.setting, found.value) == ("preset", "deepcomposer")


def test_tags_are_those_of_the_chosen_sets(form: Form) -> None:
    form.data.choose(["hymns"], ["pop", "church"])
    assert form.data.tags == ("church",)


def test_a_set_that_comes_leaves_the_choice_alone(form: Form) -> None:
    form.show_sets((*SETS, SetLine("waltzes", Path("/data/waltzes"), 3)))
    assert [line.name for line in form.data.chosen] == ["scales"]


def test_a_taken_name_makes_room_for_the_next(form: Form) -> None:
    form.show_starts([NEW], {"My band"})
    assert form.name.text() == "My band 2"
    form.name.setText("My band")
    assert "another name" in form.problem()


def test_a_run_that_goes_on_asks_for_nothing_but_epochs(form: Form) -> None:
    run = Path("/runs/Waltz")
    form.show_starts([NEW, Start("go on", "Go on with Waltz", run, "pop")], {"Waltz"})
    form.go_on_with(run)
    assert form.goes_on == run and form.settings() == {"epochs": 10}
    assert form.fields["learning_rate"].isHidden() and form.name.isHidden()
    assert form.problem() == ""


def test_a_run_that_is_done_is_offered_as_many_epochs_again(form: Form) -> None:
    runs = [Start("go on", name, Path(f"/runs/{name}"), "deepcomposer", done=done, planned=40)
            for name, done in (("Waltz", 40), ("Polka", 15))]  # fmt: skip
    form.show_starts([NEW, *runs], set())
    form.go_on_with(Path("/runs/Polka"))
    assert form.settings() == {"epochs": 40} and "15 epochs are done, so 25 more" in hints(form)
    form.go_on_with(Path("/runs/Waltz"))
    assert form.settings() == {"epochs": 80} and "40 epochs are done, so 40 more" in hints(form)
    box = form.fields["epochs"].findChild(QSpinBox)
    assert box is not None
    box.setValue(50)
    assert "so 10 more" in hints(form) and form.problem() == ""
    box.setValue(40)
    assert "ask for more" in form.problem()
    form.show_starts([NEW], set())
    assert form.goes_on is None and not form.name.isHidden(), "it trains now"
    assert form.fields["epochs"].value == 60


def hints(form: Form) -> str:
    return " ".join(label.text() for label in form.findChildren(QLabel))


def test_fine_tuning_shows_the_settings_that_the_trainer_will_take(form: Form) -> None:
    brings = {"name": "pop", "learning_rate": 0.0004, "width": 96, "meters": []}
    models = [NEW, Start("fine-tune", "Folk", Path("/models/folk.onnx"), "pop", brings)]
    form.show_starts(models, {"Folk fine-tuned"})
    form.data.choose(["elsewhere"])
    assert form.fine_tune(Path("/models/folk.onnx"))
    assert form.fields["learning_rate"].value == 0.0001, "gentler than the model was trained"
    assert form.fields["width"].value == 96 and form.fields["epochs"].value == 10
    settings = form.settings()
    assert settings["name"] == "Folk fine-tuned 2" and "learning_rate" not in settings
    assert "elsewhere" not in hints(form)
    form.start.choose("new", None)
    assert form.fields["learning_rate"].value == 0.0012


def test_fine_tuning_takes_the_models_preset(form: Form) -> None:
    model = Path("/models/chorales.onnx")
    form.show_starts([NEW, Start("fine-tune", "Chorales", model, "deepcomposer")], set())
    assert form.fine_tune(model)
    assert form.settings()["start_from"] == str(model)
    assert form.settings()["preset"] == "deepcomposer" and not form.preset.isEnabled()


def test_the_settings_of_another_run_fill_the_form(form: Form) -> None:
    form.show_starts([NEW], {"Waltz"})
    form.show_settings(
        {"name": "Waltz", "preset": "pop", "data": ["/else/hymns"], "learning_rate": 0.004,
         "unknown": 3}
    )  # fmt: skip
    settings = form.settings()
    assert settings["name"] == "Waltz 2" and settings["data"] == ["/data/hymns"]
    assert settings["learning_rate"] == 0.004


def test_what_is_asked_for_early_is_done_when_it_can_be(qtbot: QtBot, offers: Offers) -> None:
    form = Form()
    qtbot.addWidget(form)
    run = Path("/runs/Waltz")
    form.show_settings({"epochs": 33})
    form.show_offers(offers)
    assert form.fields["epochs"].value == 33
    form.go_on_with(run)
    assert form.goes_on is None
    form.show_starts([NEW, Start("go on", "Go on with Waltz", run, "pop")], {"Waltz"})
    assert form.goes_on == run


def test_a_beginning_that_was_chosen_early_brings_its_preset(qtbot: QtBot, offers: Offers) -> None:
    form = Form()
    qtbot.addWidget(form)
    brings = {"learning_rate": 0.0004}
    form.show_starts(
        [NEW, Start("fine-tune", "Folk", Path("/f.onnx"), "deepcomposer", brings)], set()
    )
    assert form.fine_tune(Path("/f.onnx"))
    form.show_offers(offers)
    assert form.settings()["preset"] == "deepcomposer"
    assert form.fields["learning_rate"].value == 0.0001


def test_numbers_are_shown_as_short_as_they_are(qtbot: QtBot) -> None:
    box = NumberBox(0, 1)
    qtbot.addWidget(box)
    for value, text in ((0.0002, "0.0002"), (1e-5, "0.00001"), (0.5, "0.5"), (0, "0")):
        box.setValue(value)
        assert box.text() == text
    assert box.valueFromText("0,25") == 0.25


def test_a_field_says_its_sentence_and_its_usual_value(qtbot: QtBot, offers: Offers) -> None:
    offered = offers.setting("learning_rate")
    assert offered is not None
    field = ValueField(offered)
    qtbot.addWidget(field)
    field.set_default(0.0012)
    assert field.is_usual and "The preset takes 0.0012." in field.toolTip()
    field.show_value(0.002)
    assert not field.is_usual


def test_settings_of_a_run_whose_music_is_not_here_say_so(form: Form) -> None:
    form.show_settings({"name": "Waltz", "preset": "pop", "data": ["/else/polkas"]})
    said = [label.text() for label in form.data.findChildren(QLabel)]
    assert any("learned from polkas, not on this machine" in text for text in said)
    form.show_sets((*SETS, SetLine("polkas", Path("/data/polkas"), 5)))
    assert [line.name for line in form.data.chosen] == ["polkas"]


def test_presets_of_another_version_are_a_sentence() -> None:
    with pytest.raises(TrainingError, match="two versions"):
        offers_from({"presets": [{}]})


def test_the_forecast_says_device_time_memory_and_offers(qtbot: QtBot, offers: Offers) -> None:
    card = Preflight()
    qtbot.addWidget(card)
    card.offers = offers
    card.show_forecast(forecast_from(PROBE))
    words = card.words
    assert "Runs on: CPU" in words and "No NVIDIA GPU was found." in words
    assert "0.9 s an epoch · about 3 minutes in all" in words
    assert "Memory 1.6 GB of 8.0 GB free" in words and "These are few songs." in words
    card.set_low(True)
    assert "No NVIDIA GPU" not in card.words and "about 3 minutes in all" in card.words
    card.show_forecast(forecast_from(PROBE), True)
    assert "No NVIDIA GPU" in card.words, "a card that is there and not used is told always"
    named = forecast_from({**PROBE, "device_name": "Intel(R) Xeon(R) Processor @ 2.50GHz"})
    assert named.runs_on == "Runs on: Intel Xeon @ 2.50GHz"
    assert forecast_from(PROBE).music == "320 windows, 3 of 27 songs held out"
    with qtbot.waitSignal(card.offer_taken) as taken:
        card.findChildren(QPushButton)[0].click()
    assert taken.args == ["epochs", 4]


def test_only_a_card_that_is_not_used_is_a_warning(qtbot: QtBot) -> None:
    card = Preflight()
    qtbot.addWidget(card)
    for idle, role in ((False, "good"), (True, "warning")):
        card.show_forecast(forecast_from(PROBE), idle)
        assert card.findChildren(QLabel)[0].property("kind") == role


def test_an_answer_that_lacks_much_is_still_shown() -> None:
    found = forecast_from({"device": "cuda:0", "precision": "bf16-mixed"})
    assert found.runs_on == "Runs on: NVIDIA GPU (bf16)"
    assert found.lasts == "" and found.takes == "" and found.music == ""


def fed(epochs: int, *more: dict[str, object]) -> Curves:
    curves = Curves()
    curves.feed_many([*run_events(epochs), *more])
    return curves


def test_a_running_run_says_how_far_it_is() -> None:
    curves = fed(4)
    words = figures(curves, "running", lambda: 73.0, own=True)
    assert words == "epoch 5 of 20 · 6 s · 1 min 13 s left"
    assert "without this window" in figures(curves, "running", lambda: None, own=False)
    assert share_done(curves) == pytest.approx(0.2)


def test_a_failed_run_offers_what_may_mend_it(offers: Offers) -> None:
    failed = {"event": "failed", "step": 40, "reason": "It diverged.",
              "offer": {"setting": "learning_rate", "value": 0.0004}}  # fmt: skip
    found = remark(fed(4, failed), "failed", offers.label)
    assert found is not None and found.sentence == "It diverged." and found.verb == "offer"
    assert found.text == "Train again with learning rate 0.0004"


def test_a_plateau_offers_to_stop_and_an_interruption_says_what_is_kept(offers: Offers) -> None:
    flat = {"event": "plateau", "step": 40, "epoch": 4, "since_epoch": 2, "reason": "Flat.",
            "stops": False}  # fmt: skip
    found = remark(fed(4, flat), "running", offers.label)
    assert found is not None and (found.sentence, found.verb) == ("Flat.", "stop")
    broken = remark(fed(4), "interrupted", offers.label)
    assert broken is not None and "Resume begins the run again" in broken.sentence
    kept = {"event": "checkpoint", "step": 30}
    broken = remark(fed(4, kept), "interrupted", offers.label)
    assert broken is not None and "Resume goes on" in broken.sentence
    assert remark(fed(4), "paused", offers.label) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(8, "8 s"), (106, "1 min 46 s"), (1200, "20 min"), (7500, "2 h 5 min"),
     (90_000, "1 day 1 h"), (200_000, "2 days 7 h")],
)  # fmt: skip
def test_time_is_told_as_people_tell_it(seconds: float, words: str) -> None:
    assert span(seconds) == words


def test_forecasts_and_sizes_are_no_more_exact_than_they_can_be() -> None:
    assert [about(s) for s in (9, 70, 180, 20_000, 40_000, 400_000)] == [
        "less than a minute", "about a minute", "about 3 minutes", "about 5.6 hours",
        "about 11 hours", "about 5 days",
    ]  # fmt: skip
    assert [size(n) for n in (900, 2e6, 3.2e9)] == ["1 kB", "2 MB", "3.2 GB"]


def test_a_free_name_counts_on() -> None:
    assert free_name("Waltz", set()) == "Waltz"
    assert free_name("Waltz", {"Waltz", "Waltz 2"}) == "Waltz 3"
    assert free_name("Waltz 2", {"Waltz", "Waltz 2"}) == "Waltz 3"
