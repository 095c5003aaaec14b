"""Free playing: its beats are found, its bars corrected by hand, then it lies on a grid."""

from itertools import pairwise
from math import exp, sin
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import MusicError
from engine.music.bar_finding import found_beats
from engine.music.beat_tracking import onsets_of, track_beats
from engine.music.beats import (
    Beats,
    covering,
    doubled,
    halved,
    numbers,
    with_bar_line_at,
    with_bars_moved,
    with_meter,
)
from engine.music.composition import Composition
from engine.music.fitted_bars import fitted, played_seconds
from engine.music.note import Note
from engine.music.ticks import meter_map, tempo_map
from engine.music.track import make_track

Played = list[tuple[float, float, int, int]]
TUNE = (
    (0, 1, 60), (1, 1, 62), (2, 0.5, 64), (2.5, 0.5, 62), (3, 1, 60),
    (4, 1, 67), (5, 0.5, 65), (5.5, 0.5, 64), (6, 2, 62),
)  # fmt: skip
"""Beat, beats, pitch: two bars of four."""


def freely(bars: int, minute: float, drift: float, seed: int) -> tuple[Played, list[float]]:
    """The tune again and again in a tempo that sways; and where its beats were."""
    hand = Random(seed)
    beats = [1.3]
    for number in range(4 * bars):
        beats.append(beats[-1] + 60 / minute * exp(drift * sin(1 + number / 6)))

    def at(place: float) -> float:
        index = min(int(place), len(beats) - 2)
        return beats[index] + (place - index) * (beats[index + 1] - beats[index])

    notes = []
    for first in range(0, 4 * bars, 8):
        for beat, length, pitch in TUNE:
            start = at(first + beat) + hand.gauss(0, 0.012)
            loud = 88 if beat % 4 == 0 else 74
            notes.append((start, at(first + beat + 0.9 * length), pitch, loud))
    return sorted(notes), beats[:-1]


@pytest.mark.parametrize(("minute", "drift"), [(72.0, 0.0), (104.0, 0.08), (132.0, 0.05)])
def test_the_beats_of_free_playing_are_found_though_the_tempo_sways(
    minute: float, drift: float
) -> None:
    notes, truth = freely(8, minute, drift, seed=4)
    found = track_beats(onsets_of(notes))
    inside = [beat for beat in found if truth[0] - 0.1 < beat < truth[-1] + 0.1]
    met = [min(abs(beat - each) for each in inside) < 0.06 for beat in truth]
    assert sum(met) > 0.9 * len(truth) and len(inside) < 1.1 * len(truth)
    assert all(after - before > 0.25 for before, after in pairwise(found))


def test_the_bars_are_found_from_weight_and_repetition() -> None:
    notes, truth = freely(8, 100, 0.04, seed=9)
    beats = found_beats(notes)
    assert beats.meter in ((4, 4), (2, 4))
    lines = [beats.times[line] for line in beats.bar_lines]
    assert all(min(abs(bar - line) for line in lines) < 0.08 for bar in truth[4::4])


def test_a_few_notes_are_too_few_for_a_tempo() -> None:
    assert track_beats(onsets_of([(0.0, 0.5, 60, 80)])) == ()
    assert found_beats([(0.2, 0.5, 60, 80)]).beats_per_minute == pytest.approx(120)
    assert len(found_beats([]).times) >= 2


def some_beats() -> st.SearchStrategy[Beats]:
    return st.builds(
        lambda gaps, in_bar, first: Beats(
            tuple(sum(gaps[:index]) for index in range(len(gaps) + 1)), in_bar, first % in_bar
        ),
        st.lists(st.floats(0.3, 1.2), min_size=6, max_size=24),
        st.integers(2, 5),
        st.integers(0, 4),
    )


@settings(max_examples=20)
@given(some_beats(), st.integers(0, 3), st.floats(-20, 40))
def test_a_dragged_bar_line_stays_between_its_neighbours(
    beats: Beats, which: int, seconds: float
) -> None:
    line = beats.bar_lines[which % len(beats.bar_lines)]
    moved = with_bar_line_at(beats, line, seconds)
    gaps = [after - before for before, after in pairwise(moved.times)]
    assert min(gaps) > 0
    far = [i for i in range(len(beats.times)) if abs(i - line) >= beats.in_bar]
    assert [moved.times[i] for i in far] == [beats.times[i] for i in far]


@settings(max_examples=20)
@given(some_beats(), st.floats(0, 1), st.floats(0, 1))
def test_half_of_double_is_the_same_and_bars_begin_at_or_before_the_music(
    beats: Beats, first: float, last: float
) -> None:
    if beats.in_bar % 2 == 0:
        assert halved(doubled(beats)).times == beats.times
    assert with_bars_moved(with_bars_moved(beats, 1), -1) == beats
    begin, end = sorted((beats.times[0] + 9 * first, beats.times[0] + 9 * last))
    whole = covering(beats, begin, end)
    assert whole.first_bar == 0 and whole.times[0] <= begin and whole.times[-1] >= end
    lines = {round(time, 6) for line in whole.bar_lines for time in [whole.times[line]]}
    known = {round(beats.times[line], 6) for line in beats.bar_lines}
    inside = {each for each in known if whole.times[0] <= each <= whole.times[-1]}
    assert inside <= lines


def test_bars_are_numbered_with_the_pickup_as_the_first() -> None:
    beats = Beats((0.0, 0.5, 1.0, 1.5, 2.0), 3, 1)
    assert [number for _, number in numbers(beats)] == [2, 3]
    assert with_meter(beats, 2, compound=True).meter == (6, 8)
    with pytest.raises(MusicError):
        Beats((0.0,))


@pytest.mark.parametrize("steady", [True, False])
def test_free_playing_becomes_a_melody_on_the_grid(steady: bool) -> None:
    notes, truth = freely(8, 96, 0.07, seed=2)
    tempos = tempo_map(Composition())
    played = [
        Note(round(tempos.tick_at(start)), pitch, round(tempos.tick_at(end - start)), velocity)
        for start, end, pitch, velocity in notes
    ]
    before = Composition(tracks=(make_track("Melody", played),))
    after = fitted(before, Beats(tuple(truth), 4, 0), steady=steady)
    assert len(after.melody.notes) == len(notes) and meter_map(after).bar_ticks_at(0) == 1920
    assert all(abs(note.start - round(note.start / 240) * 240) < 40 for note in after.melody.notes)
    assert after.melody.notes[0].start < 40
    if steady:
        assert len(after.tempos) == 1 and 90 < after.tempos[0].beats_per_minute < 102
        return
    first = played_seconds(after)[0][0]
    for (start, *_), (old, *_) in zip(played_seconds(after), sorted(notes), strict=True):
        assert start - first == pytest.approx(old - notes[0][0], abs=0.01)
