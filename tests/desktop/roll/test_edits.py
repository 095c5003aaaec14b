"""What a gesture makes of a composition."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.roll.edits import Selection, exchanged, how_many, name_of
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import make_track, without_overlaps


def melody(*each: Note) -> Composition:
    return Composition(tracks=(make_track("Melody", each), make_track("Bass", [])))


def test_an_edit_touches_its_track_alone() -> None:
    before = melody(Note(0, 60, 480), Note(480, 62, 480))
    chosen = Selection(0, frozenset({Note(0, 60, 480)}))
    after, selection = exchanged(before, chosen, Selection(0, frozenset({Note(0, 64, 480)})))
    assert after.tracks[0].notes == (Note(0, 64, 480), Note(480, 62, 480))
    assert after.tracks[1] is before.tracks[1]
    assert selection == Selection(0, frozenset({Note(0, 64, 480)}))


def test_a_note_moved_onto_another_of_its_pitch_trims_it() -> None:
    before = melody(Note(0, 60, 480), Note(480, 62, 480))
    chosen = Selection(0, frozenset({Note(480, 62, 480)}))
    after, _ = exchanged(before, chosen, Selection(0, frozenset({Note(240, 60, 480)})))
    assert after.melody.notes == (Note(0, 60, 240), Note(240, 60, 480))


def test_a_selection_forgets_notes_that_are_gone_but_not_its_track() -> None:
    kept, gone = Note(0, 60, 480), Note(480, 62, 480)
    selection = Selection(0, frozenset({kept, gone}))
    assert selection.within(melody(kept)).notes == {kept}
    assert Selection(1).within(melody(kept)) == Selection(1)
    assert Selection(5, frozenset({kept})).within(melody(kept)) == Selection()
    several = Selection(1, beside=((0, frozenset({kept, gone})), (7, frozenset({gone}))))
    assert several.within(melody(kept)) == Selection(1, beside=((0, frozenset({kept})),))


notes = st.builds(Note, st.integers(0, 1500), st.integers(60, 63), st.integers(1, 400))
parts = st.lists(st.lists(notes, max_size=8), min_size=3, max_size=3)


@settings(max_examples=30, deadline=None)
@given(parts, parts, st.lists(st.integers(0, 255), min_size=3, max_size=3))
def test_no_track_loses_a_note_that_was_neither_chosen_nor_covered(
    there: list[list[Note]], put: list[list[Note]], bits: list[int]
) -> None:
    tracks = tuple(make_track("Part", without_overlaps(each)[0]) for each in there)
    gone = {
        track: [note for i, note in enumerate(tracks[track].notes) if bits[track] >> i & 1]
        for track in range(3)
    }
    wanted = Selection.of_parts(1, dict(enumerate(put)))
    after, chosen = exchanged(Composition(tracks=tracks), Selection.of_parts(0, gone), wanted)
    for index, track in enumerate(after.tracks):
        for note in set(tracks[index].notes) - set(gone[index]):
            meets = any(
                other.pitch == note.pitch and other.start < note.end and note.start < other.end
                for other in wanted.of(index)
            )
            assert note in track.notes or meets
        assert chosen.of(index) <= set(track.notes)
        by_pitch = sorted(track.notes, key=lambda note: (note.pitch, note.start))
        assert all(a.pitch != b.pitch or a.end <= b.start for a, b in pairwise(by_pitch))


def test_an_edit_of_several_tracks_counts_the_notes_of_all() -> None:
    first, second = Note(0, 60, 480), Note(480, 62, 480)
    both = Selection(0, frozenset({first}), ((1, frozenset({first, second})),))
    assert (both.count, both.tracks(), both.at(1).notes) == (3, (0, 1), {first, second})
    assert how_many(both, Selection(1, frozenset({first}))) == 2
    assert both.only(1) == Selection(1, frozenset({first, second}))


def test_an_edit_is_named_for_the_undo_menu() -> None:
    assert name_of("Move", 1) == "Move note"
    assert name_of("Move", 2) == "Move 2 notes"
