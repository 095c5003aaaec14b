"""An instrument that goes is told once, and so is its coming back."""

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from desktop.away_instruments import AwayInstruments
from desktop.messages import Messages
from desktop.midi_bridge import MidiBridge
from engine.live.midi_outputs import OutputState


def test_each_change_is_told_once(qtbot: QtBot) -> None:
    owner = QObject()
    messages, bridge = Messages(owner), MidiBridge(owner)
    told: list[tuple[str, str]] = []
    messages.told.connect(lambda message: told.append((message.level, message.sentence)))
    AwayInstruments(bridge, messages, owner)
    other = OutputState("Other", wanted=False, connected=False)
    for connected in (True, False, False, True, True):
        bridge.send_outputs((OutputState("Synth", wanted=True, connected=connected), other))
    assert [level for level, _ in told] == ["warning", "info"]
    assert all("“Synth”" in sentence for _, sentence in told)
    bridge.send_outputs((OutputState("Synth", wanted=True, connected=False), other))
    bridge.send_outputs((OutputState("Synth", wanted=False, connected=False), other))
    assert len(told) == 3  # nobody waits for it any more
