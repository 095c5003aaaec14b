"""A report for a bug says what is needed to mend it, and nothing personal."""

import logging
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from desktop.app import App
from desktop.bug_report import LEFT_OUT, bug_report, without_names
from desktop.faults import open_log
from desktop.shell import Shell
from engine.store.paths import data_folder, log_path

HOME, DATA = Path("/home/clara"), Path("/home/clara/.local/share/Tutti")


def cleaned(text: str) -> str:
    return without_names(text, HOME, DATA, ("clara", "claras-laptop"))


def test_folders_files_songs_and_people_are_left_out() -> None:
    personal = (
        "Opened My wedding song.mid",
        f"{DATA}/models/love.onnx could not be read: No such file",
        'File "/media/clara/Stick A/waltz.mid", line 3',
        "Told the user: “My wedding song” was moved to the trash.",
        "/mnt/private/letters/x failed on claras-laptop",
        f"A model {HOME}/My Models/secret plan.onnx, 3 MB",
    )
    for line in personal:
        told = cleaned(line)
        assert LEFT_OUT in told
        for word in ("clara", "wedding", "waltz", "private", "secret", "love", "My Models"):
            assert word not in told, told


def test_what_is_of_use_stays() -> None:
    for line in ("4/4 at 48 kHz", "AKM322:AKM322 MIDI 1 is connected", "and/or, 3/4"):
        assert cleaned(line) == line


def test_the_report_names_versions_devices_and_the_log(app: App, shell: Shell) -> None:
    log_path().parent.mkdir(parents=True, exist_ok=True)
    before = logging.getLogger().handlers[:]
    level = logging.getLogger().level
    open_log(log_path())
    logging.getLogger("desktop").info("A line that the report has at %s", data_folder())
    app.actions["report"].trigger()
    text = QGuiApplication.clipboard().text()
    for handler in logging.getLogger().handlers[:]:
        if handler not in before:
            logging.getLogger().removeHandler(handler)
            handler.close()
    logging.getLogger().setLevel(level)
    assert text == bug_report(app)[: len(text)]
    for word in ("Tutti ", "Python ", "Qt ", "Test output", "Model: pop", "A line that the report"):
        assert word in text
    assert str(data_folder()) not in text and str(Path.home()) not in text.replace("~", "")
