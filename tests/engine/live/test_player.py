import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from engine.errors import MusicError
from engine.live.audio import SilentSynth
from engine.live.channels import LIVE_CHANNEL
from engine.live.fluid_output import FluidSynthOutput
from engine.live.jack_graph import JackGraph
from engine.live.player import Player
from engine.music.composition import Composition, TempoChange, tempo_from_bpm
from engine.music.note import Note
from engine.music.track import make_track
from tests.jack_server import (
    SAMPLE_RATE,
    JackProbe,
    JackServer,
    audio_outputs,
    onsets,
    wait_until,
)

# What is played is timed in frames here: a long period forgives a machine that holds programs up.
STEADY_PERIOD = 1024
TICKS_A_SECOND = 960
ORGAN, WOOD_BLOCK = 16, 115


def composed(*notes: Note, program: int = 0) -> Composition:
    return Composition(tracks=(make_track("Melody", notes, program=program),))


SCALE = composed(*(Note(480 * step, 60 + step, 400) for step in range(16)))


@pytest.fixture(scope="module")
def running_jack() -> Iterator[JackServer]:
    """A server of this module's own."""
    with JackServer(f"player{os.getpid()}", period=STEADY_PERIOD) as server:
        yield server


@pytest.fixture
def silent() -> Iterator[Player]:
    """A player whose time runs without sound."""
    player = Player(SilentSynth("for a test"))
    yield player
    player.close()


@pytest.fixture
def player(synth: FluidSynthOutput) -> Iterator[Player]:
    player = Player(synth)
    yield player
    player.close()


def positions(player: Player, seconds: float) -> list[float]:
    until = time.perf_counter() + seconds
    found = []
    while time.perf_counter() < until:
        found.append(player.position_ticks())
        time.sleep(0.002)
    return found


def test_the_playhead_runs_with_the_tempo_and_stops_where_it_is(silent: Player) -> None:
    silent.set_composition(SCALE)
    silent.play(960)
    assert silent.playing
    began = time.perf_counter()
    found = positions(silent, 0.5)
    elapsed = time.perf_counter() - began
    assert found == sorted(found)
    assert found[0] == pytest.approx(960, abs=30)
    assert found[-1] - 960 == pytest.approx(TICKS_A_SECOND * elapsed, abs=60)
    silent.stop()
    stood = silent.position_ticks()
    assert not silent.playing
    assert stood >= found[-1]
    time.sleep(0.05)
    assert silent.position_ticks() == stood


def test_playing_goes_on_from_where_it_stood_or_was_set(silent: Player) -> None:
    silent.set_composition(SCALE)
    silent.seek(3_000)
    assert silent.position_ticks() == 3_000
    silent.play()
    assert 3_000 <= silent.position_ticks() < 3_100
    silent.seek(100)
    assert 100 <= silent.position_ticks() < 200
    assert silent.playing


def test_the_end_is_told_once_on_the_players_thread(silent: Player) -> None:
    told: list[str] = []
    silent.on_finished = lambda: told.append(threading.current_thread().name)
    silent.set_composition(SCALE)
    silent.play(7_600)
    assert wait_until(lambda: bool(told))
    time.sleep(0.2)
    assert told == ["player"]
    assert not silent.playing
    assert silent.position_ticks() == SCALE.end + 80  # the end of the bar


def test_music_without_notes_and_recording_have_no_end(silent: Player) -> None:
    silent.set_composition(Composition())
    silent.play()
    time.sleep(0.2)
    assert silent.playing
    silent.set_composition(SCALE)
    silent.play(20_000, endless=True)
    time.sleep(0.2)
    assert silent.playing


def test_what_was_endless_while_recording_ends_with_the_music_after_it(silent: Player) -> None:
    silent.set_composition(SCALE)
    silent.play(7_200, endless=True)
    silent.end_with_music()
    assert wait_until(lambda: not silent.playing)
    assert silent.position_ticks() == SCALE.end + 80
    silent.play(20_000, endless=True)
    silent.end_with_music()
    assert wait_until(lambda: not silent.playing)


def test_a_loop_repeats_and_can_be_changed_while_playing(silent: Player) -> None:
    silent.set_composition(SCALE)
    silent.set_loop(480, 960)
    silent.play(480)
    found = positions(silent, 1.2)
    assert max(found) < 960
    assert min(found) >= 480
    jumps = [b for a, b in pairwise(found) if b < a]
    assert len(jumps) == 2
    silent.set_loop(0, None)
    assert wait_until(lambda: silent.position_ticks() > 1_000)


def test_a_loop_of_no_time_at_all_holds_nothing_up(silent: Player) -> None:
    silent.set_composition(replace(SCALE, tempos=(TempoChange(0, 1),)))  # a hostile file's
    silent.set_loop(0, 1)
    silent.play(0)
    assert silent.playing
    silent.stop()
    assert not silent.playing


def test_an_empty_loop_is_refused(silent: Player) -> None:
    with pytest.raises(MusicError, match="must end after it starts"):
        silent.set_loop(480, 480)


def test_the_count_in_tells_when_the_music_begins(silent: Player) -> None:
    silent.set_composition(SCALE)
    asked = time.perf_counter()
    begins = silent.play_with_count_in(1, 960)
    assert asked + 1.9 <= begins <= time.perf_counter() + 2.1
    assert silent.playing
    assert silent.position_ticks() == 960
    time.sleep(max(0.0, begins + 0.3 - time.perf_counter()))
    asked = time.perf_counter()
    position = silent.position_ticks()
    expected = [960 + TICKS_A_SECOND * (at - begins) for at in (asked, time.perf_counter())]
    assert expected[0] - 40 <= position <= expected[1] + 40


def test_playback_starts_within_a_moment_and_every_note_is_heard_in_time(
    player: Player, keyboard: JackProbe, graph: JackGraph, tmp_path: Path
) -> None:
    player.set_composition(composed(*(Note(480 * n, 60, 60) for n in range(8)), program=WOOD_BLOCK))
    keyboard.listen(audio_outputs(graph)[0])
    player.play(0)
    time.sleep(4.5)
    _, samples = keyboard.heard(tmp_path / "heard.npy")
    found = onsets(samples, threshold=0.01)
    gaps = np.diff(found) / SAMPLE_RATE
    assert len(found) == 8
    assert found[0] / SAMPLE_RATE < 0.5
    assert gaps == pytest.approx([0.5] * 7, abs=0.003)  # blocks of 64 frames, milliseconds


def test_clicks_are_as_even_as_the_audio_clock_while_python_is_busy(
    player: Player, keyboard: JackProbe, graph: JackGraph, tmp_path: Path
) -> None:
    fast = replace(Composition(), tempos=(tempo_from_bpm(240),))
    player.set_composition(fast)
    player.set_metronome(True)
    keyboard.listen(audio_outputs(graph)[0])
    player.play_with_count_in(1, 0)
    time.sleep(0.5)
    sum(range(20_000_000))  # one call that keeps Python's lock, as loading a model does
    until = time.perf_counter() + 3.0
    while time.perf_counter() < until:
        sorted(range(100_000), key=abs)
    player.stop()
    _, samples = keyboard.heard(tmp_path / "heard.npy")
    gaps = np.diff(onsets(samples, threshold=0.01)) / SAMPLE_RATE
    assert len(gaps) >= 12
    assert gaps == pytest.approx([0.25] * len(gaps), abs=0.003)


def test_stop_lets_go_of_what_plays_and_leaves_what_is_played(
    player: Player, synth: FluidSynthOutput
) -> None:
    player.set_composition(composed(*(Note(0, 50 + n, 9_600) for n in range(10)), program=ORGAN))
    player.play(0)
    assert wait_until(lambda: synth.sounding_voices() >= 10)
    synth.note_on(LIVE_CHANNEL, 80, 100)
    with_live = synth.sounding_voices()
    player.stop()
    assert wait_until(lambda: 0 < synth.sounding_voices() < with_live - 9, 2.0)
    time.sleep(0.5)
    assert synth.sounding_voices() > 0
    synth.note_off(LIVE_CHANNEL, 80)
    assert wait_until(lambda: synth.sounding_voices() == 0, 2.0)


def test_an_edit_is_heard_at_once_and_leaves_no_note_hanging(
    player: Player, synth: FluidSynthOutput
) -> None:
    long = composed(*(Note(0, 50 + n, 96_000) for n in range(10)), program=ORGAN)
    player.set_composition(long)
    player.play(0)
    assert wait_until(lambda: synth.sounding_voices() >= 10)
    for _ in range(20):
        player.set_composition(composed(Note(0, 70, 96_000), program=ORGAN))
        player.set_composition(long)
        time.sleep(0.02)
    player.set_composition(composed(program=ORGAN))
    assert wait_until(lambda: synth.sounding_voices() == 0, 2.0)
    assert player.playing


def test_mute_silences_and_unmute_brings_the_held_note_back(
    player: Player, keyboard: JackProbe, graph: JackGraph, tmp_path: Path
) -> None:
    held = composed(Note(0, 60, 96_000), program=ORGAN)
    player.set_composition(held)
    keyboard.listen(audio_outputs(graph)[0])
    player.play(0)
    time.sleep(0.6)
    player.set_composition(held.with_track(0, replace(held.melody, muted=True)))
    time.sleep(0.8)
    player.set_composition(held)
    time.sleep(0.6)
    _, samples = keyboard.heard(tmp_path / "heard.npy")
    assert len(onsets(samples, threshold=0.004, silence=SAMPLE_RATE // 10)) == 2


def test_live_keys_sound_with_the_melodys_instrument_and_volume() -> None:
    class Noting(SilentSynth):
        def __init__(self) -> None:
            super().__init__("for a test")
            self.noted: list[tuple[str, int, int]] = []

        def program(self, channel: int, program: int, is_drum: bool = False) -> None:
            if channel == LIVE_CHANNEL:
                self.noted.append(("program", program, is_drum))

        def control(self, channel: int, number: int, value: int) -> None:
            if channel == LIVE_CHANNEL:
                self.noted.append(("control", number, value))

    synth = Noting()
    player = Player(synth)
    synth.noted.clear()
    melody = replace(SCALE.melody, program=40, volume=70)
    player.set_composition(SCALE.with_track(0, melody))
    assert wait_until(lambda: len(synth.noted) == 2)
    assert synth.noted == [("program", 40, False), ("control", 7, 70)]
    player.close()


def test_a_hundred_thousand_notes_play_and_are_edited_without_a_stumble(silent: Player) -> None:
    notes = [Note(n * 5, 40 + n % 40, 20) for n in range(100_000)]
    many = composed(*notes)
    silent.set_composition(many)
    silent.play(0)
    silent.set_composition(many.with_track(0, many.melody.with_notes(notes[1:])))
    found = positions(silent, 0.5)
    assert found == sorted(found)
    slowest = 0.0
    for _ in range(50):
        began = time.perf_counter()
        silent.position_ticks()
        slowest = max(slowest, time.perf_counter() - began)
    assert slowest < 0.1
