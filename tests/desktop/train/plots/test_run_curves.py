"""The curves of a run on the screen."""

import gc
import re
import weakref
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.jobs import Jobs
from desktop.messages import Messages
from desktop.theme import apply_theme
from desktop.train.plots.run_curves import REDRAW_MS, RunCurves
from engine.store.curves import Curves
from tests.desktop.train.plots.made_runs import Show, events, run_of

ROOT = Path(__file__).resolve().parents[4]
TIMES = 25


def wheel(widget: QWidget, at: QPointF, notches: int, keys: Any = None) -> None:
    event = QWheelEvent(
        at,
        widget.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        keys or Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_a_running_run_is_drawn_along_epochs_with_what_is_to_come(show: Show) -> None:
    shown = show(run_of(30))
    picture = shown.losses.area.picture
    assert picture is not None
    assert picture.x_range == (0, 40) and shown.unit == "epochs"
    assert picture.x_ticks[-1][1] == "epoch 40"
    assert len([line for line in picture.lines if not line.raw]) == 2
    name, value = shown.losses.entries[0].split()
    assert name == "generator" and float(value) == pytest.approx(1, abs=0.1)
    assert shown.losses.caption == "wanted: generator steady, critic towards 0"
    assert "held-out songs" in shown.similarity.caption and "0.94" in shown.similarity.caption
    assert shown.losses.sentence and shown.similarity.sentence
    assert shown.losses.area.accessibleDescription() == shown.losses.sentence


def test_a_curve_has_one_colour_and_mark_in_both_runs(show: Show) -> None:
    kinds = [{"name": name, "label": name} for name in ("total", "onset", "generator", "critic")]
    both = [Curves(), Curves()]
    for curves, told in zip(both, (kinds, [kinds[3], kinds[0]]), strict=True):
        curves.feed({"event": "started", "steps": 40, "steps_per_epoch": 10, "curves": told})
        for step in range(1, 31):
            curves.feed({"event": "step", "step": step, **{str(k["name"]): 1.0 for k in told}})
    shown = show(both[0])
    shown.add_overlay("Morning", both[1])
    picture = shown.losses.area.picture
    assert picture is not None
    signs = {(line.role, line.mark) for line in picture.lines if line.mark}
    assert len(signs) == 4 and sum(line.dashed for line in picture.lines) == 2


def test_a_curve_that_the_run_did_not_name_waits_until_it_is_asked_for(show: Show) -> None:
    curves = run_of(3)
    curves.feed({"event": "step", "step": 31, "generator": 1.0, "critic": -1.0, "gradient": 9.0})
    shown = show(curves)
    assert shown.losses.legend.hidden == {"gradient"}
    shown.losses.legend.button("gradient").click()
    assert not shown.losses.legend.hidden


def test_the_names_of_many_curves_leave_the_picture_its_height(show: Show) -> None:
    curves = Curves()
    names = [{"name": f"loss{number}", "label": f"Loss {number}"} for number in range(12)]
    curves.feed({"event": "started", "steps": 40, "steps_per_epoch": 10, "curves": names})
    for step in range(1, 31):
        losses = {each["name"]: 1.0 for each in names}
        curves.feed({"event": "step", "step": step, **losses})
    shown = show(curves)
    shown.resize(928, 255)
    card = shown.losses
    assert len(card.entries) == 12 and card.legend.x() >= card.area.geometry().right()
    assert card.area.height() > card.height() / 2


def test_a_young_run_fills_half_of_the_picture_at_least(show: Show) -> None:
    shown = show(run_of(3))
    assert 3 <= shown.window_shown[1] <= 3 * 2.2


def test_the_data_s_own_value_and_the_best_epoch_stand_in_the_picture(show: Show) -> None:
    curves = run_of(10)
    best = {"event": "measures", "step": 100, "epoch": 10, "best": True}
    curves.feed({**best, "model": {"similarity": 0.8}})
    picture = show(curves).similarity.area.picture
    assert picture is not None
    assert [(level.value, level.words) for level in picture.levels] == [(0.94, "the data itself")]
    assert [spot.words for spot in picture.spots] == ["best: epoch 10"]


def test_a_plateau_is_shaded_from_its_epoch_on_and_named(show: Show) -> None:
    curves = run_of(30)
    curves.feed(
        {"event": "plateau", "step": 300, "epoch": 30, "since_epoch": 20, "reason": "Flat."}
    )
    shown = show(curves)
    picture = shown.similarity.area.picture
    assert picture is not None
    (stretch,) = picture.stretches
    assert (stretch.low, stretch.high) == (20, 30)
    assert stretch.words == "no longer learning since epoch 20"
    assert shown.similarity.sentence == "No longer learning since epoch 20. Flat."


def test_checkpoints_and_resumes_are_marked(show: Show) -> None:
    curves = run_of(10)
    curves.feed({"event": "checkpoint", "step": 50, "seconds": 30})
    curves.feed({**events(0)[0], "from_step": 100})
    picture = show(curves).losses.area.picture
    assert picture is not None
    assert picture.checkpoints == (5,) and picture.seams == (10,)


def test_under_the_pointer_a_mark_says_what_it_is(show: Show) -> None:
    curves = run_of(10)
    curves.feed({"event": "checkpoint", "step": 50, "seconds": 30})
    area = show(curves).losses.area
    area.pointed.emit(5.0)
    assert "checkpoint" in area.readout
    area.pointed.emit(7.0)
    assert "checkpoint" not in area.readout


def test_events_are_drawn_ten_times_a_second_at_most(show: Show, qtbot: QtBot) -> None:
    curves = run_of(20)
    shown = show(curves)
    drawn: list[object] = []
    area = shown.losses.area
    draw = area.draw
    area.draw = lambda picture: (drawn.append(picture), draw(picture))  # type: ignore[method-assign,assignment,func-returns-value]
    began = monotonic()
    for step in range(201, 261):
        curves.feed({"event": "step", "step": step, "generator": 1.0, "critic": 0.0})
        shown.refresh()
        QTest.qWait(5)
    qtbot.wait(2 * REDRAW_MS)
    assert 1 <= len(drawn) <= 1 + 1000 * (monotonic() - began) / REDRAW_MS
    assert len(drawn) < 60
    assert curves.last_step == 260


def test_what_is_not_seen_is_not_drawn_until_it_is(show: Show, qtbot: QtBot) -> None:
    curves = run_of(20)
    shown = show(curves)
    shown.hide()
    picture = shown.losses.area.picture
    curves.feed_many(events(30))
    shown.refresh()
    qtbot.wait(2 * REDRAW_MS)
    assert shown.losses.area.picture is picture
    shown.show()
    qtbot.waitUntil(lambda: shown.losses.area.picture is not picture)


def test_the_wheel_zooms_towards_the_pointer_in_both_charts(show: Show) -> None:
    shown = show(run_of(40))
    area = shown.losses.area
    at = QPointF(area.frame.left() + 0.25 * area.frame.width(), area.frame.center().y())
    place = area.place_at(at.x())
    wheel(area, at, 3)
    low, high = shown.window_shown
    assert high - low == pytest.approx(40 * 0.8**3)
    assert area.place_at(at.x()) == pytest.approx(place)
    other = shown.similarity.area.picture
    assert other is not None and other.x_range == (low, high)
    assert not shown.bar.everything.isHidden()
    shown.bar.everything.click()
    assert shown.window_shown == (0, 40)


def test_a_zoom_out_ends_where_everything_is_shown(show: Show) -> None:
    shown = show(run_of(40))
    wheel(shown.losses.area, shown.losses.area.frame.center(), -5)
    assert shown.window_shown == (0, 40) and shown.bar.everything.isHidden()


def test_ctrl_and_wheel_zooms_the_height(show: Show) -> None:
    shown = show(run_of(40))
    area = shown.losses.area
    before = area.picture
    wheel(area, area.frame.center(), 2, Qt.KeyboardModifier.ControlModifier)
    assert before is not None and area.picture is not None
    assert area.picture.x_range == before.x_range
    assert np.ptp(area.picture.y_range) == pytest.approx(0.64 * np.ptp(before.y_range))


def test_dragging_moves_and_a_double_click_shows_everything(show: Show) -> None:
    shown = show(run_of(40))
    area = shown.losses.area
    middle = area.frame.center().toPoint()
    wheel(area, QPointF(middle), 4)
    before = shown.window_shown
    QTest.mousePress(area, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(area, middle + QPoint(50, 0))
    QTest.mouseRelease(area, Qt.MouseButton.LeftButton, pos=middle + QPoint(50, 0))
    moved = 50 / area.frame.width() * (before[1] - before[0])
    assert shown.window_shown == pytest.approx((before[0] - moved, before[1] - moved))
    QTest.mouseDClick(area, Qt.MouseButton.LeftButton, pos=middle)
    assert shown.window_shown == (0, 40)


def test_the_keyboard_does_what_the_mouse_does(show: Show) -> None:
    shown = show(run_of(40))
    area = shown.losses.area
    QTest.keyClick(area, Qt.Key.Key_Plus)
    assert np.ptp(shown.window_shown) == pytest.approx(32)
    QTest.keyClick(area, Qt.Key.Key_Right)
    assert "epoch" in area.readout
    QTest.keyClick(area, Qt.Key.Key_Home)
    assert shown.window_shown == (0, 40)


def test_under_the_pointer_stand_the_values_of_both_charts(show: Show) -> None:
    shown = show(run_of(40))
    area = shown.losses.area
    place = area.frame.left() + 0.5 * area.frame.width()
    QTest.mouseMove(area, QPointF(place, area.frame.center().y()).toPoint())
    said = re.sub("<[^>]*>", " ", area.readout)
    assert "epoch 20" in said and "step 2" in said
    assert "generator" in said and "critic" in said
    assert "similarity index" in shown.similarity.area.readout
    shown.losses.area.pointed.emit(None)
    assert area.readout == ""


def test_the_axis_can_be_steps_or_minutes(show: Show) -> None:
    shown = show(run_of(40))
    shown.bar.unit_button("minutes").click()
    assert shown.window_shown == pytest.approx((0, 4))
    shown.bar.unit_button("steps").click()
    assert shown.window_shown == (0, 400)


def test_a_run_without_a_clock_offers_no_minutes(show: Show) -> None:
    curves = Curves()
    curves.feed({"event": "step", "step": 1, "generator": 1.0})
    shown = show(curves)
    assert shown.unit == "steps"
    assert not shown.bar.unit_button("minutes").isEnabled()


def test_smoothing_calms_the_line_and_leaves_what_was_measured_behind_it(show: Show) -> None:
    shown = show(run_of(40))

    def spread() -> float:
        picture = shown.losses.area.picture
        assert picture is not None
        line = next(each for each in picture.lines if each.mark)
        return float(np.abs(np.diff(line.y, 2)).mean())

    shown.bar.smoothing.setValue(0)
    assert shown.bar.smoothing_words == "off"
    jagged, lines = spread(), shown.losses.area.picture
    shown.bar.smoothing.setValue(5)
    assert shown.bar.smoothing_words == "over 20 steps"
    assert spread() < jagged / 4
    smooth = shown.losses.area.picture
    assert lines is not None and smooth is not None
    assert len(smooth.lines) == 2 * len(lines.lines)


def test_another_run_is_laid_over_dashed_and_named(show: Show) -> None:
    shown = show(run_of(40))
    shown.add_overlay("Morning", run_of(20, name="Morning"))
    for card in shown.cards:
        picture = card.area.picture
        assert picture is not None
        assert [line.dashed for line in picture.lines if line.mark].count(True) >= 1
        assert any(entry.startswith("Morning") for entry in card.entries)
    assert shown.bar.overlay.text() == "with Morning"
    shown.bar.overlay.click()
    picture = shown.losses.area.picture
    assert picture is not None and not any(line.dashed for line in picture.lines)


def test_a_click_on_a_name_hides_its_curve(show: Show) -> None:
    shown = show(run_of(40))
    shown.losses.legend.button("critic").click()
    picture = shown.losses.area.picture
    assert picture is not None and {line.role for line in picture.lines} == {"melody"}
    assert shown.losses.legend.button("critic").accessibleName().endswith("hidden")


def test_curves_differ_by_mark_as_well_as_by_colour(show: Show) -> None:
    picture = show(run_of(40)).losses.area.picture
    assert picture is not None
    signs = [(line.role, line.mark) for line in picture.lines if line.mark]
    assert len({role for role, _ in signs}) == len({mark for _, mark in signs}) == len(signs) == 2


def test_a_resumed_run_is_drawn_without_what_it_took_back(show: Show, qtbot: QtBot) -> None:
    curves = run_of(40)
    shown = show(curves)
    curves.feed({**events(0)[0], "from_step": 200})
    shown.refresh()
    qtbot.waitUntil(lambda: max(_last_places(shown)) == 20)


def _last_places(shown: RunCurves) -> list[float]:
    picture = shown.losses.area.picture
    assert picture is not None
    return [float(line.x[-1]) for line in picture.lines]


def test_a_million_steps_are_drawn_as_so_many_points_as_there_are_pixels(show: Show) -> None:
    curves = Curves()
    curves.feed(events(0)[0])
    columns = curves._columns
    columns.extend(range(1, 1_000_001), {"generator": np.sin(np.arange(1_000_000))})
    picture = show(curves).losses.area.picture
    assert picture is not None
    assert all(len(line.x) <= 4 * 1000 for line in picture.lines)


def test_another_theme_is_followed(show: Show, qtbot: QtBot, qapp: QApplication) -> None:
    apply_theme(qapp, "dark")
    shown = show(run_of(40))
    dark = shown.grab().toImage().pixelColor(500, 200)
    apply_theme(qapp, "light")
    qtbot.wait(3 * REDRAW_MS)
    light = shown.grab().toImage().pixelColor(500, 200)
    apply_theme(qapp, "dark")
    assert light.lightness() > 200 > 60 > dark.lightness()


def test_every_control_says_what_it_is(show: Show) -> None:
    shown = show(run_of(4))
    assert shown.losses.area.accessibleName() == "Losses"
    assert shown.similarity.area.accessibleName() == "Similarity index"
    assert shown.bar.smoothing.accessibleName() == "Smoothing"
    assert shown.losses.legend.button("critic").accessibleName().startswith("critic")


def test_opened_and_closed_again_and_again_nothing_is_left(qtbot: QtBot) -> None:
    messages = Messages()
    jobs = Jobs(messages.tell_error)
    curves = run_of(3)
    left: list[weakref.ref[RunCurves]] = []
    for _ in range(TIMES):
        widget = RunCurves(jobs, messages)
        widget.resize(600, 300)
        widget.set_curves(curves)
        widget.show()
        widget._redraw()
        left.append(weakref.ref(widget))
        widget.close()
        widget.deleteLater()
        del widget
        QApplication.sendPostedEvents(None, 52)  # DeferredDelete
    jobs.close()
    gc.collect()
    assert sum(ref() is not None for ref in left) <= 1
    assert not [each for each in QApplication.topLevelWidgets() if isinstance(each, RunCurves)]


def test_pyqtgraph_is_imported_by_one_module_and_not_before_a_chart_is_drawn() -> None:
    plain = re.compile(r"^\s*(?:import|from) pyqtgraph|^(?:import|from) .*plots\.chart\b", re.M)
    importers = [
        path.name
        for path in sorted((ROOT / "desktop").rglob("*.py"))
        if plain.search(path.read_text("utf-8"))
    ]
    assert importers == ["chart.py"]
