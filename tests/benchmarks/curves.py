"""The curves of a run of a million steps: read from its file, and drawn while it goes on.

Beside each figure stands the plain way of doing it, measured in the same run: a call of the JSON
decoder for every line, and pyqtgraph given all points of every curve. Times are the processor's:
what else the machine does is none of the curves' business.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QApplication, QWidget

from desktop.jobs import Jobs
from desktop.messages import Messages
from desktop.theme import apply_theme, colour
from desktop.train.plots.run_curves import RunCurves
from engine.store.curves import Curves, read_curves
from tests.benchmarks.rows import Row

STEPS, AN_EPOCH = 1_000_000, 2000
NEW_STEPS = 100  # between two frames: a thousand steps a second
NAMES = ("generator", "critic", "penalty")
FRAMES, PLAIN_FRAMES, ZOOMS = 30, 4, 20
WIDTH, HEIGHT = 1080, 300
PLAIN_LINES = 100_000
READ_BUDGET_SECONDS = 15.0
READ_RATIO_BUDGET = 0.8
RATIO_BUDGET = 0.1
FRAME_BUDGET_MS = 25.0  # a quarter of the time between two pictures
ZOOM_BUDGET_MS = 25.0


def run() -> list[Row]:
    """Reading, then drawing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "events.jsonl")
        write_events(path)
        curves, reading = timed(lambda: read_curves(path)[0])
        part, plain_reading = timed(lambda: read_plainly(path))
        plain_reading *= STEPS / part.last_step
    assert curves.last_step == STEPS
    return [
        Row("10^6 steps from a run's file", reading, "s", READ_BUDGET_SECONDS),
        Row("  beside one event after the other", reading / plain_reading, "", READ_RATIO_BUDGET),
        *drawing(curves),
    ]


def drawing(curves: Curves) -> list[Row]:
    """Frames of the two charts, and of one plain chart with the same curves."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    apply_theme(app, "dark")
    messages = Messages()
    jobs = Jobs(messages.tell_error)
    shown = RunCurves(jobs, messages)
    shown.resize(WIDTH, HEIGHT)
    shown.set_curves(curves)
    shown.show()
    settle(lambda: shown.losses.area.picture is not None)
    frames = [milliseconds_of(lambda: new_frame(shown, curves)) for _ in range(FRAMES)]
    zooms = [milliseconds_of(partial(zoom, shown, index)) for index in range(ZOOMS)]
    shown.close()
    jobs.close()
    plain = plain_frames(curves)
    ours, theirs = statistics.median(frames), statistics.median(plain)
    return [
        Row("frame at 10^6 steps while they come, median", ours, "ms", FRAME_BUDGET_MS),
        Row("frame at 10^6 steps while they come, slowest", max(frames), "ms"),
        Row("frame of a zoom, median", statistics.median(zooms), "ms", ZOOM_BUDGET_MS),
        Row("frame of plain pyqtgraph with the same curves", theirs, "ms"),
        Row("  ours beside it", ours / theirs, "", RATIO_BUDGET),
    ]


def new_frame(shown: RunCurves, curves: Curves) -> None:
    """Some steps come, and all is drawn."""
    curves.feed_many(some_steps(curves.last_step + 1, NEW_STEPS))
    shown._redraw()
    repaint(shown)


def zoom(shown: RunCurves, index: int) -> None:
    """One turn of the wheel, and all is drawn."""
    middle, half = STEPS / AN_EPOCH / 2, STEPS / AN_EPOCH / 2 * 0.8**index
    shown.losses.area.x_asked.emit((middle - half, middle + half))
    repaint(shown)


def repaint(widget: QWidget) -> None:
    """Paint all that is to be painted, now."""
    for view in widget.findChildren(pg.GraphicsView):
        view.viewport().repaint()


def plain_frames(curves: Curves) -> list[float]:
    """The same curves given to pyqtgraph as they are, anew for each frame."""
    plot = pg.PlotWidget()
    plot.resize(WIDTH // 2, HEIGHT)
    items = [plot.plot(pen=pg.mkPen(colour(role))) for role in ("melody", "bass", "chords")]
    plot.show()
    QApplication.processEvents()

    def frame() -> None:
        curves.feed_many(some_steps(curves.last_step + 1, NEW_STEPS))
        for name, item in zip(NAMES, items, strict=True):
            item.setData(curves.steps(name), curves.values(name))
        QApplication.processEvents()
        plot.viewport().repaint()

    found = [milliseconds_of(frame) for _ in range(PLAIN_FRAMES)]
    plot.close()
    return found


def some_steps(first: int, count: int) -> list[dict[str, Any]]:
    """Steps of a run that is settling; noise, but the same each time."""
    at = np.arange(first, first + count)
    noise = np.random.default_rng(first).normal(size=(count, 2))
    fall = np.exp(-at / STEPS * 5)
    return [
        {"event": "step", "step": step, "generator": a, "critic": b, "penalty": c}
        for step, a, b, c in zip(
            at.tolist(),
            (fall + noise[:, 0]).tolist(),
            (noise[:, 1] - 20 * fall).tolist(),
            np.abs(0.1 * noise[:, 0]).tolist(),
            strict=True,
        )
    ]


def write_events(path: Path) -> None:
    """A run's file as the trainer writes it; its noise is the same in each epoch."""
    start = {"event": "started", "from_step": 0, "steps": STEPS * 2, "steps_per_epoch": AN_EPOCH}
    rest = [json.dumps(each).partition(', "generator"')[2] for each in some_steps(1, AN_EPOCH)]
    with path.open("w", encoding="utf-8") as stream:
        stream.write(json.dumps(start) + "\n")
        for first in range(1, STEPS + 1, AN_EPOCH):
            stream.writelines(
                f'{{"event": "step", "step": {step}, "generator"{values}\n'
                for step, values in enumerate(rest, first)
            )
            done = first + AN_EPOCH - 1
            epoch = {"event": "epoch", "step": done, "epoch": done // AN_EPOCH, "seconds": done}
            stream.write(json.dumps(epoch) + "\n")


def read_plainly(path: Path) -> Curves:
    """A line, an event, one after the other; not all of them, it takes too long."""
    curves = Curves()
    with path.open(encoding="utf-8") as stream:
        for line in islice(stream, PLAIN_LINES):
            curves.feed(json.loads(line))
    return curves


def timed(work: Callable[[], Curves]) -> tuple[Curves, float]:
    """What the work gives, and the processor's seconds for it."""
    began = time.thread_time()
    return work(), time.thread_time() - began


def milliseconds_of(work: Callable[[], None]) -> float:
    """The processor's time for some work."""
    began = time.thread_time()
    work()
    return 1000 * (time.thread_time() - began)


def settle(true: Callable[[], bool]) -> None:
    """Let the window work until it is true."""
    until = time.monotonic() + 20
    while not true() and time.monotonic() < until:
        QApplication.processEvents()
        time.sleep(0.005)
