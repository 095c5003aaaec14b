"""MIDI keyboards: listed, listened to, unplugged and plugged in again."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.live.events import LiveEvent, TransportCommand
from engine.live.audio import DirectInput


@dataclass(frozen=True, slots=True)
class PortState:
    """A MIDI input. ``direct``: the synthesizer hears it itself, we only record and show it."""

    name: str
    connected: bool
    direct: bool = False


class MidiInputs:
    """Listens to several keyboards at once; reconnects by name.

    The callbacks are called on the MIDI thread.
    """

    def __init__(
        self,
        on_event: Callable[[LiveEvent], None],
        on_transport: Callable[[TransportCommand], None],
        on_ports_changed: Callable[[tuple[PortState, ...]], None],
    ) -> None:
        self.problem: str | None = None
        self._on_event = on_event
        self._on_transport = on_transport
        self._on_ports_changed = on_ports_changed

    def start(self) -> None:
        """Begin to look for keyboards."""

    def close(self) -> None:
        """Stop listening."""

    def states(self) -> tuple[PortState, ...]:
        """The keyboards that are there, and those that were and are awaited."""
        return ()

    def choose(self, names: frozenset[str] | None) -> None:
        """Listen to these only; None: to all."""

    def use_direct_input(self, direct: DirectInput | None) -> None:
        """Let the synthesizer hear the keyboards itself; None before it is closed."""
