"""A lane that is open as an editor: tools, velocities, keys and commands, each one edit."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.document import Document
from desktop.roll.lane import LaneSize
from desktop.roll.lanes import LanesView
from desktop.roll.open_painter import velocity_stem
from desktop.roll.tips import tip_at
from desktop.roll.tools import Tool
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.note_grid import GridStep
from tests.desktop.roll.lanes_hand import (
    BASS,
    FIRST,
    KICK,
    LONG,
    MUSIC,
    SECOND,
    SNARE,
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


@pytest.fixture
def opened(view: LanesView) -> LanesView:
    """The melody's lane, open, its notes in the middle."""
    view.set_lane_size(0, LaneSize.OPEN)
    view.show_pitches([64])
    return view


def names(edits: Edits) -> list[str]:
    return [name for _, name in edits]


def melody(edits: Edits) -> tuple[Note, ...]:
    return edits[-1][0].melody.notes


def test_an_open_lane_has_the_view_and_every_pitch_to_itself(opened: LanesView) -> None:
    heights = opened.lane_heights()
    assert heights[0] > 400 and heights[1:] == (0, 0)
    assert list(opened.lanes[0].axis.pitches) == list(range(128))
    opened.set_lane_size(1, LaneSize.OPEN)
    assert opened.opened == 1 and opened.editor.selection.track == 1
    QTest.keyClick(opened, Qt.Key.Key_PageDown)
    assert opened.opened == 2
    QTest.keyClick(opened, Qt.Key.Key_Escape)
    assert opened.opened is None and min(opened.lane_heights()) > 0


def test_escape_lets_go_of_notes_first_and_then_goes_back(opened: LanesView) -> None:
    QTest.mouseClick(opened, Left, Plain, place(opened, FIRST))
    QTest.keyClick(opened, Qt.Key.Key_Escape)
    assert opened.opened == 0 and not opened.editor.selection
    QTest.keyClick(opened, Qt.Key.Key_Escape)
    assert opened.opened is None


def test_a_lane_closes_when_its_track_is_gone(view: LanesView) -> None:
    told: list[int] = []
    view.opened_changed.connect(told.append)
    view.set_lane_size(2, LaneSize.OPEN)
    view.set_composition(replace(MUSIC, tracks=MUSIC.tracks[:1]))
    assert told == [2, -1]


def test_scrolled_rows_are_painted_as_anew(opened: LanesView) -> None:
    for step in (30, -7, 400, -90):
        opened.grab()
        opened.scroll_by(0, step)
        scrolled = opened.grab().toImage()
        opened._layer.forget()
        assert opened.grab().toImage() == scrolled


# Tools


def test_the_pencil_draws_a_note_as_long_as_it_is_dragged(opened: LanesView, edits: Edits) -> None:
    QTest.keyClick(opened, Qt.Key.Key_2)
    spot = empty_place(opened, 3840 + 30, 62)
    drag(opened, spot, spot + QPoint(pixels(opened, 700), rows(opened, 2)))
    assert names(edits) == ["Add note"]
    drawn = melody(edits)[-1]
    assert (drawn.start, drawn.pitch, drawn.duration) == (3840, 64, 720)
    assert opened.editor.selection.notes == {drawn}


def test_the_pencil_draws_drums_along_a_row(view: LanesView, edits: Edits) -> None:
    view.set_lane_size(2, LaneSize.OPEN)
    view.set_tool(Tool.PENCIL)
    view.set_grid_step(GridStep.EIGHTH)
    view.show_pitches([42])
    spot = empty_place(view, 960, 42, lane=2)
    drag(view, spot, spot + QPoint(pixels(view, 730), 3))
    assert names(edits) == ["Add 4 notes"]
    hats = [note.start for note in edits[0][0].tracks[2].notes if note.pitch == 42]
    assert hats == [960, 1200, 1440, 1680]


def test_the_pencil_s_right_button_and_the_eraser_wipe(opened: LanesView, edits: Edits) -> None:
    opened.set_tool(Tool.PENCIL)
    QTest.mouseClick(opened, Qt.MouseButton.RightButton, Plain, place(opened, LONG))
    opened.set_tool(Tool.ERASER)
    drag(opened, place(opened, FIRST), place(opened, SECOND))
    assert names(edits) == ["Erase note", "Erase 2 notes"]
    assert melody(edits) == ()


def test_the_knife_cuts_notes_above_one_another_at_one_place(
    opened: LanesView, edits: Edits
) -> None:
    chord = replace(LONG, pitch=64)
    opened.set_composition(MUSIC.with_track(0, MUSIC.melody.with_notes([LONG, chord])))
    opened.set_tool(Tool.KNIFE)
    top = place(opened, replace(chord, start=2400, duration=1))
    drag(opened, top, place(opened, replace(LONG, start=2400, duration=1)))
    assert names(edits) == ["Split 2 notes"]
    assert [(n.start, n.duration) for n in melody(edits)] == [(1920, 480)] * 2 + [(2400, 480)] * 2


def test_escape_takes_a_stroke_of_any_tool_back(opened: LanesView, edits: Edits) -> None:
    for tool in Tool:
        opened.set_tool(tool)
        QTest.mousePress(opened, Left, Plain, place(opened, LONG))
        QTest.mouseMove(opened, place(opened, LONG) + QPoint(60, 30))
        QTest.keyClick(opened, Qt.Key.Key_Escape)
        QTest.mouseRelease(opened, Left, Plain, place(opened, LONG))
    assert edits == [] and opened.editor.carried is None


def test_every_tool_has_a_cursor_of_its_own(opened: LanesView) -> None:
    shapes = []
    for tool in Tool:
        opened.set_tool(tool)
        QTest.mouseMove(opened, empty_place(opened, 4000, 66))
        QTest.mouseMove(opened, empty_place(opened, 4100, 66))
        shapes.append((opened.cursor().shape(), opened.cursor().pixmap().cacheKey()))
    assert len(set(shapes)) == len(Tool)


# Copies, marquee, velocities


def test_ctrl_and_drag_copies(opened: LanesView, edits: Edits) -> None:
    start = place(opened, FIRST)
    drag(opened, start, start + QPoint(pixels(opened, 960), 0), Control)
    assert names(edits) == ["Copy note"]
    assert melody(edits) == (FIRST, SECOND, replace(FIRST, start=960), LONG)


def test_a_note_moved_over_others_and_on_by_keys_leaves_them_whole(
    opened: LanesView, edits: Edits
) -> None:
    wall = Note(480, 64, 240, 77)
    before = MUSIC.with_track(0, MUSIC.melody.with_notes([FIRST, wall]))
    opened.set_composition(before)
    QTest.mouseClick(opened, Left, Plain, place(opened, FIRST))
    for _ in range(6):
        QTest.keyClick(opened, Qt.Key.Key_Right)
    assert names(edits) == ["Move note"] * 6
    assert len(edits[3][0].melody.notes) == 1  # upon it, covering it
    assert melody(edits) == (wall, replace(FIRST, start=720))


def test_a_key_that_is_held_makes_one_step_of_undo(view: LanesView, qtbot: QtBot) -> None:
    document = Document()
    document.load(MUSIC)
    view.edit_requested.disconnect()
    view.edit_requested.connect(document.edit)
    view.edit_continued.connect(document.edit_on)
    document.changed.connect(view.set_composition)
    QTest.mouseClick(view, Left, Plain, place(view, FIRST))
    for repeats in (False, True, True, True):
        kind = QEvent.Type.KeyPress
        event = QKeyEvent(kind, Qt.Key.Key_Up, Plain, "", repeats)
        QApplication.sendEvent(view, event)
    assert document.composition.melody.notes[0].pitch == FIRST.pitch + 4
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Transpose note"
    document.undo()
    assert document.composition == MUSIC


def stem(view: LanesView, note: Note) -> QPoint:
    """The head of a note's stem."""
    lane = view.lanes[view.opened or 0]
    y = lane.velocity_top + 72 - velocity_stem(note.velocity) + view.ruler_height()
    return QPoint(view.axis.x_at(note.start), y)


def test_velocities_are_drawn_freely_and_with_shift_in_a_line(
    opened: LanesView, edits: Edits
) -> None:
    floor = stem(opened, Note(0, 0, 1, 1))
    left, right = floor - QPoint(-2, 50), floor + QPoint(pixels(opened, 2100), -10)
    drag(opened, left, right, Shift)
    assert names(edits) == ["Change velocity of 3 notes"]
    drawn = [note.velocity for note in melody(edits)]
    assert drawn == sorted(drawn, reverse=True) and drawn[0] > 90 and drawn[2] < 40
    drag(opened, floor + QPoint(pixels(opened, 440), -40), floor + QPoint(pixels(opened, 520), -40))
    assert names(edits)[1:] == ["Change velocity of note"]
    assert [n.velocity for n in melody(edits)][::2] == drawn[::2]


def test_dragging_a_stem_changes_all_that_are_selected(opened: LanesView, edits: Edits) -> None:
    QTest.keyClick(opened, Qt.Key.Key_A, Control)
    drag(opened, stem(opened, SECOND), stem(opened, SECOND) - QPoint(0, 5))
    assert names(edits) == ["Change velocity of 3 notes"]
    changes = {
        n.velocity - o.velocity for n, o in zip(melody(edits), MUSIC.melody.notes, strict=True)
    }
    assert len(changes) == 1 and changes.pop() > 0


def test_a_drag_beyond_the_edge_scrolls_on(opened: LanesView, qtbot: QtBot, edits: Edits) -> None:
    opened.zoom(4)
    opened.viewport.across.setValue(0)
    start = place(opened, FIRST)
    QTest.mousePress(opened, Left, Plain, start)
    QTest.mouseMove(opened, start + QPoint(30, 0))
    QTest.mouseMove(opened, QPoint(opened.width() + 40, start.y()))
    qtbot.waitUntil(lambda: opened.axis.offset > 300, timeout=20_000)
    QTest.mouseRelease(opened, Left, Plain, QPoint(opened.width() + 40, start.y()))
    end = opened.axis.offset
    assert names(edits) == ["Move note"]
    assert max(melody(edits)).start > opened.axis.tick_at(0)
    assert not opened._edge._timer.isActive() and opened.axis.offset == end


# Commands and keys


def press(view: LanesView, *keys: tuple[Qt.Key, Qt.KeyboardModifier]) -> None:
    for key, held in keys:
        QTest.keyClick(view, key, held)


def test_selecting_by_command(opened: LanesView) -> None:
    low = replace(FIRST, start=960)
    opened.set_composition(MUSIC.with_track(0, MUSIC.melody.with_notes([FIRST, SECOND, low])))
    QTest.mouseClick(opened, Left, Plain, place(opened, FIRST))
    opened.command("same_pitches")
    assert opened.editor.selection.notes == {FIRST, low}
    opened.command("invert")
    assert opened.editor.selection.notes == {SECOND}
    press(opened, (Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier))
    assert opened.editor.selection.notes == {low}
    alt_shift = Qt.KeyboardModifier.AltModifier | Shift
    press(opened, (Qt.Key.Key_Left, alt_shift), (Qt.Key.Key_Left, alt_shift))
    assert opened.editor.selection.notes == {FIRST, SECOND, low}


def test_split_and_join_by_command(opened: LanesView, edits: Edits) -> None:
    opened.set_position(2400)
    opened.command("split")
    assert names(edits) == ["Split note"]
    assert len(opened.editor.selection.notes) == 2
    opened.command("join")
    assert names(edits)[1:] == ["Join 2 notes"]
    assert melody(edits) == MUSIC.melody.notes


def test_copies_go_from_track_to_track_and_keep_their_place_in_the_grid(
    opened: LanesView, edits: Edits
) -> None:
    late = replace(SECOND, start=490)
    opened.set_composition(MUSIC.with_track(0, MUSIC.melody.with_notes([FIRST, late])))
    QTest.mouseClick(opened, Left, Plain, place(opened, late))
    press(opened, (Qt.Key.Key_C, Control), (Qt.Key.Key_PageDown, Plain))
    opened.set_position(3838)
    press(opened, (Qt.Key.Key_V, Control))
    assert names(edits) == ["Paste note"]
    assert edits[0][0].tracks[1].notes == (BASS, replace(late, start=3850))


def test_notes_are_written_by_keys_alone(opened: LanesView, edits: Edits) -> None:
    opened.seek_requested.connect(opened.set_position)
    opened.set_position(5760)
    press(
        opened,
        (Qt.Key.Key_Insert, Plain),
        (Qt.Key.Key_Up, Shift),
        (Qt.Key.Key_Right, Shift),
        (Qt.Key.Key_Right, Shift | Control),
        (Qt.Key.Key_Right, Control),
        (Qt.Key.Key_Down, Control),
    )
    assert names(edits) == [
        "Add note",
        "Transpose note",
        "Stretch note",
        "Stretch note",
        "Move note",
        "Change velocity of note",
    ]
    assert opened.playhead() == 6240  # behind a beat
    assert melody(edits)[-1] == Note(5760 + 120 + 1920, 72, 480, 82)
    opened.command("delete")
    press(opened, (Qt.Key.Key_Left, Plain), (Qt.Key.Key_Left, Shift))
    assert opened.playhead() == 5760


@pytest.mark.parametrize(
    ("step", "start"),
    [(GridStep.BAR, 3840), (GridStep.EIGHTH_TRIPLET, 4000), (GridStep.OFF, 4103)],
)
def test_the_chosen_grid_draws_notes_to_its_lines(
    opened: LanesView, edits: Edits, step: GridStep, start: int
) -> None:
    opened.set_grid_step(step)
    opened.viewport.show_span(3840, 4320)
    spot = empty_place(opened, 4103, 64)
    QTest.mouseDClick(opened, Left, Plain, spot)
    assert melody(edits)[-1].start == pytest.approx(start, abs=0 if start != 4103 else 3)


def test_zooming_to_the_selection_fills_the_view_with_it(opened: LanesView) -> None:
    QTest.mouseClick(opened, Left, Plain, place(opened, LONG))
    opened.zoom_to_selection()
    left, right = opened.axis.x_at(LONG.start), opened.axis.x_at(LONG.end)
    assert 0 < left < 300 and 600 < right < opened.width()
    assert 0 < place(opened, LONG).y() < opened.height()


# Beside the lane


def test_hovering_tells_pitch_and_place_also_where_no_note_is(view: LanesView) -> None:
    view.set_lane_size(2, LaneSize.OPEN)
    view.show_pitches([42])
    assert tip_at(view, QPointF(place(view, KICK, lane=2))).startswith("Kick · bar 1.1")
    empty = QPointF(empty_place(view, 500, 42, lane=2) + QPoint(2, 0))
    assert tip_at(view, empty) == "Closed hi-hat · bar 1.2"
    spot = stem(view, SNARE)
    assert "velocity 100" in tip_at(view, QPointF(spot))


def test_the_right_button_selects_and_asks_for_the_menu(opened: LanesView) -> None:
    asked: list[QPoint] = []
    opened.notes_menu_requested.connect(asked.append)
    spot = place(opened, SECOND)
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(opened, QContextMenuEvent(reason, spot, opened.mapToGlobal(spot)))
    assert len(asked) == 1 and opened.editor.selection.notes == {SECOND}
