"""The table of actions."""

from collections import Counter

from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from desktop.actions import SPECS, Actions, tip_of

NOTE_KEYS = set("AWSEDFTGYHUJKZX")


def test_no_two_actions_share_a_key() -> None:
    keys = Counter(QKeySequence(key).toString() for spec in SPECS for key in spec.keys)
    assert "" not in keys
    assert [key for key, count in keys.items() if count > 1] == []


def test_single_letters_leave_the_computer_keys_that_play_notes_alone() -> None:
    assert not NOTE_KEYS & {key for spec in SPECS for key in spec.keys}


def test_every_row_becomes_an_action_with_its_key_in_the_tip(qtbot: QtBot) -> None:
    actions = Actions()
    assert [action.objectName() for action in actions.all()] == [spec.id for spec in SPECS]
    for spec in SPECS:
        action = actions[spec.id]
        assert action.text() == spec.text and action.toolTip() == tip_of(spec)
        assert len(action.shortcuts()) == len(spec.keys)
        assert action.icon().isNull() == (not spec.icon)
    assert "Ctrl+G" in actions["generate"].toolTip()
