"""Faults: logged, told once, with a text to copy."""

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from desktop.faults import FaultDialog, Faults, open_log


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    path = open_log(tmp_path / "log" / "tutti.log")
    assert path is not None
    yield path
    for each in [each for each in root.handlers if each not in before]:
        root.removeHandler(each)
        each.close()
    root.setLevel(level)


@pytest.fixture
def faults(qtbot: QtBot, log_file: Path) -> Iterator[Faults]:
    faults = Faults(log_file)
    faults.install()
    yield faults
    faults.uninstall()
    for dialog in dialogs():
        dialog.close()
        dialog.deleteLater()


def dialogs() -> list[FaultDialog]:
    shown = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
    return [each for each in shown if isinstance(each, FaultDialog)]


def raise_here() -> None:
    try:
        raise ZeroDivisionError("seven by nothing")
    except ZeroDivisionError as error:
        sys.excepthook(type(error), error, error.__traceback__)


def test_a_fault_is_logged_and_told_with_a_text_to_copy(
    qtbot: QtBot, faults: Faults, log_file: Path
) -> None:
    raise_here()
    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    dialog = dialogs()[0]
    assert "seven by nothing" in dialog.text and "Python 3" in dialog.text
    assert "seven by nothing" in log_file.read_text()
    next(b for b in dialog.findChildren(QPushButton) if b.text() == "Copy report").click()
    assert "seven by nothing" in QGuiApplication.clipboard().text()


def test_two_faults_share_one_dialog(qtbot: QtBot, faults: Faults) -> None:
    raise_here()
    raise_here()
    qtbot.waitUntil(lambda: bool(dialogs()))
    qtbot.waitUntil(lambda: dialogs()[0].text.count("seven by nothing") >= 2)
    assert len(dialogs()) == 1


def test_a_fault_on_another_thread_reaches_the_window(
    qtbot: QtBot, faults: Faults, log_file: Path
) -> None:
    def fail() -> None:
        raise ZeroDivisionError("on a thread")

    thread = threading.Thread(target=fail, name="far away")
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(dialogs()))
    assert "on a thread" in dialogs()[0].text
    assert "far away" in log_file.read_text()


@pytest.mark.qt_log_ignore("a word of Qt")
def test_words_of_qt_are_logged(qtbot: QtBot, faults: Faults, log_file: Path) -> None:
    qWarning("a word of Qt")
    assert "WARNING" in log_file.read_text() and "a word of Qt" in log_file.read_text()


def test_a_folder_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    root = logging.getLogger()
    before = list(root.handlers)
    assert open_log(blocked / "tutti.log") is None
    for each in [each for each in root.handlers if each not in before]:
        root.removeHandler(each)
