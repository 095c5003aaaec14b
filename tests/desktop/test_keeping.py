"""What a crash leaves, and what the next start makes of it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.messages import Message
from engine.store.settings import Settings, save_settings

KILLED_STUDIO = """
import os, signal
from pathlib import Path
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.take import TakeEvent
from engine.store.library import Library
from engine.store.paths import library_path

library = Library(library_path())
song = Composition("Unfinished")
library.autosave("song", song.with_track(0, song.melody.with_notes([Note(0, 60, 480)])))
library.journal("cut", [TakeEvent(0.5, "note_on", 64, 80), TakeEvent(1.0, "note_off", 64, 0)], 100)
library.journal("silent", [], 100)
assert library.flush()
os.kill(os.getpid(), signal.SIGKILL)
"""


def kill_a_studio(home: Path) -> None:
    """Another process works in this library and dies in the middle of a recording."""
    dead = subprocess.run([sys.executable, "-c", KILLED_STUDIO], cwd=Path(__file__).parents[2])
    assert dead.returncode == -9
    save_settings(Settings(last_composition="song"), home / "settings.json")


def started(qtbot: QtBot, told: list[Message]) -> App:
    app = App()
    app.messages.told.connect(lambda message: told.append(message))
    app.start()
    qtbot.waitUntil(lambda: not app.jobs.running, timeout=10_000)
    return app


def test_after_a_kill_the_composition_is_there_and_the_recording_is_kept(
    qtbot: QtBot, open_app: Callable[[], App], tutti_home: Path
) -> None:
    kill_a_studio(tutti_home)
    told: list[Message] = []
    app = started(qtbot, told)
    try:
        assert app.document.composition.title == "Unfinished"
        sentences = " ".join(message.sentence for message in told)
        assert "did not close properly" in sentences
        assert "1 note, 1 seconds" in sentences or "1 note" in sentences
        offer = next(message for message in told if message.action is not None)
        assert offer.stays
        qtbot.waitUntil(lambda: app.library.recoverable() == ())  # the writer forgets them
        assert [entry.notes for entry in app.library.takes()] == [1]
        offer.action.act()
        assert [note.pitch for note in app.document.composition.melody.notes] == [64]
        assert app.document.composition.tempos[0].beats_per_minute == 100
    finally:
        app.close()
        app.deleteLater()


def test_after_an_ordinary_end_nothing_is_said(qtbot: QtBot, open_app: Callable[[], App]) -> None:
    open_app().close()
    told: list[Message] = []
    app = started(qtbot, told)
    app.close()
    app.deleteLater()
    assert [message.sentence for message in told if "properly" in message.sentence] == []


def test_a_disk_that_refuses_is_told_and_what_is_in_memory_stays(
    qtbot: QtBot, app: App, told: list[Message]
) -> None:
    app.library_bridge.send_problem("The library cannot be written: the disk is full.")
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].level == "error"
    app.library_bridge.send_recovered()
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told[1].level == "good"
