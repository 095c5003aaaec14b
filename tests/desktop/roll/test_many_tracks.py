"""Notes of several tracks are chosen together, and what is done to them is one edit."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from desktop.actions import Actions
from desktop.roll.editor_bar import EditorBar
from desktop.roll.lane import LaneSize
from desktop.roll.lanes import LanesView
from desktop.studio.note_actions import connect_note_actions
from engine.music.composition import Composition
from engine.music.note import Note
from tests.desktop.roll.lanes_hand import (
    BASS,
    FIRST,
    KICK,
    LONG,
    MUSIC,
    SECOND,
    SNARE,
    Alt,
    Control,
    Left,
    Plain,
    Shift,
    drag,
    empty_place,
    pixels,
    place,
    rows,
)

Edits = list[tuple[Composition, str]]
A, B = Qt.Key.Key_A, Qt.Key.Key_B


def notes_of(edits: Edits) -> list[tuple[Note, ...]]:
    return [track.notes for track in edits[-1][0].tracks]


def draw_band(view: LanesView) -> None:
    """From behind the second note up, to the start of the lowest lane."""
    drums = view.lanes[2]
    foot = drums.bottom - 4 + view.ruler_height()
    drag(view, QPoint(pixels(view, 1500), view.ruler_height() + 2), QPoint(9, foot))


def test_a_rubber_band_reaches_over_lanes_and_shift_adds_notes_of_others(view: LanesView) -> None:
    draw_band(view)
    everything = {0: {FIRST, SECOND}, 1: {BASS}, 2: {KICK, SNARE}}
    assert view.editor.selection.parts() == everything
    QTest.mouseClick(view, Left, Shift, place(view, KICK, lane=2))
    assert view.editor.selection.parts() == {**everything, 2: {SNARE}}
    view.set_lane_size(2, LaneSize.FOLDED)
    draw_band(view)
    assert view.editor.selection.parts() == {0: {FIRST, SECOND}, 1: {BASS}}


def test_they_are_dragged_together_and_drums_stay_what_they_are(
    view: LanesView, edits: Edits
) -> None:
    draw_band(view)
    start = place(view, SECOND)
    drag(view, start, start + QPoint(pixels(view, 480), rows(view, 2)))
    assert [name for _, name in edits] == ["Move 5 notes"]
    assert notes_of(edits) == [
        (Note(480, 66, 480, 90), Note(960, 69, 480, 60), LONG),
        (Note(480, 42, 1920, 80),),
        (Note(480, 36, 60, 100), Note(960, 38, 60, 100)),
    ]
    assert view.editor.selection.count == 5


def test_keys_transpose_move_and_delete_them_in_one_edit_each(
    view: LanesView, edits: Edits
) -> None:
    QTest.keyClick(view, A, Control | Alt)
    assert view.editor.selection.count == 6
    QTest.keyClick(view, Qt.Key.Key_Up, Shift)
    assert [n.pitch for n in notes_of(edits)[0]] == [76, 79, 72]
    assert notes_of(edits)[1:] == [(replace(BASS, pitch=52),), (KICK, SNARE)]
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert [notes[0].start for notes in notes_of(edits)] == [120, 120, 120]
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert [name for _, name in edits] == ["Transpose 6 notes", "Move 6 notes", "Delete 6 notes"]
    assert notes_of(edits) == [(), (), ()]


def test_they_are_copied_and_pasted_each_into_its_own_track(view: LanesView, edits: Edits) -> None:
    view.set_loop(0, 1920)
    QTest.keyClick(view, B, Control | Alt)
    assert view.editor.selection.count == 5  # but for what begins behind the marked bars
    QTest.keyClick(view, Qt.Key.Key_C, Control)
    view.set_position(3840)
    QTest.keyClick(view, Qt.Key.Key_V, Control)
    assert edits[-1][1] == "Paste 5 notes"
    assert [len(notes) for notes in notes_of(edits)] == [5, 2, 4]
    assert [notes[-1].start for notes in notes_of(edits)] == [4320, 3840, 4320]
    QTest.keyClick(view, Qt.Key.Key_D, Control)
    assert edits[-1][1] == "Duplicate 5 notes"
    assert [notes[-1].start for notes in notes_of(edits)] == [6240, 5760, 6240]
    QTest.keyClick(view, Qt.Key.Key_X, Control)
    assert edits[-1][1] == "Cut 5 notes"
    assert [len(notes) for notes in notes_of(edits)] == [5, 2, 4]


def test_an_open_lane_leaves_what_is_not_seen_alone(view: LanesView, edits: Edits) -> None:
    QTest.keyClick(view, A, Control | Alt)
    QTest.keyClick(view, Qt.Key.Key_C, Control)
    view.set_lane_size(1, LaneSize.OPEN)
    assert view.editor.selection.parts() == {1: {BASS}}
    view.set_position(3840)
    QTest.keyClick(view, Qt.Key.Key_V, Control)
    assert notes_of(edits) == [
        MUSIC.melody.notes,
        (BASS, replace(BASS, start=3840)),
        (KICK, SNARE),
    ]


@pytest.mark.parametrize("opened", [False, True])
def test_commands_without_anything_to_work_on_are_grey(view: LanesView, opened: bool) -> None:
    if opened:
        view.set_lane_size(0, LaneSize.OPEN)
        view.show_pitches([64])
    actions, bar = Actions(), EditorBar(view)
    connect_note_actions(actions, view, bar)
    of_notes = ["cut", "copy", "duplicate", "delete", "same_pitches", "join"]

    def awake(*names: str) -> list[bool]:
        return [actions[f"notes_{name}"].isEnabled() for name in names]

    assert awake(*of_notes, "paste", "select_marked") == [False] * 8
    assert awake("select_all", "invert", "split", "add", "select_all_tracks") == [True] * 5
    QTest.mouseClick(view, Left, Plain, place(view, FIRST))
    assert awake(*of_notes, "paste") == [True] * 6 + [False]
    actions["notes_copy"].trigger()
    QTest.mouseClick(view, Left, Plain, empty_place(view, 5000, 64))
    assert awake(*of_notes, "paste") == [False] * 6 + [True]
    view.set_loop(0, 1920)
    assert awake("select_marked") == [True]
    bar.deleteLater()
