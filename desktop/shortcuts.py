"""The keys that the user chose: kept in the settings, given to the actions, checked for clashes."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QKeySequence

from desktop.actions import SPEC_OF, SPECS, shown_key
from desktop.roll.commands import COMMANDS, CommandSpec
from engine.store.settings import Settings

if TYPE_CHECKING:
    from desktop.app import App

NOTE_LETTERS = frozenset("AWSEDFTGYHUJK")
OCTAVE_LETTERS = frozenset("ZX")
FIXED = {
    "Return": "presses the button that has the focus",
    "Enter": "presses the button that has the focus",
    "Tab": "goes from one control to the next",
    "Shift+Tab": "goes from one control to the one before",
    "Up": "moves what is chosen",
    "Down": "moves what is chosen",
    "Left": "moves what is chosen",
    "Right": "moves what is chosen",
}

Keys = tuple[str, ...]
OwnKeys = Mapping[str, Keys]
"""The chosen keys of some actions, by their ids; none for an action that has lost its key."""


def own_keys(lines: Iterable[str]) -> dict[str, Keys]:
    """What `Settings.shortcuts` say; lines that are of no use now are passed over."""
    found: dict[str, Keys] = {}
    for line in lines:
        action_id, sign, keys = line.partition("=")
        if sign and action_id in SPEC_OF:
            found[action_id] = tuple(filter(_is_free, map(portable, keys.split())))
    return found


def _is_free(key: str) -> bool:
    usual = any(key in map(portable, spec.keys) for spec in SPECS)
    return bool(key) and (usual or not why_not(key))


def as_lines(own: OwnKeys) -> tuple[str, ...]:
    """The chosen keys for `Settings.shortcuts`; those that are as the table has them are left out.

    A key in Qt's portable spelling has no space.
    """
    return tuple(
        f"{action_id}={' '.join(keys)}"
        for action_id, keys in own.items()
        if keys != SPEC_OF[action_id].keys
    )


def portable(key: str) -> str:
    """A key in Qt's portable spelling; empty for what is none, and for several in a row."""
    sequence = QKeySequence.fromString(key, QKeySequence.SequenceFormat.PortableText)
    text = sequence.toString() if sequence.count() == 1 else ""
    return "" if " " in text else text


def keys_of(action_id: str, own: OwnKeys) -> Keys:
    """The keys of an action: the chosen ones, else those of the table."""
    return own.get(action_id, SPEC_OF[action_id].keys)


def owner_of(key: str, own: OwnKeys) -> str | None:
    """The id of the action that a key belongs to."""
    return next((spec.id for spec in SPECS if key in map(portable, keys_of(spec.id, own))), None)


def why_not(key: str) -> str:
    """Why no action can have a key, as a sentence; empty for a key that can be given."""
    shown = shown_key(key)
    if not key:
        return "This is no key that a command can have."
    if key in NOTE_LETTERS:
        return f"{shown} plays a note. Press Ctrl, Alt or Shift with it, or take another letter."
    if key in OCTAVE_LETTERS:
        return f"{shown} shifts the octave of the keys that play. Press Ctrl, Alt or Shift with it."
    if key in FIXED:
        return f"{shown} {FIXED[key]}. Press Ctrl, Alt or Shift with it."
    notes = next((spec.text for spec in COMMANDS if key in _of_the_roll(spec)), "")
    return f"{shown} belongs to the notes in the roll ({notes})." if notes else ""


def _of_the_roll(spec: CommandSpec) -> set[str]:
    """The keys that the roll hears besides those of the command's action."""
    return set(map(portable, spec.keys)) - set(map(portable, SPEC_OF[f"notes_{spec.id}"].keys))


def with_key(own: OwnKeys, action_id: str, key: str) -> dict[str, Keys]:
    """An action gets a key in place of its own; whoever had it loses it."""
    changed = dict(own)
    owner = owner_of(key, own)
    if owner is not None:
        left = tuple(each for each in keys_of(owner, own) if portable(each) != key)
        changed[owner] = left
    changed[action_id] = (key,)
    return changed


def reset(own: OwnKeys, action_id: str) -> dict[str, Keys]:
    """An action gets back what the table gives it; others that have these keys lose them."""
    changed = {each: keys for each, keys in own.items() if each != action_id}
    back = {portable(key) for key in SPEC_OF[action_id].keys}
    for spec in SPECS:
        keys = keys_of(spec.id, changed)
        left = tuple(key for key in keys if portable(key) not in back)
        if spec.id != action_id and left != keys:
            changed[spec.id] = left
    return changed


class ChosenKeys(QObject):
    """Gives the actions the keys that the settings say, now and whenever they change."""

    def __init__(self, app: "App", parent: QObject | None = None) -> None:
        super().__init__(parent or app)
        self._app = app
        self.own: dict[str, Keys] = {}
        app.settings_changed.connect(self._take)
        self._take(app.settings)

    def choose(self, own: OwnKeys) -> None:
        """Keep other keys, and give them to the actions at once."""
        self._app.change_settings(shortcuts=as_lines(own))

    @Slot(object)
    def _take(self, settings: Settings) -> None:
        wanted = own_keys(settings.shortcuts)
        for action_id in {*wanted, *self.own}:
            if keys_of(action_id, wanted) != keys_of(action_id, self.own):
                self._app.actions.give_keys(action_id, keys_of(action_id, wanted))
        self.own = wanted
