"""What a hand does in the lanes: gestures from press to release, some of them broken into."""

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest

from desktop.roll.tools import Tool
from tests.soak.hand import Button, mouse
from tests.soak.reach import Reach

BREAKS = (
    *("undo", "redo", "play", "record", "notes_delete", "octave_up"),
    *("page_settings", "zoom_fit", "new"),
)
"""Actions that come while a button is held: from a key, a pedal, another hand."""


class LaneDeeds:
    """Draws, moves, marks, cuts, scrolls."""

    def __init__(self, reach: Reach) -> None:
        self._reach, self._hand = reach, reach.hand

    def drag_in_lanes(self) -> str:
        """Draw, move, stretch, mark, erase, cut or change velocities, as the tool does there."""
        hand, start = self._hand, self._reach.place_in_lanes()
        near = QPoint(hand.chance.randint(-120, 120), hand.chance.randint(-60, 60))
        end = start + near if hand.likely(0.75) else self._reach.place_in_lanes()
        button = hand.chance.choices(
            (Button.LeftButton, Button.RightButton, Button.MiddleButton), (20, 1, 1)
        )[0]
        held = hand.keys_held()
        hand.drag(self._reach.lanes, start, end, button, held)
        return f"{self._reach.lanes.tool.name} {button.name} {held.name} {_at(start)} to {_at(end)}"

    def double_click_lanes(self) -> str:
        """Open a lane, add or delete a note, begin a chord."""
        place = self._reach.place_in_lanes()
        self._hand.double_click(self._reach.lanes, place)
        return f"double click at {_at(place)}"

    def turn_wheel(self) -> str:
        """Scroll and zoom."""
        hand, place = self._hand, self._reach.place_in_lanes()
        notches, held = hand.one_of((-3, -1, 1, 3)), hand.keys_held()
        hand.turn(self._reach.lanes, place, notches, held)
        return f"wheel {notches} {held.name}"

    def take_tool(self) -> str:
        """Another tool in the hand, an open lane to use it in."""
        if self._reach.lanes.opened is None or self._hand.likely(0.2):
            index = self._hand.chance.randrange(len(self._reach.lanes.lanes))
            self._reach.lanes.open_track(index)
        tool = self._hand.one_of(tuple(Tool))
        self._reach.lanes.set_tool(tool)
        return f"take {tool.name}, lane {self._reach.lanes.opened}"

    def mark_bars(self) -> str:
        """Drag above the bar numbers."""
        lanes = self._reach.lanes
        start, end = (QPoint(self._hand.chance.randrange(max(1, lanes.width())), 3) for _ in "ab")
        self._hand.drag(lanes, start, end)
        return f"mark from {start.x()} to {end.x()}"

    def drag_chosen(self) -> str:
        """A rubber band around notes, and what is in it is moved, copied or stretched."""
        hand, lanes = self._hand, self._reach.lanes
        corners = self._reach.place_in_lanes(), self._reach.place_in_lanes()
        hand.drag(lanes, *corners)
        start = self._reach.place_in_lanes()
        end = start + QPoint(hand.chance.randint(-200, 200), hand.chance.randint(-80, 80))
        held = hand.keys_held()
        hand.drag(lanes, start, end, held=held)
        return f"band {_at(corners[0])} to {_at(corners[1])}, then {held.name} to {_at(end)}"

    def drag_out(self) -> str:
        """Let go outside the lanes, where a drag scrolls."""
        hand, lanes = self._hand, self._reach.lanes
        start = self._reach.place_in_lanes()
        across, down = lanes.width() + 60, lanes.height() + 80
        end = QPoint(hand.one_of((-60, across)), hand.one_of((-80, down)))
        hand.drag(lanes, start, end, held=hand.keys_held())
        return f"drag {_at(start)} out to {_at(end)}"

    def break_gesture(self) -> str:
        """Something else happens while a button is held; then it is let go."""
        hand, lanes = self._hand, self._reach.lanes
        left, none = Button.LeftButton, Button.NoButton
        start = self._reach.place_in_lanes()
        end = start + QPoint(hand.chance.randint(-90, 90), hand.chance.randint(-50, 50))
        mouse(lanes, QEvent.Type.MouseButtonPress, start, left, left)
        mouse(lanes, QEvent.Type.MouseMove, end, none, left)
        told = self._break()
        mouse(lanes, QEvent.Type.MouseMove, start, none, left)
        mouse(lanes, QEvent.Type.MouseButtonRelease, end, left, none)
        return f"{told} in a drag {_at(start)} to {_at(end)}"

    def _break(self) -> str:
        hand, lanes = self._hand, self._reach.lanes
        how = hand.chance.randrange(4)
        if how == 0:
            QTest.keyClick(lanes, Qt.Key.Key_Escape)
            return "Escape"
        if how == 1:
            right = Button.RightButton
            place = self._reach.place_in_lanes()
            mouse(lanes, QEvent.Type.MouseButtonPress, place, right, right | Button.LeftButton)
            mouse(lanes, QEvent.Type.MouseButtonRelease, place, right, Button.LeftButton)
            return "the right button"
        if how == 2:
            hand.turn(lanes, self._reach.place_in_lanes(), hand.one_of((-2, 2)), hand.keys_held())
            return "the wheel"
        action = self._reach.app.actions[hand.one_of(BREAKS)]
        if not action.isEnabled() or action.objectName() in self._reach.never:
            return "nothing"
        action.trigger()
        return action.objectName()


def _at(place: QPoint) -> str:
    return f"({place.x()}, {place.y()})"
