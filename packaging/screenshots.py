"""Writes docs/pictures/*.png: the real window, a sample melody, what the shipped model plays.

    .venv/bin/python packaging/screenshots.py

Runs in Tutti's environment, with an empty home and, on Linux, on a screen (Xvfb) and a sound
server (JACK) of its own; nothing in the pictures is drawn for them.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
SCREEN = "1600x1000x24"
SERVER = "tutti-pictures"


def main() -> None:
    """Takes every picture."""
    with tempfile.TemporaryDirectory() as home, own_screen(), own_sound():
        os.environ["TUTTI_HOME"] = home
        take_pictures()


@contextlib.contextmanager
def own_screen() -> Iterator[None]:
    """An X server for this program alone."""
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    with running(command, pass_fds=[writer]):
        os.close(writer)
        os.environ["DISPLAY"] = ":" + os.read(reader, 16).decode().strip()
        os.environ["QT_QPA_PLATFORM"] = "xcb"
        yield


@contextlib.contextmanager
def own_sound() -> Iterator[None]:
    """A JACK server without a sound card, so that the window is not shown without sound."""
    os.environ["JACK_DEFAULT_SERVER"] = SERVER
    with running(["jackd", "-n", SERVER, "-d", "dummy", "-r", "48000", "-p", "128"]):
        time.sleep(1)
        yield


@contextlib.contextmanager
def running(command: list[str], pass_fds: list[int] | None = None) -> Iterator[None]:
    """A program for as long as the pictures take."""
    if not shutil.which(command[0]):
        sys.exit(f"{command[0]} is missing; ./tutti test installs it.")
    process = subprocess.Popen(
        command,
        pass_fds=pass_fds or [],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def take_pictures() -> None:
    """Drives the window as a user would and writes what it shows."""
    from PySide6.QtWidgets import QApplication

    from desktop.app import App
    from desktop.pages.studio import StudioPage
    from desktop.pages.train import TrainPage
    from desktop.shell import Shell
    from engine.files.melodies import sample_melodies
    from engine.store.paths import shipped_models_folder

    qt = QApplication(sys.argv[:1])
    app = App()
    shell = Shell(app)
    window = shell.window
    window.resize(1440, 900)
    window.show()
    app.start()
    studio = window.page_widget("Studio")
    assert isinstance(studio, StudioPage)

    def until(holds: Callable[[], bool], seconds: float = 90) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > deadline:
                sys.exit("The window did not come to what was to be pictured.")
            qt.processEvents()
            time.sleep(0.005)

    def rest(seconds: float) -> None:
        end = time.monotonic() + seconds
        until(lambda: time.monotonic() > end)

    def picture(name: str) -> None:
        rest(0.4)
        PICTURES.mkdir(parents=True, exist_ok=True)
        window.grab().save(str(PICTURES / f"{name}.png"))

    until(lambda: app.generator is not None)
    until(lambda: app.synth.problem is None)
    picture("first-start")
    ode = next(sample for sample in sample_melodies() if "Joy" in sample.name)
    app.open_file(ode.path)
    until(lambda: bool(app.document.composition.melody.notes))
    rest(8)  # the message about the file goes by itself
    app.actions["generate"].trigger()
    until(lambda: bool(studio.generation.takes))
    app.actions["play"].trigger()
    rest(6)
    picture("studio")
    app.change_settings(theme="light")
    rest(1)
    picture("studio-light")
    app.change_settings(theme="dark")
    app.actions["stop"].trigger()
    window.show_page("Train")
    train = window.page_widget("Train")
    assert isinstance(train, TrainPage)
    train.show_run(shipped_models_folder() / "pop.run")
    rest(12)  # the trainer is asked for its settings; the curves are read
    picture("train")
    train.show_tab("Data")
    rest(3)
    picture("data")
    train.show_tab("Learn")
    rest(20)  # the networks are described by the trainer, which loads torch for that
    picture("learn")
    app.close()


if __name__ == "__main__":
    main()
