"""Generate in the real window: from the click on the button to the notes drawn in the lanes.

The whole window is drawn anew at the end, so the figure is rather too long than too short.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.app import App
from desktop.pages.studio import StudioPage
from desktop.shell import Shell
from engine.store.paths import HOME_VARIABLE
from tests.benchmarks.generate import BUDGET_SECONDS, melody
from tests.benchmarks.rows import Row

BARS = 8
REPEATS = 7
PATIENCE_SECONDS = 60.0


def run() -> list[Row]:
    """Eight bars and three takes, with the model that comes with Tutti on the CPU."""
    if not isinstance(QApplication.instance(), QApplication):
        QApplication([])
    with tempfile.TemporaryDirectory() as home, studio(home) as (app, shell):
        page = shell.window.page_widget("Studio")
        assert isinstance(page, StudioPage)
        app.change_settings(device="cpu", takes=3)
        wait_until(lambda: app.generator is not None and not app.sound.opening)
        app.document.load(melody(BARS))
        times = [seconds_of_click(shell, page) for _ in range(REPEATS)]
        assert len(page.generation.takes) == 3
    return [
        Row("click to notes on screen, median", statistics.median(times), "s", BUDGET_SECONDS),
        Row("click to notes on screen, slowest", max(times), "s"),
    ]


@contextmanager
def studio(home: str) -> Iterator[tuple[App, Shell]]:
    """The real studio and its window, with all that it keeps in ``home``."""
    before = os.environ.get(HOME_VARIABLE)
    os.environ[HOME_VARIABLE] = home
    app = App()
    shell = Shell(app)
    try:
        shell.window.resize(1440, 900)
        shell.window.show()
        app.start()
        yield app, shell
    finally:
        shell.window.hide()
        app.close()
        shell.window.deleteLater()
        if before is None:
            del os.environ[HOME_VARIABLE]
        else:
            os.environ[HOME_VARIABLE] = before


def seconds_of_click(shell: Shell, page: StudioPage) -> float:
    """Seconds of one request by the button."""
    made = page.generation.takes
    wait_until(page.panel.generate.isEnabled)
    began = time.perf_counter()
    QTest.mouseClick(page.panel.generate, Qt.MouseButton.LeftButton)
    wait_until(lambda: page.generation.takes is not made and page.generation.shown is not None)
    shell.window.grab()
    return time.perf_counter() - began


def wait_until(true: Callable[[], bool]) -> None:
    """Let the window work until it is true."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not true():
        if time.monotonic() > until:
            raise TimeoutError("The studio did not come to it.")
        QApplication.processEvents()
        time.sleep(0.001)
