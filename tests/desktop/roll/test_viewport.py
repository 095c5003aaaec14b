"""The part of the lanes that is seen: its bars count no further than Qt can."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.roll.viewport import Viewport


def test_music_without_end_can_be_scrolled_and_zoomed(qtbot: QtBot) -> None:
    lanes = QWidget()
    qtbot.addWidget(lanes)
    view = Viewport(lanes)
    view.resize(1000, 500)
    view.set_music(16 * 1920, 2**50, 480)
    for factor in (1000.0, 1e-9):
        view.zoom(factor, 500)
        view.show_tick(2**50)
        assert 0 < view.axis.offset <= view.across.maximum() < 2**31
    view.set_lanes_height(2**40)
    view.scroll_by(0, 2**20)
    assert view.scroll_y == 2**20
