"""Two hands are told apart; tempo and meter change within a piece."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.music.composition import Composition, MeterChange, TempoChange
from engine.music.hands import split_hands
from engine.music.note import Note
from engine.music.tempo_edits import (
    with_meter_from,
    with_tempo_from,
    without_meter_at,
    without_tempo_at,
)
from engine.music.ticks import meter_map, tempo_map
from tests.compositions import many_notes, tempo_maps

BAR = 1920


@settings(max_examples=20)
@given(many_notes)
def test_every_note_is_in_one_hand_and_the_left_lies_below(notes: list[Note]) -> None:
    left, right = split_hands(notes, 480)
    assert sorted([*left, *right]) == sorted(notes)
    chord = [Note(0, pitch, 480) for pitch in (40, 47, 52, 72, 76)]
    below, above = split_hands(chord, 480)
    assert [note.pitch for note in below] == [40, 47, 52] and len(above) == 2


def test_a_left_hand_is_found_though_the_right_one_comes_down_to_it() -> None:
    tune = Random(6)
    roots = (48, 45, 41, 43)
    left = [
        Note(bar * BAR + beat * 480, roots[bar % 4] + step, 460)
        for bar in range(8)
        for beat, step in enumerate((0, 7, 4, 7))
    ]
    right = [
        Note(bar * BAR + beat * 240, 64 + (7 if bar % 4 < 2 else 0) + tune.choice((0, 2, 4)), 230)
        for bar in range(8)
        for beat in range(8)
    ]
    found, melody = split_hands([*left, *right], 480)
    assert set(found) == set(left) and set(melody) == set(right)


def test_one_hand_alone_is_no_two() -> None:
    line = [Note(beat * 480, 67 + beat % 5, 400) for beat in range(16)]
    assert split_hands(line, 480)[0] == ()
    assert split_hands([], 480) == ((), ())


@settings(max_examples=25)
@given(tempo_maps(), st.integers(0, 20_000), st.floats(20, 300))
def test_a_tempo_holds_from_its_tick_on_and_can_be_taken_away(
    tempos: tuple[TempoChange, ...], tick: int, minute: float
) -> None:
    before = Composition(tempos=tempos)
    after = with_tempo_from(before, tick, minute)
    assert abs(tempo_map(after).tempo_at(tick).beats_per_minute - minute) < 0.01
    for other in (each.tick for each in before.tempos if each.tick != tick):
        assert tempo_map(after).tempo_at(other).microseconds_per_quarter == (
            tempo_map(before).tempo_at(other).microseconds_per_quarter
        )
    if tick not in [each.tick for each in before.tempos]:
        back = without_tempo_at(after, tick)
        for place in (0, tick, 40_000):
            seconds = tempo_map(before).seconds_at(place)
            assert tempo_map(back).seconds_at(place) == pytest.approx(seconds)


def test_a_meter_holds_from_its_bar_on_and_can_be_taken_away() -> None:
    waltz = with_meter_from(Composition(), 2 * BAR, 3, 4)
    assert meter_map(waltz).bar_starts(4 * BAR) == [0, BAR, 2 * BAR, 2 * BAR + 1440, 6720]
    assert with_meter_from(waltz, 2 * BAR, 4, 4) == Composition()
    assert without_meter_at(waltz, 2 * BAR) == Composition()
    assert without_meter_at(waltz, 0) == waltz
    first = with_meter_from(Composition(), 0, 3, 4)
    assert first.meters == (MeterChange(0, 3, 4),)
    assert with_tempo_from(first, 0, 100).tempos == (TempoChange(0, 600_000),)
