"""Which model suits a melody: suggested where it is clear, and never without habits to go by."""

from collections import Counter
from dataclasses import replace
from typing import Any

from engine.data.melody_habits import HeardMelody, habits_from, suggestions
from engine.generation.melody_traits import traits_of
from engine.generation.model_card import CardTrack, ModelCard
from engine.generation.suitability import MELODIES, habits_of, suggested
from engine.music.composition import Composition, MeterChange
from engine.music.note import Note
from engine.music.track import make_track


def card(name: str, *meters: str) -> ModelCard:
    return ModelCard(
        name, (CardTrack("Bass"),), step_multiple=16, noise_size=8, meters=meters or ("4/4",)
    )


CARDS = (card("Pop"), card("Bach"), card("Folk", "4/4", "6/8", "2/2"), card("Mine", "6/8"))
POP, BACH, FOLK, MINE = range(4)


def song(length: int, pitches: tuple[int, ...], meter: tuple[int, int] = (4, 4)) -> Composition:
    """Notes of ``length`` ticks one after the other."""
    notes = [Note(i * length, pitches[i % len(pitches)], length) for i in range(32)]
    return Composition(meters=(MeterChange(0, *meter),), tracks=(make_track("Melody", notes),))


HYMN = song(480, (67, 69, 71, 72, 71, 69, 67, 66))
JIG = song(240, (62, 66, 69, 71, 69, 66), (6, 8))


def test_a_calm_hymn_is_for_bach_and_a_jig_for_folk() -> None:
    calm = suggested(HYMN, CARDS, POP)
    assert calm is not None and calm.index == BACH and calm.why.startswith("it learned from")
    jig = suggested(JIG, CARDS, POP)
    assert jig is not None and jig.index == FOLK and jig.why == "it knows 6/8 better"
    assert suggested(replace(JIG, meters=(MeterChange(0, 2, 2),)), CARDS, BACH) is not None


def test_nothing_is_suggested_where_it_is_not_clear() -> None:
    assert suggested(HYMN, CARDS, BACH) is None and suggested(JIG, CARDS, FOLK) is None
    assert suggested(HYMN, CARDS, MINE) is None, "nothing is known of what it learned from"
    short = HYMN.with_track(0, HYMN.melody.with_notes(HYMN.melody.notes[:3]))
    assert suggested(short, CARDS, POP) is None


def test_a_model_of_one_s_own_is_suggested_by_what_its_card_tells() -> None:
    told: dict[str, Any] = {
        "traits": {"busyness": [0, 0.2], "off_beat": [0, 0.05], "leaps": [1.6, 0.3],
                   "chromatic": [0.0, 0.03]},
        "meters": {"4/4": 1.0},
    }  # fmt: skip
    own = replace(card("Mine"), training={MELODIES: told})
    found = suggested(HYMN, (CARDS[POP], own), 0)
    assert found is not None and found.index == 1
    damaged: list[Any] = [{}, [], "none", {**told, "meters": 3}, {"traits": {}, "meters": {}}]
    for broken in damaged:
        assert habits_of(replace(own, training={MELODIES: broken})) is None
    endless = {**told, "traits": {**told["traits"], "leaps": [float("nan"), 1]}}
    assert habits_of(replace(own, training={MELODIES: endless})) is None


def test_traits_do_not_depend_on_key_octave_or_resolution() -> None:
    plain = traits_of(HYMN.melody.notes, 480)
    moved = [
        replace(n, pitch=n.pitch - 9, start=2 * n.start, duration=2 * n.duration)
        for n in HYMN.melody.notes
    ]
    assert plain == traits_of(moved, 960)
    assert plain is not None and plain.busyness == 0 and plain.off_beat == 0
    assert plain.leaps < 2 and plain.chromatic == 0


def test_habits_are_measured_and_what_suggestions_are_worth() -> None:
    def heard(composition: Composition, meter: str) -> list[HeardMelody]:
        traits = traits_of(composition.melody.notes, 480)
        assert traits is not None
        return [HeardMelody(traits, meter)] * 6

    calm, quick = heard(HYMN, "4/4"), heard(JIG, "6/8")
    habits = habits_from(calm, Counter({"4/4": 3, "3/4": 1}))
    assert habits.meters == {"4/4": 0.75, "3/4": 0.25} and habits.traits["busyness"] == (0.0, 0.2)
    worth = suggestions(
        {"Calm": (calm, Counter({"4/4": 6})), "Quick": (quick, Counter({"6/8": 6}))}
    )
    assert worth == {"asked": 12, "made": 6, "own": 6, "away": 0}
