"""A report for a bug: versions, devices, the last lines of the log, and nothing personal."""

import getpass
import platform
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from desktop.about import tutti_version
from engine.store.paths import data_folder, log_path

if TYPE_CHECKING:
    from desktop.app import App

ROOT = Path(__file__).resolve().parents[1]
LOG_LINES = 60
LOG_BYTES = 64 * 1024
SHORTEST_NAME = 3  # letters: shorter names of users and machines stand in common words
LEFT_OUT = "…"
COPIED = "The report is in the clipboard. It names no folders, files or songs of yours."

_QUOTED = re.compile(r"“[^”\n]*”")
_OPENED = re.compile(r"\b(Opened|Opening|Reading|Taking in) .*")
_HOME = re.compile(r"~[/\\][^\n\"'<>|]*?(?=[\"'\n]|: |, |\. |$)", re.MULTILINE)
_PATH = re.compile(r"(?<![\w./\\~])(?:[A-Za-z]:)?(?:[/\\][^\s/\\\"'<>|:,]+){2,}[/\\]?")
_FILE = re.compile(r"[^\s\"'/\\]+\.(mid|midi|kar|smf|tutti|wav|flac|ogg|mp3|onnx|sf2|sf3)\b", re.I)


def bug_report(app: "App") -> str:
    """The report as text."""
    parts = [_versions(), _devices(app), _choices(app), "Last lines of the log:", *_log_tail()]
    return without_names("\n".join(parts), Path.home(), data_folder(), _names())


def copy_report(app: "App") -> None:
    """Put the report into the clipboard, and say so."""
    QGuiApplication.clipboard().setText(bug_report(app))
    app.messages.tell(COPIED, "good")


def without_names(text: str, home: Path, data: Path, names: Iterable[str]) -> str:
    """The text without names of folders, of files of music, of songs, of people and machines."""
    text = text.replace(str(ROOT), "tutti")
    for folder in sorted((data, home), key=lambda each: -len(str(each))):
        if len(folder.parts) > 1:
            text = text.replace(str(folder), "~")
    text = _QUOTED.sub(f"“{LEFT_OUT}”", text)
    text = _OPENED.sub(rf"\1 {LEFT_OUT}", text)
    text = _HOME.sub(f"~/{LEFT_OUT}", text)
    text = _PATH.sub(LEFT_OUT, text)
    text = _FILE.sub(rf"{LEFT_OUT}.\1", text)
    for name in names:
        if len(name) >= SHORTEST_NAME:
            text = re.sub(rf"\b{re.escape(name)}\b", LEFT_OUT, text)
    return text


def _names() -> tuple[str, ...]:
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):  # a system without such names
        user = ""
    return user, platform.node()


def _versions() -> str:
    return (
        f"Tutti {tutti_version()}, Python {platform.python_version()}, Qt {qVersion()}\n"
        f"{platform.platform()}, {QGuiApplication.platformName()}"
    )


def _devices(app: "App") -> str:
    synth, choice = app.synth, app.model_choice
    screens = [
        f"{each.size().width()}×{each.size().height()} at {each.devicePixelRatio():g}"
        for each in QGuiApplication.screens()
    ]
    ports = [
        f"{each.name} ({'here' if each.connected else 'away'})" for each in app.inputs.states()
    ]
    generator = choice.generator
    device = f"{generator.provider}. {generator.device_note}" if generator else choice.problem
    return "\n".join(
        (
            f"Screens: {', '.join(screens)}",
            f"Sound: {synth.problem or synth.description}",
            f"Keyboards: {', '.join(ports) or app.inputs.problem or 'none'}",
            f"Model: {app.settings.model}; {device or 'loading'}",
        )
    )


def _choices(app: "App") -> str:
    told = app.settings
    sound = f"{told.audio_driver or 'own choice'} {told.period_size}×{told.period_count}"
    return (
        f"Settings: {told.theme} theme, sound {sound} at {told.sample_rate}, "
        f"keyboards {told.live_keys}, device {told.device}, "
        f"{len(told.shortcuts)} keys of the user's"
    )


def _log_tail() -> list[str]:
    try:
        with log_path().open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - LOG_BYTES))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return ["There is no log."]
    return lines[-LOG_LINES:]
