"""The window: top bar, pages, messages. It holds no state of the music."""

import sys
from collections.abc import Callable, Mapping

from PySide6.QtCore import QByteArray, QEvent, QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QCloseEvent,
    QGuiApplication,
    QKeyEvent,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QMainWindow,
    QMenu,
    QMenuBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.actions import PAGES, SPECS, Actions
from desktop.widgets.message_bar import MessageBar
from desktop.widgets.top_bar import TopBar

SMALLEST = QSize(1024, 640)
FIRST_SIZE = QSize(1440, 900)
FRAME = QSize(8, 40)
"""What the system puts around a window: the first one must not hide its own lower edge."""
STUDIO_MENUS = ("Edit", "Notes", "Transport", "Band")
"""Menus whose actions act on the Studio's music: their keys sleep on the other pages."""

PageMaker = Callable[[], QWidget]


class MainWindow(QMainWindow):
    """Shows one page at a time; a page is made when it is first asked for."""

    painted = Signal()
    """The window stands on the screen for the first time, whole."""
    closing = Signal()
    """The user closes the window, which is still whole."""
    page_changed = Signal(str)

    def __init__(self, actions: Actions, makers: Mapping[str, PageMaker]) -> None:
        """``makers`` has a function for each of `PAGES`."""
        super().__init__()
        self.setWindowTitle("Tutti")
        self.may_close: Callable[[], bool] = lambda: True
        """Asked when the user closes the window."""
        self._seen = False
        self._return_to: QWidget | None = None
        """What had the focus when Return went down."""
        self._actions = actions
        self._makers = dict(makers)
        self._pages: dict[str, QWidget] = {}
        self._stack = QStackedWidget()
        self._stack.setObjectName("pages")
        self.top_bar = TopBar(self._menu(), self._page_actions())
        self._put_together()
        # Beside the pages, not among them: a page that is shown would cover it.
        self.message_bar = MessageBar(self._middle, self._stack)
        self.page_changed.connect(self.message_bar.leave_page)
        self.addActions(list(actions.all()))
        self.installEventFilter(self)
        self._fit_to_screen()

    def _put_together(self) -> None:
        self._middle = QWidget()
        column = QVBoxLayout(self._middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top_bar)
        column.addWidget(self._stack, 1)
        self.setCentralWidget(self._middle)
        for chip in (self.top_bar.keyboard, self.top_bar.audio, self.top_bar.device):
            chip.clicked.connect(self._show_settings)

    def _fit_to_screen(self) -> None:
        """The size of the first start: the design's, or what the screen has."""
        room = QGuiApplication.primaryScreen().availableSize()
        self.setMinimumSize(SMALLEST.boundedTo(room))
        self.resize(FIRST_SIZE.boundedTo(room - FRAME))

    def _menu(self) -> QMenu | None:
        """The menu under the button; None where the system has a menu bar of its own."""
        if sys.platform == "darwin":
            bar = QMenuBar(self)
            self.setMenuBar(bar)
            fill_menu(bar, self._actions)
            return None
        menu = QMenu(self)
        fill_menu(menu, self._actions)
        return menu

    def _page_actions(self) -> list[QAction]:
        group = QActionGroup(self)
        pages = [self._actions[f"page_{name.lower()}"] for name in PAGES]
        for name, action in zip(PAGES, pages, strict=True):
            action.setCheckable(True)
            action.setData(name)
            group.addAction(action)
        group.triggered.connect(self._on_page_action)
        return pages

    @property
    def page(self) -> str:
        """The name of the page that is shown, one of `PAGES`; empty before the first."""
        shown = self._stack.currentWidget()
        return next((name for name, page in self._pages.items() if page is shown), "")

    def page_widget(self, name: str) -> QWidget:
        """The widget of a page, made now if it was never shown."""
        if name not in self._pages:
            page = self._makers[name]()
            self._pages[name] = page
            self._stack.addWidget(page)
        return self._pages[name]

    def show_page(self, name: str) -> None:
        """Show one of `PAGES`."""
        page = self.page_widget(name)
        self._stack.setCurrentWidget(page)
        page.setFocus(Qt.FocusReason.OtherFocusReason)
        self._actions[f"page_{name.lower()}"].setChecked(True)
        for spec in SPECS:
            if spec.menu in STUDIO_MENUS:
                asleep = name != PAGES[0]
                context = (
                    Qt.ShortcutContext.WidgetShortcut
                    if asleep
                    else Qt.ShortcutContext.WindowShortcut
                )
                self._actions[spec.id].setShortcutContext(context)
        self.page_changed.emit(name)

    @Slot(QAction)
    def _on_page_action(self, action: QAction) -> None:
        self.show_page(str(action.data()))

    @Slot()
    def _show_settings(self) -> None:
        self.show_page("Settings")

    def geometry_text(self) -> str:
        """Place and size of the window, to be kept between two starts."""
        return bytes(self.saveGeometry().toBase64().data()).decode("ascii")

    def restore_geometry(self, text: str) -> None:
        """Take up the kept place; Qt moves a window back that no screen would show."""
        if text:
            self.restoreGeometry(QByteArray.fromBase64(text.encode("ascii")))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Remember whom a key is meant for, before anybody acts on it."""
        if watched is self and event.type() == QEvent.Type.ShortcutOverride:
            self._return_to = QApplication.focusWidget()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses the button that has the focus, since Space plays.

        Not the button to which a field that took the key has handed the focus.
        """
        focused = QApplication.focusWidget()
        pressed = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat()
        meant = focused is self._return_to
        if pressed and meant and isinstance(focused, QAbstractButton) and focused.isEnabled():
            focused.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The window's ground; its parts are painted within the same turn of the loop."""
        super().paintEvent(event)
        if not self._seen:
            self._seen = True
            QTimer.singleShot(0, self, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask whether it may be; tell before anything is taken apart."""
        if not self.may_close():
            event.ignore()
            return
        self.closing.emit()
        event.accept()


def fill_menu(menu: QMenu | QMenuBar, actions: Actions) -> None:
    """A submenu for each menu named in the table, in the table's order."""
    for title in dict.fromkeys(spec.menu for spec in SPECS):
        submenu = menu.addMenu(title)
        for spec in SPECS:
            if spec.menu == title:
                submenu.addAction(actions[spec.id])
