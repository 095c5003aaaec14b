"""The window as a whole: its pages, its size, its colours, and what opens beside it."""

import time

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QToolTip

from desktop.actions import PAGES
from desktop.manual.window import ManualWindow
from desktop.pages.library import LibraryPage
from desktop.palette import Palette
from tests.soak.hand import Modifiers
from tests.soak.reach import Reach

SIZES = (1024, 640), (1280, 720), (1440, 900), (1100, 860), (1300, 660)
WAIT_SECONDS = 0.05
LETTERS = ("un", "tr", "qu", "zoom", "ma", "notes", "s", "q q", "page", "")
SEARCHED = ("walz", "pop", "2", "", "ba", "un", "%", "_")
CLIPS = ("", "C E G", '{"notes": [[0, 60, 480, 80]]}', "x" * 5_000)


class WindowDeeds:
    """Goes about in the studio."""

    def __init__(self, reach: Reach) -> None:
        self._reach, self._hand = reach, reach.hand
        self._pages = [name for name in PAGES if f"page_{name.lower()}" not in reach.never]

    def show_page(self) -> str:
        """Another page."""
        name = self._hand.one_of(self._pages)
        self._reach.app.actions[f"page_{name.lower()}"].trigger()
        return f"show {name}"

    def go_back(self) -> str:
        """To the Studio."""
        self._reach.app.actions["page_studio"].trigger()
        return "back to the Studio"

    def resize(self) -> str:
        """Another size of the window."""
        size = self._hand.one_of(SIZES)
        self._reach.window.resize(*size)
        return f"resize to {size}"

    def look_away(self) -> str:
        """Another program comes forward, and goes; the window is made small, and is back."""
        window = self._reach.window
        if self._hand.likely(0.5):
            window.showMinimized()
            window.showNormal()
            return "minimise and restore"
        for kind in (QEvent.Type.WindowDeactivate, QEvent.Type.WindowActivate):
            QApplication.sendEvent(window, QEvent(kind))
        return "look away"

    def change_theme(self) -> str:
        """Dark or light, as in Settings."""
        theme = self._hand.one_of(("dark", "light", "system"))
        self._reach.app.change_settings(theme=theme)
        return f"theme {theme}"

    def copy_elsewhere(self) -> str:
        """Something that is no notes comes into the clipboard."""
        text = self._hand.one_of(CLIPS)
        QApplication.clipboard().setText(text)
        return f"copy {text[:20]!r} elsewhere"

    def rest(self) -> str:
        """The pointer rests over something until a tip comes."""
        widget = self._hand.one_of(self._reach.seen(self._reach.window))
        place = self._hand.place_in(widget.rect())
        event = QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place))
        QApplication.sendEvent(widget, event)
        told = QToolTip.text()
        QToolTip.hideText()
        return f"rest over {type(widget).__name__}: {told[:30]!r}"

    def wait(self) -> str:
        """Look and listen for a moment."""
        time.sleep(WAIT_SECONDS)
        return "wait"

    # What opens beside it

    def find_command(self) -> str:
        """Some letters in the palette, and what they find is done."""
        self._reach.app.actions["palette"].trigger()
        palette = QApplication.activeModalWidget()
        return self.use_palette(palette) if isinstance(palette, Palette) else ""

    def use_palette(self, palette: Palette) -> str:
        """Type, go through what is found, do it or leave."""
        letters, hand = self._hand.one_of(LETTERS), self._hand
        field = palette.findChild(QLineEdit)
        assert field is not None
        QTest.keyClicks(field, letters)
        for _ in range(hand.chance.randrange(3)):
            QTest.keyClick(field, Qt.Key.Key_Down)
        near = palette.found[:3]  # what so many keys lead to
        if not near or self._reach.never.intersection(near) or hand.likely(0.3):
            QTest.keyClick(palette, Qt.Key.Key_Escape)
            return f"palette {letters!r}, Escape"
        QTest.keyClick(field, Qt.Key.Key_Return)
        return f"palette {letters!r}, Return"

    def read_manual(self) -> str:
        """Open it; search, follow a link, go back, close it."""
        manual = self._manual()
        if manual is None:
            self._reach.app.actions["manual"].trigger()
            return "open the manual"
        if self._hand.likely(0.2):
            manual.close()
            return "close the manual"
        if self._hand.likely(0.3):
            wanted = self._hand.one_of(SEARCHED)
            manual.field.setText(wanted)
            QTest.keyClick(manual.field, Qt.Key.Key_Return)
            return f"search the manual for {wanted!r}"
        if self._hand.likely(0.3):
            QTest.keyClick(manual, Qt.Key.Key_Left, Modifiers.AltModifier)
            return "back in the manual"
        return self._follow_link(manual)

    def _follow_link(self, manual: ManualWindow) -> str:
        """The keys that go from link to link."""
        for _ in range(self._hand.chance.randint(1, 6)):
            QTest.keyClick(manual.view, Qt.Key.Key_Tab)
        link = manual.view.textCursor().charFormat().anchorHref()
        if link.removeprefix("do:") in self._reach.never:
            return "leave a link alone"
        if link.removeprefix("show:").partition("/")[0] not in (*self._pages, link):
            return "leave a page alone"
        QTest.keyClick(manual.view, Qt.Key.Key_Return)
        return f"follow {link!r} on {manual.page.name}"

    def _manual(self) -> ManualWindow | None:
        there = QApplication.topLevelWidgets()
        shown = (each for each in there if isinstance(each, ManualWindow) and each.isVisible())
        return next(shown, None)

    def use_library(self) -> str:
        """Search, choose a line, rename it, delete it, open it."""
        page = self._reach.window.page_widget("Library")
        if self._reach.window.page != "Library" or not isinstance(page, LibraryPage):
            return ""
        hand, lines = self._hand, page.list
        if hand.likely(0.3):
            wanted = hand.one_of(SEARCHED)
            page.bar.search.setText(wanted)
            return f"search the library for {wanted!r}"
        row = lines.model().index(hand.chance.randrange(max(1, lines.model().rowCount())), 0)
        place = lines.visualRect(row).center()
        hand.click(lines.viewport(), place)
        key = hand.one_of((Qt.Key.Key_Down, Qt.Key.Key_F2, Qt.Key.Key_Delete, Qt.Key.Key_Return))
        QTest.keyClick(lines, key)
        return f"line {row.row()} of {page.shelf}, {key.name}{self._write_name(lines)}"

    def _write_name(self, lines: QAbstractItemView) -> str:
        """Where a title is being edited: another one, or not."""
        field = QApplication.focusWidget()
        if not isinstance(field, QLineEdit) or not lines.isAncestorOf(field):
            return ""
        self._hand.type(self._hand.one_of(("Another name", "", "é/..\\")))
        key = self._hand.one_of((Qt.Key.Key_Return, Qt.Key.Key_Escape))
        QTest.keyClick(field, key)
        return f", write, {key.name}"
