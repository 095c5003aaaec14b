"""Timing after the fact: tried out in the open card, one edit when it is applied."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.studio.take_edits import with_take
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.take import Take, TakeEvent
from engine.music.track import Track

LATE = 23


@pytest.fixture
def late(melody: Composition) -> Composition:
    """Four bars of quarters, each 23 ticks late; and a bass on the beat."""
    notes = tuple(replace(note, start=note.start + LATE) for note in melody.melody.notes)
    bass = Track("Bass", 33, notes=(Note(5, 40, 400), Note(1930, 43, 400)))
    return replace(melody.with_track(0, Track("Melody", notes=notes)), tracks=(
        Track("Melody", notes=notes), bass))  # fmt: skip


def starts(composition: Composition, track: int = 0) -> list[int]:
    return [note.start for note in composition.tracks[track].notes]


def test_what_the_card_says_is_heard_at_once_and_applied_as_one_step(
    page: Any, app: Any, late: Composition, qtbot: QtBot
) -> None:
    app.document.load(late)
    app.actions["timing"].trigger()
    card = page.note_work.card
    assert card.isVisible() and not card.apply.isEnabled()
    card.strength.set_value(100)
    qtbot.waitUntil(card.apply.isEnabled, timeout=20_000)
    assert starts(app.player.composition)[:3] == [0, 480, 960]
    assert app.document.composition == late and app.document.undo_stack.count() == 0
    assert "16 of 16" in card.told.text()
    card.strength.set_value(60)
    qtbot.waitUntil(lambda: starts(app.player.composition)[0] == 9, timeout=20_000)
    qtbot.mouseClick(card.apply, Qt.MouseButton.LeftButton)
    assert not card.isVisible() and app.document.undo_stack.count() == 1
    assert starts(app.document.composition)[:2] == [9, 489]
    app.document.undo()
    assert app.document.composition == late and app.player.composition == late


def test_escape_leaves_everything_as_it_was(
    page: Any, app: Any, late: Composition, qtbot: QtBot
) -> None:
    app.document.load(late)
    app.actions["timing"].trigger()
    card = page.note_work.card
    card.semitones.setValue(3)
    qtbot.waitUntil(lambda: page.desk.shown.melody.notes[0].pitch == 63, timeout=20_000)
    qtbot.keyClick(card, Qt.Key.Key_Escape)
    assert not card.isVisible()
    assert page.desk.shown == late and app.document.undo_stack.count() == 0


def test_the_card_offers_marked_bars_and_other_tracks_and_leaves_the_rest(
    page: Any, app: Any, late: Composition, qtbot: QtBot
) -> None:
    app.document.load(late)
    page._choose_loop(1920, 3840)
    app.actions["timing"].trigger()
    card = page.note_work.card
    names = [card.scope_choice.itemText(i) for i in range(card.scope_choice.count())]
    assert names == [
        "Bar 2 of Melody",
        "Bar 2 of Bass",
        "Bar 2 of all tracks",
        "All of Melody",
        "All of Bass",
        "All tracks",
    ]
    card.scope_choice.setCurrentIndex(1)
    card.strength.set_value(100)
    qtbot.waitUntil(card.apply.isEnabled, timeout=20_000)
    card.apply.click()
    assert starts(app.document.composition, 1) == [5, 1920]
    assert starts(app.document.composition) == starts(late)


def test_an_edit_from_elsewhere_lets_the_card_begin_anew(
    page: Any, app: Any, late: Composition, qtbot: QtBot
) -> None:
    app.document.load(late)
    app.actions["timing"].trigger()
    card = page.note_work.card
    card.strength.set_value(100)
    qtbot.waitUntil(card.apply.isEnabled, timeout=20_000)
    page.mixing.switch(0, "muted", True)
    qtbot.waitUntil(lambda: starts(page.desk.shown)[0] == 0, timeout=20_000)
    assert app.document.composition.melody.muted and starts(app.document.composition)[0] == LATE
    app.document.edit(late.with_track(0, Track("Melody", notes=(Note(7, 60, 90),))), "Other")
    qtbot.waitUntil(lambda: card.strength.value == 0, timeout=20_000)
    assert starts(page.desk.shown) == [7]


def test_rhythm_assist_and_back_to_what_was_played_are_one_stroke_each(page: Any, app: Any) -> None:
    events = []
    for beat in range(8):
        events += [
            TakeEvent(0.5 * beat + 0.03, "note_on", 60 + beat, 90),
            TakeEvent(0.5 * beat + 0.4, "note_off", 60 + beat, 0),
        ]
    played = with_take(Composition(), Take(tuple(events), 120.0, 5.0), 0, snap=False)
    app.document.load(played)
    app.actions["rhythm_assist"].trigger()
    assert starts(app.document.composition)[:2] == [4, 484]
    assert "8 notes drawn to 1/" in app.sentences[-1]
    app.actions["octave_up"].trigger()
    assert app.document.composition.melody.notes[0].pitch == 72
    assert app.document.undo_stack.undoText() == "Octave up"
    app.actions["as_played"].trigger()
    assert app.document.composition.melody == played.melody
    assert app.document.undo_stack.count() == 3
    app.actions["as_played"].trigger()
    assert app.document.undo_stack.count() == 3 and "as it was played" in app.sentences[-1]


def test_what_snap_drew_is_drawn_more_gently_from_how_it_was_played(
    page: Any, app: Any, qtbot: QtBot
) -> None:
    events = (TakeEvent(0.54, "note_on", 60, 90), TakeEvent(0.9, "note_off", 60, 0))
    app.document.load(with_take(Composition(), Take(events, 120.0, 2.0), 0, snap=True))
    app.actions["timing"].trigger()
    card = page.note_work.card
    card.strength.set_value(50)
    page.note_work.try_out()
    assert not card.apply.isEnabled() and "Snap drew them there" in card.told.text()
    card.as_played.click()
    qtbot.waitUntil(card.apply.isEnabled, timeout=20_000)
    assert card.isVisible() and card.strength.value == 50
    card.apply.click()
    assert 480 < starts(app.document.composition)[0] < 518


def test_without_notes_or_a_recording_it_says_why(page: Any, app: Any, melody: Composition) -> None:
    app.actions["timing"].trigger()
    app.document.load(melody)
    app.actions["as_played"].trigger()
    assert app.sentences == [
        "There are no notes here yet.",
        "Nothing here was recorded, so there is no playing to go back to.",
    ]


def test_notes_of_several_tracks_are_transposed_in_one_step_and_drums_are_left(
    page: Any, app: Any, late: Composition
) -> None:
    kick = Note(0, 36, 60)
    drums = Track("Drums", notes=(kick,), is_drum=True)
    start = replace(late, tracks=(*late.tracks, drums))
    app.document.load(start)
    app.actions["notes_select_all_tracks"].trigger()
    names = [name for name, _ in page.note_work.offers()]
    assert names[:4] == [
        "19 selected notes of Melody, Bass and Drums",
        "16 selected notes of Melody",
        "2 selected notes of Bass",
        "1 selected note of Drums",
    ]
    app.actions["octave_up"].trigger()
    after = app.document.composition.tracks
    assert [note.pitch for note in after[1].notes] == [52, 55]
    assert after[0].notes[0].pitch == start.melody.notes[0].pitch + 12
    assert after[2].notes == (kick,)
    assert app.document.undo_stack.count() == 1
    app.document.undo()
    assert app.document.composition == start


def test_a_selection_over_tracks_is_drawn_to_the_grid_in_one_step(
    page: Any, app: Any, late: Composition, qtbot: QtBot
) -> None:
    app.document.load(late)
    app.actions["notes_select_all_tracks"].trigger()
    app.actions["timing"].trigger()
    card = page.note_work.card
    assert card.scope_choice.currentText() == "18 selected notes of Melody and Bass"
    card.strength.set_value(100)
    qtbot.waitUntil(card.apply.isEnabled, timeout=20_000)
    assert card.told.text() == "18 of 18 notes change."
    card.apply.click()
    after = app.document.composition
    assert (starts(after)[:2], starts(after, 1)) == ([0, 480], [0, 1920])
    assert app.document.undo_stack.undoText() == "Timing" and app.document.undo_stack.count() == 1
    app.document.undo()
    assert app.document.composition == late


def test_notes_stay_selected_while_they_are_tried_worked_over_and_taken_back(
    page: Any, app: Any, late: Composition, qtbot: QtBot
) -> None:
    app.document.load(late)
    page.area.lanes.setFocus()
    editor = page.area.lanes.editor

    def selected_are_all() -> bool:
        tracks = page.desk.shown.tracks
        every = {index: frozenset(track.notes) for index, track in enumerate(tracks)}
        return bool(editor.selection.parts() == every)

    app.actions["notes_select_all_tracks"].trigger()
    app.actions["timing"].trigger()
    card = page.note_work.card
    card.strength.set_value(100)
    qtbot.waitUntil(card.apply.isEnabled, timeout=20_000)
    assert selected_are_all() and starts(page.desk.shown)[0] == 0
    qtbot.keyClick(card, Qt.Key.Key_Escape)
    assert selected_are_all() and page.desk.shown == late
    assert page.window().focusWidget() is page.area.lanes
    for action in ("rhythm_assist", "octave_up"):
        app.actions[action].trigger()
        assert selected_are_all() and page.desk.shown != late
    app.document.undo()
    app.document.undo()
    assert selected_are_all() and page.desk.shown == late
    app.document.redo()
    assert selected_are_all() and page.desk.shown != late


def test_rhythm_assist_takes_the_band_together(page: Any, app: Any, late: Composition) -> None:
    app.document.load(late)
    app.actions["notes_select_all_tracks"].trigger()
    app.actions["rhythm_assist"].trigger()
    assert "18 notes of Melody and Bass drawn to 1/4." in app.sentences[-1]
    assert app.document.undo_stack.undoText() == "Rhythm assist"
    assert starts(app.document.composition)[0] < LATE and app.document.undo_stack.count() == 1
    app.document.undo()
    assert app.document.composition == late


def test_what_was_played_is_not_offered_for_other_tracks(page: Any, app: Any, qtbot: QtBot) -> None:
    events = (TakeEvent(0.5, "note_on", 60, 90), TakeEvent(0.9, "note_off", 60, 0))
    played = with_take(Composition(), Take(events, 120.0, 2.0), 0, snap=False)
    bass = Track("Bass", 33, notes=(Note(5, 40, 400),))
    app.document.load(replace(played, tracks=(played.melody, bass)))
    app.actions["timing"].trigger()
    card = page.note_work.card
    assert card.as_played.isEnabled()
    card.scope_choice.setCurrentText("All of Bass")
    qtbot.waitUntil(lambda: not card.as_played.isEnabled(), timeout=20_000)
