"""Keys, menus, and every control that is seen."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGraphicsView,
    QLineEdit,
    QMenu,
    QToolButton,
    QWidget,
)

from desktop.actions import SPECS
from desktop.learn.picture import Picture
from desktop.palette import Palette
from desktop.widgets.mix_controls import MixDial
from tests.soak.hand import Button, Modifiers
from tests.soak.reach import Reach

SELDOM = frozenset({"export_wav", "share_page", "fit_bars", "storage", "generate", "extend", "new"})
"""What takes long, or ends a song before it has become one."""
CONTROLS = (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QAbstractItemView,
    QGraphicsView,
    MixDial,
    Picture,
)
KEYS = (
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down) * 3,
    *(Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Space),
    *(Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Insert, Qt.Key.Key_Home),
    *(Qt.Key.Key_A, Qt.Key.Key_W, Qt.Key.Key_S, Qt.Key.Key_B, Qt.Key.Key_1, Qt.Key.Key_2),
    *(Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_D, Qt.Key.Key_Z, Qt.Key.Key_V, Qt.Key.Key_L),
)
WORDS = ("1", "90", "120.5", "x", "song", "7", "240", "pop", "note", "\N{SNOWMAN}")


class ControlDeeds:
    """Presses, chooses, types."""

    def __init__(self, reach: Reach, use_palette: Callable[[Palette], str]) -> None:
        self._reach, self._hand = reach, reach.hand
        self._use_palette = use_palette

    def use_popup(self) -> str:
        """Choose a row of a menu, or close what is open."""
        popup = QApplication.activePopupWidget()
        if popup is None:
            return ""
        if not isinstance(popup, QMenu) or self._hand.likely(0.2):
            QTest.keyClick(popup, Qt.Key.Key_Escape)
            if popup is QApplication.activePopupWidget():
                popup.close()
            return f"Escape in {type(popup).__name__}"
        row = self._row_of(popup)
        if row is None:
            popup.close()
            return "close a menu"
        name = row.text()  # a row may go with what it does
        popup.close()
        row.trigger()
        return f"menu row {name!r}"

    def _row_of(self, menu: QMenu) -> QAction | None:
        rows = [row for row in menu.actions() if self._may_choose(row)]
        if not rows:
            return None
        row = self._hand.one_of(rows)
        below = row.menu()
        return self._row_of(below) if isinstance(below, QMenu) else row

    def _may_choose(self, row: QAction) -> bool:
        seldom = row.objectName() in SELDOM and not self._hand.likely(0.2)
        never = row.isSeparator() or row.objectName() in self._reach.never
        return not (seldom or never) and row.isEnabled()

    def use_dialog(self) -> str:
        """Press, type or leave."""
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            return ""
        if isinstance(dialog, Palette):
            return self._use_palette(dialog)
        if self._hand.likely(0.35):
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
            return f"Escape in {type(dialog).__name__}"
        return self._use_control_of(dialog)

    def press_key(self) -> str:
        """A key that the window may have a use for."""
        key, held = self._hand.one_of(KEYS), self._hand.keys_held()
        if key is Qt.Key.Key_Space and "play" in self._reach.never:
            return ""
        if self._hand.likely(0.7):
            self._reach.lanes.setFocus()
        self._hand.press(key, held)
        return f"key {held.name} {key.name}"

    def trigger_action(self) -> str:
        """Any row of the table that can be chosen now."""
        spec = self._hand.one_of(SPECS)
        action = self._reach.app.actions[spec.id]
        if spec.id in self._reach.never or not action.isEnabled() or action.menu() is not None:
            return ""
        if spec.id in SELDOM and not self._hand.likely(0.1):
            return ""
        action.trigger()
        return f"action {spec.id}"

    def undo_and_redo(self) -> str:
        """One step back, or many, and some of them forth."""
        back = self._hand.one_of((1, 1, 1, 2, 5, 20))
        forth = self._hand.chance.randint(0, back)
        for name, times in (("undo", back), ("redo", forth)):
            for _ in range(times):
                self._reach.app.actions[name].trigger()
        return f"undo {back}, redo {forth}"

    def use_control(self) -> str:
        """Any control of the page that is seen."""
        window = self._reach.window
        whole = self._hand.likely(0.1)
        return self._use_control_of(window if whole else window.page_widget(window.page))

    def _use_control_of(self, over: QWidget) -> str:
        found = [
            widget
            for widget in self._reach.seen(over)
            if isinstance(widget, CONTROLS) and widget.isEnabled()
            if not (isinstance(widget, QToolButton) and self._is_left_alone(widget))
        ]
        if not found:
            return ""
        widget = self._hand.one_of(found)
        name = widget.accessibleName() or widget.toolTip() or widget.objectName()
        text = widget.text() if isinstance(widget, QAbstractButton) else ""
        how = self._use(widget)
        return f"{how} {type(widget).__name__} {text!r} {name[:40]!r} on {self._reach.window.page}"

    def _is_left_alone(self, button: QToolButton) -> bool:
        return any(action.objectName() in self._reach.never for action in button.actions())

    def _use(self, widget: QWidget) -> str:
        hand, middle = self._hand, widget.rect().center()
        if isinstance(widget, QAbstractButton):
            hand.click(widget, middle)
            return "click"
        if isinstance(widget, QComboBox):
            widget.setFocus()
            QTest.keyClick(widget, hand.one_of((Qt.Key.Key_Up, Qt.Key.Key_Down)))
            return "choose in"
        if isinstance(widget, QLineEdit | QAbstractSpinBox):
            hand.click(widget, middle)
            widget.setFocus()
            hand.press(Qt.Key.Key_A, Modifiers.ControlModifier)
            hand.type(hand.one_of(WORDS))
            hand.press(Qt.Key.Key_Return)
            return "type into"
        if isinstance(widget, QAbstractItemView | QGraphicsView):
            widget = widget.viewport()
        if hand.likely(0.3):
            hand.turn(widget, middle, hand.one_of((-1, 1)), Modifiers.NoModifier)
            return "wheel on"
        if hand.likely(0.3):
            hand.click(widget, hand.place_in(widget.rect()))
            return "click in"
        hand.drag(widget, hand.place_in(widget.rect()), hand.place_in(widget.rect()))
        return "drag"

    def open_menu(self) -> str:
        """A menu of the right button."""
        place = self._reach.place_in_lanes()
        heads = self._reach.page.area.column.headers
        over: QWidget = self._hand.one_of((self._reach.lanes, *heads))
        place = place if over is self._reach.lanes else over.rect().center()
        QTest.mouseClick(over, Button.RightButton, Modifiers.NoModifier, place)
        return f"right click on {type(over).__name__}"
