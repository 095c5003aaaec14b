"""Commands are found by some letters of their names, the likeliest first."""

import pytest

from desktop.actions import SPECS
from desktop.palette_search import Entry, ranked, score

ENTRIES = [Entry(spec.id, spec.text, f"{spec.menu} {spec.tip}") for spec in SPECS]


@pytest.mark.parametrize(
    ("wanted", "first"),
    [
        ("gen", "generate"),
        ("expau", "export_wav"),
        ("expm", "export_midi"),
        ("zo", "zoom_out"),
        ("Zoom in", "zoom_in"),
        ("tap", "tap"),
        ("kjp", "capture"),
        ("metronome", "click"),
        ("octup", "octave_up"),
    ],
)
def test_some_letters_find_a_command(wanted: str, first: str) -> None:
    found = [entry.id for entry in ranked(ENTRIES, wanted)]
    assert first in found[:2]


def test_what_lacks_a_letter_is_not_found() -> None:
    assert score(Entry("a", "Export audio…"), "xyz") is None
    assert ranked(ENTRIES, "qqqq") == []


def test_without_letters_the_recent_ones_come_first_and_none_is_lost() -> None:
    found = [entry.id for entry in ranked(ENTRIES, " ", ("tap", "about"))]
    assert found[:2] == ["tap", "about"]
    assert sorted(found) == sorted(entry.id for entry in ENTRIES)


def test_of_equals_the_recent_one_comes_first() -> None:
    pair = [Entry("one", "Same"), Entry("two", "Same")]
    assert [entry.id for entry in ranked(pair, "same", ("two",))] == ["two", "one"]
