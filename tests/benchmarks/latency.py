"""From a key to its sound, over a real JACK server at 128 frames and 48 kHz.

A second process sends MIDI and captures the audio in one JACK client, so both are counted on one
clock. Meanwhile this process is what the app is at its busiest: a thread that computes in Python
half of the time, as a window that repaints, and ONNX Runtime at work without a pause.

Three lanes are measured in the same run: FluidSynth's own MIDI port (what the app uses), our
polling thread (what it uses where a system has no such port), and a callback of Python's on JACK's
thread.
"""

import os
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
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
from engine.live.synth import open_synth
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
SIDE_STICK = 37  # a drum with a sharp onset and a short tail
BUSY_SECONDS = 0.008
LOST_AFTER_SECONDS = 0.08
MEDIAN_BUDGET_MS = 3.0
P99_BUDGET_MS = 1000 * PERIOD / SAMPLE_RATE + 2.0
KEYBOARD = "Keyboard"

SwitchOn = Callable[[FluidSynthOutput, ExitStack], None]


def run() -> list[Row]:
    """Measure the three lanes one after the other beside the same load."""
    rows: list[Row] = []
    with JackServer(f"latency{os.getpid()}", waits=False) as server, ExitStack() as stack:
        os.environ.update(server.environment)
        stack.enter_context(busy_window())
        stack.enter_context(busy_runtime())
        for name, lane, budgets in (
            ("own MIDI port", direct_lane, (MEDIAN_BUDGET_MS, P99_BUDGET_MS, 0.0)),
            ("polled by Python", polled_lane, (None, None, None)),
            ("Python callback", callback_lane, (None, None, None)),
        ):
            rows += _rows(name, measure(server, lane), budgets)
    return rows


def _rows(
    lane: str,
    latencies: list[float | None],
    budgets: tuple[float | None, float | None, float | None],
) -> list[Row]:
    heard = sorted(each for each in latencies if each is not None)
    lost = float(len(latencies) - len(heard))
    name = f"key to sound, {lane}"
    return [
        Row(f"{name}: median of {len(latencies)}", statistics.median(heard), "ms", budgets[0]),
        Row(f"{name}: 99th percentile", heard[int(0.99 * (len(heard) - 1))], "ms", budgets[1]),
        Row(f"{name}: worst", heard[-1], "ms"),
        Row(f"{name}: lost", lost, "notes", budgets[2]),
    ]


def measure(server: JackServer, switch_on: SwitchOn) -> list[float | None]:
    """Milliseconds from each key's MIDI frame to its sound; None for one that was not heard."""
    with ExitStack() as stack:
        graph = open_jack_graph(unique_name("benchmark"))
        assert graph is not None
        stack.callback(graph.close)
        synth = open_synth(AudioSettings())
        stack.callback(synth.close)
        synth.program(LIVE_CHANNEL, 0, is_drum=True)
        probe = stack.enter_context(JackProbe(server, KEYBOARD))
        switch_on(synth, stack)
        probe.listen(audio_outputs(graph)[0])
        keys = list(_keys())
        sent = probe.play(keys)
        time.sleep(NOTES * APART_SECONDS + 1)
        with tempfile.TemporaryDirectory() as folder:
            first, samples = probe.heard(Path(folder) / "heard.npy")
        frames = [sent["frame"] + round(at * SAMPLE_RATE) for at, key in keys if key[0] == 0x90]
        return [onset_after(samples, frame - first) for frame in frames]


def _keys() -> Iterator[tuple[float, tuple[int, int, int]]]:
    """Keys that fall anywhere within the server's periods; the same in each run."""
    chance = random.Random(1)
    for index in range(NOTES):
        at = index * APART_SECONDS + chance.uniform(0, 0.01)
        yield at, (0x90, SIDE_STICK, 110)
        yield at + HELD_SECONDS, (0x80, SIDE_STICK, 0)


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


def direct_lane(synth: FluidSynthOutput, stack: ExitStack) -> None:
    """FluidSynth hears the keyboard; Python records beside it."""
    _inputs(synth, stack).use_direct_input(synth.direct_input)


def polled_lane(synth: FluidSynthOutput, stack: ExitStack) -> None:
    """Our polling thread hears the keyboard and strikes the key."""
    _inputs(synth, stack)


def _inputs(synth: FluidSynthOutput, stack: ExitStack) -> MidiInputs:
    app = App(synth, Recorder())
    inputs = MidiInputs(app.hear, lambda _: None, lambda _: None)
    inputs.start()
    stack.callback(inputs.close)
    assert wait_until(lambda: any(state.connected for state in inputs.states()))
    return inputs


def callback_lane(synth: FluidSynthOutput, stack: ExitStack) -> None:
    """A Python callback on JACK's own thread strikes the key."""
    midi = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, name=unique_name("callback"))
    app = App(synth, Recorder())

    def hear(message: tuple[list[int], float], _data: object) -> None:
        status, number, value = message[0]
        kind = "note_on" if status == 0x90 else "note_off"
        app.hear(LiveEvent(time.perf_counter(), kind, number, value, KEYBOARD))  # type: ignore[arg-type]

    midi.set_callback(hear)
    midi.open_port(midi.get_ports().index(f"{KEYBOARD}:out"))
    stack.callback(midi.delete)
    stack.callback(midi.close_port)
    stack.callback(midi.cancel_callback)


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
