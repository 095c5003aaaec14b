"""The lanes as an instrument: a gesture is mouse events in, one edit out."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from desktop.roll.lane import LaneSize
from desktop.roll.lanes import LanesView
from engine.music.composition import Composition
from engine.music.note import Note
from tests.desktop.roll.lanes_hand import (
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

# Notes


def test_a_click_selects_a_note_sounds_it_and_edits_nothing(
    view: LanesView, edits: list[tuple[Composition, str]]
) -> None:
    heard: list[tuple[int, ...]] = []
    view.audition_requested.connect(lambda *note: heard.append(note))
    view.track_selected.connect(lambda track: heard.append((track,)))
    QTest.mouseClick(view, Left, Plain, place(view, SECOND))
    assert view.editor.selection.notes == {SECOND}
    assert heard == [(0,), (0, 67, 60)]
    assert edits == []


def test_dragging_a_note_moves_it_on_the_grid_in_one_edit(
    view: LanesView, edits: list[tuple[Composition, str]]
) -> None:
    start = place(view, FIRST)
    drag(view, start, start + QPoint(pixels(view, 250), rows(view, 2)))
    assert [name for _, name in edits] == ["Move note"]
    assert edits[0][0].melody.notes == (Note(240, 66, 480, 90), SECOND, LONG)
    assert edits[0][0].accompaniment == MUSIC.accompaniment
    assert view.editor.selection.notes == {Note(240, 66, 480, 90)}


def test_with_alt_a_note_lies_anywhere(
    view: LanesView, edits: list[tuple[Composition, str]]
) -> None:
    start = place(view, LONG)
    drag(view, start, start + QPoint(pixels(view, 250), 0), Alt)
    moved = edits[-1][0].melody.notes[-1]
    assert 2100 < moved.start < 2240
    assert moved.start % 120 != 0
    assert moved.pitch == LONG.pitch


def test_a_press_that_trembles_moves_nothing(
    view: LanesView, edits: list[tuple[Composition, str]]
) -> None:
    start = place(view, FIRST)
    drag(view, start, start + QPoint(1, 1))
    assert edits == []


def test_dragging_a_note_s_end_stretches_it(
    view: LanesView, edits: list[tuple[Composition, str]]
) -> None:
    start = place(view, LONG, share=1.0)
    drag(view, start, start + QPoint(pixels(view, 480), 0))
    assert [name for _, name in edits] == ["Stretch note"]
    assert edits[0][0].melody.notes[-1] == replace(LONG, duration=1440)


def test_dragging_a_note_s_beginning_keeps_its_end(
    view: LanesView, edits: list[tuple[Composition, str]]
) -> None:
    start = place(view, LONG, share=0.0)
    drag(view, start, start + QPoint(pixels(view, 240), 0))
    assert edits[0][0].melody.notes[-1] == replace(LONG, start=2160, duration=720)


def test_a_double_click_opens_a_lane_and_there_adds_a_note(
    view: LanesView, edits: list[tuple[Composition, str]]
) -> None:
    QTest.mouseDClick(view, Left, Plain, empty_place(view, 3840 + 30, 62))
    assert view.opened == 0
    assert edits == []
    spot = empty_place(view, 3840 + 30, 62)
    QTest.mouseClick(view, Left, Plain, spot)
    QTest.mouseDClick(view, Left, Plain, spot)
    assert [name for _, name in edits] == ["Add note"]
    added = edits[0][0].melody.notes[-1]
    assert (added.start, added.pitch) == (3840, 62)
    assert view.editor.selection.notes == {added}


def test_a_double_click_on_a_note_of_an_open_lane_deletes_it(
    view: LanesView, edits: list[tuple[Composition, str]]
) -> None:
    view.set_lane_size(0, LaneSize.OPEN)
    view.show_pitches([64])
    QTest.mouseDClick(view, Left, Plain, place(view, FIRST))
    assert [name for _, name in edits] == ["Delete note"]
    assert edits[0][0].melody.notes == (SECOND, LONG)


def test_a_rubber_band_selects_what_it_touches_and_shift_adds(
    view: LanesView, edits: list[tuple[Composition, str]]
) -> None:
    lane = view.lanes[0]
    top = view.ruler_height() + 2
    drag(view, QPoint(pixels(view, 1500), top), QPoint(9, top + lane.height - 8))
    assert view.editor.selection.notes == {FIRST, SECOND}
    QTest.mouseClick(view, Left, Shift, place(view, LONG))
    assert view.editor.selection.notes == {FIRST, SECOND, LONG}
    QTest.mouseClick(view, Left, Shift, place(view, LONG))
    assert view.editor.selection.notes == {FIRST, SECOND}
    assert edits == []


def test_selected_notes_move_together(
    view: LanesView, edits: list[tuple[Composition, str]]
) -> None:
    QTest.mouseClick(view, Left, Plain, place(view, FIRST))
    QTest.mouseClick(view, Left, Shift, place(view, SECOND))
    start = place(view, SECOND)
    drag(view, start, start + QPoint(0, rows(view, -3)))
    assert [name for _, name in edits] == ["Move 2 notes"]
    assert [n.pitch for n in edits[0][0].melody.notes] == [61, 64, 60]


def test_escape_breaks_a_gesture_off(view: LanesView, edits: list[tuple[Composition, str]]) -> None:
    start = place(view, FIRST)
    QTest.mousePress(view, Left, Plain, start)
    QTest.mouseMove(view, start + QPoint(80, 20))
    assert view.editor.carried is not None
    QTest.keyClick(view, Qt.Key.Key_Escape)
    QTest.mouseRelease(view, Left, Plain, start + QPoint(80, 20))
    assert edits == []
    assert view.editor.carried is None


def test_notes_of_a_drum_lane_move_from_drum_to_drum(
    view: LanesView, edits: list[tuple[Composition, str]]
) -> None:
    start = place(view, KICK, lane=2)
    drag(view, start, QPoint(start.x(), place(view, SNARE, lane=2).y()))
    assert edits[0][0].tracks[2].notes == (replace(KICK, pitch=38), SNARE)


def test_an_open_lane_has_stems_that_make_notes_louder(
    view: LanesView, edits: list[tuple[Composition, str]]
) -> None:
    view.set_lane_size(0, LaneSize.OPEN)
    lane = view.lanes[0]
    floor = lane.bottom - 2 + view.ruler_height() - view.viewport.scroll_y
    x = view.axis.x_at(SECOND.start)
    drag(view, QPoint(x, floor - 30), QPoint(x, floor - 64))
    assert [name for _, name in edits] == ["Change velocity of note"]
    assert edits[0][0].melody.notes[1].velocity > 110


@pytest.mark.parametrize(
    ("key", "keys", "name", "wanted"),
    [
        (Qt.Key.Key_Up, Plain, "Transpose note", replace(FIRST, pitch=65)),
        (Qt.Key.Key_Down, Shift, "Transpose note", replace(FIRST, pitch=52)),
        (Qt.Key.Key_Right, Plain, "Move note", replace(FIRST, start=120)),
        (Qt.Key.Key_Up, Control, "Change velocity of note", replace(FIRST, velocity=98)),
    ],
)
def test_arrows_transpose_move_and_make_louder(
    view: LanesView,
    edits: list[tuple[Composition, str]],
    key: Qt.Key,
    keys: Qt.KeyboardModifier,
    name: str,
    wanted: Note,
) -> None:
    QTest.mouseClick(view, Left, Plain, place(view, FIRST))
    QTest.keyClick(view, key, keys)
    assert [each for _, each in edits] == [name]
    assert wanted in edits[0][0].melody.notes
    assert len(edits[0][0].melody.notes) == 3


def test_delete_copy_paste_and_duplicate(
    view: LanesView, edits: list[tuple[Composition, str]]
) -> None:
    QTest.mouseClick(view, Left, Plain, place(view, LONG))
    QTest.keyClick(view, Qt.Key.Key_C, Control)
    QTest.keyClick(view, Qt.Key.Key_D, Control)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    view.set_position(7680)
    QTest.keyClick(view, Qt.Key.Key_V, Control)
    assert [name for _, name in edits] == ["Duplicate note", "Delete note", "Paste note"]
    assert edits[0][0].melody.notes[-1] == replace(LONG, start=2880)
    assert edits[2][0].melody.notes[-1] == replace(LONG, start=7680)


def test_select_all_then_delete_empties_the_track(
    view: LanesView, edits: list[tuple[Composition, str]]
) -> None:
    QTest.keyClick(view, Qt.Key.Key_A, Control)
    QTest.keyClick(view, Qt.Key.Key_Backspace)
    assert edits[0][1] == "Delete 3 notes"
    assert edits[0][0].melody.notes == ()


def test_keys_without_a_selection_belong_to_others(view: LanesView) -> None:
    asked: list[int] = []
    view.edit_requested.connect(lambda *_: asked.append(1))
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_Up, Qt.Key.Key_Space):
        QTest.keyClick(view, key)
    assert asked == []


# Ruler


def test_a_click_in_the_ruler_seeks_on_the_grid_and_a_drag_follows(view: LanesView) -> None:
    sought: list[int] = []
    view.seek_requested.connect(sought.append)
    y = view.ruler_height() - 8
    drag(view, QPoint(view.axis.x_at(500), y), QPoint(view.axis.x_at(1900), y))
    assert sought[0] == 480
    assert sought[-1] == 1920


def test_a_drag_in_the_upper_strip_sets_a_loop_of_whole_bars(view: LanesView) -> None:
    loops: list[tuple[int, int]] = []
    view.loop_changed.connect(lambda a, b: loops.append((a, b)))
    drag(view, QPoint(view.axis.x_at(2000), 6), QPoint(view.axis.x_at(5000), 6))
    assert loops == [(1920, 5760)]
    assert view.loop == (1920, 5760)


def test_an_end_of_the_loop_can_be_dragged(view: LanesView) -> None:
    view.set_loop(0, 3840)
    loops: list[tuple[int, int]] = []
    view.loop_changed.connect(lambda a, b: loops.append((a, b)))
    drag(view, QPoint(view.axis.x_at(3840), 6), QPoint(view.axis.x_at(7000), 6))
    assert loops == [(0, 7680)]


def test_a_click_in_the_upper_strip_leaves_the_loop(view: LanesView) -> None:
    view.set_loop(0, 3840)
    QTest.mouseClick(view, Left, Plain, QPoint(300, 6))
    assert view.loop == (0, 3840)
