"""A phrase of one track, and the master's volume, as the sequencer and the synthesizer get them."""

from dataclasses import replace

from engine.live.audio import SilentSynth
from engine.live.audition import SOON_SECONDS, Audition
from engine.live.channels import playback_channel
from engine.live.player import Player
from engine.music.composition import Composition
from engine.music.phrase import PhraseNote
from engine.music.track import REVERB, VOLUME, Track
from tests.engine.live.sequencers import HandSequencer
from tests.jack_server import wait_until


def test_a_phrase_has_its_tracks_instrument_and_place_in_the_mix_and_the_next_ends_it() -> None:
    sequencer = HandSequencer()
    audition = Audition(sequencer)
    track = Track("Bass", program=33, volume=70, reverb=50, muted=True)
    notes = (PhraseNote(0.0, 0.5, 40, 90), PhraseNote(0.5, 1.0, 43, 80))
    audition.play(2, track, notes)
    sequencer.advance(0.6)
    channel = playback_channel(2)
    states = {(e.kind, e.number): e.value for e in sequencer.played if e.kind != "note_on"}
    assert states[("program", 0)] == 33
    assert states[("control", VOLUME)] == 70 and states[("control", REVERB)] == 50
    begin, end = SOON_SECONDS, SOON_SECONDS + 0.5
    assert sequencer.notes(channel) == [(begin, "on", 40), (end, "off", 40), (end, "on", 43)]
    audition.play(1, replace(track, program=1), ())
    sequencer.advance(2.0)
    assert not any(event.kind == "note_off" and event.number == 43 for event in sequencer.played)
    assert (channel, 123) in [(event.channel, event.number) for event in sequencer.played]


class Loudness(SilentSynth):
    """Remembers how loud it was set."""

    def __init__(self) -> None:
        super().__init__("for a test")
        self.gains: list[float] = []

    def set_gain(self, gain: float) -> None:
        self.gains.append(gain)


def test_the_master_multiplies_the_gain_that_the_user_set() -> None:
    synth = Loudness()
    player = Player(synth)
    player.set_gain(0.8)
    player.set_composition(Composition(volume=50))
    assert wait_until(lambda: synth.gains == [0.8, 0.2])
    player.set_gain(0.4)
    player.set_composition(Composition(title="Another"))
    assert wait_until(lambda: synth.gains == [0.8, 0.2, 0.1, 0.4])
    player.close()
