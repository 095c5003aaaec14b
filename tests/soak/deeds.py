"""What a user may do next: each deed with its weight, in words that a report can repeat."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QToolButton,
    QWidget,
)

from desktop.actions import PAGES, SPECS
from desktop.app import App
from desktop.main_window import MainWindow
from desktop.pages.studio import StudioPage
from desktop.roll.painter import note_box
from desktop.roll.tools import Tool
from desktop.widgets.mix_controls import MixDial
from engine.live.events import LiveEvent
from engine.music.composition import Composition
from engine.music.take import TakeEventKind
from tests.soak.hand import Button, Hand, Modifiers

QUIT = frozenset({"quit"})
"""A soak that quits has ended."""
SELDOM = frozenset({"export_wav", "share_page", "fit_bars", "storage", "generate", "extend", "new"})
"""What takes long, or ends a song before it has become one."""
CONTROLS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, MixDial)
KEYS = (
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down) * 3,
    *(Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Space),
    *(Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Insert, Qt.Key.Key_Home),
    *(Qt.Key.Key_A, Qt.Key.Key_W, Qt.Key.Key_S, Qt.Key.Key_B, Qt.Key.Key_1, Qt.Key.Key_2),
    *(Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_D, Qt.Key.Key_Z, Qt.Key.Key_V, Qt.Key.Key_L),
)
CHORDS = ("C", "Am7", "F#m", "Bb", "G7", "Dsus4", "", "H", "Ebmaj7", "no chord", "C/E")
SIZES = (1024, 640), (1280, 720), (1440, 900), (1100, 860), (1300, 660)
WAIT_SECONDS = 0.05


@dataclass(frozen=True)
class Deed:
    """``act`` does it and tells what was done, empty where there was nothing to do it with."""

    weight: float
    act: Callable[[], str]


class Deeds:
    """Everything that a user does in the window, chosen by chance."""

    def __init__(
        self,
        app: App,
        window: MainWindow,
        hand: Hand,
        songs: list[Path],
        without: frozenset[str] = frozenset(),
    ) -> None:
        """``without`` are the ids of actions that are left alone."""
        self._never = QUIT | without
        self._pages = [name for name in PAGES if f"page_{name.lower()}" not in without]
        self._app, self._window, self._hand, self._songs = app, window, hand, songs
        page = window.page_widget("Studio")
        assert isinstance(page, StudioPage)
        self._page = page
        self._lanes = page.area.lanes
        self._in_studio = (
            Deed(26, self.drag_in_lanes),
            Deed(5, self.double_click_lanes),
            Deed(3, self.turn_wheel),
            Deed(14, self.press_key),
            Deed(10, self.trigger_action),
            Deed(9, self.use_control),
            Deed(6, self.undo_and_redo),
            Deed(3, self.take_tool),
            Deed(3, self.mark_bars),
            Deed(3, self.play_keyboard),
            Deed(1.5, self.record),
            Deed(2, self.write_chord),
            Deed(0.6, self.ask_band),
            Deed(1.5, self.use_take),
            Deed(1, self.open_menu),
            Deed(0.25, self.open_song),
            *(Deed(0.7, act) for act in (self.show_page, self.resize, self.wait)),
            Deed(0.3, self.change_theme),
        )
        self._elsewhere = (
            Deed(5, self.use_control),
            Deed(2, self.show_page),
            Deed(1, self.press_key),
            Deed(1, self.open_song),
            Deed(0.5, self.change_theme),
            Deed(2, self.go_back),
        )

    def shown(self) -> Composition:
        """What is seen and heard."""
        return self._page.desk.shown

    def do_one(self) -> str:
        """Do something that can be done now, and tell what."""
        for _ in range(20):
            told = self._next()()
            if told:
                return told
        return "nothing"

    def _next(self) -> Callable[[], str]:
        if QApplication.activePopupWidget() is not None:
            return self.use_popup
        if QApplication.activeModalWidget() is not None:
            return self.use_dialog
        deeds = self._in_studio if self._window.page == PAGES[0] else self._elsewhere
        weights = [deed.weight for deed in deeds]
        return self._hand.chance.choices(deeds, weights)[0].act

    # What opens in front of the window

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
        return (
            not (row.isSeparator() or seldom or row.objectName() in self._never) and row.isEnabled()
        )

    def use_dialog(self) -> str:
        """Press, type or leave."""
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            return ""
        if self._hand.likely(0.35):
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
            return f"Escape in {type(dialog).__name__}"
        return self._use_control_of(dialog)

    # Lanes

    def _place(self) -> QPoint:
        """A place in the lanes: on a note as often as anywhere, sometimes in the ruler."""
        lanes, hand = self._lanes, self._hand
        if hand.likely(0.1):
            return hand.place_in(QRect(0, 0, lanes.width(), max(1, lanes.ruler_height())))
        if hand.likely(0.5) and lanes.lanes:
            lane = hand.one_of(lanes.lanes)
            start = lanes.axis.tick_at(0.0)
            end = lanes.axis.tick_at(float(lanes.width()))
            notes = [note for note in lane.track.notes if start <= note.start < end]
            if notes:
                note = hand.one_of(notes[:200])
                box = note_box(lane, lanes.axis, note.start, note.end, note.pitch)
                box.translate(0, lanes.ruler_height() - lanes.viewport.scroll_y)
                place = hand.place_in(box)
                if lanes.rect().contains(place):
                    return place
        return hand.place_in(lanes.rect())

    def drag_in_lanes(self) -> str:
        """Draw, move, stretch, mark, erase, cut or change velocities, as the tool does there."""
        hand, start = self._hand, self._place()
        near = QPoint(hand.chance.randint(-120, 120), hand.chance.randint(-60, 60))
        end = start + near if hand.likely(0.75) else self._place()
        button = hand.chance.choices(
            (Button.LeftButton, Button.RightButton, Button.MiddleButton), (20, 1, 1)
        )[0]
        held = hand.keys_held()
        hand.drag(self._lanes, start, end, button, held)
        return f"{self._lanes.tool.name} {button.name} {held.name} {_at(start)} to {_at(end)}"

    def double_click_lanes(self) -> str:
        """Open a lane, add or delete a note, begin a chord."""
        place = self._place()
        self._hand.double_click(self._lanes, place)
        return f"double click at {_at(place)}"

    def turn_wheel(self) -> str:
        """Scroll and zoom."""
        hand, place = self._hand, self._place()
        notches, held = hand.one_of((-3, -1, 1, 3)), hand.keys_held()
        hand.turn(self._lanes, place, notches, held)
        return f"wheel {notches} {held.name}"

    def take_tool(self) -> str:
        """Another tool in the hand, an open lane to use it in."""
        if self._lanes.opened is None or self._hand.likely(0.2):
            index = self._hand.chance.randrange(len(self._lanes.lanes))
            self._lanes.open_track(index)
        tool = self._hand.one_of(tuple(Tool))
        self._lanes.set_tool(tool)
        return f"take {tool.name}, lane {self._lanes.opened}"

    def mark_bars(self) -> str:
        """Drag above the bar numbers."""
        lanes = self._lanes
        start, end = (QPoint(self._hand.chance.randrange(max(1, lanes.width())), 3) for _ in "ab")
        self._hand.drag(lanes, start, end)
        return f"mark from {start.x()} to {end.x()}"

    # Keys, menus, buttons

    def press_key(self) -> str:
        """A key that the window may have a use for."""
        key, held = self._hand.one_of(KEYS), self._hand.keys_held()
        if self._hand.likely(0.7):
            self._lanes.setFocus()
        self._hand.press(key, held)
        return f"key {held.name} {key.name}"

    def trigger_action(self) -> str:
        """Any row of the table that can be chosen now."""
        spec = self._hand.one_of(SPECS)
        action = self._app.actions[spec.id]
        if spec.id in self._never or not action.isEnabled() or action.menu() is not None:
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
                self._app.actions[name].trigger()
        return f"undo {back}, redo {forth}"

    def use_control(self) -> str:
        """Any control of the page that is seen."""
        page = self._window.page
        if page == "Train":
            return ""
        seen = self._window if self._hand.likely(0.1) else self._window.page_widget(page)
        return self._use_control_of(seen)

    def _use_control_of(self, over: QWidget) -> str:
        found = [
            widget
            for widget in over.findChildren(QWidget)
            if isinstance(widget, CONTROLS) and widget.isVisible() and widget.isEnabled()
            if not (isinstance(widget, QToolButton) and self._is_left_alone(widget))
        ]
        if not found:
            return ""
        widget = self._hand.one_of(found)
        name = widget.accessibleName() or widget.toolTip() or widget.objectName()
        text = widget.text() if isinstance(widget, QAbstractButton) else ""
        how = self._use(widget)
        return f"{how} {type(widget).__name__} {text!r} {name[:40]!r} on {self._window.page}"

    def _is_left_alone(self, button: QToolButton) -> bool:
        return any(action.objectName() in self._never for action in button.actions())

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
            hand.type(hand.one_of(("1", "90", "120.5", "x", "song", "7", "240")))
            hand.press(Qt.Key.Key_Return)
            return "type into"
        if hand.likely(0.3):
            hand.turn(widget, middle, hand.one_of((-1, 1)), Modifiers.NoModifier)
            return "wheel on"
        hand.drag(widget, hand.place_in(widget.rect()), hand.place_in(widget.rect()))
        return "drag"

    def open_menu(self) -> str:
        """A menu of the right button."""
        place = self._place()
        heads = self._page.area.column.headers
        over: QWidget = self._hand.one_of((self._lanes, *heads))
        place = place if over is self._lanes else over.rect().center()
        QTest.mouseClick(over, Button.RightButton, Modifiers.NoModifier, place)
        return f"right click on {type(over).__name__}"

    # Music that comes in

    def play_keyboard(self) -> str:
        """Some notes of a keyboard, told as its thread tells them."""
        chance = self._hand.chance
        pitches = [chance.randint(36, 84) for _ in range(chance.randint(1, 5))]
        keyboard = threading.Thread(target=self._play, args=(pitches, self._hand.likely(0.2)))
        keyboard.start()
        keyboard.join()
        return f"play {pitches}"

    def _play(self, pitches: list[int], pedal: bool) -> None:
        """Called on a thread of its own."""
        for value in (127, 0) if pedal else ():
            self._tell("control", 64, value)
        for kind in ("note_on", "note_off"):
            for pitch in pitches:
                self._tell(kind, pitch, 80 if kind == "note_on" else 0)
                time.sleep(0.002)

    def _tell(self, kind: TakeEventKind, number: int, value: int) -> None:
        self._app.live_path.hear(LiveEvent(time.perf_counter(), kind, number, value, "Keyboard"))

    def record(self) -> str:
        """Begin to record, or end it."""
        if not self._page.recording.active and self._hand.likely(0.7):
            self._page.recording.count_in_bars = 0
        self._app.actions["record"].trigger()
        return f"record: {self._page.recording.state}"

    def write_chord(self) -> str:
        """A chord by its symbol, some of them none."""
        if not self._app.actions["write_chord"].isEnabled():
            return ""
        self._app.actions["write_chord"].trigger()
        symbol = self._hand.one_of(CHORDS)
        self._hand.press(Qt.Key.Key_A, Modifiers.ControlModifier)
        self._hand.type(symbol)
        self._hand.press(self._hand.one_of((Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape)))
        return f"chord {symbol!r}"

    # The band

    def ask_band(self) -> str:
        """One request of those that can be made; seldom a change of mind."""
        if self._page.generation.busy:
            if self._hand.likely(0.9):
                return ""
            self._page.panel.cancel.click()
            return "cancel the request"
        names = ("generate", "generate", "generate_bars", "extend", "dice")
        action = self._app.actions[self._hand.one_of(names)]
        if not action.isEnabled():
            return ""
        action.trigger()
        return f"ask for {action.objectName()}"

    def use_take(self) -> str:
        """Listen to a take, keep it, ask for others like it."""
        cards = self._page.panel.cards
        if not cards:
            return ""
        card = self._hand.one_of(cards)
        buttons = [each for each in card.findChildren(QAbstractButton) if each.isEnabled()]
        button = self._hand.one_of(buttons)
        told = f"take {cards.index(card)}: {button.toolTip()!r}"  # the click may replace its card
        self._hand.click(button, button.rect().center())
        return told

    # The window, songs and files

    def open_song(self) -> str:
        """A file, or a song of the library."""
        there = [song for song in self._songs if song.is_file()]
        kept = self._app.library.compositions() if self._hand.likely(0.5) else ()
        if kept:
            song = self._hand.one_of(kept[:50])
            self._app.keeping.open_composition(song.id)
            return f"open {song.title!r} of the library"
        file = self._hand.one_of(there)
        self._app.open_file(file)
        return f"open {file.name}"

    def show_page(self) -> str:
        """Another page."""
        name = self._hand.one_of(self._pages)
        self._app.actions[f"page_{name.lower()}"].trigger()
        return f"show {name}"

    def go_back(self) -> str:
        """To the Studio."""
        self._app.actions["page_studio"].trigger()
        return "back to the Studio"

    def resize(self) -> str:
        """Another size of the window."""
        size = self._hand.one_of(SIZES)
        self._window.resize(*size)
        return f"resize to {size}"

    def change_theme(self) -> str:
        """Dark or light, as in Settings."""
        theme = self._hand.one_of(("dark", "light", "system"))
        self._app.change_settings(theme=theme)
        return f"theme {theme}"

    def wait(self) -> str:
        """Look and listen for a moment."""
        time.sleep(WAIT_SECONDS)
        return "wait"


def _at(place: QPoint) -> str:
    return f"({place.x()}, {place.y()})"
