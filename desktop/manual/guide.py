"""Help, Manual: opens the manual where it fits, and shows in the window what it talks of."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QApplication, QDialog, QScrollArea, QWidget

from desktop.actions import PAGES, SPEC_OF
from desktop.main_window import STUDIO_MENUS, MainWindow
from desktop.pages.train import TrainPage
from desktop.settings.form import Section
from desktop.shortcuts import ChosenKeys

if TYPE_CHECKING:
    from desktop.app import App
    from desktop.manual.window import ManualWindow

NOT_NOW = "“{}” is not possible just now."


class Guide(QObject):
    """Keeps one manual beside a window; it is made when it is first asked for."""

    def __init__(self, app: "App", window: MainWindow, keys: ChosenKeys) -> None:
        super().__init__(window)
        self._app, self._window, self._keys = app, window, keys
        self._manual: ManualWindow | None = None
        app.actions["manual"].triggered.connect(self.open)
        app.settings_changed.connect(self._show_keys)
        QApplication.instance().focusChanged.connect(self._offer_in)  # type: ignore[union-attr]
        window.closing.connect(self._close)
        app.closing.connect(self._close)

    @property
    def manual(self) -> "ManualWindow":
        """The manual's window."""
        # Here, so that the start of Tutti need not wait for it.
        from desktop.manual.window import ManualWindow

        if self._manual is None:
            manual = self._manual = ManualWindow(lambda: self._keys.own)
            manual.deed_asked.connect(self.do)
            manual.place_asked.connect(self.show_place)
        return self._manual

    @Slot()
    def open(self) -> None:
        """Show the page that fits what is on the screen."""
        from desktop.manual.where import fitting

        manual = self.manual
        manual.go_to(*fitting(self._window))
        manual.show()
        manual.activateWindow()
        manual.view.setFocus()

    @Slot(QWidget, QWidget)
    def _offer_in(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Let the manual's key work in a dialog that lies over the window, too.

        One that lies over all windows would keep the manual from being read.
        """
        dialog = None if now is None else now.window()
        over = Qt.WindowModality.WindowModal
        if isinstance(dialog, QDialog) and dialog.windowModality() is over:
            dialog.addAction(self._app.actions["manual"])

    @Slot(str)
    def do(self, action_id: str) -> None:
        """Do a command in the window, as its menu would."""
        action, spec = self._app.actions[action_id], SPEC_OF[action_id]
        if not action.isEnabled():
            self.manual.tell(NOT_NOW.format(spec.text.rstrip("…")))
            return
        self._come_forward()
        if spec.menu in STUDIO_MENUS:
            self._window.show_page(PAGES[0])
        action.trigger()

    @Slot(str)
    def show_place(self, place: str) -> None:
        """Show a page of the window, and a tab or a section of it."""
        page_name, _, part = place.partition("/")
        self._come_forward()
        self._window.show_page(page_name)
        page = self._window.page_widget(page_name)
        if isinstance(page, TrainPage) and part:
            page.show_tab(part)
        elif part:
            _scroll_to(page, part)

    def _come_forward(self) -> None:
        self._window.activateWindow()

    @Slot()
    def _show_keys(self) -> None:
        if self._manual is not None and self._manual.isVisible():
            self._manual.show_keys()

    @Slot()
    def _close(self) -> None:
        if self._manual is not None:
            self._manual.close()


def _scroll_to(page: QWidget, title: str) -> None:
    """Bring a section of a page of settings into view."""
    for section in page.findChildren(Section):
        for area in page.findChildren(QScrollArea):
            if section.accessibleName() == title and area.isAncestorOf(section):
                area.verticalScrollBar().setValue(section.y())
