"""Tracks are in order, and a pitch never sounds twice at once."""

from itertools import pairwise

from hypothesis import given

from engine.music.note import Note
from engine.music.track import ControlEvent, Track, make_track, without_overlaps
from tests.compositions import many_notes


def test_a_track_is_put_in_order() -> None:
    late, early = ControlEvent(9, "control", 64, 127), ControlEvent(0, "control", 64, 0)
    track = make_track("Melody", [Note(9, 60, 1), Note(0, 60, 1)], controls=[late, early])
    assert [note.start for note in track.notes] == [0, 9]
    assert track.controls == (early, late)


def test_controls_of_one_tick_keep_their_order() -> None:
    bank, program = ControlEvent(0, "control", 32, 9), ControlEvent(0, "program", 0, 3)
    assert make_track("", [], controls=[bank, program]).controls == (bank, program)
    assert make_track("", [], controls=[program, bank]).controls == (program, bank)


def test_a_track_ends_with_its_last_sounding_note() -> None:
    assert Track("").end == 0
    assert make_track("", [Note(0, 60, 100), Note(50, 64, 10)]).end == 100


def test_a_pitch_struck_again_shortens_the_note_before_it() -> None:
    kept, changed = without_overlaps([Note(0, 60, 480), Note(240, 60, 480), Note(100, 64, 900)])
    assert kept == (Note(0, 60, 240), Note(100, 64, 900), Note(240, 60, 480))
    assert changed == 1


def test_of_two_that_start_together_the_longer_stays() -> None:
    kept, changed = without_overlaps([Note(0, 60, 480, 50), Note(0, 60, 240, 90)])
    assert kept == (Note(0, 60, 480, 50),)
    assert changed == 1


def test_a_note_that_ends_where_the_next_begins_is_left_alone() -> None:
    notes = (Note(0, 60, 240), Note(240, 60, 240))
    assert without_overlaps(notes) == (notes, 0)


@given(many_notes)
def test_no_pitch_sounds_twice_and_no_onset_is_lost(notes: list[Note]) -> None:
    kept, changed = without_overlaps(notes)
    assert {(note.start, note.pitch) for note in kept} == {(n.start, n.pitch) for n in notes}
    assert list(kept) == sorted(kept)
    for pitch in range(128):
        of_pitch = [note for note in kept if note.pitch == pitch]
        assert all(before.end <= after.start for before, after in pairwise(of_pitch))
    assert (changed == 0) == (kept == tuple(sorted(notes)))


@given(many_notes)
def test_a_second_time_nothing_changes(notes: list[Note]) -> None:
    kept, _ = without_overlaps(notes)
    assert without_overlaps(kept) == (kept, 0)
