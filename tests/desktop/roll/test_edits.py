"""What a gesture makes of a composition."""

from desktop.roll.edits import Selection, changed, name_of
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import make_track


def melody(*each: Note) -> Composition:
    return Composition(tracks=(make_track("Melody", each), make_track("Bass", [])))


def test_an_edit_touches_its_track_alone() -> None:
    before = melody(Note(0, 60, 480), Note(480, 62, 480))
    chosen = Selection(0, frozenset({Note(0, 60, 480)}))
    after, selection = changed(before, chosen, frozenset({Note(0, 64, 480)}))
    assert after.tracks[0].notes == (Note(0, 64, 480), Note(480, 62, 480))
    assert after.tracks[1] is before.tracks[1]
    assert selection == Selection(0, frozenset({Note(0, 64, 480)}))


def test_a_note_moved_onto_another_of_its_pitch_trims_it() -> None:
    before = melody(Note(0, 60, 480), Note(480, 62, 480))
    chosen = Selection(0, frozenset({Note(480, 62, 480)}))
    after, _ = changed(before, chosen, frozenset({Note(240, 60, 480)}))
    assert after.melody.notes == (Note(0, 60, 240), Note(240, 60, 480))


def test_a_selection_forgets_notes_that_are_gone_but_not_its_track() -> None:
    kept, gone = Note(0, 60, 480), Note(480, 62, 480)
    selection = Selection(0, frozenset({kept, gone}))
    assert selection.within(melody(kept)).notes == {kept}
    assert Selection(1).within(melody(kept)) == Selection(1)
    assert Selection(5, frozenset({kept})).within(melody(kept)) == Selection()


def test_an_edit_is_named_for_the_undo_menu() -> None:
    assert name_of("Move", 1) == "Move note"
    assert name_of("Move", 2) == "Move 2 notes"
