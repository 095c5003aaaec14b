"""Build your own: what is changed is counted by the trainer and compared with a preset."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desktop.learn.build import BUILT, BuildYourOwn
from desktop.train.offers import Offers, offers_from
from engine.errors import TrainingError
from tests.desktop.learn.conftest import told_network

LEVELS = {"name": "levels", "label": "Levels", "kind": "int", "low": 1, "high": 5, "step": 1}
CHANNELS = {"name": "channels", "label": "Channels", "kind": "int", "low": 4, "high": 128}
WIDTH = {"name": "width", "label": "Width", "kind": "int", "low": 16, "high": 512, "step": 8}


def offers() -> Offers:
    own = {"name": "own", "title": "Build your own", "defaults": {"levels": 4, "channels": 32}}
    fixed = {"name": "deepcomposer", "title": "DeepComposer", "defaults": {}}
    settings = [
        {**LEVELS, "presets": ["own"]},
        {**CHANNELS, "presets": ["own"]},
        {**WIDTH, "presets": ["pop"]},
    ]
    return offers_from({"presets": [fixed, own], "settings": settings})


class FakeQuestion:
    def __init__(self) -> None:
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class FakeQuery:
    """Stands for `TrainerQuery`: remembers what it was asked, answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.questions: list[FakeQuestion] = []
        self.answer: Callable[[Mapping[str, Any]], None]
        self.refuse: Callable[[TrainingError], None]

    @property
    def last(self) -> dict[str, Any]:
        return self.asked[-1] if self.asked else {}

    def describe(self, settings: dict[str, Any], done: Any, failed: Any) -> FakeQuestion:
        self.asked.append(settings)
        self.answer, self.refuse = done, failed
        self.questions.append(FakeQuestion())
        return self.questions[-1]


@pytest.fixture
def query() -> FakeQuery:
    return FakeQuery()


@pytest.fixture
def build(qtbot: QtBot, query: FakeQuery) -> Iterator[BuildYourOwn]:
    build = BuildYourOwn(query)  # type: ignore[arg-type]
    qtbot.addWidget(build)
    build.show_offers(offers())
    build.show()
    yield build
    build.close_questions()


def change(build: BuildYourOwn, name: str, value: int) -> None:
    build.fields[name].show_value(value)
    build.fields[name].changed.emit()


def test_it_begins_with_the_preset_made_for_it(build: BuildYourOwn) -> None:
    assert build.preset.value == "own"
    assert build.beside.value == "deepcomposer"
    assert build.settings == {"preset": "own"}
    assert build.fields["width"].isHidden()


def test_changes_are_asked_for_once_they_rest(
    build: BuildYourOwn, query: FakeQuery, qtbot: QtBot
) -> None:
    before = len(query.asked)
    for levels in (3, 2, 1):
        change(build, "levels", levels)
    qtbot.waitUntil(lambda: len(query.asked) > before)
    assert query.asked[before:] == [{"preset": "own", "levels": 1}]
    query.answer(told_network())
    assert build.description is not None
    assert build.description.generator.parameters == 5000
    assert "5,000 parameters" in build.words.text()


def test_what_was_counted_once_is_not_asked_for_again(
    build: BuildYourOwn, query: FakeQuery, qtbot: QtBot
) -> None:
    for levels, scale in ((3, 1), (2, 2)):
        change(build, "levels", levels)
        qtbot.waitUntil(lambda: query.last.get("levels") == build.fields["levels"].value)
        query.answer(told_network(scale))
    asked = len(query.asked)
    change(build, "levels", 3)
    qtbot.waitUntil(lambda: "5,000" in build.words.text())
    assert len(query.asked) == asked


def test_a_question_that_nobody_waits_for_is_given_up(
    build: BuildYourOwn, query: FakeQuery, qtbot: QtBot
) -> None:
    change(build, "levels", 3)
    qtbot.waitUntil(lambda: query.asked[-1:] == [{"preset": "own", "levels": 3}])
    build.close_questions()
    assert query.questions[-1].cancelled


def test_what_cannot_be_is_told_and_cannot_be_used(
    build: BuildYourOwn, query: FakeQuery, qtbot: QtBot
) -> None:
    change(build, "levels", 5)
    qtbot.waitUntil(lambda: query.last.get("levels") == 5)
    query.refuse(TrainingError("A network of 5 levels needs a longer window."))
    assert build.words.text() == "A network of 5 levels needs a longer window."
    assert not build.use.isEnabled()
    assert build.description is None


def test_the_settings_go_to_the_form(build: BuildYourOwn, query: FakeQuery, qtbot: QtBot) -> None:
    change(build, "channels", 16)
    qtbot.waitUntil(lambda: query.asked[-1:] == [{"preset": "own", "channels": 16}])
    query.answer(told_network())
    with qtbot.waitSignal(build.settings_chosen) as chosen:
        build.use.click()
    assert chosen.args == [{"preset": "own", "channels": 16}]
    build.back.click()
    assert build.settings == {"preset": "own"}


def test_every_setting_that_can_be_built_is_one_that_the_trainer_has() -> None:
    from models.explanations import explanations

    told = {each["name"] for each in explanations()["settings"]}
    assert {name for names in BUILT.values() for name in names} <= told
