import signal
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.errors import AudioError
from engine.live.audio import AudioSettings, SilentSynth, Synth
from engine.live.fluid_library import fluid_library
from engine.live.fluid_output import FluidSynthOutput
from engine.live.jack_graph import JackGraph
from engine.live.sequencer import FluidSequencer
from engine.live.synth import audio_drivers, find_sound_font, open_synth, sound_fonts
from tests.jack_server import (
    PERIOD,
    SAMPLE_RATE,
    JackProbe,
    JackServer,
    audio_outputs,
    onsets,
    wait_until,
)


def test_a_struck_key_is_heard_and_a_released_one_dies_away(
    synth: FluidSynthOutput, graph: JackGraph, keyboard: JackProbe, tmp_path: Path
) -> None:
    keyboard.listen(audio_outputs(graph)[0])
    synth.program(0, 16)  # an organ: it sounds as long as it is held
    time.sleep(0.2)
    synth.note_on(0, 60, 100)
    time.sleep(0.4)
    synth.note_off(0, 60)
    time.sleep(0.8)
    _, samples = keyboard.heard(tmp_path / "heard.npy")
    assert len(onsets(samples, float(np.abs(samples).max()) / 10)) == 1
    assert np.abs(samples[: SAMPLE_RATE // 20]).max() < 1e-6
    assert np.abs(samples[-SAMPLE_RATE // 10 :]).max() < 0.001


def test_loudness_changes_at_once(
    synth: FluidSynthOutput, keyboard: JackProbe, graph: JackGraph, tmp_path: Path
) -> None:
    keyboard.listen(audio_outputs(graph)[0])
    peaks = []
    for gain in (0.2, 1.0):
        synth.set_gain(gain)
        synth.note_on(0, 60, 100)
        time.sleep(0.6)
        _, samples = keyboard.heard_so_far(tmp_path / "heard.npy")
        peaks.append(float(abs(samples[-SAMPLE_RATE // 2 :]).max()))
        synth.panic()
        time.sleep(0.3)
    assert peaks[1] == pytest.approx(5 * peaks[0], rel=0.1)


def test_panic_silences_at_once_what_is_held_even_by_the_pedal(synth: FluidSynthOutput) -> None:
    synth.control(0, 64, 127)
    for pitch in range(40, 80):
        synth.note_on(0, pitch, 100)
    synth.sequencer.send(synth.sequencer.seconds + 0.2, 1, 0, "note_on", 30, 100)
    assert wait_until(lambda: synth.sounding_voices() >= 40)
    synth.panic()
    assert wait_until(lambda: synth.sounding_voices() == 0, 1.0)
    time.sleep(0.3)
    assert synth.sounding_voices() == 0


def test_under_jack_the_servers_own_period_and_latency_are_told(
    jack: JackServer, small_font: AudioSettings
) -> None:
    synth = open_synth(replace(small_font, period_size=1024, sample_rate=44_100))
    assert (synth.audio.period_size, synth.sample_rate) == (PERIOD, SAMPLE_RATE)
    assert synth.latency_ms == pytest.approx(1000 * 2 * PERIOD / SAMPLE_RATE)
    assert synth.description.startswith("jack, 128 frames at 48 kHz")
    assert synth.problem is None
    synth.close()


def test_two_synthesizers_live_side_by_side(
    synth: FluidSynthOutput, graph: JackGraph, small_font: AudioSettings
) -> None:
    other = open_synth(small_font)
    assert len(audio_outputs(graph)) == 4
    other.close()
    other.close()  # a second time does nothing
    assert len(audio_outputs(graph)) == 2


def test_a_key_struck_after_closing_does_nothing(
    jack: JackServer, small_font: AudioSettings
) -> None:
    synth = open_synth(small_font)
    synth.close()
    synth.note_on(0, 60, 100)
    synth.program(0, 3)
    synth.panic()
    before = synth.sequencer.seconds
    synth.sequencer.send(before, 1, 0, "note_on", 60, 100)
    assert synth.sequencer.seconds == before
    assert synth.sounding_voices() == 0


def test_a_server_that_dies_is_told_and_sound_comes_back_with_the_next(
    small_font: AudioSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = JackServer("live-dies")
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    with server:
        synth = open_synth(small_font)
        assert synth.problem is None
        server.stop(signal.SIGKILL)
    assert wait_until(lambda: synth.problem is not None)
    assert "no longer answers" in str(synth.problem)
    synth.note_on(0, 60, 100)
    with JackServer("live-dies"):
        again = open_synth(small_font)
        synth.close()
        assert again.problem is None
        again.close()


def test_without_a_server_jack_is_refused_in_a_sentence(
    small_font: AudioSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "live-nowhere")
    with pytest.raises(AudioError, match="JACK does not run"):
        open_synth(replace(small_font, driver="jack"))


def test_a_driver_that_cannot_open_is_told(small_font: AudioSettings) -> None:
    with pytest.raises(AudioError, match=r"No audio device could be opened \(tried: no-such\)"):
        open_synth(replace(small_font, driver="no-such"))


def test_a_sound_font_that_is_missing_or_something_else_is_told(
    jack: JackServer, tmp_path: Path
) -> None:
    with pytest.raises(AudioError, match="is not there"):
        open_synth(AudioSettings(sound_font=tmp_path / "gone.sf2"))
    other = tmp_path / "text.sf2"
    other.write_text("not a sound font")
    with pytest.raises(AudioError, match=r"text\.sf2 is not a sound font"):
        open_synth(AudioSettings(sound_font=other))


def test_a_damaged_sound_font_is_told(
    jack: JackServer, small_font: AudioSettings, tmp_path: Path
) -> None:
    assert small_font.sound_font is not None
    damaged = tmp_path / "half.sf2"
    damaged.write_bytes(small_font.sound_font.read_bytes()[:100_000])
    with pytest.raises(AudioError, match="is damaged"):
        open_synth(AudioSettings(sound_font=damaged))


def test_an_impossible_buffer_is_told(small_font: AudioSettings) -> None:
    with pytest.raises(AudioError, match="buffer"):
        open_synth(replace(small_font, period_size=16))


def test_a_rate_that_fluidsynth_cannot_have_is_told(small_font: AudioSettings) -> None:
    with pytest.raises(AudioError, match="sample rate must be"):
        open_synth(replace(small_font, sample_rate=192_000))


def test_a_sound_font_that_cannot_be_read_is_told(
    small_font: AudioSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(AudioError, match="could not be read: permission denied"):
        open_synth(small_font)


def test_there_are_drivers_and_sound_fonts_to_choose_from() -> None:
    assert "jack" in audio_drivers()
    assert "file" not in audio_drivers()
    assert find_sound_font() == sound_fonts()[0]
    assert any(path.name == "TimGM6mb.sf2" for path in sound_fonts())


def test_the_silent_synth_says_why() -> None:
    synth: Synth = SilentSynth("No sound font was found.")
    synth.note_on(0, 60, 100)
    synth.panic()
    synth.close()
    assert synth.problem == "No sound font was found."
    assert synth.latency_ms is None


def test_the_clock_begins_anew_before_its_ticks_run_out(synth: FluidSynthOutput) -> None:
    sequencer = FluidSequencer(fluid_library(), synth._synth, renew_after_ticks=2_000)
    wait_until(lambda: sequencer.seconds > 0.15)
    before = sequencer.seconds
    sequencer.take_back_all()
    assert before <= sequencer.seconds < before + 0.1
    sequencer.send(sequencer.seconds + 0.05, 1, 0, "note_on", 60, 100)
    assert wait_until(lambda: synth.sounding_voices() > 0, 1.0)
    sequencer.close()


def test_events_of_one_moment_sound_in_the_order_they_were_sent(synth: FluidSynthOutput) -> None:
    at = synth.sequencer.seconds + 0.1
    for index in range(100):  # at last the key is down
        kind = "note_off" if index % 2 == 0 else "note_on"
        synth.sequencer.send(at, 1, 0, kind, 60, 100)  # type: ignore[arg-type]
    time.sleep(0.5)
    assert synth.sounding_voices() > 0
