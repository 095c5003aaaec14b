"""From a key to its sound, over a real JACK server at 128 frames and 48 kHz.

A second process sends MIDI and captures the audio in one JACK client, so both are counted on one
clock. Meanwhile this process is what the app is at its busiest: a thread that computes in Python
half of the time, as a window that repaints, and ONNX Runtime at work without a pause.

Three lanes are measured in the same run: FluidSynth's own MIDI port (what the app uses), our
polling thread (what it uses where a system has no such port), and a callback of Python's on JACK's
thread.
"""

import math
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import rtmidi
from onnx import TensorProto, helper

from engine.live.audio import AudioSettings
from engine.live.channels import LIVE_CHANNEL
from engine.live.events import LiveEvent
from engine.live.fluid_output import FluidSynthOutput
from engine.live.jack_graph import open_jack_graph
from engine.live.midi_ports import MidiInputs
from engine.live.names import unique_name
from engine.live.recorder import Recorder
from engine.live.synth import open_synth, sound_fonts
from tests.benchmarks.rows import Row
from tests.jack_server import (
    PERIOD,
    SAMPLE_RATE,
    JackProbe,
    JackServer,
    Samples,
    audio_outputs,
    wait_until,
)

NOTES = 300
APART_SECONDS = 0.1
HELD_SECONDS = 0.03
# The claves of the font that is always there sound 0.4 ms after they are struck, and stop soon.
SOUND_FONT, CLAVES = "TimGM6mb.sf2", 75
BUSY_SECONDS = 0.008
LOST_AFTER_SECONDS = 0.08
NOTE_ON, NOTE_OFF = 0x90, 0x80
MEDIAN_BUDGET_MS = 3.0
STRAY_BUDGET_MS = 5.0
P99_BUDGET_MS = 1000 * PERIOD / SAMPLE_RATE + 2.0
KEYBOARD = "Keyboard"

SwitchOn = Callable[[FluidSynthOutput, ExitStack], Recorder]


@dataclass(frozen=True, slots=True)
class Lane:
    """One way from the key to its sound; the budgets hold for the one that the app uses."""

    name: str
    switch_on: SwitchOn
    has_budgets: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds: from each key to its sound (None: not heard), and how far each recorded key
    lies from where it was struck, after a constant offset."""

    latencies: list[float | None]
    strays: list[float]


def run() -> list[Row]:
    """Measure the three lanes one after the other beside the same load."""
    rows: list[Row] = []
    with JackServer(f"latency{os.getpid()}", waits=False) as server, ExitStack() as stack:
        os.environ.update(server.environment)
        stack.callback(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(0.001)  # as the app does
        stack.enter_context(busy_window())
        stack.enter_context(busy_runtime())
        for lane in (
            Lane("own MIDI port", direct_lane, has_budgets=True),
            Lane("polled by Python", polled_lane),
            Lane("Python callback", callback_lane),
        ):
            rows += _rows(lane, measure(server, lane.switch_on))
    return rows


def _rows(lane: Lane, measured: Measured) -> list[Row]:
    heard = [each for each in measured.latencies if each is not None]
    lost = len(measured.latencies) - len(heard)
    name = f"key to sound, {lane.name}"
    rows = [
        Row(f"{name}: median of {NOTES}", statistics.median(heard), "ms", MEDIAN_BUDGET_MS),
        Row(f"{name}: 99th percentile", percentile(heard, 99), "ms", P99_BUDGET_MS),
        Row(f"{name}: worst", max(heard), "ms"),
        Row(f"{name}: lost", float(lost), "notes", 0.0),
        Row(
            f"recorded timing, {lane.name}: 99th percentile",
            percentile(measured.strays, 99),
            "ms",
            STRAY_BUDGET_MS,
        ),
        Row(f"recorded, {lane.name}: lost", float(NOTES - len(measured.strays)), "notes", 0.0),
    ]
    return rows if lane.has_budgets else [replace(row, budget=None) for row in rows]


def percentile(values: list[float], share: int) -> float:
    """The value that ``share`` per cent do not exceed."""
    return sorted(values)[math.ceil(share / 100 * len(values)) - 1]


def measure(server: JackServer, switch_on: SwitchOn, notes: int = NOTES) -> Measured:
    """Play keys through one lane, with a synthesizer of its own."""
    with ExitStack() as stack:
        graph = open_jack_graph(unique_name("benchmark"))
        assert graph is not None
        stack.callback(graph.close)
        font = next(path for path in sound_fonts() if path.name == SOUND_FONT)
        synth = open_synth(AudioSettings(sound_font=font))
        stack.callback(synth.close)
        synth.program(LIVE_CHANNEL, 0, is_drum=True)
        probe = stack.enter_context(JackProbe(server, KEYBOARD))
        recorder = switch_on(synth, stack)
        probe.listen(audio_outputs(graph)[0])
        keys = list(_keys(notes))
        recorder.start(time.perf_counter(), 120)
        sent = probe.play(keys)
        time.sleep(notes * APART_SECONDS + 1)
        take = recorder.stop(time.perf_counter())
        with tempfile.TemporaryDirectory() as folder:
            first, samples = probe.heard(Path(folder) / "heard.npy")
    struck = [at for at, key in keys if key[0] == NOTE_ON]
    frames = [sent["frame"] + round(at * SAMPLE_RATE) for at in struck]
    latencies = [onset_after(samples, frame - first) for frame in frames]
    recorded = [event.seconds for event in take.events if event.kind == "note_on"]
    return Measured(latencies, strays(struck, recorded))


def strays(struck: list[float], recorded: list[float]) -> list[float]:
    """How far recorded times lie from struck ones, after a constant offset, in milliseconds."""
    offsets = [after - before for before, after in zip(struck, recorded, strict=False)]
    middle = statistics.median(offsets)
    return [1000 * abs(offset - middle) for offset in offsets]


def _keys(notes: int) -> Iterator[tuple[float, tuple[int, int, int]]]:
    """Keys that fall anywhere within the server's periods; the same in each run."""
    chance = random.Random(1)
    for index in range(notes):
        at = index * APART_SECONDS + chance.uniform(0, 0.01)
        yield at, (NOTE_ON, CLAVES, 110)
        yield at + HELD_SECONDS, (NOTE_OFF, CLAVES, 0)


def onset_after(samples: Samples, frame: int) -> float | None:
    """Milliseconds from a frame to the first sound that stands out of what rang before it."""
    before = samples[max(0, frame - 480) : frame]
    after = np.abs(samples[frame : frame + int(LOST_AFTER_SECONDS * SAMPLE_RATE)])
    if not len(before) or not len(after):
        return None
    loud = np.flatnonzero(after > 0.002 + 2 * float(np.abs(before).max()))
    return 1000 * int(loud[0]) / SAMPLE_RATE if len(loud) else None


@dataclass(slots=True)
class App:
    """What the app does with a live event."""

    synth: FluidSynthOutput
    recorder: Recorder

    def hear(self, event: LiveEvent) -> None:
        """Sound it where the synthesizer has not, then record it."""
        if not event.direct and event.kind == "note_on":
            self.synth.note_on(LIVE_CHANNEL, event.number, event.value)
        elif not event.direct:
            self.synth.note_off(LIVE_CHANNEL, event.number)
        self.recorder.add(event)


def direct_lane(synth: FluidSynthOutput, stack: ExitStack) -> Recorder:
    """FluidSynth hears the keyboard; Python records beside it."""
    inputs, recorder = _inputs(synth, stack)
    inputs.use_direct_input(synth.direct_input)
    return recorder


def polled_lane(synth: FluidSynthOutput, stack: ExitStack) -> Recorder:
    """Our polling thread hears the keyboard and strikes the key."""
    return _inputs(synth, stack)[1]


def _inputs(synth: FluidSynthOutput, stack: ExitStack) -> tuple[MidiInputs, Recorder]:
    app = App(synth, Recorder())
    inputs = MidiInputs(app.hear, lambda _: None, lambda _: None)
    inputs.start()
    stack.callback(inputs.close)
    assert wait_until(lambda: any(state.connected for state in inputs.states()))
    return inputs, app.recorder


def callback_lane(synth: FluidSynthOutput, stack: ExitStack) -> Recorder:
    """A Python callback on JACK's own thread strikes the key."""
    midi = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, name=unique_name("callback"))
    app = App(synth, Recorder())

    def hear(message: tuple[list[int], float], _data: object) -> None:
        status, number, value = message[0]
        kind = "note_on" if status == NOTE_ON else "note_off"
        app.hear(LiveEvent(time.perf_counter(), kind, number, value, KEYBOARD))  # type: ignore[arg-type]

    midi.set_callback(hear)
    midi.open_port(midi.get_ports().index(f"{KEYBOARD}:out"))
    stack.callback(midi.delete)
    stack.callback(midi.close_port)
    stack.callback(midi.cancel_callback)
    return app.recorder


@contextmanager
def busy_window() -> Iterator[None]:
    """A thread that computes in Python half of the time."""
    done = threading.Event()

    def repaint() -> None:
        while not done.wait(BUSY_SECONDS):
            until = time.perf_counter() + BUSY_SECONDS
            while time.perf_counter() < until:
                sum(range(500))

    with _thread(repaint, done):
        yield


@contextmanager
def busy_runtime() -> Iterator[None]:
    """ONNX Runtime multiplying large matrices on one core, again and again."""
    size = 1024
    node = helper.make_node("MatMul", ["a", "a"], ["b"])
    a, b = (helper.make_tensor_value_info(n, TensorProto.FLOAT, [size, size]) for n in "ab")
    model = helper.make_model(
        helper.make_graph([node], "busy", [a], [b]), opset_imports=[helper.make_opsetid("", 17)]
    )
    model.ir_version = 10
    onnx.checker.check_model(model)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    values = np.ones((size, size), dtype=np.float32)
    done = threading.Event()

    def generate() -> None:
        while not done.is_set():
            session.run(None, {"a": values})

    with _thread(generate, done):
        yield


@contextmanager
def _thread(work: Callable[[], None], done: threading.Event) -> Iterator[None]:
    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
