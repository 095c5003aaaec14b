"""From the command line to a usable window, and back to an empty process."""

import argparse
import logging
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Slot
from PySide6.QtWidgets import QApplication

from desktop.app import App
from desktop.faults import Faults, open_log
from desktop.freed_memory import keep_freed_memory
from desktop.shell import Shell
from engine.store.paths import log_path

SWITCH_SECONDS = 0.001
"""A thread that wakes beside a busy one waits 5 to 7 ms at worst then, 9 to 17 without."""

UNSEEN_MS = 1_000
"""A window that starts minimised is never painted: it begins its work after this time."""
USABLE = "The window is usable."

log = logging.getLogger(__name__)


def main(arguments: list[str]) -> int:
    """Run the studio until its window is closed; the exit code."""
    options = _parser().parse_args(arguments)
    sys.setswitchinterval(SWITCH_SECONDS)
    keep_freed_memory()
    log_file = open_log(log_path())
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Tutti")
    application.setDesktopFileName("tutti")
    faults = Faults(log_file)
    faults.install()
    app = App()
    shell = Shell(app)
    signals = StopSignals(shell.end)
    # A dialog that still stands open must not keep the program alive without its window.
    shell.window.closing.connect(lambda: application.exit(0))
    shell.window.show()
    shell.window.painted.connect(lambda: _begin(app, options.file))
    QTimer.singleShot(UNSEEN_MS, app, lambda: app.start(options.file))
    code = application.exec()
    app.close()
    signals.close()
    faults.uninstall()
    return code


def _begin(app: App, file: Path | None) -> None:
    """The window stands: from here on nothing slow may happen on this thread."""
    log.info(USABLE)
    app.start(file)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("tutti", description="Open the studio.")
    parser.add_argument("file", nargs="?", type=Path, help="a MIDI file or a song (.tutti) to open")
    return parser


class StopSignals(QObject):
    """Closes the window as a user would when the system asks the program to end.

    Python runs its signal handlers only when the interpreter gets a turn, which a sleeping event
    loop never gives; a byte in a socket wakes Qt.
    """

    def __init__(self, close_window: Callable[[], object]) -> None:
        super().__init__()
        self._close_window = close_window
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._before = signal.set_wakeup_fd(self._writer.fileno())
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_signal)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _nothing)

    @Slot()
    def _on_signal(self) -> None:
        number = self._reader.recv(1)[0]
        log.info("Asked to end by %s", signal.Signals(number).name)
        self._close_window()

    def close(self) -> None:
        """Give the signals back."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        self._reader.close()
        self._writer.close()


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """The socket tells; Python's own handler must only exist."""
