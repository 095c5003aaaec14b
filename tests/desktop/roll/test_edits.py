"""What a gesture makes of a composition."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.roll.edits import (
    Selection,
    added,
    begun_later,
    changed,
    deleted,
    lengthened,
    louder,
    moved,
    name_of,
)
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import make_track

notes = st.builds(
    Note, st.integers(0, 5000), st.integers(0, 127), st.integers(1, 900), st.integers(1, 127)
)
groups = st.frozensets(notes, min_size=1, max_size=10)
steps = st.integers(-6000, 6000)


def melody(*each: Note) -> Composition:
    return Composition(tracks=(make_track("Melody", each), make_track("Bass", [])))


@given(groups, steps, st.integers(-200, 200))
def test_moved_notes_keep_their_distances(
    group: frozenset[Note], ticks: int, semitones: int
) -> None:
    result = sorted(moved(group, ticks, semitones))
    before = sorted(group)
    assert len(result) == len(before)
    assert {
        (a.start - b.start, a.pitch - b.pitch) for a, b in zip(result, before, strict=True)
    } == {(result[0].start - before[0].start, result[0].pitch - before[0].pitch)}


@given(groups, steps, st.integers(1, 480))
def test_stretched_notes_stay_notes(group: frozenset[Note], ticks: int, least: int) -> None:
    for note in group:
        (longer,) = lengthened([note], ticks, least)
        assert longer.start == note.start
        assert longer.duration >= min(least, note.duration)
        (later,) = begun_later([note], ticks, least)
        assert later.end == note.end
        assert later.duration >= min(least, note.duration)


@given(groups, st.integers(-300, 300))
def test_velocities_stay_midi_s(group: frozenset[Note], by: int) -> None:
    assert all(1 <= note.velocity <= 127 for note in louder(group, by))


def test_an_edit_touches_its_track_alone() -> None:
    before = melody(Note(0, 60, 480), Note(480, 62, 480))
    chosen = Selection(0, frozenset({Note(0, 60, 480)}))
    after, selection = changed(before, chosen, frozenset({Note(0, 64, 480)}))
    assert after.tracks[0].notes == (Note(0, 64, 480), Note(480, 62, 480))
    assert after.tracks[1] is before.tracks[1]
    assert selection == Selection(0, frozenset({Note(0, 64, 480)}))


def test_a_note_moved_onto_another_of_its_pitch_is_shortened_not_doubled() -> None:
    before = melody(Note(0, 60, 480), Note(480, 62, 480))
    chosen = Selection(0, frozenset({Note(480, 62, 480)}))
    after, _ = changed(before, chosen, frozenset({Note(240, 60, 480)}))
    assert after.melody.notes == (Note(0, 60, 240), Note(240, 60, 480))


def test_notes_are_added_and_deleted() -> None:
    with_bass, selection = added(melody(), 1, Note(0, 36, 480))
    assert with_bass.tracks[1].notes == (Note(0, 36, 480),)
    assert selection.track == 1
    assert deleted(with_bass, selection).tracks[1].notes == ()


def test_a_selection_forgets_what_is_gone() -> None:
    kept, gone = Note(0, 60, 480), Note(480, 62, 480)
    selection = Selection(0, frozenset({kept, gone}))
    assert selection.within(melody(kept)).notes == {kept}
    assert not Selection(5, frozenset({kept})).within(melody(kept))


def test_an_edit_is_named_for_the_undo_menu() -> None:
    one, two = Note(0, 60, 480), Note(480, 62, 480)
    assert name_of("Move", Selection(0, frozenset({one}))) == "Move note"
    assert name_of("Move", Selection(0, frozenset({one, two}))) == "Move 2 notes"
