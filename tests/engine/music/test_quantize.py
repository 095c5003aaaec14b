"""Notes move onto the grid as far as the player wants."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from engine.music.note import Note
from engine.music.quantize import quantize
from engine.music.ticks import StepGrid
from engine.music.track import without_overlaps
from tests.compositions import many_notes

GRID = StepGrid(480, 4)
strengths = st.floats(0, 1)


def test_starts_and_ends_go_to_the_nearest_step() -> None:
    assert quantize([Note(130, 60, 200, 77)], GRID) == (Note(120, 60, 240, 77),)


def test_a_short_note_lasts_a_step() -> None:
    assert quantize([Note(118, 60, 5)], GRID) == (Note(120, 60, 120),)


def test_half_the_strength_goes_half_the_way() -> None:
    assert quantize([Note(140, 60, 240)], GRID, 0.5) == (Note(130, 60, 240),)


def test_two_notes_that_fall_together_become_one() -> None:
    assert quantize([Note(0, 60, 30), Note(40, 60, 300)], GRID) == (Note(0, 60, 360),)


def test_nothing_moves_before_the_start() -> None:
    assert quantize([Note(0, 60, 100)], StepGrid(480, 4, origin=-10)) == (Note(0, 60, 110),)


@given(many_notes, st.integers(0, 480))
def test_at_full_strength_all_stands_on_the_grid_and_stays(notes: list[Note], origin: int) -> None:
    grid = StepGrid(480, 4, origin % 120)
    once = quantize(notes, grid)
    assert all(note.start == 0 or (note.start - grid.origin) % 120 == 0 for note in once)
    assert all((note.end - grid.origin) % 120 == 0 for note in once)
    assert quantize(once, grid) == once


@given(many_notes)
def test_without_strength_nothing_moves(notes: list[Note]) -> None:
    assert quantize(notes, GRID, 0.0) == without_overlaps(notes)[0]


@given(many_notes, strengths)
def test_a_pitch_never_sounds_twice_and_nothing_goes_farther_than_half_a_step(
    notes: list[Note], strength: float
) -> None:
    moved = quantize(notes, GRID, strength)
    for pitch in {note.pitch for note in moved}:
        of_pitch = [note for note in moved if note.pitch == pitch]
        assert all(before.end <= after.start for before, after in pairwise(of_pitch))
    starts = [note.start for note in notes]
    assert all(min(abs(note.start - start) for start in starts) <= 60 for note in moved)
