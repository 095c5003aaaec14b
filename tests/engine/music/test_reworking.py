"""Timing, lengths and pitches after the fact: nothing is lost, nothing else moves."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.music.composition import Composition, MeterChange
from engine.music.harmony import Key
from engine.music.note import Note
from engine.music.reworking import Reworking, all_reworked, reworked
from engine.music.rhythm import NAMES, BarGrid, Rhythm
from engine.music.rhythm_assist import assisted, suggested_rhythm
from engine.music.scope import Scope
from engine.music.ticks import MeterMap, meter_map
from engine.music.track import make_track, without_overlaps
from engine.music.transposition import transposed, transposed_in_key
from tests.compositions import many_notes, resolutions

MAJOR = Key(0)
melodies = many_notes.map(lambda notes: without_overlaps(notes)[0])
rhythms = st.builds(Rhythm, st.sampled_from([steps for _, steps in NAMES]), st.integers(50, 75))
meters = st.sampled_from(((4, 4), (3, 4), (7, 8), (6, 8), (5, 4)))
spans = st.tuples(st.integers(0, 20_000), st.integers(0, 20_000))
works = st.builds(
    Reworking,
    rhythms,
    st.floats(0, 1),
    st.booleans(),
    st.sampled_from(("kept", "legato", "staccato", "fixed")),
    looseness=st.floats(0, 1),
    seed=st.integers(0, 9),
)


def song(notes: tuple[Note, ...], meter: tuple[int, int] = (4, 4)) -> Composition:
    return Composition(meters=(MeterChange(0, *meter),), tracks=(make_track("Melody", notes),))


@settings(max_examples=25)
@given(melodies, melodies, meters, spans, works)
def test_no_note_is_lost_none_sounds_twice_and_what_is_outside_keeps_its_place(
    notes: tuple[Note, ...],
    others: tuple[Note, ...],
    meter: tuple[int, int],
    span: tuple[int, int],
    work: Reworking,
) -> None:
    bass, drums = make_track("Bass", others), make_track("Drums", notes, is_drum=True)
    before = replace(song(notes, meter), tracks=(make_track("Melody", notes), bass, drums))
    every_other = Scope(1, notes=frozenset(others[::2]))
    scopes = (Scope(0, min(span), max(span)), every_other, Scope(2))
    after = all_reworked(before, scopes, work)
    for scope in scopes:
        old, new = before.tracks[scope.track].notes, after.tracks[scope.track].notes
        assert Counter(note.pitch for note in new) == Counter(note.pitch for note in old)
        for pitch in {note.pitch for note in new}:
            of_pitch = [note for note in new if note.pitch == pitch]
            assert all(one.end <= two.start for one, two in pairwise(of_pitch))
        places = {(note.start, note.pitch) for note in new}
        assert all((n.start, n.pitch) in places for n in old if not scope.holds(n))


def test_a_note_that_is_drawn_to_the_place_of_another_stays() -> None:
    played = Note(470, 60, 100)
    before = song((played, Note(480, 60, 200), Note(490, 62, 100)))
    scope = Scope(notes=frozenset((played, Note(490, 62, 100))))
    after = reworked(before, scope, Reworking(Rhythm(1), 1.0, ends=False)).melody.notes
    assert after == (Note(470, 60, 10), Note(480, 60, 200), Note(480, 62, 100))


def test_the_key_of_a_band_is_that_before_any_of_it_moved() -> None:
    scale = tuple(
        Note(240 * step, 60 + pitch, 200) for step, pitch in enumerate((0, 4, 7, 0, 5, 9, 11, 0))
    )
    both = song(scale)
    both = replace(both, tracks=(both.melody, make_track("Bass", scale)))
    after = all_reworked(both, (Scope(0), Scope(1)), Reworking(degrees=1))
    assert after.tracks[1].notes == after.melody.notes != scale


@settings(max_examples=20)
@given(melodies, meters, rhythms, resolutions)
def test_at_full_strength_notes_stand_on_the_grid_and_at_none_where_they_were(
    notes: tuple[Note, ...], meter: tuple[int, int], rhythm: Rhythm, quarter: int
) -> None:
    before = replace(song(notes, meter), ticks_per_quarter=quarter)
    assert reworked(before, Scope(), Reworking(rhythm)) is before
    grid = BarGrid(meter_map(before), quarter, rhythm)
    old = {note.start for note in notes}
    for note in reworked(before, Scope(), Reworking(rhythm, 1.0)).melody.notes:
        on_grid = grid.nearest(note.start) == note.start
        assert on_grid or note.start in old or note.start - 1 in {grid.nearest(s) for s in old}


@settings(max_examples=20)
@given(st.integers(0, 40_000), meters, rhythms, resolutions)
def test_the_grid_has_every_bar_line_and_no_place_is_nearer(
    tick: int, meter: tuple[int, int], rhythm: Rhythm, quarter: int
) -> None:
    bars = MeterMap((MeterChange(0, *meter),), quarter)
    grid = BarGrid(bars, quarter, rhythm)
    start = bars.bar_start(bars.position_at(tick).bar)
    assert grid.nearest(start) == start
    near = grid.nearest(tick)
    assert grid.nearest(near) == near
    nearer = range(tick - abs(near - tick) + 1, tick + abs(near - tick))
    for other in Random(tick).sample(nearer, min(20, len(nearer))):
        assert other < 0 or grid.nearest(other) != other
    assert grid.after(near) > near


def test_swing_moves_every_other_step_and_triplets_lie_in_thirds() -> None:
    bars = MeterMap((MeterChange(0, 4, 4),), 480)
    swung = BarGrid(bars, 480, Rhythm(2, 67))
    assert [swung.nearest(tick) for tick in (10, 250, 300, 470)] == [0, 322, 322, 480]
    thirds = BarGrid(bars, 480, Rhythm(3))
    assert [thirds.nearest(tick) for tick in (150, 330)] == [160, 320]


def test_lengths_are_tied_shortened_or_fixed() -> None:
    before = song((Note(0, 60, 100), Note(480, 62, 100), Note(480, 65, 300), Note(960, 64, 50)))

    def lengths(length: str) -> list[int]:
        work = Reworking(length=length, share=0.5, fixed=0.25)  # type: ignore[arg-type]
        return [note.duration for note in reworked(before, Scope(), work).melody.notes]

    assert lengths("legato") == [480, 480, 480, 50]
    assert lengths("staccato") == [50, 50, 150, 25]
    assert lengths("fixed") == [120, 120, 120, 120]


@settings(max_examples=15)
@given(melodies, st.floats(0.01, 1), st.integers(0, 99))
def test_loosening_is_the_same_for_a_seed_and_stays_near(
    notes: tuple[Note, ...], looseness: float, seed: int
) -> None:
    before = song(notes)
    work = Reworking(looseness=looseness, seed=seed)
    once = reworked(before, Scope(), work)
    assert once == reworked(before, Scope(), work)
    old = Counter(note.pitch for note in notes)
    assert Counter(note.pitch for note in once.melody.notes) == old


@settings(max_examples=25)
@given(melodies, st.integers(-24, 24), st.integers(0, 11))
def test_transposing_goes_there_and_back_or_not_at_all(
    notes: tuple[Note, ...], by: int, tonic: int
) -> None:
    there = transposed(notes, by)
    assert there == notes or transposed(there, -by) == notes
    key = Key(tonic)
    inside = tuple(note for note in notes if note.pitch % 12 in key.scale)
    moved = transposed_in_key(inside, by, key)
    assert all(note.pitch % 12 in key.scale for note in moved)
    assert moved == inside or transposed_in_key(moved, -by, key) == inside


def test_an_octave_is_seven_degrees_and_drums_stay() -> None:
    notes = (Note(0, 60, 100), Note(480, 61, 100), Note(960, 71, 100))
    assert transposed_in_key(notes, 7, MAJOR) == transposed(notes, 12)
    assert [note.pitch for note in transposed_in_key(notes, 1, MAJOR)] == [62, 63, 72]
    kit = Composition(tracks=(make_track("Drums", notes, is_drum=True),))
    assert reworked(kit, Scope(), Reworking(semitones=2)) is kit


@pytest.mark.parametrize(
    ("places", "rhythm"),
    [
        ((0, 1, 2, 3), Rhythm(1)),
        ((0, 0.5, 1, 1.5, 2, 3, 3.5), Rhythm(2)),
        ((0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13.5), Rhythm(2)),
        ((0, 1 / 3, 2 / 3, 1, 4 / 3, 5 / 3, 2, 3), Rhythm(3)),
        ((0, 0.25, 0.5, 1, 1.75, 2, 2.5, 3.25), Rhythm(4)),
    ],
)
def test_rhythm_assist_finds_the_grid_of_careless_playing(
    places: tuple[float, ...], rhythm: Rhythm
) -> None:
    careless = Random(5)
    played = [
        max(0, round(480 * (4 * bar + place) + careless.gauss(0, 14)))
        for bar in range(0, 32, 1 + round(max(places)) // 4)
        for place in places
    ]
    before = song(tuple(Note(tick, 60 + index % 12, 60) for index, tick in enumerate(played)))
    work = assisted(before, Scope())
    assert work.rhythm == rhythm
    after = reworked(before, Scope(), work).melody.notes
    grid = BarGrid(meter_map(before), 480, rhythm)

    def miss(notes: tuple[Note, ...]) -> int:
        return sum(abs(note.start - grid.nearest(note.start)) for note in notes)

    assert miss(after) < 0.4 * miss(before.melody.notes)
    assert all(note.duration == 60 for note in after)


def test_rhythm_assist_hears_swung_eighths() -> None:
    careless = Random(3)
    offsets = [beat + late + careless.gauss(0, 0.02) for beat in range(16) for late in (0, 0.64)]
    rhythm = suggested_rhythm(offsets)
    assert rhythm.steps_per_quarter == 2 and 61 <= rhythm.swing <= 67
