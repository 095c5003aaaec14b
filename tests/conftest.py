"""What every test gets: an empty home, no screen but a virtual one, and nothing left behind.

Qt draws offscreen in this process. A test that needs a real screen asks for `virtual_screen`
and starts a program of its own on it: one process can have one platform only.
"""

import gc
import os
import select
import shutil
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# Before anything imports Qt or JACK: both read these once.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["JACK_NO_START_SERVER"] = "1"

# Two busy cores make any deadline a coin toss. The same examples are tried each time: a check tells
# of the change that was made, not of chance; TUTTI_SEARCH=1 looks for others.
settings.register_profile("tutti", deadline=None, derandomize="TUTTI_SEARCH" not in os.environ)
settings.load_profile("tutti")

GRACE_SECONDS = 2.0


@pytest.fixture(autouse=True)
def tutti_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder where this test's settings, library and models lie."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("TUTTI_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def nothing_left_behind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fails a test that leaves a thread, a timer or a process running, and names it."""
    threads, children = set(threading.enumerate()), _children()
    started = _watch_qt(monkeypatch)
    yield
    left = _still_there(lambda: _leftovers(threads, children, started))
    if left:
        pytest.fail(f"Left running: {', '.join(left)}.", pytrace=False)


@pytest.fixture(scope="session")
def virtual_screen() -> Iterator[dict[str, str]]:
    """An environment for programs that shall draw on a real X server (1440 × 900)."""
    server = shutil.which("Xvfb")
    assert server, "Xvfb is missing: run the tests by ./tutti test, which installs it."
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [server, "-displayfd", str(writer), "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        number = _read_line(reader, seconds=20)
        yield {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        os.close(reader)
        process.terminate()
        process.wait(10)


def _read_line(descriptor: int, seconds: float) -> str:
    ready, _, _ = select.select([descriptor], [], [], seconds)
    assert ready, "Xvfb did not say which display it took."
    return os.read(descriptor, 16).decode().strip()


def _still_there(leftovers: Callable[[], list[str]]) -> list[str]:
    """What is left after a short grace; collects garbage only when something seems left."""
    left = leftovers()
    deadline = time.monotonic() + GRACE_SECONDS
    while left and time.monotonic() < deadline:
        gc.collect()
        time.sleep(0.02)
        left = leftovers()
    return left


def _leftovers(
    threads: set[threading.Thread], children: dict[int, str], started: "weakref.WeakSet[Any]"
) -> list[str]:
    new_threads = (t for t in threading.enumerate() if t not in threads and t.is_alive())
    return [
        # A dummy stands for a thread that C code once called us on: it says nothing of its life.
        *(f"thread {t.name}" for t in new_threads if not isinstance(t, threading._DummyThread)),
        *(f"process {name}" for pid, name in _children().items() if pid not in children),
        *_running_in_qt(started),
    ]


def _children() -> dict[int, str]:
    """Names of this process's children by their number; empty where the system has no /proc."""
    found: dict[int, str] = {}
    for listing in Path("/proc/self/task").glob("*/children"):
        for number in _text(listing).split():
            name = _text(Path("/proc", number, "comm")).strip()
            if name and "resource_tracker" not in _text(Path("/proc", number, "cmdline")):
                found[int(number)] = name
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # the thread or the process ended meanwhile
        return ""


def _watch_qt(monkeypatch: pytest.MonkeyPatch) -> "weakref.WeakSet[Any]":
    """Notes every timer and thread that Qt starts from here on; tests without Qt pay nothing."""
    started: weakref.WeakSet[Any] = weakref.WeakSet()
    core = sys.modules.get("PySide6.QtCore")
    if core is None:
        return started
    for kind in (core.QTimer, core.QThread):
        monkeypatch.setattr(kind, "start", _noting(kind.start, started))
    return started


def _noting(start: Callable[..., None], started: "weakref.WeakSet[Any]") -> Callable[..., None]:
    def noted(*arguments: Any) -> None:
        started.add(arguments[0])
        start(*arguments)

    return noted


def _running_in_qt(started: "weakref.WeakSet[Any]") -> list[str]:
    core = sys.modules.get("PySide6.QtCore")
    if core is None or not started:
        return []
    import shiboken6

    if application := core.QCoreApplication.instance():
        application.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)
    return [_describe(thing) for thing in started if shiboken6.isValid(thing) and _runs(thing)]


def _runs(thing: Any) -> bool:
    return bool(thing.isActive() if hasattr(thing, "isActive") else thing.isRunning())


def _describe(thing: Any) -> str:
    parent = type(thing.parent()).__name__ if thing.parent() else "nobody"
    return f"{type(thing).__name__} {thing.objectName() or ''} of {parent}".replace("  ", " ")
