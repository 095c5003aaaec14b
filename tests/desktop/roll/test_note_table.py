"""What is on the screen is found among all notes."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.roll.note_table import NoteTable
from engine.music.note import Note

notes = st.builds(
    Note, st.integers(0, 2000), st.integers(0, 127), st.integers(1, 900), st.integers(1, 127)
)
tracks = st.lists(notes, max_size=40).map(lambda each: tuple(sorted(each)))


@given(tracks, st.integers(-100, 3000), st.integers(0, 1000))
def test_the_notes_between_two_ticks_are_those_that_touch_them(
    track: tuple[Note, ...], first: int, span: int
) -> None:
    table = NoteTable(track)
    found = [track[i] for i in table.between(first, first + span).tolist()]
    assert found == [n for n in track if n.end > first and n.start < first + span]


@given(tracks, st.integers(-100, 3000), st.integers(0, 1000))
def test_the_notes_begun_in_a_span_start_in_it(
    track: tuple[Note, ...], first: int, span: int
) -> None:
    table = NoteTable(track)
    found = [track[i] for i in table.begun_from(first, first + span).tolist()]
    assert found == [n for n in track if first <= n.start < first + span]


@given(tracks)
def test_every_note_is_found_again(track: tuple[Note, ...]) -> None:
    table = NoteTable(track)
    assert all(
        (index := table.index_of(note)) is not None and track[index] == note for note in track
    )
    assert table.index_of(Note(5000, 60, 1)) is None
    assert table.end == max((note.end for note in track), default=0)
    assert set(table.used_pitches) == {note.pitch for note in track}
