"""The way of a played key: sound first, then memory, then the window."""

from desktop.midi_bridge import MidiBridge
from engine.live.audio import Synth
from engine.live.channels import LIVE_CHANNEL
from engine.live.events import LiveEvent
from engine.live.recorder import Recorder
from engine.store.settings import Settings


class LivePath:
    """Takes every live event, of a keyboard or of the screen's keys, in the same order.

    Nothing else happens on the MIDI thread: no file, no SQL, no Qt object but the bridge.
    """

    def __init__(self, synth: Synth, recorder: Recorder, bridge: MidiBridge) -> None:
        self.synth = synth
        """Replaced when the sound is opened again; one assignment, so any thread may read it."""
        self._recorder = recorder
        self._bridge = bridge

    def hear(self, event: LiveEvent) -> None:
        """Sound, record and show one event. Called on the MIDI thread, or on the GUI thread."""
        if event.direct:
            self.synth.overheard(LIVE_CHANNEL, event.kind, event.number, event.value)
        else:
            sound(self.synth, event)
        self._recorder.add(event)
        self._bridge.send_event(event)


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
