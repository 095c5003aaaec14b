"""Fetches what training needs, torch above all, when the first training is asked for.

The set-up program of the checkout does the work, as a process of its own that ends with the window.
What was cut short is mended by the next try.
"""

import importlib
import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess, QTimer, Signal, Slot

from desktop.priority import give_way
from desktop.trainer_query import ROOT

EXTRA = "train"
NEEDED = ("torch", "lightning_fabric", "safetensors", "onnx", "onnxscript")
SET_UP = ROOT / "packaging" / "set_up.py"
KILL_WAIT_MS = 5_000
FOREIGN = (
    "Training needs PyTorch, and this Tutti was not set up by its own ./tutti: install the extra "
    "“train” into the Python environment that it runs in, then press Train again."
)
STRANGE = "The set-up ended without a word; press Train to try it again."


def is_installed() -> bool:
    """Whether the trainer can start: asked of the files, so that nothing heavy is imported."""
    stamp = ROOT / ".venv" / "tutti.json"
    if _is_own_environment() and stamp.exists():
        # Files may be there of a set-up that was cut short; the stamp is written at its end.
        return EXTRA in json.loads(stamp.read_text("utf-8")).get("extras", ())
    importlib.invalidate_caches()
    return all(importlib.util.find_spec(name) is not None for name in NEEDED)


def _is_own_environment() -> bool:
    return Path(sys.prefix).resolve() == (ROOT / ".venv").resolve()


def can_install() -> bool:
    """Whether the set-up may add to the environment that the window runs in."""
    return _is_own_environment() and SET_UP.exists()


class TrainerInstall(QObject):
    """First says how much there is to fetch, then fetches it."""

    planned = Signal(float, int)
    """Bytes to fetch, and packages of which nobody tells the size."""
    progressed = Signal(str, float)
    """What is done now, and how far all is, 0 to 1; below 0 where that is not known."""
    done = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._told = b""
        self._ended = False
        self._total = 0.0
        self._fetched: dict[str, tuple[float, float]] = {}

    @property
    def running(self) -> bool:
        """Whether the set-up is at work."""
        return self._process is not None

    def plan(self) -> None:
        """Ask how much there is to fetch."""
        self._start(["--plan", EXTRA])

    def install(self) -> None:
        """Fetch and install it."""
        self._fetched.clear()
        self._start([EXTRA])

    @Slot()
    def cancel(self) -> None:
        """End the set-up; nothing is told any more."""
        process, self._process = self._process, None
        if process is None:
            return
        process.readyReadStandardOutput.disconnect(self._read)
        process.finished.disconnect(self._on_end)
        process.finished.connect(process.deleteLater)
        process.closeWriteChannel()  # its end of stdin: it ends with all that it started
        QTimer.singleShot(KILL_WAIT_MS, process, process.kill)

    @Slot()
    def close(self) -> None:
        """The window goes: end the set-up and wait for its end."""
        self.cancel()
        for process in self.findChildren(QProcess):
            process.closeWriteChannel()
            if not process.waitForFinished(KILL_WAIT_MS):
                process.kill()
                process.waitForFinished(KILL_WAIT_MS)

    def _start(self, arguments: list[str]) -> None:
        self.cancel()
        self._told, self._ended = b"", False
        process = QProcess(self)
        process.setStandardErrorFile(QProcess.nullDevice())
        process.readyReadStandardOutput.connect(self._read)
        process.finished.connect(self._on_end)
        process.started.connect(self._yield_to_the_window)
        process.start(sys.executable, ["-S", "-E", str(SET_UP), *arguments])
        self._process = process

    @Slot()
    def _yield_to_the_window(self) -> None:
        if self._process is not None:
            give_way(int(self._process.processId()))

    @Slot()
    def _read(self) -> None:
        if self._process is None:
            return
        self._told += bytes(self._process.readAllStandardOutput().data())
        *lines, self._told = self._told.split(b"\n")
        for line in lines:
            self._hear(json.loads(line))

    def _hear(self, event: dict[str, Any]) -> None:
        kind = event["event"]
        if kind == "plan":
            self._ended, self._total = True, float(event["bytes"])
            self.planned.emit(self._total, int(event["unknown"]))
        elif kind == "fetch":
            self._hear_fetch(str(event["name"]), float(event["done"]), float(event["bytes"]))
        elif kind == "place":
            self.progressed.emit(f"Putting {event['packages']} packages in place …", -1.0)
        elif kind == "failed":
            self._ended = True
            self.failed.emit(str(event["reason"]))
        elif kind == "done":
            self._ended = True
            importlib.invalidate_caches()
            self.done.emit()

    def _hear_fetch(self, name: str, done: float, size: float) -> None:
        if name not in self._fetched:  # one after the other: those before are whole
            self._fetched = {each: (all_, all_) for each, (_, all_) in self._fetched.items()}
        self._fetched[name] = (done, size)
        fetched = sum(each for each, _ in self._fetched.values())
        share = min(1.0, fetched / self._total) if self._total else -1.0
        figures = f", {done / 1e6:.0f} of {size / 1e6:.0f} MB" if size > 1e6 else ""
        self.progressed.emit(f"Fetching {name}{figures}", share)

    @Slot()
    def _on_end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        if not self._ended:
            self.failed.emit(STRANGE)
