"""Lanes that go, and faults that come, while a gesture is in the hand."""

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.roll.lanes import LanesView
from engine.music.composition import Composition
from tests.desktop.roll.lanes_hand import FIRST, KICK, MUSIC, Left, Plain, empty_place, place

MELODY_ALONE = replace(MUSIC, tracks=MUSIC.tracks[:1])


def test_a_band_is_broken_off_when_its_lane_goes(view: LanesView) -> None:
    last = len(view.lanes) - 1
    start = empty_place(view, 5000, KICK.pitch, last)
    QTest.mousePress(view, Left, Plain, start)
    QTest.mouseMove(view, start - QPoint(200, 0))
    view.set_composition(MELODY_ALONE)
    assert not view._pointer.active and view.editor.touched is None
    QTest.mouseMove(view, start)
    QTest.mouseRelease(view, Left, Plain, start)
    assert view.editor.composition == MELODY_ALONE


def test_notes_that_are_carried_are_put_back_when_other_music_comes(
    view: LanesView, edits: list[tuple[Composition, str]]
) -> None:
    start = place(view, FIRST)
    QTest.mousePress(view, Left, Plain, start)
    QTest.mouseMove(view, start + QPoint(80, 0))
    view.set_composition(replace(MUSIC, title="Another"))
    QTest.mouseRelease(view, Left, Plain, start + QPoint(80, 0))
    assert edits == []
    assert view.editor.composition.melody == MUSIC.melody


class Faulty(LanesView):
    """A view with a fault of the kind that Python's own C code raises."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        ()[len(self.lanes)]


def test_a_fault_under_the_pointer_is_reported_and_kills_nothing(qtbot: QtBot) -> None:
    """As the system sends it: where Python sends the event itself, PySide 6.11 dies of it."""
    view = Faulty()
    qtbot.addWidget(view)
    view.set_composition(MUSIC)
    view.show()
    at = QPointF(300, 300)
    with qtbot.captureExceptions() as faults:
        release = QMouseEvent(QEvent.Type.MouseButtonRelease, at, at, Left, Left, Plain)
        QCoreApplication.postEvent(view, release)
        qtbot.waitUntil(lambda: bool(faults))
    assert [kind for kind, _, _ in faults] == [IndexError]
