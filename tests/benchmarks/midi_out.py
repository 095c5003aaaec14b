"""How evenly a track is played on a MIDI port, beside the sound of the same notes.

A second program receives the port and captures the sound in one JACK client, so both are counted in
the server's frames. Once at rest, and once while a thread computes in Python half of the time and
ONNX Runtime works without a pause, as in a busy window. A message can leave at a period's start
only: that alone is one period of jitter. On a machine that others keep busy the server itself
leaves periods out (notes are lost then), and the second half tells of that.
"""

import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from engine.live.audio import AudioSettings
from engine.live.jack_graph import open_jack_graph
from engine.live.midi_outputs import MidiOutputs
from engine.live.names import unique_name
from engine.live.player import Player
from engine.live.synth import open_synth, sound_fonts
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import Track, make_track
from tests.benchmarks.latency import (
    CLAVES,
    SOUND_FONT,
    busy_runtime,
    busy_window,
    onset_after,
    percentile,
)
from tests.benchmarks.rows import Row
from tests.jack_server import PERIOD, SAMPLE_RATE, JackProbe, JackServer, audio_outputs, wait_until

NOTES = 150
APART_TICKS = 101  # 0.105 s at 120 beats a minute: they fall anywhere within the periods
SECONDS_A_TICK = 1 / 960
INSTRUMENT = "Instrument"
BEFORE_FRAMES = 1_000
PERIOD_MS = 1000 * PERIOD / SAMPLE_RATE
P99_BUDGET_MS = PERIOD_MS + 2.0


def run() -> list[Row]:
    """The same notes as sound and as MIDI, in a window at rest and beside a busy one."""
    rows: list[Row] = []
    with JackServer(f"midiout{os.getpid()}", waits=False) as server, ExitStack() as stack:
        os.environ.update(server.environment)
        stack.callback(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(0.001)  # as the app does
        rows += _rows("at rest", *measure(server))
        stack.enter_context(busy_window())
        stack.enter_context(busy_runtime())
        rows += _rows("busy", *measure(server))
    return rows


def _rows(window: str, offsets: list[float], lost: int) -> list[Row]:
    middle = statistics.median(offsets)
    strays = [abs(offset - middle) for offset in offsets]
    name = f"MIDI beside its sound, {window}"
    return [
        Row(f"{name}: median lateness", middle, "ms"),
        Row(f"{name}: median stray of {NOTES}", statistics.median(strays), "ms", PERIOD_MS),
        Row(f"{name}: 99th percentile", percentile(strays, 99), "ms", P99_BUDGET_MS),
        Row(f"{name}: worst", max(strays), "ms"),
        Row(f"{name}: lost", float(lost), "notes", 0.0),
    ]


def measure(server: JackServer) -> tuple[list[float], int]:
    """Milliseconds from each note's sound to its message, and how many messages did not come."""
    with ExitStack() as stack:
        return _measure(server, stack)


def _measure(server: JackServer, stack: ExitStack) -> tuple[list[float], int]:
    graph = open_jack_graph(unique_name("benchmark"))
    assert graph is not None
    stack.callback(graph.close)
    font = next(path for path in sound_fonts() if path.name == SOUND_FONT)
    synth = open_synth(AudioSettings(sound_font=font))
    stack.callback(synth.close)
    probe = stack.enter_context(JackProbe(server, INSTRUMENT))
    probe.hear_midi()
    outputs = MidiOutputs(lambda _: None)
    stack.callback(outputs.close)
    player = Player(synth, outputs)
    stack.callback(player.close)
    outputs.start()
    player.set_composition(song())
    assert wait_until(lambda: any(each.connected for each in outputs.states()))
    probe.listen(audio_outputs(graph)[0])
    player.play(0)
    time.sleep(NOTES * APART_TICKS * SECONDS_A_TICK + 2)
    player.stop()
    struck = [frame for frame, message in probe.midi_heard() if message[0] & 0xF0 == 0x90]
    with tempfile.TemporaryDirectory() as folder:
        first, samples = probe.heard(Path(folder) / "heard.npy")
    offsets = []
    for frame in struck:
        begin = frame - first - BEFORE_FRAMES
        after = onset_after(samples, begin)
        if after is not None:
            offsets.append(1000 * BEFORE_FRAMES / SAMPLE_RATE - after)
    return offsets, NOTES - len(offsets)


def song() -> Composition:
    """Claves in the synthesizer, and the same notes at the port."""
    notes = tuple(Note(480 + APART_TICKS * index, CLAVES, 30, 110) for index in range(NOTES))
    sounding = make_track("Claves", notes, is_drum=True)
    return Composition(tracks=(Track("Melody"), sounding, replace(sounding, output=PORT)))


PORT = f"{INSTRUMENT}:midi"
