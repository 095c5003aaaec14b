"""The lanes as an instrument: a gesture is mouse events in, one edit out."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from desktop.roll.lane import LaneSize
from desktop.roll.lanes import LanesView
from desktop.roll.painter import note_box
from desktop.theme import apply_theme, colour, set_reduced_motion
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import make_track

Left = Qt.MouseButton.LeftButton
Plain = Qt.KeyboardModifier.NoModifier
Shift, Alt = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
Control = Qt.KeyboardModifier.ControlModifier

FIRST, SECOND, LONG = Note(0, 64, 480, 90), Note(480, 67, 480, 60), Note(1920, 60, 960, 100)
BASS = Note(0, 40, 1920, 80)
KICK, SNARE = Note(0, 36, 60, 100), Note(480, 38, 60, 100)
MUSIC = Composition(
    tracks=(
        make_track("Melody", [FIRST, SECOND, LONG]),
        make_track("Bass", [BASS], program=33),
        make_track("Drums", [KICK, SNARE], is_drum=True),
    )
)


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication) -> Iterator[LanesView]:
    """A view of the music whose every edit is granted, as the document would."""
    apply_theme(qapp, "dark")
    set_reduced_motion(False)
    view = LanesView()
    qtbot.addWidget(view)
    view.edit_requested.connect(lambda music, _: view.set_composition(music))
    view.resize(908, 600)
    view.set_composition(MUSIC)
    view.show()
    yield view
    set_reduced_motion(None)
    view.hide()
    view.deleteLater()


@pytest.fixture
def edits(view: LanesView) -> list[tuple[Composition, str]]:
    """The edits asked for."""
    asked: list[tuple[Composition, str]] = []
    view.edit_requested.connect(lambda music, name: asked.append((music, name)))
    return asked


def place(view: LanesView, note: Note, lane: int = 0, share: float = 0.5) -> QPoint:
    """A point of the widget inside a note, at a share of its width."""
    shown = view.lanes[lane]
    box = note_box(shown, view.axis, note.start, note.end, note.pitch)
    y = box.center().y() + view.ruler_height() - view.viewport.scroll_y
    return QPoint(round(box.left() + share * (box.width() - 1)), y)


def empty_place(view: LanesView, tick: int, pitch: int, lane: int = 0) -> QPoint:
    return place(view, Note(tick, pitch, 1), lane)


def drag(view: LanesView, start: QPoint, end: QPoint, keys: Qt.KeyboardModifier = Plain) -> None:
    QTest.mousePress(view, Left, keys, start)
    for step in (1, 2, 3, 4):
        QTest.mouseMove(view, start + (end - start) * step / 4)
    move_with(view, end, keys)
    QTest.mouseRelease(view, Left, keys, end)


def move_with(view: LanesView, point: QPoint, keys: Qt.KeyboardModifier) -> None:
    """A move with keys held: QTest's own moves carry none."""
    view._pointer.move(QPointF(point), keys)


def pixels(view: LanesView, ticks: int) -> int:
    return round(ticks * view.axis.pixels_per_tick)


def rows(view: LanesView, semitones: int, lane: int = 0) -> int:
    return -round(semitones * view.lanes[lane].axis.row_height)


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


def test_a_double_click_adds_a_note_where_there_is_none(
    view: LanesView, edits: list[tuple[Composition, str]]
) -> None:
    spot = empty_place(view, 3840 + 30, 62)
    QTest.mouseClick(view, Left, Plain, spot)
    QTest.mouseDClick(view, Left, Plain, spot)
    assert [name for _, name in edits] == ["Add note"]
    added = edits[0][0].melody.notes[-1]
    assert (added.start, added.pitch) == (3840, 62)
    assert view.editor.selection.notes == {added}


def test_a_double_click_on_a_note_adds_none(
    view: LanesView, edits: list[tuple[Composition, str]]
) -> None:
    QTest.mouseDClick(view, Left, Plain, place(view, FIRST))
    assert edits == []


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
    assert view.editor.carried
    QTest.keyClick(view, Qt.Key.Key_Escape)
    QTest.mouseRelease(view, Left, Plain, start + QPoint(80, 20))
    assert edits == []
    assert not view.editor.carried


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


# Scrolling and zooming


def wheel(view: LanesView, at: QPoint, turn: QPoint, keys: Qt.KeyboardModifier) -> None:
    event = QWheelEvent(
        QPointF(at),
        view.mapToGlobal(QPointF(at)),
        QPoint(),
        turn,
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def test_ctrl_and_wheel_zoom_towards_the_pointer(view: LanesView) -> None:
    at = QPoint(450, 200)
    tick, scale = view.axis.tick_at(450), view.axis.pixels_per_tick
    wheel(view, at, QPoint(0, 120), Control)
    assert view.axis.pixels_per_tick == pytest.approx(scale * 1.2)
    assert view.axis.tick_at(450) == pytest.approx(tick, abs=20)


def test_nobody_zooms_out_beyond_the_music(view: LanesView) -> None:
    for _ in range(30):
        wheel(view, QPoint(450, 200), QPoint(0, -120), Control)
    assert view.axis.x_at(8 * 1920) >= 890


def test_the_wheel_scrolls_in_time_where_all_lanes_are_seen(view: LanesView) -> None:
    view.zoom(4)
    before = view.axis.offset
    wheel(view, QPoint(450, 200), QPoint(0, -120), Plain)
    assert view.axis.offset > before


def test_the_wheel_scrolls_lanes_that_do_not_fit_and_headers_can_follow(
    view: LanesView, qtbot: QtBot
) -> None:
    view.resize(908, 260)
    before = view.lane_geometry()
    with qtbot.waitSignal(view.lane_geometry_changed):
        wheel(view, QPoint(450, 200), QPoint(0, -120), Plain)
    after = view.lane_geometry()
    assert after[0][0] < before[0][0]
    assert [height for _, height in after] == [height for _, height in before]


def test_the_view_follows_a_playhead_that_leaves_it(view: LanesView) -> None:
    view.zoom(4)
    for tick in range(0, 12_000, 60):
        view.set_position(tick)
    assert 0 <= view.axis.x_at(12_000 - 60) < view.width()


def test_a_view_that_the_user_scrolled_away_stays_there(view: LanesView) -> None:
    view.zoom(8)
    view.viewport.across.setValue(-8)
    view.set_position(0)
    wheel(view, QPoint(450, 100), QPoint(0, -6000), Plain)
    offset = view.axis.offset
    for tick in range(0, 400, 20):
        view.set_position(tick)
    assert view.axis.offset == offset


# Layout


def test_lanes_lie_under_one_another_and_fill_the_view(view: LanesView) -> None:
    geometry = view.lane_geometry()
    assert geometry[0][0] == view.ruler_height()
    assert all(top + height == below for (top, height), (below, _) in itertools.pairwise(geometry))
    assert [height for _, height in geometry] == list(view.lane_heights())
    assert geometry[0][1] > geometry[1][1]


def test_chords_make_the_ruler_taller_and_move_the_lanes(view: LanesView, qtbot: QtBot) -> None:
    before = view.ruler_height()
    with qtbot.waitSignal(view.lane_geometry_changed):
        view.set_chords([(0, "C"), (1920, "Am")])
    assert view.ruler_height() > before
    assert view.lane_geometry()[0][0] == view.ruler_height()
    view.set_chords(None)
    assert view.ruler_height() == before


def test_a_lane_can_be_folded_opened_and_brought_back(view: LanesView) -> None:
    normal = view.lane_heights()[1]
    view.set_lane_size(1, LaneSize.FOLDED)
    assert view.lane_heights()[1] < normal
    view.toggle_lane(1)
    assert view.lane_heights()[1] > normal
    view.toggle_lane(1)
    assert view.lane_size(1) is LaneSize.NORMAL


def test_a_button_in_the_lane_under_the_pointer_opens_it(view: LanesView) -> None:
    QTest.mouseMove(view, empty_place(view, 4000, 62))
    QTest.mouseMove(view, empty_place(view, 4100, 62))
    assert view._button.isVisible()
    QTest.mouseClick(view._button, Left)
    assert view.lane_size(0) is LaneSize.OPEN


# What moves


def test_notes_glow_when_the_playhead_passes_them_and_then_no_more(
    view: LanesView, qtbot: QtBot
) -> None:
    view.set_position(3000)
    view.set_position(470)
    view.set_position(490)
    assert [glow.note for glow in view.motion.glows if glow.lane == 0] == [1]
    assert view.motion.running
    qtbot.waitUntil(lambda: not view.motion.glows, timeout=1000)
    qtbot.waitUntil(lambda: not view.motion.running, timeout=1000)


def test_a_jump_of_the_playhead_makes_nothing_glow(view: LanesView) -> None:
    view.set_position(6000)
    view.set_position(0)
    assert view.motion.glows == []


def test_lanes_shimmer_while_they_are_busy(view: LanesView) -> None:
    view.set_busy([1])
    assert view.motion.running
    first = view.grab().toImage()
    QTest.qWait(120)
    assert view.grab().toImage() != first
    view.set_busy([])
    QTest.qWait(40)
    assert not view.motion.running


def test_with_reduced_motion_busy_lanes_stand_still_in_their_colour(view: LanesView) -> None:
    calm = view.grab().toImage()
    set_reduced_motion(True)
    view.set_busy([1])
    assert not view.motion.running
    assert view.grab().toImage() != calm
    view.set_busy([])


def test_a_preview_takes_the_band_s_place_and_leaves_the_melody(
    view: LanesView, edits: list[tuple[Composition, str]]
) -> None:
    other = make_track("Bass", [Note(960, 43, 480)], program=33)
    view.set_preview([other])
    assert len(view.lane_heights()) == 2
    QTest.mouseClick(view, Left, Plain, place(view, other.notes[0], lane=1))
    assert not view.editor.selection
    start = place(view, FIRST)
    drag(view, start, start + QPoint(0, rows(view, 1)))
    assert edits[0][0].accompaniment == MUSIC.accompaniment
    view.set_preview(None)
    assert len(view.lane_heights()) == 3


def test_a_preview_comes_up_within_150_ms(view: LanesView, qtbot: QtBot) -> None:
    view.grab()
    view.set_preview([make_track("Bass", [Note(960, 43, 480)], program=33)])
    assert view.motion.fading is not None
    qtbot.waitUntil(lambda: view.motion.fading is None, timeout=1000)


def test_one_s_own_edit_is_there_at_once(view: LanesView) -> None:
    view.grab()
    QTest.mouseClick(view, Left, Plain, place(view, FIRST))
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert view.motion.fading is None


def test_live_notes_grow_with_the_playhead_and_widen_the_lane(view: LanesView) -> None:
    played = [[960, 84, 100]]
    view.set_live_source(lambda: played)
    view.set_position(1000)
    QTest.qWait(60)
    assert 84 in view.lanes[0].axis.pitches
    short = lit_pixels(view, 84)
    view.set_position(1440)
    assert lit_pixels(view, 84) > short + 10
    view.set_live_source(None)
    assert 84 not in view.lanes[0].axis.pitches


def lit_pixels(view: LanesView, pitch: int) -> int:
    """How many pixels of a row are not ground."""
    image = view.grab().toImage()
    y = place(view, Note(0, pitch, 1)).y()
    ground = {colour(role).rgb() for role in ("surface", "black_row", "bar_line", "beat_line")}
    xs = range(view.axis.x_at(960) - 4, view.axis.x_at(960) + 200)
    return sum(image.pixelColor(x, y).rgb() not in ground for x in xs)


# Picture


def colour_at(view: LanesView, note: Note, lane: int = 0) -> QColor:
    return view.grab().toImage().pixelColor(place(view, note, lane, 0.6))


def test_a_louder_note_is_brighter(view: LanesView) -> None:
    assert colour_at(view, LONG).lightness() > colour_at(view, SECOND).lightness()


def test_a_muted_track_s_notes_fade_away(view: LanesView) -> None:
    before = colour_at(view, BASS, lane=1)
    view.set_composition(MUSIC.with_track(1, replace(MUSIC.tracks[1], muted=True)))
    assert colour_at(view, BASS, lane=1).lightness() < before.lightness()


def test_beside_a_soloed_track_the_others_fade_away(view: LanesView) -> None:
    before = colour_at(view, BASS, lane=1)
    view.set_composition(MUSIC.with_track(0, replace(MUSIC.melody, soloed=True)))
    assert colour_at(view, BASS, lane=1).lightness() < before.lightness()


def test_scrolling_paints_what_painting_anew_would(view: LanesView) -> None:
    many = [Note(60 * i, 55 + i * 7 % 24, 50, 30 + i % 90) for i in range(2000)]
    view.set_composition(MUSIC.with_track(0, make_track("Melody", many)))
    view.zoom(3)
    QTest.qWait(250)
    for step in (37, 90, -45, 400, -11):
        view.grab()
        view.viewport.scroll_by(step, 0)
        scrolled = lanes_image(view)
        view._layer.forget()
        assert lanes_image(view) == scrolled


def lanes_image(view: LanesView) -> QImage:
    return view.grab().toImage().copy(0, view.ruler_height(), 880, 300)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_picture_is_as_fine_as_the_screen(view: LanesView, scale: float) -> None:
    image = QImage(view.size() * scale, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(scale)
    view.render(image)
    spot = place(view, LONG, share=0.6) * scale
    assert image.pixelColor(spot) == colour_at(view, LONG)


def test_a_change_of_theme_is_followed(view: LanesView, qapp: QApplication) -> None:
    corner = QPoint(view.width() // 2 + 7, view.lane_geometry()[0][0] + 1)
    apply_theme(qapp, "light")
    assert view.grab().toImage().pixelColor(corner).lightness() > 200
    apply_theme(qapp, "dark")
    assert view.grab().toImage().pixelColor(corner).lightness() < 60


def test_hovering_a_note_tells_what_it_is(view: LanesView, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    note_text: Callable[..., None] = lambda _, text, *__: shown.append(text)  # noqa: E731
    monkeypatch.setattr(QToolTip, "showText", note_text)
    spot = place(view, SECOND)
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, spot, view.mapToGlobal(spot)))
    assert shown == ["G4 · bar 1.2 · quarter · velocity 60"]
