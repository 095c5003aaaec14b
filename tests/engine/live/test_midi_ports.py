import signal
import threading
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

from engine.live.audio import SystemPort
from engine.live.events import LiveEvent, TransportCommand
from engine.live.fluid_output import FluidSynthOutput
from engine.live.midi_ports import NO_MIDI, MidiInputs, PortState
from engine.live.midi_system import GapStamps, shown_name, without_doubles
from engine.live.recorder import Recorder
from engine.music.take import played_notes
from tests.jack_server import JackProbe, JackServer, wait_until


class Heard:
    """What the callbacks were told."""

    def __init__(self) -> None:
        self.events: list[LiveEvent] = []
        self.commands: list[TransportCommand] = []
        self.ports: list[tuple[PortState, ...]] = []
        self.threads: set[str] = set()
        self.inputs = MidiInputs(self._hear, self.commands.append, self.ports.append)

    def _hear(self, event: LiveEvent) -> None:
        self.threads.add(threading.current_thread().name)
        self.events.append(event)

    def messages(self) -> list[tuple[str, int, int]]:
        return [(event.kind, event.number, event.value) for event in self.events]

    def connected(self, name: str = "AKM322:out") -> bool:
        return any(state.name == name and state.connected for state in self.inputs.states())


@pytest.fixture
def heard(jack: JackServer) -> Iterator[Heard]:
    heard = Heard()
    heard.inputs.start()
    yield heard
    heard.inputs.close()


def test_a_keyboard_that_is_plugged_in_is_listened_to(heard: Heard, jack: JackServer) -> None:
    assert wait_until(lambda: heard.ports == [()])
    with JackProbe(jack) as keyboard:
        assert wait_until(heard.connected)
        assert wait_until(lambda: heard.ports[-1] == (PortState("AKM322:out", True),))
        keyboard.play([(0.0, (0x90, 60, 99)), (0.1, (0x80, 60, 0)), (0.2, (0xB0, 64, 127))])
        assert wait_until(lambda: len(heard.events) == 3)
    assert heard.messages() == [("note_on", 60, 99), ("note_off", 60, 0), ("control", 64, 127)]
    assert heard.threads == {"midi-poll"}
    assert heard.inputs.problem is None


def test_stamps_tell_when_jack_saw_a_message_however_late_it_is_fetched() -> None:
    arrivals = [0.0, 0.5, 1.0, 1.0, 1.5, 3.0]
    fetched_late = [0.001, 0.25, 0.0, 0.01, 0.2, 0.003]
    stamps = GapStamps()
    gaps = [0.0, *(b - a for a, b in pairwise(arrivals))]
    found = [
        stamps.stamp(gap, 100 + arrival + late)
        for gap, arrival, late in zip(gaps, arrivals, fetched_late, strict=True)
    ]
    # From the quickest fetch on they are exact, before it they are no worse than it.
    assert [stamp - 100 for stamp in found] == pytest.approx([0.001, 0.501, 1.0, 1.0, 1.5, 3.0])


def test_stamps_begin_anew_when_gaps_were_lost() -> None:
    stamps = GapStamps()
    stamps.stamp(0.0, 100.0)
    assert stamps.stamp(0.1, 105.0) == 105.0
    assert stamps.stamp(0.5, 105.6) == pytest.approx(105.5)


def test_transport_buttons_are_commands_and_not_notes(heard: Heard, keyboard: JackProbe) -> None:
    assert wait_until(heard.connected)
    keyboard.send(0xB0, 107, 127)
    keyboard.send(0xF0, 0x7F, 0x7F, 0x06, 0x01, 0xF7)
    assert wait_until(lambda: len(heard.commands) == 2)
    assert heard.commands == [TransportCommand.RECORD, TransportCommand.STOP]
    assert not heard.events


def test_a_keyboard_unplugged_in_mid_recording_leaves_no_note_hanging_and_comes_back(
    heard: Heard, jack: JackServer
) -> None:
    recorder = Recorder()
    keyboard = JackProbe(jack)
    assert wait_until(heard.connected)
    recorder.start(time.perf_counter(), 120)
    keyboard.play([(0.0, (0x90, 60, 99)), (0.1, (0x90, 64, 99)), (0.1, (0xB0, 64, 127))])
    assert wait_until(lambda: len(heard.events) == 3)
    keyboard.unplug()
    assert wait_until(lambda: not heard.connected())
    assert heard.inputs.states() == (PortState("AKM322:out", False),)  # awaited
    assert sorted(heard.messages()[3:]) == [
        ("control", 64, 0),
        ("note_off", 60, 0),
        ("note_off", 64, 0),
    ]
    with JackProbe(jack) as again:
        assert wait_until(heard.connected)
        again.play([(0.0, (0x90, 67, 99)), (0.1, (0x80, 67, 0))])
        assert wait_until(lambda: len(heard.events) == 8)
    for event in heard.events:
        recorder.add(event)
    take = recorder.stop(time.perf_counter())
    assert [note.pitch for note in played_notes(take)] == [60, 64, 67]


def test_a_keyboard_replugged_between_two_looks_is_heard_again(
    heard: Heard, jack: JackServer
) -> None:
    keyboard = JackProbe(jack)
    assert wait_until(heard.connected)
    keyboard.unplug()
    with JackProbe(jack) as again:

        def strike_until_heard() -> bool:
            again.send(0x90, 60, 99)
            time.sleep(0.2)
            return ("note_on", 60, 99) in heard.messages()

        assert wait_until(strike_until_heard)


def test_several_keyboards_are_heard_at_once_or_only_those_chosen(
    heard: Heard, keyboard: JackProbe, jack: JackServer
) -> None:
    with JackProbe(jack, "Pads") as pads:
        assert wait_until(lambda: heard.connected() and heard.connected("Pads:out"))
        keyboard.send(0x90, 60, 99)
        pads.send(0x90, 36, 99)
        assert wait_until(lambda: len(heard.events) == 2)
        assert {event.port for event in heard.events} == {"AKM322:out", "Pads:out"}

        heard.inputs.choose(frozenset({"Pads:out"}))
        assert wait_until(lambda: not heard.connected())
        assert ("note_off", 60, 0) in heard.messages()  # let go when it was left
        assert PortState("AKM322:out", False, unheard=True) in heard.inputs.states()
        heard.events.clear()
        keyboard.send(0x90, 61, 99)
        pads.send(0x90, 37, 99)
        assert wait_until(lambda: bool(heard.events))
        time.sleep(0.1)
        assert [event.number for event in heard.events] == [37]


def test_a_fault_in_a_callback_does_not_end_listening(
    jack: JackServer, keyboard: JackProbe, caplog: pytest.LogCaptureFixture
) -> None:
    numbers: list[int] = []

    def fail_at_first(event: LiveEvent) -> None:
        numbers.append(event.number)
        if len(numbers) == 1:
            raise ValueError("a bug")

    inputs = MidiInputs(fail_at_first, lambda _: None, lambda _: None)
    inputs.start()
    assert wait_until(lambda: any(state.connected for state in inputs.states()))
    keyboard.play([(0.0, (0x90, 60, 99)), (0.1, (0x90, 61, 99))])
    assert wait_until(lambda: numbers[:2] == [60, 61])
    inputs.close()
    assert "could not be handled" in caplog.text


def test_nothing_is_lost_while_python_is_held_up(heard: Heard, keyboard: JackProbe) -> None:
    assert wait_until(heard.connected)
    keyboard.play([(index * 0.01, (0x90, index % 128, 99)) for index in range(150)])
    until = time.perf_counter() + 2.0
    while time.perf_counter() < until:
        # One call that keeps Python's lock for a quarter of a second.
        held_up = time.perf_counter()
        while time.perf_counter() - held_up < 0.25:
            sorted(range(300_000), key=abs)
    assert wait_until(lambda: len(heard.events) == 150)


def test_without_any_midi_that_is_said_and_a_server_that_comes_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("engine.live.midi_ports.open_native_system", lambda: None)
    server = JackServer("live-comes")
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    heard = Heard()
    heard.inputs.start()
    assert wait_until(lambda: heard.inputs.problem == NO_MIDI)
    with server:
        assert wait_until(lambda: heard.inputs.problem is None)
        with JackProbe(server) as keyboard:
            assert wait_until(heard.connected)
            keyboard.send(0x90, 60, 99)
            assert wait_until(lambda: len(heard.events) == 1)
            server.stop(signal.SIGKILL)
            assert wait_until(lambda: not heard.connected())
            assert heard.messages()[-1] == ("note_off", 60, 0)
    heard.inputs.close()


def test_the_synthesizer_hears_a_keyboard_itself(
    heard: Heard, keyboard: JackProbe, synth: FluidSynthOutput
) -> None:
    assert wait_until(heard.connected)
    heard.inputs.use_direct_input(synth.direct_input)
    assert heard.inputs.states() == (PortState("AKM322:out", True, direct=True),)
    keyboard.send(0x95, 60, 99)  # any channel
    assert wait_until(lambda: synth.sounding_voices() > 0)
    assert wait_until(lambda: len(heard.events) == 1)
    assert heard.events[0].direct

    heard.inputs.use_direct_input(None)
    synth.panic()
    assert heard.inputs.states() == (PortState("AKM322:out", True),)
    keyboard.send(0x90, 62, 99)
    assert wait_until(lambda: len(heard.events) == 2)
    assert not heard.events[1].direct
    assert wait_until(lambda: synth.sounding_voices() == 0, 1.0)


def test_a_keyboard_that_comes_back_is_heard_directly_again(
    heard: Heard, jack: JackServer, synth: FluidSynthOutput
) -> None:
    heard.inputs.use_direct_input(synth.direct_input)
    keyboard = JackProbe(jack)
    assert wait_until(heard.connected)
    keyboard.send(0x90, 60, 99)
    assert wait_until(lambda: len(heard.events) == 1)
    keyboard.unplug()
    assert wait_until(lambda: not heard.connected())
    # Made by us, so the synthesizer has not heard it: the app must sound it.
    assert [(event.kind, event.direct) for event in heard.events[1:]] == [("note_off", False)]
    synth.panic()
    with JackProbe(jack) as again:
        assert wait_until(heard.connected)
        again.send(0x90, 60, 99)
        assert wait_until(lambda: synth.sounding_voices() > 0)


def test_names_survive_being_unplugged() -> None:
    assert shown_name("alsa", "AKM322:AKM322 MIDI 1 20:0") == "AKM322 MIDI 1"
    assert shown_name("alsa", "AKM322:AKM322 MIDI 1 24:0") == "AKM322 MIDI 1"
    assert shown_name("windows", "AKM322 2") == "AKM322"
    assert shown_name("jack", "a2j:AKM322 [20] (capture): MIDI 1") == (
        "a2j:AKM322 (capture): MIDI 1"
    )


def test_two_keyboards_of_one_name_are_told_apart() -> None:
    ports = [SystemPort("alsa", address, "AKM322") for address in ("20:0", "24:0")]
    assert list(without_doubles(ports)) == ["AKM322", "AKM322 (2)"]
