"""The levels that are shown are those of what sounds, captured by another program."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.live.audio import AudioSettings
from engine.live.channels import CLICK_CHANNEL, LIVE_CHANNEL
from engine.live.fluid_output import FluidSynthOutput
from engine.live.jack_graph import JackGraph
from engine.live.levels import SILENCE, SILENT, Levels, decibels
from engine.live.synth import open_synth
from tests.jack_server import JackProbe, JackServer, audio_outputs, wait_until

ORGAN = 16
LEFT, RIGHT = 0, 127


@pytest.fixture
def synth(jack: JackServer, small_font: AudioSettings) -> Iterator[FluidSynthOutput]:
    synth = open_synth(replace(small_font, metered=True))
    yield synth
    synth.close()


class Meter:
    """The highest levels so far."""

    def __init__(self, synth: FluidSynthOutput) -> None:
        self._synth = synth
        self.highest = SILENT

    def look(self) -> Levels:
        now = self._synth.levels()
        assert now is not None
        channels = tuple(map(max, self.highest.channels, now.channels))
        left, right = max(self.highest.left, now.left), max(self.highest.right, now.right)
        self.highest = Levels(channels, left, right)
        return now

    def hears_nothing(self) -> bool:
        now = self.look()
        return max(now.left, now.right, *now.channels) < SILENCE

    def has_heard(self, channel: int) -> bool:
        self.look()
        return self.highest.channels[channel] > SILENCE


def test_they_are_those_of_the_sound_and_each_channels_own(
    synth: FluidSynthOutput, graph: JackGraph, keyboard: JackProbe, tmp_path: Path
) -> None:
    keyboard.listen(audio_outputs(graph)[0])
    meter = Meter(synth)
    assert meter.hears_nothing()
    for channel, pan in ((0, LEFT), (3, RIGHT)):
        synth.program(channel, ORGAN)
        synth.control(channel, 10, pan)
        synth.control(channel, 91, 60)
    begin = synth.sequencer.seconds + 0.1
    for channel, pitch, velocity in ((0, 60, 120), (3, 67, 70)):
        synth.sequencer.send(begin, 1, channel, "note_on", pitch, velocity)
        synth.sequencer.send(begin + 1.0, 1, channel, "note_off", pitch, 0)
    assert wait_until(lambda: synth.sequencer.seconds > begin + 1.5)
    assert wait_until(lambda: meter.hears_nothing() and meter.highest.left > SILENCE)
    _, samples = keyboard.heard(tmp_path / "heard.npy")

    assert decibels(meter.highest.left) == pytest.approx(
        decibels(float(np.abs(samples).max())), abs=0.5
    )
    sounding = [number for number, level in enumerate(meter.highest.channels) if level > SILENCE]
    assert sounding == [0, 3]
    assert meter.highest.channels[0] > meter.highest.channels[3]
    assert meter.highest.left > meter.highest.right


def test_it_follows_gain_live_keys_and_what_the_synthesizer_hears_itself(
    synth: FluidSynthOutput,
) -> None:
    synth.program(LIVE_CHANNEL, ORGAN)
    soft, loud = peak_of_a_note(synth, gain=0.1), peak_of_a_note(synth, gain=0.8)
    assert loud > 4 * soft > 0
    assert synth.sounding_voices() == 0  # only the double was told
    synth.note_on(CLICK_CHANNEL, 76, 100)
    meter = Meter(synth)
    assert wait_until(lambda: meter.has_heard(CLICK_CHANNEL))


def peak_of_a_note(synth: FluidSynthOutput, gain: float) -> float:
    """The highest level of an organ's note that the synthesizer heard by itself."""
    synth.set_gain(gain)
    meter = Meter(synth)
    synth.overheard(LIVE_CHANNEL, "note_on", 60, 100)
    assert wait_until(lambda: meter.has_heard(LIVE_CHANNEL))
    held_until = synth.sequencer.seconds + 0.5
    assert wait_until(lambda: bool(meter.look()) and synth.sequencer.seconds > held_until)
    synth.overheard(LIVE_CHANNEL, "note_off", 60, 0)
    time.sleep(0.1)  # a look within one block after another finds nothing either
    assert wait_until(meter.hears_nothing)
    return meter.highest.channels[LIVE_CHANNEL]


def test_where_none_are_wanted_none_are_measured(
    jack: JackServer, small_font: AudioSettings
) -> None:
    plain = open_synth(small_font)
    assert plain.levels() is None
    plain.close()
    plain.note_on(0, 60, 100)  # and nothing happens once it is closed
    assert plain.levels() is None
