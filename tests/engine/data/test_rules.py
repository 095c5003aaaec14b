import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.rules import (
    NO_RULE,
    Correction,
    RoleRule,
    TrackFacts,
    read_rule,
    rule_from,
    rule_json,
    write_rule,
)
from engine.errors import DataError

TRACK = TrackFacts(2, "Nylon Guitar", 24, 3, 55.0)
CORRECTIONS = st.builds(
    Correction,
    role=st.sampled_from(("Melody", "Bass", "")),
    file=st.sampled_from(("", "a.mid", "b/c.mid")),
    track=st.none() | st.integers(0, 20),
    name=st.none() | st.text(max_size=6),
    programs=st.lists(st.integers(0, 127), max_size=3).map(tuple),
    channels=st.lists(st.integers(1, 16), max_size=3).map(tuple),
    lowest=st.integers(0, 60),
    highest=st.integers(60, 127),
    whole_file=st.booleans(),
)
RULES = st.lists(CORRECTIONS, max_size=4).map(lambda found: RoleRule(tuple(found)))


@given(RULES)
def test_a_rule_is_written_and_read_back(rule: RoleRule) -> None:
    assert rule_from(json.loads(json.dumps(rule_json(rule)))) == rule


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        ({}, True),
        ({"name": "nylon*"}, True),
        ({"name": "Nylon"}, False),
        ({"programs": (24, 25)}, True),
        ({"programs": (30,)}, False),
        ({"channels": (3,)}, True),
        ({"channels": (10,)}, False),
        ({"lowest": 56}, False),
        ({"highest": 55}, True),
        ({"track": 1}, False),
        ({"file": "other.mid"}, False),
        ({"file": "song.mid", "track": 2, "name": "*guitar"}, True),
        ({"whole_file": True}, False),
    ],
)
def test_a_correction_holds_where_all_that_it_asks_does(
    conditions: dict[str, object], holds: bool
) -> None:
    assert Correction(role="Bass", **conditions).holds("song.mid", TRACK) is holds  # type: ignore[arg-type]


def test_the_word_on_a_file_goes_before_that_on_the_set_and_the_last_before_the_first() -> None:
    rule = NO_RULE.with_correction(Correction(role="Bass", file="song.mid", track=2))
    rule = rule.with_correction(Correction(role="Chords", name="nylon*"))
    assert rule.role_of("song.mid", TRACK) == "Bass"
    assert rule.role_of("other.mid", TRACK) == "Chords"
    rule = rule.with_correction(Correction(role="", programs=(24,)))
    assert rule.role_of("other.mid", TRACK) == ""
    assert NO_RULE.role_of("song.mid", TRACK) is None


def test_a_correction_that_asks_the_same_replaces_the_one_before() -> None:
    rule = NO_RULE.with_correction(Correction(role="Bass", name="a"))
    rule = rule.with_correction(Correction(role="Chords", name="a"))
    assert rule.corrections == (Correction(role="Chords", name="a"),)
    assert rule.without(rule.corrections[0]) == NO_RULE


def test_only_what_can_concern_a_file_is_sent_with_it() -> None:
    everywhere, here = Correction(name="a"), Correction(file="a.mid", whole_file=True)
    rule = RoleRule((everywhere, here, Correction(file="b.mid")))
    assert rule.for_file("a.mid").corrections == (everywhere, here)
    assert rule.leaves_out("a.mid")
    assert not rule.leaves_out("b.mid")


def test_a_rule_stands_beside_its_pack(tmp_path: Path) -> None:
    assert read_rule(tmp_path) == NO_RULE
    rule = RoleRule((Correction(role="Bass", name="low"),))
    write_rule(tmp_path, rule)
    assert read_rule(tmp_path) == rule


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "3",
        '{"format": 2, "corrections": []}',
        '{"format": 1}',
        '{"format": 1, "corrections": [{"colour": 1}]}',
        '{"format": 1, "corrections": [{"name": 3}]}',
        '{"format": 1, "corrections": [{"programs": ["a"]}]}',
        '{"format": 1, "corrections": [{"programs": 3}]}',
    ],
)
def test_a_damaged_rule_is_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "rules.json").write_text(text)
    with pytest.raises(DataError, match="corrections"):
        read_rule(tmp_path)
