"""Which notes sound."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.studio.sounding import SoundingNotes
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import Track

notes = st.lists(
    st.builds(Note, st.integers(0, 200), st.integers(0, 127), st.integers(1, 90)), max_size=30
)


@given(notes, st.floats(0, 320))
def test_exactly_the_notes_that_sound_are_found(given_notes: list[Note], tick: float) -> None:
    track = Track("Melody").with_notes(given_notes)
    sounding = SoundingNotes()
    sounding.set_composition(Composition(tracks=(track,)))
    expected = [note for note in track.notes if note.start <= tick < note.end]
    assert [note for _, _, note in sounding.at(tick)] == expected


def test_muted_tracks_are_not_heard_and_the_melody_comes_last() -> None:
    note = (Note(0, 60, 10),)
    tracks = (
        Track("Melody", notes=note),
        Track("Bass", 33, note),
        Track("Pad", 88, note, muted=True),
    )
    sounding = SoundingNotes()
    sounding.set_composition(Composition(tracks=tracks))
    assert [(index, role) for index, role, _ in sounding.at(5)] == [(1, "bass"), (0, "melody")]
