"""Music for the lanes' tests, and a hand that moves in them."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from desktop.roll.lanes import LanesView
from desktop.roll.painter import note_box
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
