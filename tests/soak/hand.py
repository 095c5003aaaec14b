"""A hand of chance: real events for real widgets."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QInputMethodEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

Modifiers = Qt.KeyboardModifier
Button = Qt.MouseButton
KEYS_HELD = (
    *(Modifiers.NoModifier,) * 6,
    Modifiers.ShiftModifier,
    Modifiers.ControlModifier,
    Modifiers.AltModifier,
    Modifiers.ShiftModifier | Modifiers.ControlModifier,
)

Thing = TypeVar("Thing")


class Hand:
    """Presses, drags, turns and types by the choices of one `Random`."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance

    def likely(self, share: float) -> bool:
        """True in this share of all cases."""
        return self.chance.random() < share

    def one_of(self, things: Sequence[Thing]) -> Thing:
        """Any of these."""
        return self.chance.choice(things)

    def keys_held(self) -> Modifiers:
        """None mostly, else what is held with the mouse."""
        return self.one_of(KEYS_HELD)

    def place_in(self, area: QRect) -> QPoint:
        """Any point of an area that is not empty."""
        across = self.chance.randint(0, max(0, area.width() - 1))
        return area.topLeft() + QPoint(across, self.chance.randint(0, max(0, area.height() - 1)))

    def drag(
        self,
        widget: QWidget,
        start: QPoint,
        end: QPoint,
        button: Button = Button.LeftButton,
        held: Modifiers = Modifiers.NoModifier,
    ) -> None:
        """Press, go there in some steps, let go; the hand may tremble."""
        steps = self.chance.randint(1, 6)
        mouse(widget, QEvent.Type.MouseMove, start, Button.NoButton, Button.NoButton, held)
        mouse(widget, QEvent.Type.MouseButtonPress, start, button, button, held)
        for step in range(1, steps + 1):
            point = start + (end - start) * step / steps
            mouse(widget, QEvent.Type.MouseMove, point, Button.NoButton, button, held)
        mouse(widget, QEvent.Type.MouseButtonRelease, end, button, Button.NoButton, held)

    def click(self, widget: QWidget, point: QPoint, held: Modifiers = Modifiers.NoModifier) -> None:
        """Press and let go."""
        self.drag(widget, point, point, held=held)

    def double_click(self, widget: QWidget, point: QPoint) -> None:
        """The four events of a double click."""
        left, none = Button.LeftButton, Button.NoButton
        self.click(widget, point)
        mouse(widget, QEvent.Type.MouseButtonDblClick, point, left, left)
        mouse(widget, QEvent.Type.MouseButtonRelease, point, left, none)

    def turn(self, widget: QWidget, point: QPoint, notches: int, held: Modifiers) -> None:
        """The wheel."""
        event = QWheelEvent(
            QPointF(point),
            QPointF(widget.mapToGlobal(point)),
            QPoint(),
            QPoint(0, 120 * notches),
            Button.NoButton,
            held,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)

    def press(self, key: Qt.Key, held: Modifiers = Modifiers.NoModifier) -> None:
        """A key, where the focus is; else in the window."""
        target = QApplication.focusWidget() or QApplication.activeWindow()
        if target is not None:
            QTest.keyClick(target, key, held)

    def type(self, text: str) -> None:
        """Some characters, where the focus is."""
        for character in text:
            target = QApplication.focusWidget()
            if target is not None and character.isascii():
                QTest.keyClicks(target, character)
            elif target is not None:  # of which QTest knows no key, and dies
                typed = QInputMethodEvent()
                typed.setCommitString(character)
                QApplication.sendEvent(target, typed)


def mouse(
    widget: QWidget,
    kind: QEvent.Type,
    point: QPoint,
    button: Button,
    buttons: Button,
    held: Modifiers = Modifiers.NoModifier,
) -> None:
    """One event of the mouse, unless an earlier one made an end of the widget."""
    if isValid(widget):
        place = QPointF(point)
        far = QPointF(widget.mapToGlobal(point))
        QApplication.sendEvent(widget, QMouseEvent(kind, place, far, button, buttons, held))
