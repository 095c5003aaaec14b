"""The sustain pedal is seen where it is down."""

from dataclasses import replace

from PySide6.QtCore import QPoint, QRect

from desktop.roll.lanes import LanesView
from desktop.roll.pedal import FOR_EVER, pedal_at, pedal_foot, pedal_spans
from desktop.roll.tips import tip_at
from engine.music.track import ControlEvent, Track
from tests.desktop.roll.lanes_hand import MUSIC


def pressed(*events: tuple[int, int]) -> Track:
    controls = tuple(ControlEvent(tick, "control", 64, value) for tick, value in events)
    return replace(MUSIC.melody, controls=(ControlEvent(0, "control", 7, 90), *controls))


def test_half_a_pedal_is_down_and_one_that_is_never_let_go_stays_so() -> None:
    assert pedal_spans(MUSIC.melody) == ()
    track = pressed((100, 127), (200, 90), (480, 30), (500, 0), (960, 64))
    assert pedal_spans(track) == ((100, 480), (960, FOR_EVER))


def test_it_is_painted_and_told_in_every_lane(view: LanesView) -> None:
    track = pressed((480, 127), (1920, 0))
    for opened in (False, True):
        view.set_composition(MUSIC)
        if opened:
            view.open_track(0)
        lane = view.lanes[0]
        foot = pedal_foot(lane) + view.ruler_height() - view.viewport.scroll_y
        strip = QRect(0, foot - 4, view.width(), 4)
        plain = view.grab(strip).toImage()
        view.set_composition(MUSIC.with_track(0, track))
        held = view.grab(strip).toImage()
        assert held != plain
        inside, outside = view.axis.x_at(1200), view.axis.x_at(2100)
        assert held.pixel(inside, 2) != plain.pixel(inside, 2)
        assert held.pixel(outside, 2) == plain.pixel(outside, 2)
        assert tip_at(view, QPoint(inside, foot - 2).toPointF()) == "The sustain pedal is down"
        assert pedal_at(lane, view.music.pedals[0], 1200, pedal_foot(lane) - 20) is None
