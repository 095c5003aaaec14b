"""Every key in one list, by menu; each can be changed, taken away and given back."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop import theme
from desktop.about import PLAYING_KEYS
from desktop.actions import SPEC_OF, SPECS, shown_key
from desktop.palette_search import Entry, score
from desktop.shortcuts import (
    ChosenKeys,
    OwnKeys,
    keys_of,
    owner_of,
    portable,
    reset,
    why_not,
    with_key,
)

if TYPE_CHECKING:
    from desktop.app import App

SIZE = (620, 600)
PRESS = "Press the new keys for “{name}”. Escape leaves it as it is."
ASK = "{key} is “{owner}”. Press it again to give it to “{name}” instead."
CHOOSE = "Choose a command to change its keys."
_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta)


class KeyCatcher(QPushButton):
    """A button that, once pressed, waits for a combination of keys."""

    caught = Signal(str)
    """A key in Qt's portable spelling, empty for what is none."""
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Change…", parent)
        self.setCheckable(True)
        self.toggled.connect(self._show)
        self.installEventFilter(self)

    @Slot(bool)
    def _show(self, waiting: bool) -> None:
        self.setText("Press keys…" if waiting else "Change…")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While it waits all keys are caught, those of Qt's own as well."""
        if watched is self and self.isChecked() and isinstance(event, QKeyEvent):
            if event.type() is QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() is QEvent.Type.KeyPress:
                self._catch(event)
                return True
        return super().eventFilter(watched, event)

    def _catch(self, event: QKeyEvent) -> None:
        if event.key() in _MODIFIERS or event.isAutoRepeat():
            return
        if event.key() == Qt.Key.Key_Escape:
            self.setChecked(False)
            self.given_up.emit()
            return
        combination = event.keyCombination()
        self.caught.emit(portable(QKeySequence(combination).toString()))


class ShortcutsDialog(QDialog):
    """Shows all keys, searched by name, and keeps those that are chosen."""

    def __init__(self, app: "App", keys: ChosenKeys, parent: QWidget) -> None:
        super().__init__(parent)
        self._app, self._keys = app, keys
        self._asked = ""
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*SIZE)
        self._field = QLineEdit()
        self._field.setPlaceholderText("Find a command or a key")
        self._field.setAccessibleName("Find a command or a key")
        self._field.setClearButtonEnabled(True)
        self._field.textChanged.connect(self._list_again)
        self._tree = _tree()
        self._tree.currentItemChanged.connect(self._choose)
        self._told = QLabel()
        self._told.setWordWrap(True)
        self._told.setMinimumHeight(40)
        self._build_buttons()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        for widget in (self._field, self._tree, self._told):
            column.addWidget(widget)
        column.addLayout(self._row())
        self._list_again()

    def _build_buttons(self) -> None:
        self.catcher = KeyCatcher()
        self.catcher.setProperty("kind", "primary")
        self.catcher.toggled.connect(self._wait)
        self.catcher.caught.connect(self._catch)
        self.catcher.given_up.connect(self._say_chosen)
        self._clear = QPushButton("No key")
        self._clear.clicked.connect(self._take_away)
        self._back = QPushButton("Reset")
        self._back.clicked.connect(self._reset)
        self._all = QPushButton("Reset all")
        self._all.clicked.connect(self.reset_all)
        self._close = QPushButton("Close")
        self._close.clicked.connect(self.accept)
        for button in (self._clear, self._back, self._all, self._close):
            button.setAutoDefault(False)
        self.catcher.setAutoDefault(False)

    def _row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.catcher, self._clear, self._back):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self._all)
        row.addWidget(self._close)
        return row

    @property
    def chosen(self) -> str:
        """The id of the chosen action; empty for none."""
        item = self._tree.currentItem()
        return str(item.data(0, Qt.ItemDataRole.UserRole) or "") if item is not None else ""

    @property
    def told(self) -> str:
        """What is said under the list."""
        return self._told.text()

    def choose(self, action_id: str) -> None:
        """Choose an action's row."""
        for item in _rows(self._tree):
            if item.data(0, Qt.ItemDataRole.UserRole) == action_id:
                self._tree.setCurrentItem(item)

    @Slot()
    def _list_again(self) -> None:
        chosen, wanted = self.chosen, self._field.text()
        self._tree.clear()
        for menu in dict.fromkeys(spec.menu for spec in SPECS):
            rows = [self._item(spec.id) for spec in SPECS if spec.menu == menu]
            self._add(menu, [row for row in rows if _fits(row, wanted)])
        playing = [_fixed(text, keys) for text, keys in PLAYING_KEYS]
        self._add("Always", [row for row in playing if _fits(row, wanted)])
        self.choose(chosen)
        self._choose()

    def _add(self, title: str, rows: list[QTreeWidgetItem]) -> None:
        if rows:
            group = QTreeWidgetItem([title])
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            group.setForeground(0, theme.colour("accent_text"))
            group.addChildren(rows)
            self._tree.addTopLevelItem(group)
            group.setExpanded(True)

    def _item(self, action_id: str) -> QTreeWidgetItem:
        spec, keys = SPEC_OF[action_id], keys_of(action_id, self._keys.own)
        item = QTreeWidgetItem([spec.text.rstrip("…"), ", ".join(map(shown_key, keys))])
        item.setData(0, Qt.ItemDataRole.UserRole, action_id)
        item.setToolTip(0, spec.tip)
        if keys != spec.keys:
            item.setForeground(1, theme.colour("accent_text"))
            usual = ", ".join(map(shown_key, spec.keys)) or "no key"
            item.setToolTip(1, f"Yours; without your change it is {usual}")
        return item

    @Slot()
    def _choose(self) -> None:
        self.catcher.setChecked(False)
        has, keys = bool(self.chosen), self._keys.own
        self.catcher.setEnabled(has)
        self._clear.setEnabled(has and bool(keys_of(self.chosen, keys)))
        self._back.setEnabled(has and keys_of(self.chosen, keys) != SPEC_OF[self.chosen].keys)
        self._all.setEnabled(bool(keys))
        self._say_chosen()

    @Slot()
    def _say_chosen(self) -> None:
        self._say(SPEC_OF[self.chosen].tip if self.chosen else CHOOSE)

    @Slot(bool)
    def _wait(self, waiting: bool) -> None:
        self._asked = ""
        if waiting:
            self._say(PRESS.format(name=self._name(self.chosen)))

    @Slot(str)
    def _catch(self, key: str) -> None:
        refusal = why_not(key)
        owner = owner_of(key, self._keys.own)
        if refusal:
            self._say(refusal, "warning")
        elif owner is not None and owner != self.chosen and self._asked != key:
            self._asked = key
            words = ASK.format(
                key=shown_key(key), owner=self._name(owner), name=self._name(self.chosen)
            )
            self._say(words, "warning")
        else:
            self._keep(with_key(self._keys.own, self.chosen, key))

    def _keep(self, own: OwnKeys) -> None:
        self._keys.choose(own)
        self._list_again()

    @Slot()
    def _take_away(self) -> None:
        self._keep({**self._keys.own, self.chosen: ()})

    @Slot()
    def _reset(self) -> None:
        self._keep(reset(self._keys.own, self.chosen))

    @Slot()
    def reset_all(self) -> None:
        """Every action gets back the keys of the table."""
        self._keep({})

    def _name(self, action_id: str) -> str:
        return SPEC_OF[action_id].text.rstrip("…")

    def _say(self, text: str, kind: str = "quiet") -> None:
        self._told.setText(text)
        self._told.setProperty("kind", kind)
        self._told.style().unpolish(self._told)
        self._told.style().polish(self._told)


def _tree() -> QTreeWidget:
    tree = QTreeWidget()
    tree.setColumnCount(2)
    tree.setHeaderHidden(True)
    tree.setRootIsDecorated(False)
    tree.setAccessibleName("Commands and their keys")
    tree.header().setStretchLastSection(False)
    tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    return tree


def _fixed(text: str, keys: str) -> QTreeWidgetItem:
    item = QTreeWidgetItem([text, keys])
    item.setToolTip(0, "These keys stay as they are")
    item.setForeground(1, theme.colour("quiet"))
    return item


def _fits(item: QTreeWidgetItem, wanted: str) -> bool:
    return (
        score(Entry("", item.text(0)), wanted) is not None
        or wanted.casefold() in item.text(1).casefold()
    )


def _rows(tree: QTreeWidget) -> list[QTreeWidgetItem]:
    groups = [tree.topLevelItem(number) for number in range(tree.topLevelItemCount())]
    return [
        row
        for group in groups
        if group is not None
        for number in range(group.childCount())
        if (row := group.child(number)) is not None
    ]
