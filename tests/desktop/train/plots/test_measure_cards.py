"""The measures beside people's own."""

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.train.plots.measure_cards import MeasureCard, MeasureCards
from desktop.train.plots.measure_kinds import MEASURES, MeasureKind
from engine.store.curves import Curves

PEOPLE = {"out_of_key": 2.0, "harmonic_clarity": 94.0, "notes_per_bar": 21.8, "long_notes": 63.0}


def run_of(*measured: dict[str, float]) -> Curves:
    curves = Curves()
    curves.feed({"event": "started", "from_step": 0, "references": {"human": PEOPLE}})
    for epoch, model in enumerate(measured):
        curves.feed({"event": "measures", "step": 10 * epoch, "epoch": epoch, "model": model})
    return curves


def shown(qtbot: QtBot, curves: Curves, width: int = 1100) -> MeasureCards:
    cards = MeasureCards()
    qtbot.addWidget(cards)
    cards.resize(width, 90)
    cards.set_curves(curves)
    cards.show()
    return cards


def card(cards: MeasureCards, name: str) -> MeasureCard:
    return next(each for each in cards.cards if each.kind.name == name)


def kind(name: str) -> MeasureKind:
    return next(each for each in MEASURES if each.name == name)


def test_before_anything_is_measured_the_cards_say_so(qtbot: QtBot) -> None:
    cards = shown(qtbot, Curves())
    assert {each.value_words for each in cards.cards} == {"–"}
    assert {each.people_words for each in cards.cards} == {"people: –"}


def test_the_latest_value_stands_beside_people_s(qtbot: QtBot) -> None:
    cards = shown(qtbot, run_of({"out_of_key": 30.0}, {"out_of_key": 2.44}))
    out_of_key = card(cards, "out_of_key")
    assert out_of_key.value_words == "2.4 %"
    assert out_of_key.people_words == "people: 2.0 %"
    assert "Near people." in out_of_key.toolTip()
    assert out_of_key.accessibleName() == "Out of key: 2.4 %, people 2.0 %. Near people."


@pytest.mark.parametrize(
    ("value", "sign", "words"),
    [
        (94.5, "people: 94.0 %", "Near people."),
        (99.0, "people: 94.0 % ▲", "Above people."),
        (85.0, "people: 94.0 % ▼", "Below people."),
        (60.0, "people: 94.0 % ▼▼", "Far below people."),
    ],
)
def test_far_from_people_is_said_by_a_sign_and_in_words(
    qtbot: QtBot, value: float, sign: str, words: str
) -> None:
    cards = shown(qtbot, run_of({"harmonic_clarity": value}))
    clarity = card(cards, "harmonic_clarity")
    assert clarity.people_words == sign
    assert words in clarity.toolTip()


def test_takes_are_told_by_what_differs(qtbot: QtBot) -> None:
    cards = shown(qtbot, run_of({"takes_jaccard": 0.22}))
    takes = card(cards, "takes_jaccard")
    assert takes.value_words == "78 %" and takes.people_words == "people: –"


def test_what_comes_later_is_shown(qtbot: QtBot) -> None:
    curves = run_of({"notes_per_bar": 30.0})
    cards = shown(qtbot, curves)
    event: dict[str, Any] = {"event": "measures", "step": 90, "epoch": 9}
    curves.feed({**event, "model": {"notes_per_bar": 21.0}})
    cards.refresh()
    assert card(cards, "notes_per_bar").value_words == "21.0"


@pytest.mark.parametrize(
    ("width", "count", "rows"), [(500, 6, 2), (900, 6, 1), (1100, 6, 1), (2000, 11, 1)]
)
def test_as_many_cards_stand_side_by_side_as_have_room(
    qtbot: QtBot, width: int, count: int, rows: int
) -> None:
    cards = shown(qtbot, run_of({"out_of_key": 2.0}), width)
    QApplication.processEvents()
    assert len(cards.shown) == count
    assert len({each.y() for each in cards.shown}) == rows


def test_every_measure_is_explained() -> None:
    assert all(len(each.explained) > 30 and each.explained.endswith(".") for each in MEASURES)
    assert kind("out_of_key").verdict(2.0, 2.0) == "near"


def test_a_card_can_be_painted_with_any_number_of_values(qtbot: QtBot) -> None:
    for count in (0, 1, 2, 500):
        cards = shown(qtbot, run_of(*({"out_of_key": 5.0 + n % 3} for n in range(count))))
        assert not cards.grab().isNull()
