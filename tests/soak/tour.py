"""Once through the whole studio: every page, tab, menu, dialog and page of the manual.

Much is made when it is first wanted and then stays. A tour makes all of it, and leaves the studio
at rest with the same things open each time: what the process takes then can be compared.
"""

import time
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QToolButton

from desktop.actions import PAGES, SPECS
from desktop.manual.window import ManualWindow
from desktop.train.no_run import NoRun
from tests.soak.reach import Reach

SIZE = 1280, 720
LEFT_ALONE = frozenset({"record", "overdub", "punch", "loop_takes", "export_midi", "save_song"})
"""Besides what the soak leaves alone: what waits for a player, or asks where to write."""
MOST_TRIES = 5
REST_SECONDS = 3.0
"""What waits a moment before it reads or writes has done so."""


class Tour:
    """Where a tour stands; one step a turn of the loop, so that all that it sets going is done."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._model, self._theme = reach.app.settings.model, reach.app.settings.theme

    def steps(self) -> Iterator[str]:
        """Do a step each time the next is asked for, and tell which."""
        yield self._come_to_rest()
        yield self._open_song()
        for page in PAGES:
            yield self._show(page)
            yield from self._tabs()
            yield from self._menus()
        yield self._show(PAGES[0])
        yield from self._dialogs()
        yield from self._manual()
        yield self._come_to_rest()
        yield self._begin_anew()
        until = time.monotonic() + REST_SECONDS
        while time.monotonic() < until:
            yield "rest"

    def _show(self, page: str) -> str:
        self._reach.app.actions[f"page_{page.lower()}"].trigger()
        return f"show {page}"

    def _open_song(self) -> str:
        self._reach.app.open_file(self._reach.songs[0])
        return "open a song"

    # What a page has

    def _tabs(self) -> Iterator[str]:
        """Every button of those of which one is down, and what appears with each."""
        pressed: set[QAbstractButton] = set()
        while True:
            fresh = [each for each in self._buttons() if is_tab(each) and each not in pressed]
            if not fresh:
                return
            pressed.add(fresh[0])
            fresh[0].click()
            yield f"tab {fresh[0].text()}"
            yield from self._curves()

    def _curves(self) -> Iterator[str]:
        """Those of a shipped model where no run is shown: the first ones load what draws them."""
        for no_run in self._reach.window.findChildren(NoRun):
            if no_run.shipped.isVisible():
                no_run.shipped.click()
                yield "curves of a shipped model"

    def _menus(self) -> Iterator[str]:
        """Every menu of a button that is seen."""
        for button in self._buttons():
            menu = button.menu() if isinstance(button, QToolButton | QPushButton) else None
            if menu is not None:
                menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
                yield f"menu of {button.accessibleName() or button.text()}"
                close_popups()

    def _buttons(self) -> list[QAbstractButton]:
        window = self._reach.window
        page = window.page_widget(window.page)
        return [each for each in page.findChildren(QAbstractButton) if each.isVisible()]

    # What opens beside it

    def _dialogs(self) -> Iterator[str]:
        """What each row of the table opens, closed again."""
        never = self._reach.never | LEFT_ALONE
        for spec in SPECS:
            action = self._reach.app.actions[spec.id]
            if spec.id not in never and action.isEnabled() and action.menu() is None:
                action.trigger()
                yield f"action {spec.id}"
                self._leave()

    def _manual(self) -> Iterator[str]:
        """Every page of it, by the keys that go down its contents."""
        self._reach.app.actions["manual"].trigger()
        yield "open the manual"
        window = manual()
        if window is None:
            return
        for row in range(window.contents.topLevelItemCount()):
            item = window.contents.topLevelItem(row)
            assert item is not None
            window.contents.setCurrentItem(item)
            yield f"manual, page {row}"

    # Rest

    def _leave(self) -> None:
        """Close what stands in front of the window."""
        close_popups()
        for _ in range(MOST_TRIES):
            dialog = QApplication.activeModalWidget()
            if dialog is None:
                return
            QTest.keyClick(dialog, Qt.Key.Key_Escape)

    def _come_to_rest(self) -> str:
        """Nothing in front, nothing beside, nothing sounds; the model and the look of the start."""
        self._leave()
        window = manual()
        if window is not None:
            window.close()
        app = self._reach.app
        app.actions["stop"].trigger()
        app.change_settings(model=self._model, theme=self._theme)
        self._reach.window.resize(*SIZE)
        self._show(PAGES[0])
        return "come to rest"

    def _begin_anew(self) -> str:
        """A song without a past."""
        self._reach.app.actions["new"].trigger()
        return "begin a new song"


def is_tab(button: QAbstractButton) -> bool:
    """Whether it is one of several of which one is down."""
    group = button.group()
    return bool(group) and group.exclusive() and button.isEnabled()


def close_popups() -> None:
    """Close every menu that is open."""
    for _ in range(MOST_TRIES):
        popup = QApplication.activePopupWidget()
        if popup is None:
            return
        popup.close()


def manual() -> ManualWindow | None:
    """The manual's window where it is shown."""
    there = QApplication.topLevelWidgets()
    return next(
        (each for each in there if isinstance(each, ManualWindow) and each.isVisible()), None
    )
