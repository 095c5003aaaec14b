"""What an edit makes of notes: none is lost, none sounds twice, and all can be taken back."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.music.composition import Composition, MeterChange
from engine.music.note import Note
from engine.music.note_columns import (
    NoteColumns,
    begun_later,
    columns_of,
    lengthened,
    louder,
    moved,
    with_velocities,
)
from engine.music.note_edits import joined, merged, of_pitches, rescaled, split_at
from engine.music.note_grid import GridStep, NoteGrid
from engine.music.ticks import meter_map
from engine.music.track import without_overlaps

# Few pitches and ticks, so that notes meet.
notes = st.builds(
    Note, st.integers(0, 200), st.integers(58, 62), st.integers(1, 60), st.integers(1, 127)
)
groups = st.lists(notes, max_size=14)
tracks = groups.map(lambda each: without_overlaps(each)[0])
chosen = st.integers(0, 2**14 - 1)
Change = Callable[[NoteColumns], NoteColumns]
changes: st.SearchStrategy[Change] = st.one_of(
    st.builds(
        lambda ticks, semitones: lambda each: moved(each, ticks, semitones),
        st.integers(-250, 250),
        st.integers(-80, 80),
    ),
    st.builds(
        lambda ticks, least: lambda each: lengthened(each, ticks, least),
        st.integers(-100, 100),
        st.integers(1, 40),
    ),
    st.builds(
        lambda ticks, least: lambda each: begun_later(each, ticks, least),
        st.integers(-250, 100),
        st.integers(1, 40),
    ),
    st.builds(lambda by: lambda each: louder(each, by), st.integers(-200, 200)),
)


def parted(track: Sequence[Note], bits: int) -> tuple[list[Note], list[Note]]:
    """The notes of a track that are chosen, and the rest."""
    picked = [note for i, note in enumerate(track) if bits >> i & 1]
    return picked, [note for i, note in enumerate(track) if not bits >> i & 1]


def never_twice(track: Sequence[Note]) -> bool:
    by_pitch = sorted(track, key=lambda note: (note.pitch, note.start))
    return all(a.pitch != b.pitch or a.end <= b.start for a, b in pairwise(by_pitch))


@settings(max_examples=80, deadline=None)
@given(tracks, chosen, changes)
def test_an_edit_loses_no_note_that_it_does_not_cover_and_lets_none_sound_twice(
    track: tuple[Note, ...], bits: int, change: Change
) -> None:
    picked, rest = parted(track, bits)
    changed = change(columns_of(picked)).notes()  # a `Note` refuses what MIDI has not
    assert len(changed) == len(picked)
    placed = without_overlaps(changed)[0]
    result = merged(rest, changed)
    assert list(result) == sorted(result)
    assert never_twice(result)
    assert set(placed) <= set(result)
    for note in rest:
        over = [each for each in placed if each.pitch == note.pitch]
        over = [each for each in over if each.start < note.end and each.end > note.start]
        left = [each for each in result if each not in placed and each.pitch == note.pitch]
        left = [each for each in left if note.start <= each.start and each.end <= note.end]
        assert left == [note] if not over else len(left) <= 1
        assert all(each.velocity == note.velocity for each in left)
        if over and not left:
            # Only what begins under a placed note, and does not reach out of it, is part of it.
            assert over[0].start <= note.start
            assert all(a.end == b.start for a, b in pairwise(over))
            assert over[-1].end >= note.end or len(over) > 1


@settings(max_examples=40, deadline=None)
@given(tracks, st.integers(-250, 250), st.integers(-80, 80))
def test_notes_move_together_and_back_again(
    track: tuple[Note, ...], ticks: int, semitones: int
) -> None:
    there = moved(columns_of(track), ticks, semitones)
    by = {
        (a.start - b.start, a.pitch - b.pitch, a.duration - b.duration)
        for a, b in zip(there.notes(), track, strict=True)
    }
    assert len(by) <= 1
    for back_ticks, back_semitones, _ in by:
        assert tuple(moved(there, -back_ticks, -back_semitones).notes()) == track


@settings(max_examples=40, deadline=None)
@given(tracks, st.integers(0, 260))
def test_what_is_split_is_whole_again_when_joined(track: tuple[Note, ...], tick: int) -> None:
    parts = split_at(track, tick)
    assert never_twice(parts)
    assert not any(note.start < tick < note.end for note in parts)
    for note in set(track) - set(parts):
        halves = [each for each in parts if each.pitch == note.pitch]
        halves = [each for each in halves if note.start <= each.start < note.end]
        assert joined(halves) == (note,)


@settings(max_examples=40, deadline=None)
@given(tracks)
def test_joined_notes_sound_from_the_first_to_the_last_of_each_pitch(
    track: tuple[Note, ...],
) -> None:
    result = joined(track)
    assert [note.pitch for note in sorted(result, key=lambda n: n.pitch)] == sorted(
        {note.pitch for note in track}
    )
    for note in result:
        same = [each for each in track if each.pitch == note.pitch]
        assert (note.start, note.end) == (same[0].start, same[-1].end)
        assert note.velocity == same[0].velocity


def test_a_moved_note_wins_over_what_lies_there() -> None:
    under = [Note(0, 60, 480), Note(600, 60, 60), Note(900, 60, 480), Note(0, 64, 960)]
    placed = Note(240, 60, 720, 100)
    assert merged(under, [placed]) == (
        Note(0, 60, 240),
        Note(0, 64, 960),
        placed,
        Note(960, 60, 420),
    )


def test_a_line_of_velocities_is_drawn_in_either_direction() -> None:
    track = columns_of([Note(tick, 60, 10, 5) for tick in (0, 100, 200, 300)])
    rising = with_velocities(track, (100, 20), (300, 40)).velocities.tolist()
    assert rising == [5, 20, 30, 40]
    assert with_velocities(track, (300, 40), (100, 20)).velocities.tolist() == rising
    assert with_velocities(track, (100, 20), (100, 500)).velocities.tolist() == [5, 127, 5, 5]


def test_all_of_a_pitch_are_found_and_other_resolutions_keep_the_time() -> None:
    track = [Note(0, 60, 240), Note(240, 62, 240), Note(480, 60, 1)]
    assert of_pitches(track, {60}) == {track[0], track[2]}
    assert rescaled(track, 480, 96)[0] == Note(0, 60, 48)
    assert rescaled(track, 480, 96)[2] == Note(96, 60, 1)


# The grid

meters = st.sampled_from(
    [
        (MeterChange(0, 4, 4),),
        (MeterChange(0, 1, 8), MeterChange(240, 7, 8), MeterChange(3600, 3, 4)),
        (MeterChange(0, 5, 16), MeterChange(4000, 4, 4)),
    ]
)
grids = st.builds(
    lambda meters, quarter, step: NoteGrid(
        meter_map(Composition(meters=meters, ticks_per_quarter=quarter)), quarter, step
    ),
    meters,
    st.sampled_from([480, 96, 100, 1024]),
    st.sampled_from([step for step in GridStep if step is not GridStep.OFF]),
)


@settings(max_examples=60, deadline=None)
@given(grids, st.integers(0, 9000))
def test_every_tick_lies_between_two_lines_of_a_grid(grid: NoteGrid, tick: int) -> None:
    before, after = grid.before(tick), grid.after(tick)
    assert before <= tick < after
    assert grid.nearest(tick) in (before, after)
    assert grid.before(before) == before == grid.nearest(before)
    assert grid.after(before) == after
    lines = grid.lines(after + 1)
    assert lines[-2:] == [before, after]
    assert grid.stepped(before, 1) == after
    assert grid.stepped(after, -1) == before


def test_bar_lines_are_lines_of_every_grid() -> None:
    meter = meter_map(Composition(meters=(MeterChange(0, 1, 8), MeterChange(240, 7, 8))))
    for step in GridStep:
        grid = NoteGrid(meter, 480, step)
        assert all(grid.before(bar) == bar for bar in meter.bar_starts(9000))


@pytest.mark.parametrize(
    ("step", "ticks"),
    [
        (GridStep.BAR, 1920),
        (GridStep.HALF, 960),
        (GridStep.SIXTEENTH, 120),
        (GridStep.THIRTY_SECOND, 60),
        (GridStep.EIGHTH_TRIPLET, 160),
        (GridStep.THIRTY_SECOND_TRIPLET, 40),
        (GridStep.OFF, 1),
    ],
)
def test_a_grid_is_as_fine_as_its_name_says(step: GridStep, ticks: int) -> None:
    assert NoteGrid(meter_map(Composition()), 480, step).length_at(0) == ticks
