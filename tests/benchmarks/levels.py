"""What the meters cost, and how near they are to the sound.

A song of five parts is played through FluidSynth with and without its double, each for some
seconds, by turns; the difference in processor time is the meters'. A second program captures the
sound meanwhile: its highest sample beside the one that the meter showed.
"""

import os
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from engine.live.audio import AudioSettings
from engine.live.jack_graph import open_jack_graph
from engine.live.levels import decibels
from engine.live.names import unique_name
from engine.live.player import Player
from engine.live.synth import find_sound_font, open_synth
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import Track, make_track
from tests.benchmarks.rows import Row
from tests.jack_server import JackProbe, JackServer, audio_outputs

SECONDS = 6.0
TURNS = 3
LOOK_SECONDS = 0.033
BARS = 8
COST_BUDGET = 6.0
ERROR_BUDGET_DB = 1.0
PARTS = ((0, 72), (33, 36), (4, 60), (48, 64))


def run() -> list[Row]:
    """By turns, so that what else the machine does falls on both."""
    costs: dict[bool, list[float]] = {False: [], True: []}
    errors: list[float] = []
    with JackServer(f"levels{os.getpid()}", period=1024) as server:
        os.environ.update(server.environment)
        for _ in range(TURNS):
            for metered in (False, True):
                share, error = play(server, metered)
                costs[metered].append(share)
                errors += [error] if error is not None else []
    plain, metered_share = (statistics.median(costs[each]) for each in (False, True))
    return [
        Row("playing five parts without meters", plain, "% core"),
        Row("what the meters add", metered_share - plain, "% core", COST_BUDGET),
        Row("meter beside the captured sound: worst", max(errors), "dB", ERROR_BUDGET_DB),
    ]


def play(server: JackServer, metered: bool) -> tuple[float, float | None]:
    """Per cent of a core while it plays; how far the meter's highest level is from the sound's."""
    with ExitStack() as stack:
        graph = open_jack_graph(unique_name("benchmark"))
        assert graph is not None
        stack.callback(graph.close)
        synth = open_synth(AudioSettings(sound_font=find_sound_font(), metered=metered))
        stack.callback(synth.close)
        probe = stack.enter_context(JackProbe(server, "Ear"))
        player = Player(synth)
        stack.callback(player.close)
        player.set_composition(song())
        time.sleep(0.2)
        probe.listen(audio_outputs(graph)[0])
        synth.levels()
        began, busy, highest = time.perf_counter(), time.process_time(), 0.0
        player.play(0)
        while time.perf_counter() - began < SECONDS:
            levels = synth.levels()
            highest = max(highest, levels.left if levels is not None else 0.0)
            time.sleep(LOOK_SECONDS)
        share = 100 * (time.process_time() - busy) / (time.perf_counter() - began)
        with tempfile.TemporaryDirectory() as folder:
            _, samples = probe.heard(Path(folder) / "heard.npy")
        player.stop()
    heard = float(np.abs(samples).max())
    return share, abs(decibels(highest) - decibels(heard)) if metered else None


def song() -> Composition:
    """Four voices and drums, the same four bars again and again."""
    parts = [
        make_track(
            f"Part {program}",
            [Note(480 * beat, pitch + beat % 5, 460, 90) for beat in range(4 * BARS)],
            program=program,
        )
        for program, pitch in PARTS
    ]
    hats = [Note(240 * step, (36, 42, 38, 42)[step % 4], 100, 95) for step in range(8 * BARS)]
    drums = make_track("Drums", hats, is_drum=True)
    return Composition(tracks=(Track("Melody"), *parts, drums))
