"""The command palette: every action by a few letters, with its key; the recent ones first."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
)

from desktop import theme
from desktop.actions import PAGES, SPEC_OF, SPECS, ActionSpec
from desktop.main_window import STUDIO_MENUS, MainWindow
from desktop.palette_search import Entry, ranked

if TYPE_CHECKING:
    from desktop.app import App

WIDTH, HEIGHT = 620, 420
TOP = 64  # under the window's bar
ROW_HEIGHT = 28
MOST_RECENT = 8
HIDDEN = frozenset({"palette"})
NAME, MENU, KEY = range(3)
MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
NOTHING = "No command has these letters."


class Palette(QDialog):
    """A field over a list; the arrows go through the list, Return does what is chosen."""

    def __init__(self, app: "App", window: MainWindow) -> None:
        super().__init__(window, Qt.WindowType.FramelessWindowHint | Qt.WindowType.Dialog)
        self._app, self._window = app, window
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Find a command")
        self._field = QLineEdit()
        self._field.setPlaceholderText("What do you want to do?")
        self._field.setAccessibleName("Find a command")
        self._field.setClearButtonEnabled(True)
        self._field.installEventFilter(self)
        self._field.textChanged.connect(self._search)
        self._list = _list()
        self._list.itemClicked.connect(self._run)
        self._told = QLabel(NOTHING)
        self._told.setProperty("kind", "quiet")
        frame = QFrame()
        frame.setProperty("kind", "toast")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(frame)
        column = QVBoxLayout(frame)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self._field)
        column.addWidget(self._list, 1)
        column.addWidget(self._told)
        self._place()
        self._search("")

    def _place(self) -> None:
        width, height = min(WIDTH, self._window.width() - 32), min(HEIGHT, self._window.height())
        self.resize(width, height - TOP if height < HEIGHT else HEIGHT)
        self.move(self._window.mapToGlobal(self._window.rect().topLeft()))
        self.move(self.x() + (self._window.width() - width) // 2, self.y() + TOP)

    @property
    def found(self) -> list[str]:
        """The ids of the listed actions, best first."""
        return [str(item.data(NAME, Qt.ItemDataRole.UserRole)) for item in self._items()]

    def _items(self) -> list[QTreeWidgetItem]:
        items = map(self._list.topLevelItem, range(self._list.topLevelItemCount()))
        return [item for item in items if item is not None]

    @Slot(str)
    def _search(self, wanted: str) -> None:
        entries = [
            Entry(spec.id, _plain(self._app.actions[spec.id]), f"{spec.menu} {spec.tip}")
            for spec in _offered(self._app)
        ]
        found = ranked(entries, wanted, self._app.settings.recent_commands)
        self._list.clear()
        for entry in found:
            self._list.addTopLevelItem(self._item(entry))
        self._told.setVisible(not found)
        if found:
            self._list.setCurrentItem(self._items()[0])

    def _item(self, entry: Entry) -> QTreeWidgetItem:
        action, spec = self._app.actions[entry.id], SPEC_OF[entry.id]
        key = action.shortcut().toString(action.shortcut().SequenceFormat.NativeText)
        item = QTreeWidgetItem([entry.text, spec.menu, key])
        item.setData(NAME, Qt.ItemDataRole.UserRole, entry.id)
        item.setIcon(NAME, action.icon())
        item.setSizeHint(NAME, QSize(0, ROW_HEIGHT))
        item.setToolTip(NAME, spec.tip)
        item.setForeground(MENU, theme.colour("quiet"))
        item.setTextAlignment(KEY, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if not action.isEnabled():
            for column in (NAME, KEY):
                item.setForeground(column, theme.colour("disabled"))
            item.setToolTip(NAME, f"{spec.tip or entry.text}: not possible just now")
        return item

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the field that belong to the list."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in MOVES:
                self._list.keyPressEvent(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(self._list.currentItem())
                return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """A click elsewhere closes it."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.close()

    @Slot(QTreeWidgetItem)
    def _run(self, item: QTreeWidgetItem | None) -> None:
        if item is None:
            return
        spec = SPEC_OF[str(item.data(NAME, Qt.ItemDataRole.UserRole))]
        action = self._app.actions[spec.id]
        if not action.isEnabled():
            return
        before = (each for each in self._app.settings.recent_commands if each != spec.id)
        self._app.change_settings(recent_commands=(spec.id, *before)[:MOST_RECENT])
        self.close()
        if spec.menu in STUDIO_MENUS and self._window.page != PAGES[0]:
            self._window.show_page(PAGES[0])
        action.trigger()


def _list() -> QTreeWidget:
    listed = QTreeWidget()
    listed.setColumnCount(3)
    listed.setHeaderHidden(True)
    listed.setRootIsDecorated(False)
    listed.setUniformRowHeights(True)
    listed.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    listed.setAccessibleName("Commands")
    header = listed.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
    for column in (MENU, KEY):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
    return listed


def _offered(app: "App") -> list[ActionSpec]:
    """All commands but those that only open a menu."""
    return [spec for spec in SPECS if spec.id not in HIDDEN and app.actions[spec.id].menu() is None]


def _plain(action: QAction) -> str:
    return action.text().replace("&", "")
