"""The door through which the MIDI thread reaches the window."""

from PySide6.QtCore import QObject, Signal

from engine.live.events import LiveEvent, TransportCommand
from engine.live.midi_outputs import OutputState
from engine.live.midi_ports import PortState


class MidiBridge(QObject):
    """Turns calls on the MIDI thread into signals; slots of the GUI thread get them queued.

    Receivers are ``@Slot`` methods of QObjects, never lambdas: a lambda would run on the MIDI
    thread.
    """

    # QObject's virtual of this name is C++'s and is found there still: nothing is overridden.
    event = Signal(object)  # type: ignore[assignment]
    transport = Signal(object)
    ports_changed = Signal(object)
    outputs_changed = Signal(object)

    def send_event(self, event: LiveEvent) -> None:
        """Something was played. Called on the MIDI thread."""
        self.event.emit(event)

    def send_transport(self, command: TransportCommand) -> None:
        """A transport button was pressed. Called on the MIDI thread."""
        self.transport.emit(command)

    def send_ports(self, ports: tuple[PortState, ...]) -> None:
        """A port came or went. Called on the thread that watches the ports."""
        self.ports_changed.emit(ports)

    def send_outputs(self, outputs: tuple[OutputState, ...]) -> None:
        """An instrument came or went. Called on the thread that watches the outputs."""
        self.outputs_changed.emit(outputs)
