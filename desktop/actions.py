"""The actions of menus and keys, made from their table."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from desktop.action_spec import ActionSpec as ActionSpec
from desktop.action_table import PAGES as PAGES
from desktop.action_table import SPEC_OF as SPEC_OF
from desktop.action_table import SPECS as SPECS
from desktop.widgets.icons import icon


class Actions(QObject):
    """A QAction for each row of the table; whoever can do it connects to ``triggered``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._actions = {spec.id: self._make(spec) for spec in SPECS}

    def _make(self, spec: ActionSpec) -> QAction:
        action = QAction(spec.text, self)
        action.setObjectName(spec.id)
        action.setCheckable(spec.checkable)
        action.setShortcuts([QKeySequence(key) for key in spec.keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setToolTip(tip_of(spec))
        action.setMenuRole(QAction.MenuRole.NoRole)
        if spec.icon:
            action.setIcon(icon(spec.icon, "record" if spec.id == "record" else "text"))
        return action

    def __getitem__(self, action_id: str) -> QAction:
        """The action of a row."""
        return self._actions[action_id]

    def give_keys(self, action_id: str, keys: Sequence[str]) -> None:
        """Other shortcuts for an action than its row has; its tooltip tells the first."""
        action, spec = self._actions[action_id], SPEC_OF[action_id]
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setToolTip(tip_of(replace(spec, keys=tuple(keys))))

    def all(self) -> tuple[QAction, ...]:
        """Every action, in the table's order."""
        return tuple(self._actions.values())


def tip_of(spec: ActionSpec) -> str:
    """The tooltip of an action: what it does, and its key."""
    told = spec.tip or spec.text.removesuffix("…")
    return f"{told} ({shown_key(spec.keys[0])})" if spec.keys else told


def shown_key(key: str) -> str:
    """A shortcut as this system writes it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
