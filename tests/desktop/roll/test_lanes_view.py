"""What the lanes show: scrolled, zoomed, played, recorded, in both themes."""

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from desktop.roll.lane import LaneSize
from desktop.roll.lanes import LanesView
from desktop.theme import apply_theme, colour, set_reduced_motion
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import make_track
from tests.desktop.roll.lanes_hand import (
    BASS,
    FIRST,
    LONG,
    MUSIC,
    SECOND,
    Control,
    Left,
    Plain,
    drag,
    empty_place,
    place,
    rows,
)

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


def test_lanes_shimmer_while_they_are_busy(view: LanesView, qtbot: QtBot) -> None:
    view.set_busy([1])
    assert view.motion.running
    first = view.grab().toImage()
    QTest.qWait(120)
    assert view.grab().toImage() != first
    view.set_busy([])
    qtbot.waitUntil(lambda: not view.motion.running)


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
    view.set_live_notes(played)
    view.set_position(1000)
    assert 84 in view.lanes[0].axis.pitches
    short = lit_pixels(view, 84)
    view.set_position(1440)
    assert lit_pixels(view, 84) > short + 10
    view.set_live_notes(())
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


@pytest.mark.parametrize("nearer", [3, 0.5])
def test_scrolling_paints_what_painting_anew_would(view: LanesView, nearer: float) -> None:
    many = [Note(60 * i, 55 + i * 7 % 24, 50, 30 + i % 90) for i in range(2000)]
    view.set_composition(MUSIC.with_track(0, make_track("Melody", many)))
    view.zoom(nearer)
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
