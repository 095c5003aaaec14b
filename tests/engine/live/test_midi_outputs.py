"""Tracks played on MIDI ports, received by a second program on a real JACK server."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from engine.live.audio import SilentSynth
from engine.live.events import LiveEvent
from engine.live.jack_graph import MIDI_TYPE, PORT_IS_OUTPUT, JackGraph
from engine.live.midi_outputs import VIRTUAL, MidiOutputs, OutputState
from engine.live.player import Player
from engine.live.port_sequencer import Route, message_of, routes_of
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import make_track
from tests.jack_server import JackProbe, JackServer, wait_until

SYNTH = "Synth:midi"
MELODY = make_track("Melody", [Note(0, 60, 480, 90), Note(960, 62, 20_000, 80)])
BASS = replace(make_track("Bass", [Note(0, 36, 20_000, 70)], program=33), output=SYNTH, pan=20)
SONG = Composition(tracks=(MELODY, BASS))


class Stage:
    """Outputs and a player of them; what was told of the ports."""

    def __init__(self) -> None:
        self.told: list[tuple[OutputState, ...]] = []
        self.outputs = MidiOutputs(self.told.append)
        self.player = Player(SilentSynth("for a test"), self.outputs)
        self.outputs.on_opened = self.player.state_again
        self.outputs.start()

    def plays(self, name: str) -> bool:
        return any(each.name == name and each.connected for each in self.outputs.states())

    def offers(self, name: str) -> bool:
        return any(each.name == name for each in self.outputs.states())


@pytest.fixture
def stage(jack: JackServer) -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.player.close()
    stage.outputs.close()


@pytest.fixture
def instrument(jack: JackServer) -> Iterator[JackProbe]:
    with JackProbe(jack, "Synth") as probe:
        probe.hear_midi()
        yield probe


def messages(instrument: JackProbe) -> list[bytes]:
    return [message for _, message in instrument.midi_heard()]


def begins(instrument: JackProbe, channel: int) -> list[int]:
    return [m[1] for m in messages(instrument) if m[0] == 0x90 | channel]


def test_a_track_is_played_on_its_port_with_its_instrument_and_let_go_at_the_stop(
    stage: Stage, instrument: JackProbe
) -> None:
    stage.player.set_composition(SONG)
    assert wait_until(lambda: stage.plays(SYNTH))
    assert wait_until(lambda: b"\xc1\x21" in messages(instrument))  # as soon as it is there
    stage.player.play(0)
    assert wait_until(lambda: bool(begins(instrument, 1)))
    heard = messages(instrument)
    note = heard.index(b"\x91\x24\x46")
    assert heard[:note].count(b"\xc1\x21") >= 2  # and once more when it begins
    assert b"\xb1\x0a\x14" in heard[:note] and b"\xb1\x07\x64" in heard[:note]
    assert not begins(instrument, 0)  # the melody is Tutti's own

    stage.player.seek(240)  # lets go, and strikes again what goes on
    assert wait_until(lambda: len(begins(instrument, 1)) == 2)
    stage.player.stop()
    ends = [b"\x81\x24\x00", b"\xb1\x40\x00", b"\xb1\x7b\x00"]
    assert wait_until(lambda: messages(instrument)[-3:] == ends)
    assert sum(m in (b"\x91\x24\x46", b"\x81\x24\x00") for m in messages(instrument)) == 4


def test_another_output_in_the_middle_of_the_music_lets_go_and_goes_on_there(
    stage: Stage, instrument: JackProbe
) -> None:
    stage.player.set_composition(SONG)
    assert wait_until(lambda: stage.plays(SYNTH))
    stage.player.play(0)
    assert wait_until(lambda: begins(instrument, 1) == [36])
    stage.player.set_composition(SONG.with_track(1, replace(BASS, output=None)))
    assert wait_until(lambda: messages(instrument)[-1] == b"\xb1\x7b\x00")
    assert b"\x81\x24\x00" in messages(instrument)
    assert wait_until(lambda: not stage.plays(SYNTH))
    assert stage.player.playing


def test_a_port_that_vanishes_is_told_and_comes_back_with_its_instrument(
    stage: Stage, jack: JackServer
) -> None:
    with JackProbe(jack, "Synth") as first:
        first.hear_midi()
        stage.player.set_composition(SONG)
        assert wait_until(lambda: stage.plays(SYNTH))
        assert not stage.outputs.send("another", b"\x90\x40\x40")
    assert wait_until(lambda: not stage.plays(SYNTH))
    assert wait_until(lambda: OutputState(SYNTH, wanted=True, connected=False) in stage.told[-1])
    stage.player.play(0)  # plays on, silent there
    with JackProbe(jack, "Synth") as again:
        again.hear_midi()
        assert wait_until(lambda: stage.plays(SYNTH))
        assert wait_until(lambda: b"\xc1\x21" in messages(again))


def test_other_programs_can_connect_to_a_port_of_our_own_that_is_no_keyboard(
    stage: Stage, graph: JackGraph, instrument: JackProbe
) -> None:
    assert wait_until(lambda: stage.offers(VIRTUAL) and stage.offers(SYNTH))
    stage.player.set_composition(SONG.with_track(0, replace(MELODY, output=VIRTUAL)))
    assert wait_until(lambda: stage.plays(VIRTUAL))
    own = [p for p in graph.ports(MIDI_TYPE, PORT_IS_OUTPUT) if p.startswith("Tutti")]
    assert len(own) == 1
    instrument.hear_midi(own[0])
    assert stage.player.play_live(
        LiveEvent(0.0, "note_on", 64, 99, "Keys")
    )  # live keys can go the same way
    assert wait_until(lambda: b"\x90\x40\x63" in messages(instrument))
    assert not stage.offers(own[0])


def test_panic_lets_go_of_all_on_every_open_port_also_of_keys_played_by_hand(
    stage: Stage, instrument: JackProbe
) -> None:
    stage.player.set_composition(SONG)
    assert wait_until(lambda: stage.plays(SYNTH))
    stage.outputs.send(SYNTH, b"\x95\x40\x40")
    stage.outputs.panic()
    assert wait_until(lambda: b"\xef\x00\x40" in messages(instrument))
    heard = messages(instrument)
    ends = heard[heard.index(b"\x95\x40\x40") + 1 :]
    assert {each[0] & 0x0F for each in ends} == set(range(16))
    assert [each for each in ends if each[0] & 0x0F == 5] == [
        b"\xb5\x40\x00", b"\xb5\x78\x00", b"\xb5\x7b\x00", b"\xe5\x00\x40",
    ]  # fmt: skip


def test_messages_and_routes() -> None:
    assert message_of("bend", 2, 0, -8192) == b"\xe2\x00\x00"
    assert message_of("bend", 2, 0, 8191) == b"\xe2\x7f\x7f"
    assert message_of("program", 9, 0, 25) == b"\xc9\x19"
    drums = replace(make_track("Drums", [Note(0, 36, 10)], is_drum=True), output="Pads")
    routes = routes_of(Composition(tracks=(MELODY, BASS, drums)))
    assert routes == {1: Route(SYNTH, 1), 2: Route("Pads", 9)}
