"""Says when an instrument that tracks are played on is not there, and when it has come."""

from PySide6.QtCore import QObject, Slot

from desktop.messages import Messages
from desktop.midi_bridge import MidiBridge
from engine.live.midi_outputs import OutputState

AWAY = (
    "The MIDI output “{}” is not there: its tracks are silent until it is. "
    "Connect it, or choose another output for them in the Studio."
)
BACK = "The MIDI output “{}” is there again; its tracks play on it."


class AwayInstruments(QObject):
    """Compares what is wanted with what is there, and tells each change once."""

    def __init__(self, bridge: MidiBridge, messages: Messages, parent: QObject) -> None:
        super().__init__(parent)
        self._messages = messages
        self._away: set[str] = set()
        bridge.outputs_changed.connect(self._compare)

    @Slot(object)
    def _compare(self, outputs: tuple[OutputState, ...]) -> None:
        wanted = [each for each in outputs if each.wanted]
        away = {each.name for each in wanted if not each.connected}
        for name in sorted(away - self._away):
            self._messages.tell(AWAY.format(name), "warning")
        for each in wanted:
            if each.connected and each.name in self._away:
                self._messages.tell(BACK.format(each.name))
        self._away = away
