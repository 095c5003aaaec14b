"""The real program on a virtual screen: it starts, opens a file, and ends without a trace."""

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from desktop.start import USABLE
from engine.files.melodies import sample_melodies
from engine.store.library import Library
from engine.store.paths import library_path, log_path

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(virtual_screen: dict[str, str], tutti_home: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []

    def begin(*arguments: str) -> "subprocess.Popen[bytes]":
        studio = subprocess.Popen(
            [sys.executable, "-m", "desktop", *arguments],
            cwd=ROOT,
            env={**virtual_screen, "TUTTI_HOME": str(tutti_home)},
        )
        started.append(studio)
        return studio

    yield begin
    for studio in started:
        studio.kill()
        studio.wait()


def wait_for(words: str) -> str:
    """The log, once it holds ``words``."""
    deadline, log = time.monotonic() + PATIENCE_SECONDS, ""
    while time.monotonic() < deadline:
        log = log_path().read_text() if log_path().exists() else ""
        if words in log:
            return log
        time.sleep(0.05)
    raise AssertionError(f"The log never said: {words}\n{log}")


def wait_for_composition() -> None:
    """Only look: a second library that opened and closed would have closed the first one's work."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with closing(sqlite3.connect(library_path(), timeout=5)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
            if ("item",) in tables and connection.execute("SELECT 1 FROM item").fetchone():
                return
        time.sleep(0.02)
    raise AssertionError("No composition was stored.")


def end(studio: "subprocess.Popen[bytes]", number: signal.Signals = signal.SIGTERM) -> int:
    studio.send_signal(number)
    return studio.wait(PATIENCE_SECONDS)


def test_it_starts_opens_a_file_and_ends_cleanly(start: Start) -> None:
    studio = start(str(sample_melodies()[1].path))
    wait_for(USABLE)
    wait_for("Opened ")
    assert end(studio) == 0
    log = wait_for("Closed in")
    assert "CRITICAL" not in log and " qt: " not in log, log
    library = Library(library_path())
    assert [entry.title for entry in library.compositions()] == ["Ode to Joy"]
    assert not library.was_killed
    library.close()


def test_after_a_kill_the_next_start_has_the_composition(start: Start) -> None:
    studio = start(str(sample_melodies()[0].path))
    wait_for("Opened ")
    wait_for_composition()
    assert end(studio, signal.SIGKILL) == -signal.SIGKILL
    again = start()
    wait_for("The composition is as you left it.")
    assert end(again) == 0
