"""Questions to the trainer program: asked, answered, refused, given up."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desktop import trainer_query
from desktop.train.offers import offers_from
from desktop.trainer_query import TrainerQuery, answer_in, arguments, last_sentence
from engine.errors import TuttiError

FAKE = Path(__file__).with_name("fake_trainer.py")


@pytest.fixture
def query(qtbot: QtBot) -> Iterator[TrainerQuery]:
    made = TrainerQuery()
    yield made
    made.close()


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trainer_query, "TRAINER", ("-P", str(FAKE)))


class Heard:
    """What came of a question."""

    def __init__(self) -> None:
        self.answers: list[dict[str, Any]] = []
        self.sentences: list[str] = []

    def done(self, answer: dict[str, Any]) -> None:
        self.answers.append(answer)

    def failed(self, error: TuttiError) -> None:
        self.sentences.append(str(error))

    @property
    def ended(self) -> bool:
        return bool(self.answers or self.sentences)


def test_the_real_trainer_offers_its_presets_without_torch(
    qtbot: QtBot, query: TrainerQuery
) -> None:
    heard = Heard()
    query.presets(heard.done, heard.failed)
    qtbot.waitUntil(lambda: heard.ended, timeout=60_000)
    assert heard.sentences == []
    offers = offers_from(heard.answers[0])
    assert {"pop", "deepcomposer"} <= {preset.name for preset in offers.presets}
    epochs = offers.setting("epochs")
    assert epochs is not None and epochs.kind == "int" and epochs.sentence


def test_the_answer_is_found_behind_what_a_library_printed(
    qtbot: QtBot, query: TrainerQuery, fake: None
) -> None:
    heard = Heard()
    query.describe({"preset": "pop"}, heard.done, heard.failed)
    qtbot.waitUntil(lambda: heard.ended, timeout=15_000)
    assert heard.answers == [{"networks": []}]


def test_a_refusal_is_the_trainers_sentence(qtbot: QtBot, query: TrainerQuery, fake: None) -> None:
    heard = Heard()
    query.probe({"data": ["nothing"]}, heard.done, heard.failed)
    qtbot.waitUntil(lambda: heard.ended, timeout=15_000)
    assert heard.sentences == ["There is no data set called nothing."]


def test_a_question_that_is_given_up_says_nothing_and_leaves_no_process(
    qtbot: QtBot, query: TrainerQuery, fake: None
) -> None:
    heard = Heard()
    question = query.probe({"data": ["slow"]}, heard.done, heard.failed)
    qtbot.wait(50)
    question.cancel()
    assert not question.running and not heard.ended


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"epochs": 3, "seed": None}, ["--epochs=3"]),
        ({"data": ["a", "b c"], "tags": ["pop"]}, ["--data=a", "--data=b c", "--tag=pop"]),
        ({"until_flat": True, "json": False}, ["--until-flat"]),
        ({"learning_rate": 0.0002}, ["--learning-rate=0.0002"]),
    ],
)  # fmt: skip
def test_settings_become_arguments(settings: dict[str, Any], words: list[str]) -> None:
    assert arguments(settings) == words


def test_what_is_no_answer_is_none() -> None:
    assert answer_in(b"") is None
    assert answer_in(b"3\n[1]") is None
    assert answer_in(b'noise\n{"a": 1}\n') == {"a": 1}


@pytest.mark.parametrize(
    ("errors", "begin"),
    [
        ("", "The trainer gave no answer"),
        ("a warning\nThere is no room.\n", "There is no room."),
        ("Traceback (most recent call last):\n  x\nValueError: y", "The trainer met a fault"),
    ],
)
def test_the_last_line_of_an_error_is_told(errors: str, begin: str) -> None:
    assert last_sentence(errors).startswith(begin)
