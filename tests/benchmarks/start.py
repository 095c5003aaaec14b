"""From the command to a usable window, a warm model and open sound: the real program, timed.

The times are those of the program's own log, counted from the moment it was started.
"""

import os
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tests.benchmarks.rows import Row

XVFB = shutil.which("Xvfb") or "Xvfb"
ROOT = Path(__file__).resolve().parents[2]
RUNS = 3
PATIENCE_SECONDS = 30.0
BUDGET_SECONDS = 2.5
MILESTONES = {
    "start to usable window": "The window is usable.",
    "start to model loaded and warm": "ready after",
}
PROCESSOR = "processor time of a whole start and end"
"""Tells a slow start from a busy machine: it hardly grows with what else runs."""
STAMP = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) ")


def run() -> list[Row]:
    """The median of three starts; one before them fills the system's caches."""
    with screen() as environment:
        time_a_start(environment)
        starts = [time_a_start(environment) for _ in range(RUNS)]
    return [
        Row(name, statistics.median(start[name] for start in starts), "s", budget)
        for name, budget in (*dict.fromkeys(MILESTONES, BUDGET_SECONDS).items(), (PROCESSOR, None))
    ]


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """An environment with a screen: a virtual one, so that nobody's desktop is disturbed."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        [XVFB, "-displayfd", str(writer), "-nolisten", "tcp", "-screen", "0", "1440x900x24"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as told:
            display = told.readline().strip()
        yield {**os.environ, "DISPLAY": f":{display}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait(10)


def time_a_start(environment: dict[str, str]) -> dict[str, float]:
    """Seconds until each milestone of one start with an empty home."""
    with tempfile.TemporaryDirectory() as home:
        began, before = time.time(), children_seconds()
        studio = subprocess.Popen(
            [sys.executable, "-m", "desktop"],
            env={**environment, "TUTTI_HOME": home},
            cwd=ROOT,
            stderr=subprocess.DEVNULL,
        )
        try:
            found = wait_for_milestones(Path(home, "tutti.log"), began)
        finally:
            studio.send_signal(signal.SIGTERM)
            studio.wait(20)
        return {**found, PROCESSOR: children_seconds() - before}


def children_seconds() -> float:
    """Processor seconds of the children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def wait_for_milestones(log: Path, began: float) -> dict[str, float]:
    """Seconds after ``began`` (since 1970) at which the log told of each milestone."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        lines = log.read_text().splitlines() if log.exists() else []
        found = {
            name: logged_at(line) - began
            for name, words in MILESTONES.items()
            for line in lines
            if words in line
        }
        if len(found) == len(MILESTONES):
            return found
        time.sleep(0.05)
    raise TimeoutError(f"The studio did not start within {PATIENCE_SECONDS:g} s.")


def logged_at(line: str) -> float:
    """When a line was logged, in seconds since 1970."""
    stamp = STAMP.match(line)
    assert stamp is not None, line
    return datetime.strptime(stamp[1], "%Y-%m-%d %H:%M:%S,%f").timestamp()
