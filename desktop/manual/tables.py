"""Tables of the manual that are drawn from the window's own: keys, tools, what notes can do."""

from collections.abc import Callable, Iterable, Mapping

from desktop.about import PLAYING_KEYS
from desktop.actions import SPECS, shown_key
from desktop.roll.commands import COMMANDS
from desktop.roll.tools import TOOLS
from desktop.shortcuts import Keys, OwnKeys, keys_of


def keys_table(own: OwnKeys) -> str:
    """Every command that has a key, menu by menu, with the keys that hold now."""
    parts = []
    for menu in dict.fromkeys(spec.menu for spec in SPECS):
        rows = [
            (spec.text.rstrip("…"), _shown(keys))
            for spec in SPECS
            if spec.menu == menu and (keys := keys_of(spec.id, own))
        ]
        parts.append(_table((menu, "keys"), rows))
    parts.append(_table(("Always", "keys"), [(text, f"`{keys}`") for text, keys in PLAYING_KEYS]))
    return "\n\n".join(parts)


def tools_table(own: OwnKeys) -> str:
    """The tools of the piano roll."""
    rows = [
        (f"*{each.tool.value}*", _shown(keys_of(f"tool_{each.tool.name.lower()}", own)), each.tip)
        for each in TOOLS
    ]
    return _table(("tool", "key", "what it does"), rows)


def notes_table(own: OwnKeys) -> str:
    """What can be done with selected notes; keys that were chosen stand in for all of the usual."""
    rows = [(f"*{each.text}*", _shown(own.get(f"notes_{each.id}", each.keys))) for each in COMMANDS]
    return _table(("command", "keys"), rows)


def _shown(keys: Keys) -> str:
    return ", ".join(f"`{shown_key(key)}`" for key in keys)


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = tuple(heads)
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


TABLES: Mapping[str, Callable[[OwnKeys], str]] = {
    "keys": keys_table,
    "tools": tools_table,
    "notes": notes_table,
}
