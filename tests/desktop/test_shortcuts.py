"""Keys that the user chooses: kept, given to the actions, and never two commands on one key."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from pytestqt.qtbot import QtBot

from desktop.actions import SPEC_OF, SPECS
from desktop.app import App
from desktop.roll.editor_bar import EditorBar
from desktop.roll.lanes import LanesView
from desktop.roll.tools import Tool
from desktop.shell import Shell
from desktop.shortcuts import as_lines, keys_of, own_keys, portable, reset, why_not, with_key
from desktop.shortcuts_dialog import ShortcutsDialog
from desktop.studio.note_actions import connect_note_actions

IDS = st.sampled_from([spec.id for spec in SPECS])
KEYS = st.sampled_from(["Ctrl+N", "Alt+J", "Q", "Shift+F5", "Space", "Ctrl++", "Ctrl+="])
DEEDS = st.lists(st.tuples(IDS, KEYS | st.none()), max_size=12)


@given(DEEDS)
def test_whatever_is_chosen_no_key_belongs_to_two_and_the_settings_keep_it(
    deeds: list[tuple[str, str | None]],
) -> None:
    own: dict[str, tuple[str, ...]] = {}
    for action_id, key in deeds:
        own = reset(own, action_id) if key is None else with_key(own, action_id, key)
        wanted = SPEC_OF[action_id].keys if key is None else (key,)
        assert keys_of(action_id, own) == wanted
        counts = Counter(portable(key) for spec in SPECS for key in keys_of(spec.id, own))
        assert max(counts.values()) == 1
    kept = own_keys(as_lines(own))
    assert all(keys_of(spec.id, kept) == keys_of(spec.id, own) for spec in SPECS)


@pytest.mark.parametrize("line", ["", "nonsense", "gone=Ctrl+J", "generate=A S", "=Ctrl+J"])
def test_a_line_of_no_use_gives_no_key(line: str) -> None:
    assert all(not keys for keys in own_keys([line]).values())


@pytest.mark.parametrize("key", ["A", "K", "Z", "X", "Return", "Tab", "Up", "Backspace", ""])
def test_keys_with_a_use_of_their_own_are_refused_with_a_sentence(key: str) -> None:
    assert why_not(key).endswith(".")
    assert why_not("Ctrl+Alt+A") == ""


@pytest.fixture
def dialog(qtbot: QtBot, shell: Shell, app: App) -> ShortcutsDialog:
    app.actions["shortcuts"].trigger()
    (dialog,) = shell.window.findChildren(ShortcutsDialog)
    qtbot.waitUntil(dialog.isVisible)
    return dialog


def press(
    qtbot: QtBot,
    dialog: ShortcutsDialog,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    if not dialog.catcher.isChecked():
        dialog.catcher.click()
    qtbot.keyClick(dialog.catcher, key, modifier)


def test_a_key_is_changed_asked_about_and_reset(
    qtbot: QtBot, app: App, dialog: ShortcutsDialog
) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    generate, new = app.actions["generate"], app.actions["new"]
    dialog.choose("generate")
    press(qtbot, dialog, Qt.Key.Key_J)
    assert "plays a note" in dialog.told and "=" not in "".join(app.settings.shortcuts)
    press(qtbot, dialog, Qt.Key.Key_N, control)
    assert "New composition" in dialog.told and generate.shortcut() == QKeySequence("Ctrl+G")
    press(qtbot, dialog, Qt.Key.Key_N, control)
    assert generate.shortcut() == QKeySequence("Ctrl+N") and new.shortcut().isEmpty()
    assert "Ctrl+N" in generate.toolTip() and "Ctrl+N" not in new.toolTip()
    assert set(app.settings.shortcuts) == {"generate=Ctrl+N", "new="}
    dialog.reset_all()
    assert new.shortcut() == QKeySequence("Ctrl+N")
    assert generate.shortcut() == QKeySequence("Ctrl+G") and app.settings.shortcuts == ()


def test_escape_leaves_the_key_and_the_dialog_as_they_are(
    qtbot: QtBot, app: App, dialog: ShortcutsDialog
) -> None:
    dialog.choose("play")
    press(qtbot, dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible() and app.settings.shortcuts == ()
    assert not dialog.catcher.isChecked()


def test_keys_of_notes_and_tools_are_changed_like_others(
    qtbot: QtBot, app: App, dialog: ShortcutsDialog
) -> None:
    lanes = LanesView()
    qtbot.addWidget(lanes)
    connect_note_actions(app.actions, lanes, EditorBar(lanes, lanes))
    for action_id, key in (("notes_cut", Qt.Key.Key_F7), ("tool_knife", Qt.Key.Key_8)):
        dialog.choose(action_id)
        press(qtbot, dialog, key)
    assert app.actions["notes_cut"].shortcut() == QKeySequence("F7")
    assert list(lanes.keys.keys_of("cut")) == ["F7"]
    pressed = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_8, Qt.KeyboardModifier.NoModifier, "8")
    assert lanes.keys.tool(pressed) is Tool.KNIFE
    dialog.reset_all()
    assert list(lanes.keys.keys_of("cut")) == ["Ctrl+X"] and lanes.keys.tool(pressed) is None
