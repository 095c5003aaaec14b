"""Takes pictures of the real window: a sample melody, what the shipped models play.

    .venv/bin/python packaging/screenshots.py readme    docs/pictures/*.png
    .venv/bin/python packaging/screenshots.py manual    resources/manual/pictures/*.webp, twice as
                                                        fine, in both themes

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
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.pages.studio import StudioPage
    from desktop.pages.train import TrainPage

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
PICTURES = ROOT / "docs" / "pictures"
SCREEN = "2880x1800x24"
SERVER = "tutti-pictures"
FINE = "2"
"""How many pixels of the manual's pictures stand for one of the window."""
MANUAL, README = "manual", "readme"


def main(wanted: list[str]) -> None:
    """Takes the pictures of the README or of the manual, each in a window of its own."""
    if len(wanted) != 1 or wanted[0] not in (MANUAL, README):
        sys.exit(__doc__)
    if wanted[0] == MANUAL:
        os.environ["QT_SCALE_FACTOR"] = FINE
    with tempfile.TemporaryDirectory() as home, own_screen(), own_sound():
        os.environ["TUTTI_HOME"] = home
        take_manual_pictures() if wanted[0] == MANUAL else take_pictures()


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


class Scene:
    """The real window, driven as a user would."""

    def __init__(self, width: int, height: int) -> None:
        from PySide6.QtWidgets import QApplication

        from desktop.app import App
        from desktop.shell import Shell

        self.qt = QApplication(sys.argv[:1])
        self.app = App()
        self.shell = Shell(self.app)
        self.window = self.shell.window
        self.window.resize(width, height)
        self.window.move(0, 0)
        self.window.show()
        self.app.start()

    @property
    def studio(self) -> "StudioPage":
        """The Studio."""
        from desktop.pages.studio import StudioPage

        page = self.window.page_widget("Studio")
        assert isinstance(page, StudioPage)
        return page

    @property
    def train(self) -> "TrainPage":
        """The Train page."""
        from desktop.pages.train import TrainPage

        page = self.window.page_widget("Train")
        assert isinstance(page, TrainPage)
        return page

    def until(self, holds: Callable[[], bool], seconds: float = 400) -> None:
        """Let the window live until something is so."""
        deadline = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > deadline:
                sys.exit("The window did not come to what was to be pictured.")
            self.qt.processEvents()
            time.sleep(0.005)

    def rest(self, seconds: float) -> None:
        """Let the window live for a while."""
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() > end)

    def do(self, action_id: str) -> None:
        """A command of the menus."""
        self.app.actions[action_id].trigger()

    def open_sample(self, word: str) -> None:
        """Open a sample melody by a word of its name."""
        from engine.files.melodies import sample_melodies

        sample = next(each for each in sample_melodies() if word in each.name)
        self.app.open_file(sample.path)
        self.until(lambda: self.app.document.composition.title == sample.name)

    def generate(self) -> None:
        """Ask for takes and wait for them."""
        self.do("generate")
        self.until(lambda: bool(self.studio.generation.takes))


def take_pictures() -> None:
    """The README's."""
    from manual_pictures import open_roll

    from engine.store.paths import shipped_models_folder

    scene = Scene(1440, 900)

    def picture(name: str) -> None:
        scene.rest(0.4)
        PICTURES.mkdir(parents=True, exist_ok=True)
        scene.window.grab().save(str(PICTURES / f"{name}.png"))

    scene.until(lambda: scene.app.generator is not None)
    scene.until(lambda: scene.app.synth.problem is None)
    scene.open_sample("Joy")
    scene.rest(8)  # the message about the file goes by itself
    scene.generate()
    scene.do("play")
    scene.rest(6)
    picture("studio")
    scene.app.change_settings(theme="light")
    scene.rest(1)
    picture("studio-light")
    scene.app.change_settings(theme="dark")
    scene.do("stop")
    open_roll(scene)
    scene.rest(1)
    scene.studio.grab().save(str(PICTURES / "editor.png"))
    scene.studio.area.lanes.close_lane()
    scene.window.show_page("Train")
    scene.train.show_run(shipped_models_folder() / "pop.run")
    scene.rest(12)  # the trainer is asked for its settings; the curves are read
    picture("train")
    scene.train.show_tab("Data")
    scene.rest(3)
    picture("data")
    scene.train.show_tab("Learn")
    scene.rest(20)  # the networks are described by the trainer, which loads torch for that
    picture("learn")
    picture_manual(scene)
    scene.app.close()


def picture_manual(scene: Scene) -> None:
    """The manual, open beside the window."""
    from desktop.manual.guide import Guide

    scene.do("manual")
    guide = scene.window.findChild(Guide)
    assert guide is not None
    guide.manual.go_to("editor")
    scene.rest(1)
    guide.manual.grab().save(str(PICTURES / "manual.png"))


def take_manual_pictures() -> None:
    """The manual's."""
    from manual_pictures import take_all

    take_all(Scene(1280, 720))


if __name__ == "__main__":
    main(sys.argv[1:])
