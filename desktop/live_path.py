"""The way of a played key: sound first, then memory, then the window."""

from collections.abc import Callable

from desktop.midi_bridge import MidiBridge
from engine.live.audio import Synth
from engine.live.channels import LIVE_CHANNEL
from engine.live.events import SCREEN, LiveEvent
from engine.live.recorder import Recorder
from engine.store.settings import LiveKeys, Settings


class LivePath:
    """Takes every live event, of a keyboard or of the screen's keys, in the same order.

    Nothing else happens on the MIDI thread: no file, no SQL, no Qt object but the bridge.
    """

    def __init__(self, synth: Synth, recorder: Recorder, bridge: MidiBridge) -> None:
        self.synth = synth
        """Replaced when the sound is opened again; one assignment, so any thread may read it."""
        self.local: LiveKeys = "tutti"
        """Where keyboards sound."""
        self.play_out: Callable[[LiveEvent], bool] = _to_no_port
        """Plays an event at the melody's MIDI output; False where it has none. Replaced, too."""
        self._recorder = recorder
        self._bridge = bridge

    def hear(self, event: LiveEvent) -> None:
        """Sound, record and show one event. Called on the MIDI thread, or on the GUI thread."""
        if event.direct:
            self.synth.overheard(LIVE_CHANNEL, event.kind, event.number, event.value)
        elif self._sounds_here(event):
            sound(self.synth, event)
        self._recorder.add(event)
        self._bridge.send_event(event)

    def _sounds_here(self, event: LiveEvent) -> bool:
        """Whether Tutti is to sound it: a keyboard may do so itself, or an instrument for it."""
        if self.local == "port":
            return not self.play_out(event)
        return self.local == "tutti" or event.port == SCREEN


def _to_no_port(_event: LiveEvent) -> bool:
    return False


def sound(synth: Synth, event: LiveEvent) -> None:
    """Let the synthesizer play an event on the channel of live keys."""
    match event.kind:
        case "note_on":
            synth.note_on(LIVE_CHANNEL, event.number, event.value)
        case "note_off":
            synth.note_off(LIVE_CHANNEL, event.number)
        case "control":
            synth.control(LIVE_CHANNEL, event.number, event.value)
        case "bend":
            synth.bend(LIVE_CHANNEL, event.value)
        case _:
            pass  # the composition chooses the instrument, and pressure has no face in `Synth`


def chosen_ports(settings: Settings) -> frozenset[str] | None:
    """The keyboards to listen to; None for all."""
    return None if settings.midi_inputs is None else frozenset(settings.midi_inputs)
